#!/bin/sh
# The record of a change that may cut the login, until a later login confirms it, and the
# rules for which changes are provisional. docs/adr/0005-rollback.md.
#
# Names set here are used by the files assembled after this one.
# shellcheck disable=SC2016,SC2034,SC2153,SC2154

# `# KIND BOOT_ID SECONDS KEYS CHANGE` for each provisional kind, live or boot, tabs
# between, followed by the settings to revert to. SECONDS is `-` for a boot without a
# promised confirmation: a successful boot is enough. CHANGE names the change to confirm,
# the same in all lines.
PROVISIONAL=$STATE/provisional.tsv
# Why the previous settings are in effect again.
ROLLED_BACK=$STATE/rolled-back
# How long a change waits for confirmation; if empty, no change is provisional.
ROLLBACK=''
# Whether HostReady confirms and judges what `apply` did.
READY_FOLLOWS=no
LOGIN_KEYS=''
LINE_KEYS=''

# provisional_option ARGUMENT
provisional_option() {
	case $1 in
	--rollback=*[!0-9]* | --rollback= | --rollback=0*)
		complain "expected --rollback=SECONDS, a whole number from 1, got '$1'"
		exit 64
		;;
	--rollback=*) ROLLBACK=${1#*=} ;;
	esac
}

# provisional_read KIND: PROVISIONAL_BOOT is `now`, or `before` when it was in another
# boot; PROVISIONAL_SECONDS, PROVISIONAL_KEYS and PROVISIONAL_CHANGE as in the file.
provisional_read() {
	read_record "$PROVISIONAL"
	PROVISIONAL_TEXT=$BODY
	[ -n "$PROVISIONAL_TEXT" ] || return 1
	read_file "$ROOT/proc/sys/kernel/random/boot_id"
	PROVISIONAL_FIELDS=$(printf '%s\n' "$PROVISIONAL_TEXT" | awk -F '\t' -v OFS="$US" -v kind="# $1" -v boot="$VALUE" '$1 == kind { print ($2 == boot ? "now" : "before"), $3, $4, ($5 == "" ? "-" : $5) }')
	[ -n "$PROVISIONAL_FIELDS" ] || return 1
	IFS=$US read -r PROVISIONAL_BOOT PROVISIONAL_SECONDS PROVISIONAL_KEYS PROVISIONAL_CHANGE <<END
$PROVISIONAL_FIELDS
END
}

# provisional_matching_keys LAYER RULES: the keys about to change in that layer that match a rule,
# `TUNABLE REGEX` each, as a text.
provisional_matching_keys() {
	printf '%s\n%s\n%s\n' "$JUDGED" "$DROPPED_LIVE" "$DROPPED_BOOT" | awk -F '\t' -v layer="$1" -v rules="$2" "$AWK_matching_keys"
}

# provisional_find: the keys about to change that may cut the login, in LOGIN_KEYS, and
# those that may prevent a boot, in LINE_KEYS. A host that cannot revert is not changed.
provisional_find() {
	[ -n "$ROLLBACK" ] || return 0
	RULES=''
	for TUNABLE in $TUNABLES; do
		eval "RULE=\${${TUNABLE}_may_cut_login-}"
		! lib_defines "${TUNABLE}_nics" || RULE=.
		[ -z "$RULE" ] || RULES="$RULES $TUNABLE $RULE"
	done
	LOGIN_KEYS=$(provisional_matching_keys live "$RULES")
	LINE_KEYS=$(provisional_matching_keys boot 'kernelCommandLine .')
	if [ -n "$LOGIN_KEYS" ] && ! command -v systemd-run >/dev/null; then
		complain "$LOGIN_KEYS may cut the login, and this host has no systemd-run to revert it then; nothing was changed"
		exit 69
	fi
}

# provisional_name_change: CHANGE, which identifies the settings and the run that applies them.
provisional_name_change() {
	HASH=$(printf '%s' "$TEXT" | sha256sum)
	RUN_HASH=$(printf '%s %s %s' "$VALUE" "$$" "$(date +%s.%N)" | sha256sum)
	CHANGE=$(printf '%.12s-%.8s' "$HASH" "$RUN_HASH")
}
