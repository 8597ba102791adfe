#!/bin/sh
# What keys were before metaltune first changed them, kept so that they can be
# that again: by revert, or when they are no longer declared ("dropped").
#
# shellcheck disable=SC2034,SC2153,SC2154

# Why there is no baseline although this host is tuned.
LOST=''

# find_baseline: the baseline in BASELINE; fails when the host was tuned and it
# is lost: what the host has now would count as what it was before metaltune.
find_baseline() {
	BASELINE='' LOST=''
	# An ordinary user can be told nothing of it.
	[ ! -d "$STATE" ] || { [ -r "$STATE" ] && [ -x "$STATE" ]; } || return 0
	read_record "$ETC/settings.tsv"
	TUNED=$RECORD
	read_record "$STATE/baseline.tsv"
	BASELINE=$(printf '%s' "$BODY" | sizes)
	case $RECORD:$TUNED in
	lost:*) LOST=damaged ;;
	# Whoever closes settings closes the baseline too.
	old:whole | old:copy | old:lost) LOST=damaged ;;
	absent:whole | absent:copy | absent:lost) LOST=missing ;;
	absent:absent) ! grep -qs 'metaltune boot' "$UNIT" || LOST=missing ;;
	esac
	[ -n "$LOST" ] || return 0
	BASELINE=''
	return 1
}

# load_baseline: exits when it is lost, or the copy of a file.
load_baseline() {
	if find_baseline; then
		check_originals
		check_notes
		return 0
	fi
	complain "this host is tuned, but ${STATE#"$ROOT"}/baseline.tsv, which says what it was before, is $LOST, and so is its copy in ${ETC#"$ROOT"}; nothing was changed: put it back from a backup, or run \`sudo metaltune adopt\` on the host to take what it has now for what it was before metaltune"
	exit 65
}

# go_on_without_baseline: for a boot or a rollback, which must not leave the host
# as it is; nothing is taken for a baseline then.
go_on_without_baseline() {
	find_baseline || complain "${STATE#"$ROOT"}/baseline.tsv is $LOST; going on without it"
}

# baseline_written: whether a host that is tuned has a baseline, be it empty.
baseline_written() {
	holds_record "$STATE/baseline.tsv" "$BASELINE${BASELINE:+$NEWLINE}"
}

# save_baseline TEXT: whole and on disk before anything it speaks of changes.
save_baseline() {
	[ -z "$LOST" ] || return 0
	BASELINE=$1
	write_record "$STATE/baseline.tsv" "$1${1:+$NEWLINE}"
}

# verb_adopt: what is lost of the baseline, and of the copies of files, is made
# anew of what the host has now, for the settings applied last.
verb_adopt() {
	lock
	if find_baseline && [ -z "$(damaged_originals)$(each_note lost_note)" ]; then
		complain 'the baseline of this host is whole, so there is nothing to adopt'
		exit 64
	fi
	adopt_originals
	adopt_notes
	if [ -n "$LOST" ]; then
		adopt_values
	fi
	close_journal
	printf 'what this host has now counts as what it was before metaltune\n'
}

adopt_values() {
	LOST=''
	installed_settings
	begin adopt
	remove_record "$STATE/baseline.tsv"
	FACTS=$([ -z "$SETTINGS" ] || printf '%s\n' "$SETTINGS" | facts_of)
	# What the next boot applies is metaltune's own, and its files come back from
	# their copies: nothing can be said of it.
	save_baseline "$(printf '%s\n' "$FACTS" | with_baseline | awk -F '\t' -v OFS='\t' '$3 == "boot" && $4 == "value" { $4 = "adopted" } { print }')"
	settings_text
	write_record "$ETC/settings.tsv" "$TEXT"
	adopt_files
}

# with_baseline < fact lines: the baseline and, for keys it does not know yet,
# what was just read. The boot layer of metaltune.service is ours alone: before
# us there was none.
with_baseline() {
	{
		[ -z "$BASELINE" ] || printf '%s\n' "$BASELINE"
		cat
	} | awk -F '\t' -v OFS='\t' -v units="$(unit_tunables)" -v deployed="$DEPLOYED" "$AWK_with_baseline"
}

# baseline_settings < baseline lines of one layer: as settings to compare with.
baseline_settings() {
	awk -F '\t' -v OFS='\t' '{ print "setting", $1, $2, ($4 == "absent" ? "absent" : "exact"), $5, "live" }'
}

# dropped: baseline lines of keys that are no longer declared. Those of a tunable
# that another version of this program has stay in the baseline.
dropped() {
	[ -n "$BASELINE" ] || return 0
	{
		setting_lines
		printf '%s\n' "$BASELINE"
	} | awk -F '\t' -v known=" $ANSWERED " "$AWK_dropped"
}

# keys_not_known: what another version has set and only it can revert, in words.
keys_not_known() {
	unknown_settings "$BASELINE" | awk -F '\t' '!seen[$1, $2]++ { printf "%s%s.%s", (n++ ? ", " : ""), $1, $2 }'
}

# dropped_settings: the dropped keys, so that they are probed like the others.
dropped_settings() {
	printf '%s\n' "$DROPPED" | awk -F '\t' -v OFS='\t' '$0 != "" && !seen[$1, $2]++ { print $1, $2, "exact", "-", "live" }'
}

# never_lower: settings -> the same, where `atLeast` asks for no less than the
# host had before us: raising a floor must not lower the house.
never_lower() {
	{
		[ -z "$BASELINE" ] || printf '%s\n' "$BASELINE" | sed "s/^/baseline$TAB/"
		cat
	} | awk -F '\t' -v OFS='\t' "$AWK_lib$AWK_never_lower"
}

# lowered: JUDGED, where a minimum that is lower than the one applied last
# counts as not met by what that one had taken: the host gets the rest back.
lowered() {
	{
		[ ! -f "$ETC/settings.tsv" ] || sed "s/^/last$TAB/" "$ETC/settings.tsv"
		printf '%s\n' "$SETTINGS" | never_lower | sed "s/^/now$TAB/"
		printf '%s\n' "$JUDGED" | sed "s/^/judged$TAB/"
	} | awk -F '\t' -v OFS='\t' "$AWK_lib$AWK_lowered"
}

# forget_dropped: what is back to its baseline is no longer ours.
forget_dropped() {
	[ -n "$DROPPED" ] || return 0
	save_baseline "$(
		{
			printf '%s\n' "$DROPPED" | sed "s/^/dropped$TAB/"
			printf '%s\n' "$BASELINE"
		} | awk -F '\t' '$1 == "dropped" { gone[$2, $3]; next } !(($1, $2) in gone)'
	)"
}

# adopt_files: those that are metaltune's by their name were not there before it.
adopt_files() {
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
