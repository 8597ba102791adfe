#!/bin/sh
# What a change that can cut a host off is recorded as until a login made after it
# confirms it, and which changes are such. docs/adr/0005-rollback.md.
#
# Names set here are used by the files assembled after this one.
# shellcheck disable=SC2016,SC2034,SC2153,SC2154

# `# KIND BOOT_ID SECONDS KEYS CHANGE` for each kind on trial, live or boot, tabs
# between, and below them the settings to go back to. SECONDS is `-` for a
# boot that nobody has promised to confirm: that it comes up is enough. CHANGE
# names the change that is confirmed, the same in all lines.
ARMED=$STATE/armed.tsv
# Why the settings before the last ones are in effect again.
ROLLED_BACK=$STATE/rolled-back
# How long a change waits to be confirmed; empty: nothing is put on trial.
ROLLBACK=''
CUTS=''
LINE=''

# rollback_option ARGUMENT
rollback_option() {
	case $1 in
	--rollback=*[!0-9]* | --rollback= | --rollback=0*)
		complain "expected --rollback=SECONDS, a whole number from 1, got '$1'"
		exit 64
		;;
	--rollback=*) ROLLBACK=${1#*=} ;;
	esac
}

# is_provisional KIND: TRIAL_BOOT is `now`, or `before` when it was in another boot;
# TRIAL_SECONDS, TRIAL_KEYS and TRIAL_CHANGE as in the file.
is_provisional() {
	read_record "$ARMED"
	ARMED_TEXT=$BODY
	[ -n "$ARMED_TEXT" ] || return 1
	read_file "$ROOT/proc/sys/kernel/random/boot_id"
	TRIAL=$(printf '%s\n' "$ARMED_TEXT" | awk -F '\t' -v OFS="$US" -v kind="# $1" -v boot="$VALUE" '$1 == kind { print ($2 == boot ? "now" : "before"), $3, $4, ($5 == "" ? "-" : $5) }')
	[ -n "$TRIAL" ] || return 1
	TRIAL_BOOT=${TRIAL%%"$US"*}
	TRIAL_CHANGE=${TRIAL##*"$US"}
	TRIAL=${TRIAL%"$US"*}
	TRIAL_KEYS=${TRIAL##*"$US"}
	TRIAL_SECONDS=${TRIAL#*"$US"}
	TRIAL_SECONDS=${TRIAL_SECONDS%"$US"*}
}

# matching_keys LAYER RULES: the keys about to change there that meet a rule, `TUNABLE
# REGEX` each, as a text.
matching_keys() {
	printf '%s\n%s\n%s\n' "$JUDGED" "$DROPPED_LIVE" "$DROPPED_BOOT" | awk -F '\t' -v layer="$1" -v rules="$2" "$AWK_matching_keys"
}

# find_provisional: which of the keys about to change can cut the login, in CUTS, and
# which a boot, in LINE. A host that could not go back is not changed.
find_provisional() {
	[ -n "$ROLLBACK" ] || return 0
	RULES=''
	for TUNABLE in $TUNABLES; do
		eval "RULE=\${${TUNABLE}_may_cut_login-}"
		! defines "${TUNABLE}_nics" || RULE=.
		[ -z "$RULE" ] || RULES="$RULES $TUNABLE $RULE"
	done
	CUTS=$(matching_keys live "$RULES")
	LINE=$(matching_keys boot 'kernelCommandLine .')
	if [ -n "$CUTS" ] && ! command -v systemd-run >/dev/null; then
		complain "$CUTS can cut the connection, and this host has no systemd-run to undo it then; nothing was changed"
		exit 69
	fi
}

# name_change: CHANGE, which names the settings and the run that applies them.
name_change() {
	HASH=$(printf '%s' "$TEXT" | sha256sum)
	RUN_HASH=$(printf '%s %s %s' "$VALUE" "$$" "$(date +%s.%N)" | sha256sum)
	CHANGE=$(printf '%.12s-%.8s' "$HASH" "$RUN_HASH")
}
