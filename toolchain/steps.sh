#!/bin/sh
# Progress output of bin/setup and bin/quickstart: a line per step with its
# time, a progress line on a terminal, and every program's own output in a log.
# The caller sets `log`, a file, and `me`, the prefix of its lines.
#
# shellcheck disable=SC2154

begun=
ticker=
tickers=0

say() {
	printf '%s: %s\n' "$me" "$1"
}

clear_progress() {
	[ ! -t 1 ] || printf '\r\033[K'
}

# notice TEXT: announces a long step before it starts.
notice() {
	clear_progress
	say "$1"
}

# fail SENTENCE: prints it and the place of the failed program's output.
fail() {
	stop_progress
	printf '%s: %s\n' "$me" "$1" >&2
	[ ! -s "$log" ] || printf '%s: the output of every program is in %s\n' "$me" "$log" >&2
	exit 1
}

# show_progress NAME FILE: runs until the file is removed, because a signal
# right after the fork would be lost. It shows the last line of the log, so that
# the user sees a build's progress.
show_progress() {
	while sleep 1 && [ -e "$2" ] && kill -0 "$$" 2>/dev/null; do
		printf '\r\033[K%.78s' "$me: $1, $(($(date +%s) - begun)) s: $(tail -n 1 "$log" | tr -cd '[:print:]')"
	done
}

stop_progress() {
	[ -n "$ticker" ] || return 0
	rm -f "$ticker"
	ticker=
	clear_progress
}

# start_progress NAME: on a terminal, until stop_progress.
start_progress() {
	begun=$(date +%s)
	[ -t 1 ] || return 0
	tickers=$((tickers + 1))
	ticker=$log.progress$tickers
	: >"$ticker"
	show_progress "$1" "$ticker" &
}

# step NAME FUNCTION: runs it; the function sets `outcome` to its result.
step() {
	outcome=
	start_progress "$1"
	"$2"
	stop_progress
	say "$1: $outcome ($(($(date +%s) - begun)) s)"
}
