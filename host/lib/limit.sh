#!/bin/sh
# A run that hangs is ended in time, and says at what: the engine that started
# it waits for it, and shows only what it is told.
#
# shellcheck disable=SC2016,SC2034,SC2153,SC2154

# After how long a run says what it is at, and again after as long.
PROGRESS_SECONDS=30
WATCHER=''

# below PID [all]: `PID COMMAND` of every process that it has started and that
# has started none itself, or of all of them, but for the watcher: that is where
# this `ps` comes from. Commands hold what settings hold, so they are bounded and made printable.
below() {
	ps -A -o pid= -o ppid= -o args= 2>/dev/null | tr -c '[:print:]\n' '?' | awk -v top="$1" -v all="${2-}" "$AWK_processes"
}

# at_work: what the run waits for, for a person.
at_work() {
	AT=$(below "$$" | cut -d ' ' -f 2- | sort -u | head -n 3 | paste -s -d , -)
	printf '%s' "${AT:-the program itself}"
}

# end_run: the run and what it has started, as a power cut would; the next run
# completes it. What does not listen is killed.
end_run() {
	ENDED=$(below "$$" all | cut -d ' ' -f 1)
	kill -s TERM "$$" 2>/dev/null || :
	for SIGNAL in TERM KILL; do
		for PROCESS in $ENDED; do
			kill -s "$SIGNAL" "$PROCESS" 2>/dev/null || :
		done
		[ "$SIGNAL" = KILL ] || sleep 5
	done
}

# raised_by VERB: the key of the inventory that gives it longer; empty when none does.
raised_by() {
	case $1 in
	probe | want) printf 'connection.timeouts.probeSeconds' ;;
	apply) printf 'connection.timeouts.applySeconds' ;;
	deploy) printf 'connection.timeouts.deploySeconds' ;;
	revert | confirm | disown) printf 'connection.timeouts.revertSeconds' ;;
	esac
}

# host_name: as the inventory of the stack that tunes this host names it, else
# the host's own name.
host_name() {
	read_record "$OWNERS"
	NAME=${BODY%%"$NEWLINE"*}
	NAME=${NAME##*"$TAB"}
	printf '%s' "${NAME:-$(uname -n)}"
}

# exceeded VERB SECONDS: for a person; it is said before anything is ended, as
# then nothing is left to be named.
exceeded() {
	KEY=$(raised_by "$1")
	complain "$(host_name): $1 did not end within $2 s and was ended at: $(at_work); look on the host why that hangs${KEY:+, or raise $KEY in the inventory}, then run \`pulumi up --refresh\`"
}

# watch_run VERB SECONDS: beside the run, until it ends. Steps are counted, as
# clocks of hosts jump.
watch_run() {
	PASSED=0
	while kill -s 0 "$$" 2>/dev/null; do
		sleep 1 2>/dev/null
		PASSED=$((PASSED + 1))
		if [ "$PASSED" -ge "$2" ]; then
			exceeded "$1" "$2"
			end_run
			return 0
		fi
		[ "$((PASSED % PROGRESS_SECONDS))" -ne 0 ] ||
			complain "$1 has been at work for $PASSED of at most $2 s, now at: $(at_work)"
	done
}

# limit VERB SECONDS: from here on the run has so long.
limit() {
	case $2 in
	'' | *[!0-9]* | 0*)
		complain "expected --limit=SECONDS, a whole number from 1, got '$2'"
		exit 64
		;;
	esac
	set +e
	watch_run "$1" "$2" </dev/null >/dev/null &
	set -e
	WATCHER=$!
	trap end_watch EXIT
}

# end_watch: whatever else a run does at its end; the session stays open until
# its watcher has ended.
end_watch() {
	[ -z "$WATCHER" ] || kill "$WATCHER" 2>/dev/null || :
}
