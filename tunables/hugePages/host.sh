#!/bin/sh
# hugePages, host half: pool sizes per NUMA node or in total, and hugetlbfs
# mounts. See index.ts.
#
# hooks: probe write boot

# shellcheck disable=SC2034,SC2154
hugePages_boot=unit

# hugePages_path KEY: nr_hugepages of `node0.2048kB` or `total.2048kB`, in VALUE.
hugePages_path() {
	case $1 in
	total.*) VALUE=$ROOT/sys/kernel/mm/hugepages/hugepages-${1#*.}/nr_hugepages ;;
	*) VALUE=$ROOT/sys/devices/system/node/${1%%.*}/hugepages/hugepages-${1#*.}/nr_hugepages ;;
	esac
}

# hugePages_mounted PATH: the mount there, in VALUE, as `pagesize=2M,gid=600,mode=1770`;
# the kernel shows only options that differ from the default.
hugePages_mounted() {
	read_file "$ROOT/proc/mounts"
	[ "$STATUS" = value ] || return 0
	VALUE=$(awk -v path="$1" "$AWK_hugePages_mounted" "$ROOT/proc/mounts")
	# The kernel shows 1024M for a mount with 1G.
	case $VALUE in
	pagesize=1024M*) VALUE=pagesize=1G${VALUE#pagesize=1024M} ;;
	esac
	[ -n "$VALUE" ] || STATUS=absent
}

# hugePages_granted: keys, then their live facts on stdin -> the boot layer of keys for
# which this boot allocated fewer pages than the kernel command line requests: the next
# boot will allocate no more.
hugePages_granted() {
	awk -F "$US" -v cmdline="$ROOT/proc/cmdline" "$AWK_command_line$AWK_hugePages_granted"
}

hugePages_probe() {
	KEYS=$(cat)
	PAGES=$(printf '%s\n' "$KEYS" | while IFS=$US read -r KEY _; do
		case $KEY in
		mount.*) continue ;;
		esac
		hugePages_path "$KEY"
		[ ! -d "$ROOT/sys/kernel/mm/hugepages/hugepages-${KEY#*.}" ] || printf '%s\t%s\n' "$KEY" "$VALUE"
	done | facts_of_files live)
	[ -z "$PAGES" ] || printf '%s\n' "$PAGES"
	case $KEYS in
	*"${US}reboot"*) printf '%s\n' "$KEYS" "$PAGES" | hugePages_granted ;;
	esac
	printf '%s\n' "$KEYS" | while IFS=$US read -r KEY _; do
		case $KEY in
		mount.*)
			hugePages_mounted "${KEY#mount.}"
			fact "$KEY" live "$STATUS" "$VALUE" "$ROOT/proc/mounts"
			;;
		*)
			DIRECTORY=$ROOT/sys/kernel/mm/hugepages/hugepages-${KEY#*.}
			[ -d "$DIRECTORY" ] || fact "$KEY" live unsupported "this kernel has no pages of ${KEY#*.}" "$DIRECTORY"
			;;
		esac
	done
}

# hugePages_resize KEY COUNT: a write always succeeds, so it reads the count back. If the
# kernel allocated fewer pages, it frees and compacts memory and writes once more, unless
# an interface came up.
hugePages_resize() {
	hugePages_path "$1"
	FILE=$VALUE
	put "$2" "$FILE" || return 1
	read_file "$FILE"
	[ "$VALUE" -lt "$2" ] && ! converge_late_for_nic || return 0
	put 3 "$ROOT/proc/sys/vm/drop_caches" || :
	put 1 "$ROOT/proc/sys/vm/compact_memory" || :
	put "$2" "$FILE"
}

hugePages_mount() {
	hugePages_mounted "$1"
	roots "$ROOT$1" 'its mount was not changed' || return 1
	if [ "$STATUS" = value ]; then
		umount "$ROOT$1" || return 1
	fi
	[ "$2" = value ] || return 0
	make_directory "$ROOT$1" && [ ! -h "$ROOT$1" ] || return 1
	mount -t hugetlbfs -o "$3" none "$ROOT$1"
}

hugePages_write() {
	while IFS=$US read -r KEY STATUS WANTED; do
		case $KEY:$STATUS in
		mount.*)
			hugePages_mount "${KEY#mount.}" "$STATUS" "$WANTED" || complain "hugePages $KEY: could not change the mount"
			;;
		*:value)
			hugePages_resize "$KEY" "$WANTED" || complain "hugePages $KEY: the kernel refused $WANTED pages"
			;;
		esac
	done
}
