#!/bin/sh
# The steps of bin/quickstart: each prints its command, the relevant lines of the output,
# and its time. The whole output goes to the log. The caller sets `root`, `log`, and
# `output`, a file for the last output. Needs toolchain/steps.sh.
#
# shellcheck disable=SC2154

chapters=0

bold='' dim='' plain=''
if [ -t 1 ] && [ -z "${NO_COLOR-}" ]; then
	bold=$(printf '\033[1m') dim=$(printf '\033[2m') plain=$(printf '\033[0m')
fi

# chapter TITLE TEXT...: prints the title of a step, and what it will do.
chapter() {
	chapters=$((chapters + 1))
	printf '\n%s== %s/5 %s%s\n' "$bold" "$chapters" "$1" "$plain"
	shift
	printf '%s\n' "$@"
}

shown() {
	printf '\n%s$ %s%s\n' "$bold" "$1" "$plain"
	printf '\n$ %s\n' "$1" >>"$log"
}

took() {
	printf '%s  (%s s)%s\n' "$dim" "$(($(date +%s) - begun))" "$plain"
}

# logged NAME COMMAND...: writes its output to the log, and separately to $output; sets
# CODE.
logged() {
	start_progress "$1"
	shift
	CODE=0
	"$@" >"$output" 2>&1 || CODE=$?
	cat "$output" >>"$log"
	stop_progress
}

# pulumis ARGUMENTS...: prints old -> new per key for an up.
pulumis() {
	shown "pulumi $*"
	logged "pulumi $1" pulumi "$@" --color never
	if [ "$CODE" -ne 0 ]; then
		tail -n 30 "$output" >&2
		fail "pulumi $1 ended with exit code $CODE; its last lines are above"
	fi
	awk -f "$root/lab/changes.awk" "$output"
	took
}

# metaltunes CODE ARGUMENTS...: prints its report, and expects that exit code.
metaltunes() {
	expected=$1
	shift
	shown "metaltune $*"
	logged "metaltune $1" metaltune "$@"
	cat "$output"
	[ "$CODE" -eq "$expected" ] ||
		fail "metaltune $1 ended with exit code $CODE instead of $expected"
	took
}

# on_host HOST SCRIPT: runs it on a host, without metaltune.
on_host() {
	shown "ssh -F lab/ssh_config $1 '$2'"
	ssh -F lab/ssh_config "$1" "$2" >"$output" 2>&1 || {
		cat "$output" >&2
		fail "$1: the command above failed"
	}
	tee -a "$log" <"$output"
}

# value_is HOST PATH EXPECTED: checks a value on the host itself.
value_is() {
	found=$(ssh -F lab/ssh_config "$1" "cat $files$2")
	[ "$found" = "$3" ] || fail "$1: $2 is $found instead of $3"
}
