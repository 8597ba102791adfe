#!/bin/sh
# Files that are changed so that a crash at any step can be completed, and that
# can be given back as they were. Each step must have succeeded before the next:
# on a full disk nothing may take the place of what was whole.
#
# Names set here are used by the files assembled after this one.
# shellcheck disable=SC2034,SC2153,SC2154

# make_directory PATH: with its parents; remembers what it made.
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
	mkdir "$1"
}

# copy_file FROM TO: with owner, mode, times and SELinux context, and on disk.
copy_file() {
	if ! cp -a "$1" "$2"; then
		rm -f "$2"
		return 1
	fi
	# What a link points to is not ours to wait for.
	[ -h "$2" ] || sync "$2"
}

# keep_original PATH: before the first write to a file, keeps a copy of it, or
# the knowledge that there was none.
keep_original() {
	ORIGINAL=$STATE/files${1#"$ROOT"}
	if [ -e "$ORIGINAL" ] || [ -e "$ORIGINAL.absent" ]; then
		return 0
	fi
	make_directory "${ORIGINAL%/*}" || return 1
	if [ -e "$1" ] || [ -h "$1" ]; then
		copy_file "$1" "$ORIGINAL.new" && mv "$ORIGINAL.new" "$ORIGINAL"
	else
		printf '' | tee "$ORIGINAL.absent" >/dev/null
	fi
}

# replace_file PATH TEXT: atomic; assumes that the original is kept elsewhere.
replace_file() {
	make_directory "${1%/*}" || return 1
	if ! printf '%s' "$2" | tee "$1.metaltune-new" >/dev/null || ! sync "$1.metaltune-new"; then
		rm -f "$1.metaltune-new"
		return 1
	fi
	mv "$1.metaltune-new" "$1"
}

# same_text PATH TEXT: whether the file holds exactly this text.
same_text() {
	[ -f "$1" ] && printf '%s' "$2" | cmp -s - "$1"
}

# write_file PATH TEXT: makes the file so, keeping its original. CHANGED says
# whether there was anything to do.
write_file() {
	CHANGED=no
	! same_text "$1" "$2" || return 0
	CHANGED=yes
	keep_original "$1" && replace_file "$1" "$2"
}

# restore_file PATH: the file as it was before write_file; CHANGED as there.
restore_file() {
	CHANGED=no
	ORIGINAL=$STATE/files${1#"$ROOT"}
	if [ -e "$ORIGINAL" ] || [ -h "$ORIGINAL" ]; then
		copy_file "$ORIGINAL" "$1.metaltune-new" || return 1
		mv "$1.metaltune-new" "$1" || return 1
		rm "$ORIGINAL"
		CHANGED=yes
	elif [ -e "$ORIGINAL.absent" ]; then
		rm -f "$1.metaltune-new" "$1"
		rm "$ORIGINAL.absent"
		CHANGED=yes
	fi
}

# own_file PATH LINES: a file that is ours alone; as it was before us when there
# are no lines.
own_file() {
	if [ -z "$2" ]; then
		restore_file "$1"
	else
		write_file "$1" "# Written by metaltune; changes are overwritten.
$2
"
	fi
}
