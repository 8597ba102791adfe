#!/bin/sh
# Ends a hanging run in time, and names the hanging command: the engine that started the
# run waits for it, and shows only its output.
#
# shellcheck disable=SC2016,SC2034,SC2153,SC2154

# Seconds until a run reports its current command, and between reports.
PROGRESS_SECONDS=30
WATCHER=''

# below PID [all]: `PID COMMAND` of every descendant without children of its own, or of all
# descendants. Excludes the watcher, which runs this `ps`. Commands contain values of settings,
# so they are truncated and made printable.
below() {
	ps -A -o pid= -o ppid= -o args= 2>/dev/null | tr -c '[:print:]\n' '?' | awk -v top="$1" -v all="${2-}" "$AWK_processes"
}

# at_work: the commands that the run waits for, for the operator.
at_work() {
	AT=$(below "$$" | cut -d ' ' -f 2- | sort -u | head -n 3 | paste -s -d , -)
	printf '%s' "${AT:-the program itself}"
}

# end_run: ends the run and its children, as a power cut would; the next run completes it.
# Kills processes that ignore SIGTERM.
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

# raised_by VERB: the inventory key that raises its limit; empty when none does.
raised_by() {
	case $1 in
	probe | want) printf 'connection.timeouts.probeSeconds' ;;
	apply) printf 'connection.timeouts.applySeconds' ;;
	deploy) printf 'connection.timeouts.deploySeconds' ;;
	revert | confirm | disown) printf 'connection.timeouts.revertSeconds' ;;
	esac
}

# host_name: its name in the inventory of the stack that tunes this host, else its
# hostname.
host_name() {
	read_record "$OWNERS"
	NAME=${BODY%%"$NEWLINE"*}
	NAME=${NAME##*"$TAB"}
	printf '%s' "${NAME:-$(uname -n)}"
}

# exceeded VERB SECONDS: a message for the operator, printed before anything is ended,
# while the commands still run.
exceeded() {
	KEY=$(raised_by "$1")
	complain "$(host_name): $1 did not end within $2 s and was ended at: $(at_work); find out on the host why that hangs${KEY:+, or raise $KEY in the inventory}, then run \`pulumi up --refresh\`"
}

# watch_run VERB SECONDS: runs beside the run until it ends. Counts steps, since a host's
# clock may jump.
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
			complain "$1 has been running for $PASSED of at most $2 s, now at: $(at_work)"
	done
}

# limit VERB SECONDS: limits the run from here on.
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

# end_watch: at every end of a run; the session stays open until its watcher ends.
end_watch() {
	[ -z "$WATCHER" ] || kill "$WATCHER" 2>/dev/null || :
}
