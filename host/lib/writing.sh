#!/bin/sh
# Changes files so that a crash at any step can be completed and the originals can be
# restored. Each step must succeed before the next: on a full disk no partial file may
# replace a whole one.
#
# Only root can read metaltune's own files, which may hold the contents of private files.
# In a directory of another account, that account writes; see paths.sh.
#
# prefix: file
# for tunables: make_directory kept keep_original make_file replace_file write_file
# for tunables: restore_file own_file
#
# Names set here are used by the files assembled after this one.
# shellcheck disable=SC2034,SC2153,SC2154

# file_is_private PATH: whether only root may read it.
file_is_private() {
	case $1 in
	"$STATE" | "$STATE"/* | "$ETC" | "$ETC"/*) ;;
	"$ROOT"/opt/metaltune/*/releases/*/*) return 1 ;;
	"$ROOT"/opt/metaltune/*/releases/*.settings | "$ROOT"/opt/metaltune/*/releases/*.sums) ;;
	"$ROOT"/opt/metaltune/*/artifacts) ;;
	*) return 1 ;;
	esac
}

# file_umask PATH: for a subshell that creates it.
file_umask() {
	! file_is_private "$1" || umask 077
}

# make_directory PATH: with its parents; records the directories that it creates.
make_directory() {
	[ ! -d "$1" ] || return 0
	make_directory "${1%/*}" || return 1
	case $1 in
	"$STATE"* | "$ROOT"/opt/metaltune/*/*) ;;
	*)
		read_record "$STATE/directories"
		write_record "$STATE/directories" "$BODY${BODY:+$NEWLINE}${1#"$ROOT"}$NEWLINE" || return 1
		;;
	esac
	guarded "$1" 'not made' || return 1
	(file_umask "$1" && as_owner mkdir "$1")
}

# file_copy FROM TO: with owner, mode, times and SELinux context, and synced.
file_copy() {
	if ! cp -a "$1" "$2"; then
		rm -f "$2"
		return 1
	fi
	# Do not sync the target of a link: it is not metaltune's file.
	[ -h "$2" ] || sync "$2"
}

# kept PATH: whether a copy of its original, in ORIGINAL, or a note that it was absent is
# kept.
kept() {
	ORIGINAL=$STATE/files${1#"$ROOT"}
	[ -e "$ORIGINAL" ] || [ -h "$ORIGINAL" ] || [ -e "$ORIGINAL.absent" ]
}

# keep_original PATH: before the first write to a file, keeps a copy of it, or a note that
# it was absent.
keep_original() {
	! kept "$1" || return 0
	make_directory "${ORIGINAL%/*}" || return 1
	guarded "$1" 'not touched' || return 1
	if ! as_owner test -e "$1" && ! as_owner test -h "$1"; then
		printf '' | (umask 077 && tee "$ORIGINAL.absent" >/dev/null)
	elif [ -n "$OWNER" ]; then
		file_keep_owned "$1" && mv "$ORIGINAL.new" "$ORIGINAL"
	else
		file_copy "$1" "$ORIGINAL.new" && mv "$ORIGINAL.new" "$ORIGINAL"
	fi
}

# file_keep_owned PATH: the same as file_copy to ORIGINAL.new, for a file in a directory of
# OWNER. OWNER's process reads the file; its output is checked.
file_keep_owned() {
	rm -f "$ORIGINAL.new"
	if as_owner test -h "$1"; then
		ln -s "$(as_owner readlink -- "$1")" "$ORIGINAL.new"
		return
	fi
	LOOK=$(as_owner stat -c '%u:%s:%a:%g:%Y:%F' -- "$1") || return 1
	case $LOOK in
	"$OWNER":*:regular*) ;;
	*)
		complain "${1#"$ROOT"}: not touched: expected a file of the account $OWNER, which controls a directory above it; give it that owner, or move it"
		return 1
		;;
	esac
	LOOK=${LOOK%:*}
	SIZE=${LOOK#*:}
	SIZE=${SIZE%%:*}
	case $LOOK in
	*[!0-9:]*) return 1 ;;
	esac
	if [ "$SIZE" -gt "$OWNED_BYTES" ]; then
		complain "${1#"$ROOT"}: not touched: expected at most $OWNED_BYTES bytes, got $SIZE"
		return 1
	fi
	as_owner head -c "$OWNED_BYTES" -- "$1" | (umask 077 && tee "$ORIGINAL.new" >/dev/null)
	[ "$(stat -c %s "$ORIGINAL.new")" = "$SIZE" ] || return 1
	LOOK=${LOOK#*:*:}
	MODE=${LOOK%%:*}
	LOOK=${LOOK#*:}
	chown "$OWNER:${LOOK%:*}" "$ORIGINAL.new" && chmod "$MODE" "$ORIGINAL.new" &&
		touch -d "@${LOOK#*:}" "$ORIGINAL.new" && sync "$ORIGINAL.new"
}

# make_file PATH MODE < content: a new file, whose mode is set before its content is
# written. `guard` must have checked PATH.
make_file() {
	if [ -e "$1" ] || [ -h "$1" ]; then
		as_owner rm -f "$1" || return 1
	fi
	if file_make_with_mode "$1" "$2" && as_owner sync "$1"; then
		return 0
	fi
	as_owner rm -f "$1"
	return 1
}

file_make_with_mode() {
	case $2 in
	0644) (umask 022 && guard_as_owner_fed tee "$1" >/dev/null) ;;
	*) (umask 077 && guard_as_owner_fed tee "$1" >/dev/null) && { [ "$2" = 0600 ] || as_owner chmod "$2" "$1"; } ;;
	esac
}

# file_mode PATH: its mode, or that for a new file, in MODE.
file_mode() {
	MODE=0644
	if file_is_private "$1"; then
		MODE=0600
	elif [ -f "$1" ] && [ ! -h "$1" ]; then
		MODE=0$(stat -c %a "$1")
	fi
}

# replace_file PATH TEXT: atomic; assumes that the original is already kept.
replace_file() {
	make_directory "${1%/*}" || return 1
	guarded "$1" 'not written' || return 1
	file_mode "$1"
	printf '%s' "$2" | make_file "$1.metaltune-new" "$MODE" || return 1
	as_owner mv -T "$1.metaltune-new" "$1"
}

# file_same_text PATH TEXT: whether the file holds exactly this text.
file_same_text() {
	guard "$1" || return 1
	[ -f "$1" ] && printf '%s' "$2" | guard_as_owner_fed cmp -s - "$1"
}

# write_file PATH TEXT: writes the text, and keeps the original. CHANGED says whether the
# file changed.
write_file() {
	CHANGED=no
	! file_same_text "$1" "$2" || return 0
	CHANGED=yes
	keep_original "$1" && replace_file "$1" "$2"
}

# restore_file PATH: reverts write_file; CHANGED as there.
restore_file() {
	CHANGED=no
	kept "$1" || return 0
	guarded "$1" 'not put back' || return 1
	if [ -e "$ORIGINAL.absent" ]; then
		as_owner rm -f "$1.metaltune-new" "$1"
		rm "$ORIGINAL.absent"
	else
		if [ -n "$OWNER" ]; then
			file_restore_owned "$1" || return 1
		else
			file_copy "$ORIGINAL" "$1.metaltune-new" || return 1
		fi
		as_owner mv -T "$1.metaltune-new" "$1" || return 1
		rm "$ORIGINAL"
	fi
	CHANGED=yes
}

# file_restore_owned PATH: writes the copy of file_keep_owned to PATH.metaltune-new.
file_restore_owned() {
	if [ -h "$ORIGINAL" ]; then
		as_owner rm -f "$1.metaltune-new"
		as_owner ln -s "$(readlink "$ORIGINAL")" "$1.metaltune-new"
		return
	fi
	MODE=0$(stat -c %a "$ORIGINAL")
	make_file "$1.metaltune-new" "$MODE" <"$ORIGINAL" || return 1
	# An account cannot give a file to a group that it has left.
	as_owner chgrp "$(stat -c %g "$ORIGINAL")" "$1.metaltune-new" 2>/dev/null || :
	as_owner touch -d "@$(stat -c %Y "$ORIGINAL")" "$1.metaltune-new"
}

# own_file PATH LINES: a file of metaltune's alone; without lines, its original is
# restored.
own_file() {
	if [ -z "$2" ]; then
		restore_file "$1"
	else
		write_file "$1" "# Written by metaltune; changes are overwritten.
$2
"
	fi
}
