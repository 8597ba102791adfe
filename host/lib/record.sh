#!/bin/sh
# metaltune's own records: what the host was, and what it was told to be. Each
# closes with a line that counts and hashes it, so that damage is noticed, and
# is kept twice, so that one damaged or missing file loses nothing.
#
# Names set here are used by the files assembled after this one.
# shellcheck disable=SC2034,SC2153,SC2154

NEWLINE='
'

# seal TEXT: whole lines with their closing line, in SEALED. The hash covers the
# count too, so that no byte can change unnoticed.
seal() {
	SEALED=$1end$TAB$(($(printf '%s' "$1" | wc -l)))$TAB
	SEAL=$(printf '%s' "$SEALED" | sha256sum)
	SEALED=$SEALED${SEAL%% *}$NEWLINE
}

# is_whole FILE: whether it closes as it should. Its lines are in BODY, without
# the last newline; CLOSED says whether it has a closing line, right or wrong.
is_whole() {
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

# copy_of PATH: where a record is kept a second time, in COPY. Those that all else
# depends on are in two directories, which may be on two file systems.
copy_of() {
	case $1 in
	"$STATE/baseline.tsv") COPY=$ETC/baseline.tsv ;;
	"$ETC/settings.tsv") COPY=$STATE/settings.tsv ;;
	"$ORIGINALS") COPY=$ETC/originals.tsv ;;
	*) COPY=$1.copy ;;
	esac
}

# read_record PATH: its lines in BODY, without the last newline, and in RECORD:
# absent; whole; copy, where only the second one is whole; old, where an earlier
# version wrote it without a closing line; or lost.
read_record() {
	copy_of "$1"
	RECORD=absent BODY=''
	[ -e "$1" ] || [ -e "$COPY" ] || return 0
	RECORD=whole
	! is_whole "$1" || return 0
	RECORD=old
	[ "$CLOSED" = yes ] || [ -e "$COPY" ] || [ ! -f "$1" ] || return 0
	RECORD=copy
	! is_whole "$COPY" || return 0
	RECORD=lost BODY=''
}

# lines_of_record: BODY as whole lines, in LINES_OF_RECORD.
lines_of_record() {
	LINES_OF_RECORD=$BODY${BODY:+$NEWLINE}
}

# holds_record PATH TEXT: whether it and its copy say exactly this.
holds_record() {
	copy_of "$1"
	seal "$2"
	same_text "$1" "$SEALED" && same_text "$COPY" "$SEALED"
}

# write_record PATH TEXT: whole lines, on disk when it returns. The second is
# written after the first, so a loss of power leaves one of them whole.
write_record() {
	! holds_record "$1" "$2" || return 0
	write_both "$1" "$COPY" "$SEALED"
}

# write_both PATH COPY TEXT. Making their directories writes a record too, so
# nothing here is kept in a variable.
write_both() {
	write_once "$1" "$3" && write_once "$2" "$3"
}

# write_once PATH TEXT: the directory is on disk too when it returns.
write_once() {
	! same_text "$1" "$2" || return 0
	replace_file "$1" "$2" && sync "${1%/*}"
}

# remove_record PATH: the second first: alone it would count as what is left.
remove_record() {
	copy_of "$1"
	for GONE in "$COPY" "$1"; do
		[ ! -e "$GONE" ] || rm -f "$GONE"
		[ ! -e "$GONE.metaltune-new" ] || rm -f "$GONE.metaltune-new"
	done
}

# each_record COMMAND: calls it with the path of every record, after
# read_record.
each_record() {
	for PLACE in "$ETC/settings.tsv" "$STATE/baseline.tsv" "$ORIGINALS" "$ARMED" "$OWNERS" "$STATE/directories"; do
		read_record "$PLACE"
		"$1"
	done
	each_note "$1"
}

# each_note COMMAND: the same for what tunables remember for themselves: files in
# $STATE that they name in NAME_notes.
each_note() {
	for NOTED in $TUNABLES; do
		eval "NOTES=\${${NOTED}_notes-}"
		for PLACE in $NOTES; do
			PLACE=$STATE/$PLACE
			read_record "$PLACE"
			"$1"
		done
	done
}

# read_note PATH: as read_record; fails when it is lost, and says so.
read_note() {
	read_record "$1"
	[ "$RECORD" = lost ] || return 0
	complain "${1#"$ROOT"} is damaged, and so is its copy; going on without it"
	return 1
}

# package_was_added NAME: whether the tunable `packages` has installed it.
package_was_added() {
	read_record "$STATE/packages.added"
	printf '%s\n' "$BODY" | grep -qxF -- "$1"
}

# lost_note: after read_record, the path of a record that is lost.
lost_note() {
	[ "$RECORD" != lost ] || printf '%s\n' "${PLACE#"$ROOT"}"
}

# check_notes: exits when one is lost, as a value, a package or an XDP program
# of metaltune would count as what was there before it.
check_notes() {
	LOST_NOTES=$(each_note lost_note)
	[ -n "$LOST_NOTES" ] || return 0
	complain "these notes of what metaltune did on this host are damaged, and so are their copies: $(printf '%s\n' "$LOST_NOTES" | tr '\n' ' '); nothing was changed: put them back from a backup, or run \`sudo metaltune adopt\` on the host to go on without them: what they named then stays on the host after a revert"
	exit 65
}

# adopt_notes: those that are lost are forgotten.
adopt_notes() {
	each_note adopt_note
}

adopt_note() {
	[ "$RECORD" != lost ] || remove_record "$PLACE"
}

# damaged_record: `damaged PATH` for what the next apply puts right.
damaged_record() {
	case $RECORD in
	copy | lost) printf 'damaged\t%s\n' "${PLACE#"$ROOT"}" ;;
	# A run that is under way may be between the two.
	whole) [ -f "$STATE/journal" ] || same_text "$COPY" "$RECORD_TEXT" || printf 'damaged\t%s\n' "${COPY#"$ROOT"}" ;;
	esac
}

# repair_record: what is whole once is whole twice again. A run that was interrupted
# between the two leaves that too, so only a loss is worth a word.
repair_record() {
	case $RECORD in
	copy) complain "${PLACE#"$ROOT"} was damaged or missing; it was put back from its copy" ;;
	whole) ! same_text "$COPY" "$RECORD_TEXT" || return 0 ;;
	*) return 0 ;;
	esac
	lines_of_record
	write_record "$PLACE" "$LINES_OF_RECORD"
}
