#!/bin/sh
# hugePages, host half: pool sizes per NUMA node or in total, and hugetlbfs
# mounts. See hugePages.ts.
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

# hugePages_mounted PATH: what is mounted there, in VALUE, as
# `pagesize=2M,gid=600,mode=1770`; the kernel shows what is not the default.
hugePages_mounted() {
	read_file "$ROOT/proc/mounts"
	[ "$STATUS" = value ] || return 0
	VALUE=$(awk -v path="$1" "$AWK_hugePages_mounted" "$ROOT/proc/mounts")
	# The kernel shows 1024M for what was mounted as 1G.
	case $VALUE in
	pagesize=1024M*) VALUE=pagesize=1G${VALUE#pagesize=1024M} ;;
	esac
	[ -n "$VALUE" ] || STATUS=absent
}

# hugePages_granted: keys, then their live facts on stdin -> the boot layer of
# those that this boot was asked for on the kernel command line and does not
# have: the next one will grant no more than this one did.
hugePages_granted() {
	awk -F "$US" -v cmdline="$ROOT/proc/cmdline" "$AWK_lib$AWK_hugePages_granted"
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

# hugePages_resize KEY COUNT: a write always succeeds, so read it back; when the
# kernel found fewer pages, free and compact memory and ask once more, unless
# only a NIC was opened.
hugePages_resize() {
	hugePages_path "$1"
	FILE=$VALUE
	put "$2" "$FILE" || return 1
	read_file "$FILE"
	[ "$VALUE" -lt "$2" ] && ! nic_opened || return 0
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
