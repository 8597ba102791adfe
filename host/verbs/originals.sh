#!/bin/sh
# The copies of files from before metaltune, and a record of them with a hash each, which
# proves that they are undamaged.
#
# shellcheck disable=SC2153,SC2154

# The record's copy is in another directory, so that deleting one directory is noticed.
ORIGINALS=$STATE/originals.tsv
# Whether originals_check found the copies exactly as recorded.
ORIGINALS_HELD=no

# originals_now: `PATH KIND TEXT`, tabs between, of every copy. KIND is file, with a hash,
# link, with its target, or absent: the file did not exist.
originals_now() {
	[ -d "$STATE/files" ] || return 0
	(
		cd "$STATE/files" || exit 1
		find . -type f -name '*.absent' -printf "%p${TAB}absent$TAB\\n" -o -type l ! -name '*.new' -printf "%p${TAB}link$TAB%l\\n"
		find . -type f ! -name '*.absent' ! -name '*.new' -exec sha256sum {} +
	) | sed -e "s/\\.absent${TAB}absent$TAB\$/${TAB}absent$TAB/" -e "s/^\\([^. ][^ ]*\\)  \\(.*\\)\$/\\2${TAB}file$TAB\\1/" -e 's/^\.//' | sort
}

# originals_note: at the end of a run, before its journal is removed.
originals_note() {
	[ "$UNTOUCHED:$ORIGINALS_HELD" != yes:yes ] || return 0
	[ -d "$STATE/files" ] || [ -e "$ORIGINALS" ] || return 0
	LINES_OF_RECORD=$(originals_now)
	write_record "$ORIGINALS" "$LINES_OF_RECORD${LINES_OF_RECORD:+$NEWLINE}"
}

# originals_close_journal: the run has ended.
originals_close_journal() {
	[ -d "$STATE" ] || return 0
	originals_note
	[ ! -f "$STATE/journal" ] || rm -f "$STATE/journal"
}

# originals_is_restored PATH KIND TEXT: whether the file itself is the original, as after a restore
# from its copy.
originals_is_restored() {
	guard "$ROOT$1" || return 1
	case $2 in
	absent) [ ! -e "$ROOT$1" ] && [ ! -h "$ROOT$1" ] ;;
	link) [ "$(as_owner readlink "$ROOT$1")" = "$3" ] ;;
	*) [ -f "$ROOT$1" ] && [ "$(as_owner sha256sum "$ROOT$1")" = "$3  $ROOT$1" ] ;;
	esac
}

# originals_damaged: the copies, one path per line, that differ from their record. A run
# that is in progress or was interrupted may add or remove others.
originals_damaged() {
	[ ! -f "$STATE/journal" ] || return 0
	# Another run may have changed both since a probe read the record.
	UNTOUCHED=no
	read_record "$ORIGINALS"
	[ -n "$BODY" ] || return 0
	{
		originals_now | sed "s/^/now$TAB/"
		printf '%s\n' "$BODY" | sed "s/^/kept$TAB/"
	} | awk -F '\t' -v OFS='\t' "$AWK_originals" | while IFS=$TAB read -r HOW PLACE KIND SUM; do
		[ "$HOW" = gone ] && originals_is_restored "$PLACE" "$KIND" "$SUM" || printf '%s\n' "$PLACE"
	done
}

# originals_check: exits when one is damaged, since that file could not be restored.
originals_check() {
	read_record "$ORIGINALS"
	if [ -n "$BODY" ] && [ "$(originals_now)" = "$BODY" ]; then
		ORIGINALS_HELD=yes
		return 0
	fi
	DAMAGED=$(originals_damaged)
	if [ -z "$DAMAGED" ] || [ -f "$STATE/journal" ]; then
		return 0
	fi
	complain "the copies in ${STATE#"$ROOT"}/files of these files from before metaltune are damaged or missing: $(printf '%s\n' "$DAMAGED" | tr '\n' ' '); nothing was changed: put them back from a backup, or run \`sudo metaltune adopt\` on the host to take what these files are now for what they were before metaltune"
	exit 65
}

# originals_adopt: the present file becomes its own original.
originals_adopt() {
	originals_damaged | while IFS= read -r PLACE; do
		rm -f "$STATE/files$PLACE" "$STATE/files$PLACE.absent"
	done
}
