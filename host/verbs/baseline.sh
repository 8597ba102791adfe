#!/bin/sh
# The original values of keys that metaltune has changed, kept to restore them: by revert,
# or when a key is no longer declared ("dropped").
#
# verbs: adopt
#
# shellcheck disable=SC2034,SC2153,SC2154

# Why there is no baseline although this host is tuned.
LOST=''

# baseline_find: the baseline in BASELINE; fails when the host was tuned and the baseline
# is lost: otherwise the present values would count as the original ones.
baseline_find() {
	BASELINE='' LOST=''
	# An ordinary user cannot read it.
	[ ! -d "$STATE" ] || { [ -r "$STATE" ] && [ -x "$STATE" ]; } || return 0
	read_record "$ETC/settings.tsv"
	TUNED=$RECORD
	read_record "$STATE/baseline.tsv"
	BASELINE=$(printf '%s' "$BODY" | content_sizes)
	case $RECORD:$TUNED in
	lost:*) LOST=damaged ;;
	# The version that closes settings also closes the baseline.
	old:whole | old:copy | old:lost) LOST=damaged ;;
	absent:whole | absent:copy | absent:lost) LOST=missing ;;
	absent:absent) ! grep -qs 'metaltune boot' "$UNIT" || LOST=missing ;;
	esac
	[ -n "$LOST" ] || return 0
	BASELINE=''
	return 1
}

# baseline_load: exits when the baseline, or the copy of a file, is lost.
baseline_load() {
	if baseline_find; then
		originals_check
		record_check_notes
		return 0
	fi
	complain "this host is tuned, but ${STATE#"$ROOT"}/baseline.tsv, which says what it was before, is $LOST, and so is its copy in ${ETC#"$ROOT"}; nothing was changed: put it back from a backup, or run \`sudo metaltune adopt\` on the host to take what it has now for what it was before metaltune"
	exit 65
}

# baseline_load_or_go_on: for a boot or a rollback, which must change the host anyway;
# present values are then not recorded as the baseline.
baseline_load_or_go_on() {
	baseline_find || complain "${STATE#"$ROOT"}/baseline.tsv is $LOST; going on without it"
}

# baseline_written: whether a tuned host has a baseline, even an empty one.
baseline_written() {
	record_holds "$STATE/baseline.tsv" "$BASELINE${BASELINE:+$NEWLINE}"
}

# baseline_save TEXT: complete and on disk before any of its keys changes.
baseline_save() {
	[ -z "$LOST" ] || return 0
	BASELINE=$1
	write_record "$STATE/baseline.tsv" "$1${1:+$NEWLINE}"
}

# verb_adopt: replaces lost parts of the baseline, and lost copies of files, by the
# present state of the host, for the settings applied last.
verb_adopt() {
	lock
	if baseline_find && [ -z "$(originals_damaged)$(record_each_note record_lost_note)" ]; then
		complain 'the baseline of this host is whole, so there is nothing to adopt'
		exit 64
	fi
	originals_adopt
	record_adopt_notes
	if [ -n "$LOST" ]; then
		baseline_adopt_values
	fi
	originals_close_journal
	printf 'what this host has now counts as what it was before metaltune\n'
}

baseline_adopt_values() {
	LOST=''
	settings_installed
	metaltune_begin adopt
	remove_record "$STATE/baseline.tsv"
	FACTS=$([ -z "$SETTINGS" ] || printf '%s\n' "$SETTINGS" | report_facts)
	# The next boot applies metaltune's own files, and the originals are restored from
	# their copies: no fact can describe that.
	baseline_save "$(printf '%s\n' "$FACTS" | baseline_with_facts | awk -F '\t' -v OFS='\t' '$3 == "boot" && $4 == "value" { $4 = "adopted" } { print }')"
	settings_text
	write_record "$ETC/settings.tsv" "$TEXT"
	baseline_adopt_files
}

# baseline_with_facts < fact lines: the baseline and, for keys new to it, the facts just read.
# Only metaltune has a boot layer in metaltune.service: its original is absent.
baseline_with_facts() {
	{
		[ -z "$BASELINE" ] || printf '%s\n' "$BASELINE"
		cat
	} | awk -F '\t' -v OFS='\t' -v units="$(report_unit_tunables)" -v deployed="$DEPLOYED" "$AWK_with_baseline"
}

# baseline_settings < baseline lines of one layer: as settings to compare with.
baseline_settings() {
	awk -F '\t' -v OFS='\t' '{ print "setting", $1, $2, ($4 == "absent" ? "absent" : "exact"), $5, "live" }'
}

# baseline_dropped: baseline lines of keys that are no longer declared. Those of a tunable that
# only another version of this program supports stay in the baseline.
baseline_dropped() {
	[ -n "$BASELINE" ] || return 0
	{
		settings_lines
		printf '%s\n' "$BASELINE"
	} | awk -F '\t' -v known=" $ANSWERED " "$AWK_dropped"
}

# baseline_unknown_keys: what another version has set and only it can revert, as a text.
baseline_unknown_keys() {
	settings_unknown "$BASELINE" | awk -F '\t' '!seen[$1, $2]++ { printf "%s%s.%s", (n++ ? ", " : ""), $1, $2 }'
}

# baseline_dropped_settings: the dropped keys, so that they are probed like the others.
baseline_dropped_settings() {
	printf '%s\n' "$DROPPED" | awk -F '\t' -v OFS='\t' '$0 != "" && !seen[$1, $2]++ { print $1, $2, "exact", "-", "live" }'
}

# baseline_never_lower: settings -> the same, where `atLeast` asks for no less than the original
# value: a minimum must not lower it.
baseline_never_lower() {
	{
		[ -z "$BASELINE" ] || printf '%s\n' "$BASELINE" | sed "s/^/baseline$TAB/"
		cat
	} | awk -F '\t' -v OFS='\t' "$AWK_lib$AWK_never_lower"
}

# baseline_lowered: JUDGED, where a minimum below the last applied one counts as not met by the
# value that metaltune set for the last one: the host gets the difference back.
baseline_lowered() {
	{
		[ ! -f "$ETC/settings.tsv" ] || sed "s/^/last$TAB/" "$ETC/settings.tsv"
		printf '%s\n' "$SETTINGS" | baseline_never_lower | sed "s/^/now$TAB/"
		printf '%s\n' "$JUDGED" | sed "s/^/judged$TAB/"
	} | awk -F '\t' -v OFS='\t' "$AWK_lib$AWK_lowered"
}

# baseline_forget_dropped: removes keys that have their baseline value again.
baseline_forget_dropped() {
	[ -n "$DROPPED" ] || return 0
	baseline_save "$(
		{
			printf '%s\n' "$DROPPED" | sed "s/^/dropped$TAB/"
			printf '%s\n' "$BASELINE"
		} | awk -F '\t' '$1 == "dropped" { gone[$2, $3]; next } !(($1, $2) in gone)'
	)"
}

# baseline_adopt_files: files with metaltune's names did not exist before metaltune.
baseline_adopt_files() {
	set -- "$UNIT" "$NIC_RULE"
	for HOOK in $NIC_HOOKS; do
		set -- "$@" "$ROOT/etc/$HOOK"
	done
	for FILE; do
		ORIGINAL=$STATE/files${FILE#"$ROOT"}
		if [ ! -e "$FILE" ] || [ -e "$ORIGINAL" ] || [ -e "$ORIGINAL.absent" ]; then
			continue
		fi
		make_directory "${ORIGINAL%/*}"
		printf '' | tee "$ORIGINAL.absent" >/dev/null
	done
}
