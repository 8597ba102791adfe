#!/bin/sh
# How bin/setup tells what it does: one line per step with its time, a progress
# line on a terminal, and every program's own output in a log. The caller sets
# `log`, a file, before it uses these.
#
# shellcheck disable=SC2154

begun=
ticker=

say() {
	printf 'setup: %s\n' "$1"
}

clear_progress() {
	[ ! -t 1 ] || printf '\r\033[K'
}

# notice TEXT: what takes long is announced before it starts.
notice() {
	clear_progress
	say "$1"
}

# fail SENTENCE: says where the output of the failed program is.
fail() {
	stop_progress
	printf 'setup: %s\n' "$1" >&2
	[ ! -s "$log" ] || printf 'setup: the output of every program is in %s\n' "$log" >&2
	exit 1
}

# The last line of the log moves, so that a person sees what a build does.
show_progress() {
	while sleep 1; do
		printf '\r\033[K%.78s' "setup: $1, $(($(date +%s) - begun)) s: $(tail -n 1 "$log" | tr -cd '[:print:]')"
	done
}

stop_progress() {
	[ -n "$ticker" ] || return 0
	kill "$ticker" 2>/dev/null || :
	wait "$ticker" 2>/dev/null || :
	ticker=
	clear_progress
}

# step NAME FUNCTION: runs it; the function says what it found in `outcome`.
step() {
	begun=$(date +%s)
	outcome=
	if [ -t 1 ]; then
		show_progress "$1" &
		ticker=$!
	fi
	"$2"
	stop_progress
	say "$1: $outcome ($(($(date +%s) - begun)) s)"
}
