#!/bin/sh
# Ends a hanging run in time, and names the hanging command: the engine that started the
# run waits for it, and shows only its output.
#
# shellcheck disable=SC2016,SC2034,SC2153,SC2154

# Seconds until a run reports its current command, and between reports.
PROGRESS_SECONDS=30
WATCHER=''

# limit_processes PID [all]: `PID COMMAND` of every descendant without children of its own, or of all
# descendants. Excludes the watcher, which runs this `ps`. Commands contain values of settings,
# so they are truncated and made printable.
limit_processes() {
	ps -A -o pid= -o ppid= -o args= 2>/dev/null | tr -c '[:print:]\n' '?' | awk -v top="$1" -v all="${2-}" "$AWK_processes"
}

# limit_commands: the commands that the run waits for, for the operator.
limit_commands() {
	AT=$(limit_processes "$$" | cut -d ' ' -f 2- | sort -u | head -n 3 | paste -s -d , -)
	printf '%s' "${AT:-the program itself}"
}

# limit_end_run: ends the run and its children, as a power cut would; the next run completes it.
# Kills processes that ignore SIGTERM.
limit_end_run() {
	ENDED=$(limit_processes "$$" all | cut -d ' ' -f 1)
	kill -s TERM "$$" 2>/dev/null || :
	for SIGNAL in TERM KILL; do
		for PROCESS in $ENDED; do
			kill -s "$SIGNAL" "$PROCESS" 2>/dev/null || :
		done
		[ "$SIGNAL" = KILL ] || sleep 5
	done
}

# limit_key VERB: the inventory key that raises its limit; empty when none does.
limit_key() {
	case $1 in
	probe | want) printf 'connection.timeouts.probeSeconds' ;;
	apply) printf 'connection.timeouts.applySeconds' ;;
	deploy) printf 'connection.timeouts.deploySeconds' ;;
	revert | confirm | disown) printf 'connection.timeouts.revertSeconds' ;;
	esac
}

# limit_host_name: its name in the inventory of the stack that tunes this host, else its
# hostname.
limit_host_name() {
	read_record "$OWNERS"
	NAME=${BODY%%"$NEWLINE"*}
	NAME=${NAME##*"$TAB"}
	printf '%s' "${NAME:-$(uname -n)}"
}

# limit_exceeded VERB SECONDS: a message for the operator, printed before anything is ended,
# while the commands still run.
limit_exceeded() {
	KEY=$(limit_key "$1")
	complain "$(limit_host_name): $1 did not end within $2 s and was ended at: $(limit_commands); find out on the host why that hangs${KEY:+, or raise $KEY in the inventory}, then run \`pulumi up --refresh\`"
}

# limit_watch VERB SECONDS: runs beside the run until it ends. Counts steps, since a host's
# clock may jump.
limit_watch() {
	PASSED=0
	while kill -s 0 "$$" 2>/dev/null; do
		sleep 1 2>/dev/null
		PASSED=$((PASSED + 1))
		if [ "$PASSED" -ge "$2" ]; then
			limit_exceeded "$1" "$2"
			limit_end_run
			return 0
		fi
		[ "$((PASSED % PROGRESS_SECONDS))" -ne 0 ] ||
			complain "$1 has been running for $PASSED of at most $2 s, now at: $(limit_commands)"
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
	limit_watch "$1" "$2" </dev/null >/dev/null &
	set -e
	WATCHER=$!
	trap limit_end_watch EXIT
}

# limit_end_watch: at every end of a run; the session stays open until its watcher ends.
limit_end_watch() {
	[ -z "$WATCHER" ] || kill "$WATCHER" 2>/dev/null || :
}
