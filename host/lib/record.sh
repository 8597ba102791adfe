#!/bin/sh
# metaltune's own records: the host's original state and its declared settings. Each ends
# with a line that counts and hashes it, to detect damage, and is kept twice, so that one
# damaged or missing file loses nothing.
#
# for tunables: read_record write_record put_record remove_record read_note
# for tunables: package_was_added
#
# Names set here are used by the files assembled after this one.
# shellcheck disable=SC2034,SC2153,SC2154

NEWLINE='
'

# record_seal TEXT: whole lines with their closing line, in SEALED. The hash also covers the
# count.
record_seal() {
	SEALED=$1end$TAB$(($(printf '%s' "$1" | wc -l)))$TAB
	SEAL=$(printf '%s' "$SEALED" | sha256sum)
	SEALED=$SEALED${SEAL%% *}$NEWLINE
}

# record_is_whole FILE: whether its closing line is right. Its lines are in BODY, without the
# last newline; CLOSED says whether it has a closing line, right or wrong.
record_is_whole() {
	BODY='' CLOSED=no
	[ -f "$1" ] || return 1
	RECORD_TEXT=$(cat "$1" 2>/dev/null && printf .) || return 1
	RECORD_TEXT=${RECORD_TEXT%.}
	BODY=${RECORD_TEXT%"$NEWLINE"}
	case ${BODY##*"$NEWLINE"} in
	"end$TAB"*) CLOSED=yes ;;
	*) return 1 ;;
	esac
	SEALED=${BODY%"$TAB"*}$TAB
	SEAL=$(printf '%s' "$SEALED" | sha256sum)
	[ "$RECORD_TEXT" = "$SEALED${SEAL%% *}$NEWLINE" ] || return 1
	case $BODY in
	*"$NEWLINE"*) BODY=${BODY%"$NEWLINE"*} ;;
	*) BODY='' ;;
	esac
}

# record_copy_of PATH: the path of a record's copy, in COPY. The essential records are in two
# directories, which may be on two file systems.
record_copy_of() {
	case $1 in
	"$STATE/baseline.tsv") COPY=$ETC/baseline.tsv ;;
	"$ETC/settings.tsv") COPY=$STATE/settings.tsv ;;
	"$ORIGINALS") COPY=$ETC/originals.tsv ;;
	*) COPY=$1.copy ;;
	esac
}

# Records that a run has read are not read again before it changes something: their number,
# and one variable each for path, state and lines.
RECORDS=0
UNTOUCHED=no

# record_read_all COMMAND: reads every record, and calls COMMAND as record_each does.
record_read_all() {
	UNTOUCHED=yes AND_THEN=$1
	record_each record_keep
}

record_keep() {
	"$AND_THEN"
	RECORDS=$((RECORDS + 1))
	eval "RECORD_PATH_$RECORDS=\$PLACE RECORD_STATE_$RECORDS=\$RECORD RECORD_BODY_$RECORDS=\$BODY"
}

# record_known PATH: whether it was read before and nothing was changed since: its state and
# lines, as of read_record.
record_known() {
	[ "$UNTOUCHED" = yes ] || return 1
	KNOWN=$RECORDS
	while [ "$KNOWN" -gt 0 ]; do
		eval "RECORD=\$RECORD_STATE_$KNOWN BODY=\$RECORD_BODY_$KNOWN"
		eval "[ \"\$RECORD_PATH_$KNOWN\" != \"\$1\" ]" || return 0
		KNOWN=$((KNOWN - 1))
	done
	return 1
}

# read_record PATH: its lines in BODY, without the last newline, and its state in RECORD:
# absent; whole; copy, where only the copy is whole; old, where an earlier version wrote
# it without a closing line; or lost.
read_record() {
	record_copy_of "$1"
	! record_known "$1" || return 0
	RECORD=absent BODY=''
	[ -e "$1" ] || [ -e "$COPY" ] || return 0
	RECORD=whole
	! record_is_whole "$1" || return 0
	RECORD=old
	[ "$CLOSED" = yes ] || [ -e "$COPY" ] || [ ! -f "$1" ] || return 0
	RECORD=copy
	! record_is_whole "$COPY" || return 0
	RECORD=lost BODY=''
}

# record_lines: BODY as whole lines, in LINES_OF_RECORD.
record_lines() {
	LINES_OF_RECORD=$BODY${BODY:+$NEWLINE}
}

# record_holds PATH TEXT: whether the record and its copy equal this text.
record_holds() {
	record_copy_of "$1"
	SEALED=''
	if record_known "$1" && [ "$RECORD" = whole ]; then
		record_lines
		[ "$LINES_OF_RECORD" = "$2" ]
		return
	fi
	record_seal "$2"
	file_same_text "$1" "$SEALED" && file_same_text "$COPY" "$SEALED"
}

# write_record PATH TEXT: whole lines, on disk when it returns. Writes the copy after the
# record, so a power cut leaves one of them whole.
write_record() {
	! record_holds "$1" "$2" || return 0
	[ -n "$SEALED" ] || record_seal "$2"
	record_write_both "$1" "$COPY" "$SEALED"
}

# record_write_both PATH COPY TEXT. Creating their directories also writes a record and
# overwrites variables, so this uses none.
record_write_both() {
	UNTOUCHED=no
	record_write_once "$1" "$3" && record_write_once "$2" "$3"
}

# record_write_once PATH TEXT: syncs the directory too before it returns.
record_write_once() {
	! file_same_text "$1" "$2" || return 0
	replace_file "$1" "$2" && sync "${1%/*}"
}

# put_record PATH LINES: the same for lines without their last newline; without any, there
# is no record.
put_record() {
	if [ -n "$2" ]; then
		write_record "$1" "$2$NEWLINE"
	else
		remove_record "$1"
	fi
}

# remove_record PATH: removes the copy first: a remaining copy would count as the record.
remove_record() {
	UNTOUCHED=no
	record_copy_of "$1"
	for GONE in "$COPY" "$1"; do
		[ ! -e "$GONE" ] || rm -f "$GONE"
		[ ! -e "$GONE.metaltune-new" ] || rm -f "$GONE.metaltune-new"
	done
}

# record_each COMMAND: calls it with the path of every record, after read_record.
record_each() {
	for PLACE in "$ETC/settings.tsv" "$STATE/baseline.tsv" "$ORIGINALS" "$PROVISIONAL" "$OWNERS" "$STATE/directories"; do
		read_record "$PLACE"
		"$1"
	done
	record_each_note "$1"
}

# record_each_note COMMAND: the same for the tunables' own records: files in $STATE that
# NAME_notes lists.
record_each_note() {
	for NOTED in $TUNABLES; do
		eval "NOTES=\${${NOTED}_notes-}"
		for PLACE in $NOTES; do
			PLACE=$STATE/$PLACE
			read_record "$PLACE"
			"$1"
		done
	done
}

# read_note PATH: as read_record; fails with a message when it is lost.
read_note() {
	read_record "$1"
	[ "$RECORD" = lost ] || return 0
	complain "${1#"$ROOT"} is damaged, and so is its copy; going on without it"
	return 1
}

# package_was_added NAME: whether the tunable `packages` installed it.
package_was_added() {
	read_record "$STATE/packages.added"
	printf '%s\n' "$BODY" | grep -qxF -- "$1"
}

# record_lost_note: after read_record, the path of a record that is lost.
record_lost_note() {
	[ "$RECORD" != lost ] || printf '%s\n' "${PLACE#"$ROOT"}"
}

# record_check_notes: exits when one is lost: otherwise a value, a package or an XDP program of
# metaltune's would count as original.
record_check_notes() {
	LOST_NOTES=$(record_each_note record_lost_note)
	[ -n "$LOST_NOTES" ] || return 0
	complain "these notes of what metaltune did on this host are damaged, and so are their copies: $(printf '%s\n' "$LOST_NOTES" | tr '\n' ' '); nothing was changed: put them back from a backup, or run \`sudo metaltune adopt\` on the host to go on without them: what they named then stays on the host after a revert"
	exit 65
}

# record_adopt_notes: deletes the lost ones.
record_adopt_notes() {
	record_each_note record_adopt_note
}

record_adopt_note() {
	[ "$RECORD" != lost ] || remove_record "$PLACE"
}

# record_damaged: adds `damaged PATH` to DAMAGED_RECORDS for damage that the next apply
# repairs.
record_damaged() {
	case $RECORD in
	copy | lost) DAMAGED_RECORDS="${DAMAGED_RECORDS}damaged$TAB${PLACE#"$ROOT"}$NEWLINE" ;;
	# A run in progress may be between the two writes.
	whole) [ -f "$STATE/journal" ] || cmp -s "$PLACE" "$COPY" || DAMAGED_RECORDS="${DAMAGED_RECORDS}damaged$TAB${COPY#"$ROOT"}$NEWLINE" ;;
	esac
}

# record_repair: rewrites a record and its copy from the whole one. An interrupted run
# leaves such a difference too, so only a loss is reported.
record_repair() {
	case $RECORD in
	copy) complain "${PLACE#"$ROOT"} was damaged or missing; it was put back from its copy" ;;
	whole) ! cmp -s "$PLACE" "$COPY" || return 0 ;;
	*) return 0 ;;
	esac
	record_lines
	write_record "$PLACE" "$LINES_OF_RECORD"
}
