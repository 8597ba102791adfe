#!/bin/sh
# mounts, host half: mount and umount, and metaltune's lines in /etc/fstab. See index.ts.
#
# hooks: probe write persist
#
# shellcheck disable=SC2154

MOUNTS_FSTAB=$ROOT/etc/fstab
MOUNTS_BEGIN='# metaltune: begin; changes up to "end" are overwritten'
MOUNTS_END='# metaltune: end'

# mounts_device NAME: the device file for a name, in VALUE, so that two names of one
# device are equal; other sources stay unchanged.
mounts_device() {
	VALUE=$1
	case $1 in
	UUID=*) VALUE=/dev/disk/by-uuid/${1#*=} ;;
	ID=*) VALUE=/dev/disk/by-id/${1#*=} ;;
	LABEL=*) VALUE=/dev/disk/by-label/${1#*=} ;;
	PARTUUID=*) VALUE=/dev/disk/by-partuuid/${1#*=} ;;
	PARTLABEL=*) VALUE=/dev/disk/by-partlabel/${1#*=} ;;
	esac
	case $VALUE in
	/dev/*)
		[ ! -e "$ROOT$VALUE" ] || VALUE=$(readlink -f "$ROOT$VALUE")
		VALUE=${VALUE#"$ROOT"}
		;;
	esac
}

# mounts_satisfied LAYER "FOUND" "WANTED": whether the mount, or fstab's line, matches the
# declaration. In fstab the options must have the same effect, in any order. In /proc/mounts
# the kernel renames some options and adds others. The device of a tmpfs is only a name.
mounts_satisfied() {
	# shellcheck disable=SC2086
	set -- "$1" $2 $3
	[ $# -eq 7 ] && [ "$3" = "$6" ] || return 1
	case $3 in
	tmpfs | ramfs) ;;
	*)
		mounts_device "$2"
		DEVICE=$VALUE
		mounts_device "$5"
		[ "$DEVICE" = "$VALUE" ] || return 1
		;;
	esac
	printf '%s\n' "$4" "$7" | awk -v layer="$1" -v type="$3" -v root="$ROOT" "$AWK_lib$AWK_mounts_satisfied"
}

# mounts_line FILE PATH [whole]: `device type options` of the last line for a mount
# point, or the whole line, in VALUE.
mounts_line() {
	VALUE=$(awk -v path="$2" -v whole="${3-}" "$AWK_mounts_line" "$1" 2>/dev/null) || VALUE=''
}

# mounts_wanted PATH VALUE LAYER: the declared or original mount, in WANTED.
mounts_wanted() {
	WANTED=$2
	[ "$2" = - ] || return 0
	WANTED=$(printf '%s\n' "${BASELINE-}" | awk -F '\t' -v path="$1" -v layer="$3" '$1 == "mounts" && $2 == path && $3 == layer { print $5 }')
}

# mounts_is_ours PATH: whether metaltune's lines in fstab have it.
mounts_is_ours() {
	awk -v begin="$MOUNTS_BEGIN" -v end="$MOUNTS_END" -v path="$1" \
		'$0 == begin { ours = 1 } $0 == end { ours = 0 } ours && $2 == path { found = 1 } END { exit !found }' "$MOUNTS_FSTAB"
}

# mounts_original PATH: the fact of a dropped key in fstab once metaltune's line is gone: as
# before metaltune, since other lines are theirs who wrote them.
mounts_original() {
	ORIGINAL=$(printf '%s\n' "${BASELINE-}" | awk -F '\t' -v path="$1" '$1 == "mounts" && $2 == path && $3 == "boot" { print $4 "\t" $5 }')
	[ -z "$ORIGINAL" ] || fact "$1" boot "${ORIGINAL%%"$TAB"*}" "${ORIGINAL#*"$TAB"}" "$MOUNTS_FSTAB"
}

# mounts_theirs PATH ORIGINAL: names a line for a dropped mount that others wrote since.
mounts_theirs() {
	mounts_line "$MOUNTS_FSTAB" "$1"
	[ -n "$VALUE" ] && ! mounts_satisfied boot "$VALUE" "$2" || return 0
	mounts_line "$MOUNTS_FSTAB" "$1" whole
	complain "mounts $1: /etc/fstab has a line of others for it now, which stays: $VALUE"
}

mounts_probe() {
	while IFS=$US read -r KEY _ GIVEN _; do
		for LAYER in live boot; do
			mounts_wanted "$KEY" "$GIVEN" "$LAYER"
			FILE=$MOUNTS_FSTAB
			[ "$LAYER" = boot ] || FILE=$ROOT/proc/mounts
			if [ ! -r "$FILE" ]; then
				fact "$KEY" "$LAYER" unreadable 'cannot be read' "$FILE"
				continue
			fi
			mounts_line "$FILE" "$KEY"
			FOUND=$VALUE
			if [ "$GIVEN:$LAYER" = -:boot ] && ! mounts_is_ours "$KEY"; then
				mounts_original "$KEY"
			elif [ -z "$FOUND" ]; then
				fact "$KEY" "$LAYER" absent '' "$FILE"
			elif mounts_satisfied "$LAYER" "$FOUND" "$WANTED"; then
				fact "$KEY" "$LAYER" value "$WANTED" "$FILE"
			else
				fact "$KEY" "$LAYER" value "$FOUND" "$FILE"
			fi
		done
	done
}

# mounts_users PATH: the processes that use the directory or a file below it, in VALUE.
mounts_users() {
	VALUE=$(find "$ROOT/proc" -mindepth 2 -maxdepth 3 -path "$ROOT/proc/[0-9]*" -type l \
		-printf '%P %l\n' 2>/dev/null | awk -v path="$1" "$AWK_mounts_users" | while IFS= read -r PID; do
		read_file "$ROOT/proc/$PID/comm"
		printf ' %s(%s)' "$VALUE" "$PID"
	done)
}

mounts_unmount() {
	roots "$ROOT$1" 'not unmounted' || return 1
	quietly umount "$ROOT$1" && return 0
	mounts_users "$1"
	complain "mounts $1: in use by${VALUE:- a process that cannot be seen}; stop that and try again"
	return 1
}

# mounts_mount PATH "DEVICE TYPE OPTIONS": mounts it, and replaces an existing mount.
mounts_mount() {
	mounts_line "$ROOT/proc/mounts" "$1"
	FOUND=$VALUE
	! mounts_satisfied live "$FOUND" "$2" || return 0
	# shellcheck disable=SC2086
	set -- "$1" $2
	mounts_device "$2"
	case $VALUE in
	/dev/*)
		if [ ! -e "$ROOT$VALUE" ]; then
			complain "mounts $1: there is no $VALUE"
			return 1
		fi
		;;
	esac
	if [ -n "$FOUND" ]; then
		mounts_unmount "$1" || return 1
	fi
	roots "$ROOT$1" 'not mounted' && make_directory "$ROOT$1" || return 1
	if [ -h "$ROOT$1" ]; then
		complain "mounts $1: expected a directory, got a link; declare where it leads to"
		return 1
	fi
	quietly mount -t "$3" -o "$4" "$2" "$ROOT$1"
}

# mounts_others PATHS: fstab without metaltune's lines, which are for these paths.
mounts_others() {
	awk -v begin="$MOUNTS_BEGIN" -v end="$MOUNTS_END" -v paths="$1" "$AWK_mounts_others" "$MOUNTS_FSTAB"
}

# mounts_lines: declared mounts on stdin -> fstab lines for those that are mounted and
# that have no other line.
mounts_lines() {
	while IFS=$US read -r KEY ORIGIN _ WANTED _; do
		[ "$ORIGIN" = declared ] || continue
		OTHER=$(printf '%s\n' "$OTHERS" | awk -v path="$KEY" "$AWK_mounts_line")
		if [ -n "$OTHER" ]; then
			mounts_satisfied boot "$OTHER" "$WANTED" && continue
			OTHER=$(printf '%s\n' "$OTHERS" | awk -v path="$KEY" -v whole=yes "$AWK_mounts_line")
			complain "mounts $KEY: /etc/fstab has another line for it: $OTHER; remove one of the two"
			continue
		fi
		# mounts_write tries again, and reports a failure.
		mounts_mount "$KEY" "$WANTED" 2>/dev/null || continue
		# shellcheck disable=SC2086
		set -- $WANTED
		printf '%s %s %s %s 0 0\n' "$1" "$KEY" "$2" "$3"
	done
}

mounts_persist() {
	GIVEN=$(cat)
	fold "$(printf '%s\n' "$GIVEN" | cut -d "$US" -f 1)"
	OTHERS=$(mounts_others "$VALUE")
	ROWS=$(printf '%s\n' "$GIVEN" | mounts_lines)
	if [ -n "$ROWS" ]; then
		write_file "$MOUNTS_FSTAB" "$OTHERS${OTHERS:+
}$MOUNTS_BEGIN
$ROWS
$MOUNTS_END
"
	else
		mounts_without_us
	fi
	[ "$CHANGED" = no ] || unit_reload
	printf '%s\n' "$GIVEN" | while IFS=$US read -r KEY ORIGIN _ WANTED _; do
		[ "$ORIGIN" = declared ] || mounts_theirs "$KEY" "$WANTED"
	done
}

# mounts_without_us: fstab without metaltune's lines: byte for byte the original, unless
# another line has changed since.
mounts_without_us() {
	CHANGED=no
	ORIGINAL=$STATE/files${MOUNTS_FSTAB#"$ROOT"}
	[ -f "$ORIGINAL" ] || return 0
	if [ "$OTHERS" = "$(cat "$ORIGINAL")" ]; then
		restore_file "$MOUNTS_FSTAB"
	else
		replace_file "$MOUNTS_FSTAB" "$OTHERS
" || return 1
		rm "$ORIGINAL"
		CHANGED=yes
	fi
}

mounts_write() {
	while IFS=$US read -r KEY STATUS WANTED; do
		if [ "$STATUS" = value ]; then
			mounts_mount "$KEY" "$WANTED" || complain "mounts $KEY: could not be mounted"
			continue
		fi
		mounts_line "$ROOT/proc/mounts" "$KEY"
		[ -z "$VALUE" ] || mounts_unmount "$KEY" || :
	done
}
