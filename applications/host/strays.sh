#!/bin/sh
# Processes that run the program of an application, but not in its unit: what
# somebody has started by hand has none of what the unit gives. For
# applications.sh and deploy.sh.
#
# shellcheck disable=SC2034,SC2153

# executables: `PID TAB what it executes` of every process, in EXECUTABLES. One
# process reads them all; who may not read those of others, or comes too late, is
# told nothing.
executables() {
	set +f
	EXECUTABLES=$(cd "$ROOT/proc" && find [0-9]*/exe -maxdepth 0 -printf '%h\t%l\n' 2>/dev/null) || :
	set -f
}

# alike: of EXECUTABLES, processes beside PIDS that execute anything of a release
# of APP, or what the main process of its unit does: `release PID` or `same PID`.
alike() {
	printf '%s\n' "$EXECUTABLES" | awk -F '\t' -v main="$MAIN_PID" -v pids="$PIDS" -v releases="/opt/metaltune/$APP/releases/" '
		BEGIN { n = split(pids, pid, " "); for (i = 1; i <= n; i++) own[pid[i]] }
		{ sub(/ [(]deleted[)]$/, "", $2); program[$1] = $2 }
		$2 != "" && !($1 in own) { order[++count] = $1 }
		END {
			for (i = 1; i <= count; i++) {
				if (index(program[order[i]], releases)) print "release", order[i]
				else if (program[order[i]] == program[main]) print "same", order[i]
			}
		}'
}

# identities < `KIND PID` lines: what tells those processes apart, as
# `PID/FILE:TEXT`, and `PID/cmdline:NUMBER:TEXT` for each of their arguments;
# nothing of one that has ended.
identities() {
	THOSE=$(sed 's/^.* //')
	# shellcheck disable=SC2046,SC2086
	(
		cd "$ROOT/proc"
		grep -zaHns '' $(printf '%s/cmdline\n' $THOSE) | tr '\0' '\n'
		grep -aHs -e '^[0-9]*:.*:' -e '^NSpid:' $(printf '%s/cgroup\n' $THOSE) $(printf '%s/status\n' $THOSE)
	) || :
}

# stray: in STRAY, the id of a process that runs the program of APP beside every
# unit of ours: anything out of a release, or the same program with the same
# arguments, as an interpreter has others. What a container runs has a number of
# its own there (NSpid, proc(5)); load test and health check are run by us.
stray() {
	STRAY=''
	ALIKE=$(alike)
	[ -n "$ALIKE" ] || return 0
	recorded "$APP.health"
	CHECK_COMMAND=${VALUE#* command }
	recorded "$APP.loadTest"
	STRAY=$(
		{
			printf '%s\n' "$ALIKE"
			printf '%s\nsame %s\n' "$ALIKE" "$MAIN_PID" | identities
		} | TEST=$VALUE CHECK=$CHECK_COMMAND awk -v main="$MAIN_PID" '
		/^(release|same) / { order[++count] = $2; kind[count] = $1; next }
		!match($0, /^[0-9]+\/[a-z]+:/) { next }
		{
			pid = file = substr($0, 1, RLENGTH - 1); text = substr($0, RLENGTH + 1)
			sub(/\/.*/, "", pid); sub(/.*\//, "", file)
		}
		file == "cmdline" {
			match(text, /^[0-9]+:/)
			first = text ~ /^1:/; text = substr(text, RLENGTH + 1)
			line[pid] = line[pid] (first ? "" : " ") text
			if (!first) arguments[pid] = arguments[pid] "\n" text
		}
		file == "cgroup" { there[pid]; if (text ~ /\/metaltune-[a-z0-9-]+[.]service(\/|$)/) ours[pid] }
		file == "status" && split(text, number, "\t") > 2 { contained[pid] }
		END {
			for (i = 1; i <= count; i++) {
				pid = order[i]
				if (!(pid in there) || (pid in ours) || (pid in contained)) continue
				if (line[pid] != "" && (line[pid] == ENVIRON["TEST"] || line[pid] == ENVIRON["CHECK"])) continue
				if (kind[i] == "same" && arguments[pid] != arguments[main]) continue
				print pid
				exit
			}
		}'
	)
}
