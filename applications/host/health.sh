#!/bin/sh
# Whether a release is up: its check passes, and its processes have the declared CPUs,
# memory and limits. For deploy.sh.
#
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2153,SC2154

# Time limit for the start of a release without a health check.
SETTLE_SECONDS=30

# health_listens PORT: whether a socket listens there, from the kernel's own table.
health_listens() {
	PORT=$(printf ':%04X' "$1")
	for LINE in tcp tcp6; do
		[ -f "$ROOT/proc/net/$LINE" ] || continue
		awk -v port="$PORT" '$4 == "0A" && substr($2, length($2) - 4) == port { found = 1 } END { exit !found }' "$ROOT/proc/net/$LINE" && return 0
	done
	return 1
}

# health_passes CHECK WORDS...: whether the health check passes; WHY when it fails.
health_passes() {
	WHY=''
	case ${1-} in
	'') ;;
	tcp)
		WHY="no process listens on port $2"
		health_listens "$2" || return 1
		;;
	http)
		WHY="curl, which asks for $3, is not installed"
		command -v curl >/dev/null || return 1
		GOT=$(curl -s -o /dev/null --max-time 5 -w '%{http_code}' "$3") || :
		WHY="$3 answered $GOT, expected $2"
		[ "$GOT" = "$2" ] || return 1
		;;
	command)
		shift
		WHY=$(cd "$DIRECTORY/current" && timeout 10 "$@" 2>&1 </dev/null) && return 0
		WHY="$* failed${WHY:+: $WHY}"
		return 1
		;;
	esac
}

# health_judge RELEASE: judges the running processes by its settings: the compare lines
# that are not right, in BAD_KEYS. Excludes the next boot, and processes outside its unit,
# which another release would not end either.
health_judge() {
	BAD_KEYS=$(
		{
			sed "s/^/setting$TAB/" "$DIRECTORY/releases/$1.settings"
			report_facts <"$DIRECTORY/releases/$1.settings"
		} | compare | awk -F '\t' '$2 !~ /\.(health|loadTest)$/ && $8 !~ /^running, but process / && ($4 == "bad" || $4 == "unreadable")'
	)
}

# health_uptime: seconds since the boot, in UPTIME. The time of day may jump by hours
# while a host synchronises its clock.
health_uptime() {
	read_file "$ROOT/proc/uptime"
	UPTIME=${VALUE%%.*}
	UPTIME=${UPTIME:-0}
}

# health_await RELEASE: waits until all is right and its check passes, twice with the same
# process: a crashing program is up between two crashes.
health_await() {
	release_value "$1" health
	CHECK='' TIMEOUT=$SETTLE_SECONDS
	[ -z "$VALUE" ] || CHECK=${VALUE#* } TIMEOUT=${VALUE%% *}
	health_uptime
	END=$((UPTIME + TIMEOUT))
	SAME='' LOOKS=0
	while :; do
		threads_move
		health_judge "$1"
		processes_shown || ACTIVE='' MAIN_PID=''
		WHY=''
		# shellcheck disable=SC2086
		if [ -z "$BAD_KEYS" ] && health_passes $CHECK; then
			[ "$SAME" != "$MAIN_PID" ] || return 0
			# A first good result is always followed by a second look, even after the
			# limit.
			if [ -z "$SAME" ]; then
				SAME=$MAIN_PID
				sleep 1
				continue
			fi
			WHY='it was started again by itself'
		fi
		SAME=''
		[ "$ACTIVE" != failed ] || return 1
		health_uptime
		[ "$UPTIME" -le "$END" ] || return 1
		# Each look takes at least a second: ends the wait where uptime stands still.
		[ "$LOOKS" -le "$TIMEOUT" ] || return 1
		LOOKS=$((LOOKS + 1))
		sleep 1
	done
}

# health_explain RELEASE: why it is not up, and its last output, truncated and without
# terminal control sequences.
health_explain() {
	complain "applications $APP: release $1 did not come up within $TIMEOUT s${WHY:+: $(printf '%s' "$WHY" | head -c 500)}"
	[ -z "$BAD_KEYS" ] || printf '%s\n' "$BAD_KEYS" | compare_table >&2
	printf 'last lines of %s:\n' "$SERVICE" >&2
	journalctl -u "$SERVICE" -n 20 --no-pager -o cat 2>&1 | tail -c 4000 | lib_inert 16000 | sed 's/^/  /' >&2
}
