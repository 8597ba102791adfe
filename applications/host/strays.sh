#!/bin/sh
# Processes that run the program of an application, but not in its unit: what
# somebody has started by hand has none of what the unit gives. For
# applications.sh and deploy.sh.
#
# shellcheck disable=SC2034,SC2153,SC2154

# strays_executables: `PID TAB what it executes` of every process, in EXECUTABLES. One
# process reads them all; who may not read those of others, or comes too late, is
# told nothing.
strays_executables() {
	set +f
	EXECUTABLES=$(cd "$ROOT/proc" && find [0-9]*/exe -maxdepth 0 -printf '%h\t%l\n' 2>/dev/null) || :
	set -f
}

# strays_alike: of EXECUTABLES, processes beside PIDS that execute anything of a release
# of APP, or what the main process of its unit does: `release PID` or `same PID`.
strays_alike() {
	printf '%s\n' "$EXECUTABLES" | awk -F '\t' -v main="$MAIN_PID" -v pids="$PIDS" -v releases="/opt/metaltune/$APP/releases/" "$AWK_applications_alike"
}

# strays_identities < `KIND PID` lines: what tells those processes apart, as
# `PID/FILE:TEXT`, and `PID/cmdline:NUMBER:TEXT` for each of their arguments;
# nothing of one that has ended.
strays_identities() {
	THOSE=$(sed 's/^.* //')
	# shellcheck disable=SC2046,SC2086
	(
		cd "$ROOT/proc"
		grep -zaHns '' $(printf '%s/cmdline\n' $THOSE) | tr '\0' '\n'
		grep -aHs -e '^[0-9]*:.*:' -e '^NSpid:' $(printf '%s/cgroup\n' $THOSE) $(printf '%s/status\n' $THOSE)
	) || :
}

# strays_find: in STRAY, the id of a process that runs the program of APP beside every
# unit of ours: anything out of a release, or the same program with the same
# arguments, as an interpreter has others. What a container runs has a number of
# its own there (NSpid, proc(5)); load test and health check are run by us.
strays_find() {
	STRAY=''
	ALIKE=$(strays_alike)
	[ -n "$ALIKE" ] || return 0
	recorded "$APP.health"
	CHECK_COMMAND=${VALUE#* command }
	recorded "$APP.loadTest"
	STRAY=$(
		{
			printf '%s\n' "$ALIKE"
			printf '%s\nsame %s\n' "$ALIKE" "$MAIN_PID" | strays_identities
		} | TEST=$VALUE CHECK=$CHECK_COMMAND awk -v main="$MAIN_PID" "$AWK_applications_stray"
	)
}

# strays_none: whether the program of APP runs in its unit only. What somebody has
# started by hand, nobody else may end; what is there for one look only, as a tool
# of the release is, has ended by itself.
strays_none() {
	TUNABLE=applications
	SEEN=''
	for LOOK in 1 2 3; do
		[ -z "$SEEN" ] || sleep 3
		processes_shown || return 0
		processes_pids
		strays_executables
		strays_find
		[ -n "$STRAY" ] || return 0
		if [ "$STRAY" = "$SEEN" ]; then
			complain "applications $APP: process $STRAY runs its program outside of $SERVICE, where nothing pins it; end it"
			return 1
		fi
		SEEN=$STRAY
	done
}
