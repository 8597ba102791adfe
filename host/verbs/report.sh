#!/bin/sh
# Reports the host: facts of every layer of the given settings. docs/host-program.md,
# "Report", is the contract.
#
# verbs: status note-not-applied
#
# shellcheck disable=SC2034,SC2153,SC2154

# The identity of the installed program: its SHA-256 without the version on line 2. Empty
# for a program on stdin.
report_program_hash() {
	if [ -f "$PROGRAM" ]; then
		HASH=$(LC_ALL=C sed '2{/^METALTUNE_VERSION=[0-9][0-9.]*$/d;}' "$PROGRAM" | sha256sum)
		HASH=${HASH%% *}
	else
		HASH=-
	fi
}

# report_boot_is_unit TUNABLE: whether metaltune.service persists it.
report_boot_is_unit() {
	eval "[ \"\${$1_boot-}\" = unit ]"
}

# report_unit_tunables: those that it persists, a space around each.
report_unit_tunables() {
	printf ' '
	for TUNABLE in $TUNABLES; do
		! report_boot_is_unit "$TUNABLE" || printf '%s ' "$TUNABLE"
	done
}

# report_unit_facts < settings and facts: the boot layer of tunables that only metaltune.service
# persists: the values it will apply, if it is enabled and complete. A tunable's own fact
# about its boot layer has precedence.
report_unit_facts() {
	{
		cat
		[ ! -x "$PROGRAM" ] || [ ! -f "$ETC/settings.tsv" ] || ! unit_installed || sed "s/^/installed$TAB/" "$ETC/settings.tsv"
	} | awk -F '\t' -v units="$(report_unit_tunables)" "$AWK_unit_facts"
}

# report_facts < settings: facts of all named tunables, in the order of ANSWERED.
report_facts() {
	ASKED=$(cat)
	ANSWERS=$(printf '%s\n' "$ASKED" | settings_each probe "$ANSWERED")
	[ -z "$ANSWERS" ] || printf '%s\n' "$ANSWERS"
	printf '%s\n' "$ASKED" "$ANSWERS" | report_unit_facts
	settings_unknown "$ASKED" | awk -F '\t' -v version="$METALTUNE_VERSION" "$AWK_unknown_facts"
}

# report_short_facts: truncates lines to the limit of the report's reader.
report_short_facts() {
	awk -F '\t' -v OFS='\t' "$AWK_short_facts"
}

# report_head: a report's lines about the host itself, with those of report_records.
report_head() {
	read_file "$ROOT/proc/sys/kernel/random/boot_id"
	BOOT_ID=$VALUE
	report_program_hash
	printf 'metaltune\t%s\nversion\t%s\nprogram\t%s\nboot\t%s\n' "$METALTUNE_PROTOCOL" "$METALTUNE_VERSION" "$HASH" "$BOOT_ID"
	read_record "$ETC/settings.tsv"
	settings_hash
	printf 'settings\t%s\n' "$HASH"
	if [ -f "$STATE/journal" ]; then
		record_is_whole "$STATE/journal" || BODY='run'
		printf 'interrupted\t%s\n' "$BODY"
	fi
	owner_line
	printf '%s' "$DAMAGED_RECORDS"
	report_waits_line
	[ ! -e "$NOT_APPLIED" ] || printf 'notapplied\t%s\n' "$(cat "$NOT_APPLIED")"
	rollback_lines
}

# report_records: before anything else is read: damaged records as lines, in DAMAGED_RECORDS.
report_records() {
	DAMAGED_RECORDS=''
	record_read_all record_damaged
}

# report_waits_line: whether a boot-time change, or its removal, waits for a reboot.
report_waits_line() {
	[ ! -e "$RUN/reboot-required" ] || printf 'waits\treboot\n'
}

# report [--installed]: see docs/host-program.md, "Report". Verdicts are judged from the
# facts as printed.
report() {
	report_head
	[ "$1" != --installed ] || settings_lines
	FACTS=$(printf '%s\n' "$SETTINGS" | report_facts | report_short_facts)
	COUNT=0
	if [ -n "$FACTS" ]; then
		printf '%s\n' "$FACTS"
		COUNT=$(printf '%s\n' "$FACTS" | wc -l)
	fi
	{
		settings_lines
		printf '%s\n' "$FACTS"
	} | compare_verdicts
	printf 'end\t%s\n' "$((COUNT))"
}

# verb_status: a cheap report, without settings.
verb_status() {
	report_records
	settings_installed
	report_head
	[ "$(systemctl is-active metaltune.service 2>/dev/null)" != activating ] || printf 'activating\tmetaltune.service\n'
	printf 'end\t0\n'
}

# Valid for one boot: /run is empty after the next one.
NOT_APPLIED=$RUN/not-applied

# verb_note_not_applied SHA256: HostReady ordered this boot for the settings with
# that hash, and it did not apply them.
verb_note_not_applied() {
	case ${1-} in
	*[!0-9a-f]* | '') LENGTH=0 ;;
	*) LENGTH=${#1} ;;
	esac
	if [ "$LENGTH" -ne 64 ]; then
		complain "expected the SHA-256 of settings, got '${1-}'; nothing was noted"
		exit 64
	fi
	umask 022
	[ -d "$RUN" ] || mkdir "$RUN"
	printf '%s\n' "$1" | tee "$NOT_APPLIED" >/dev/null
}
