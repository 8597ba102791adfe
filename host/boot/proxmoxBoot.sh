#!/bin/sh
# Proxmox with systemd-boot. proxmox-boot-tool writes the entries of every kernel, from
# /etc/kernel/cmdline, to each EFI system partition that it manages. These are unmounted,
# so metaltune mounts them in a private mount namespace. proxmox-boot-tool leaves entries
# of other names alone.
#
# Names set here are used by the files assembled after this one.
# shellcheck disable=SC2016,SC2034,SC2153,SC2154

PROXMOX_PARTITIONS=$ROOT/etc/kernel/proxmox-boot-uuids

proxmoxBoot_installed() {
	[ -s "$PROXMOX_PARTITIONS" ]
}

proxmoxBoot_detect() {
	if ! command -v proxmox-boot-tool >/dev/null; then
		WHY='there is no proxmox-boot-tool to write the entries of systemd-boot with, though /etc/kernel/proxmox-boot-uuids names partitions of it'
		return 1
	fi
	if [ ! -s "$SYSTEMD_BOOT_LINE" ]; then
		WHY='there is no /etc/kernel/cmdline, so proxmox-boot-tool takes the line that happens to run; write one with root= in it'
		return 1
	fi
}

# proxmoxBoot_listed: as systemdBoot_listed, for every partition.
proxmoxBoot_listed() {
	proxmoxBoot_each ro 'exec awk -v machine="$1" "$2" ./*.conf' "$VALUE" "$AWK_systemdBootEntries"
}

# proxmoxBoot_entry NAME ARGUMENTS: as systemdBoot_entry, on every partition:
# the firmware chooses the one that boots.
proxmoxBoot_entry() {
	proxmoxBoot_each rw '[ -f "$2" ] || exit 1
		ARGUMENTS=$3 awk -v name="$1" "$4" "$2" | tee "metaltune-$1.conf.metaltune-new" >/dev/null &&
			sync . && mv "metaltune-$1.conf.metaltune-new" "metaltune-$1.conf" && sync .' "$1" "$RUNNING" "$2" "$AWK_systemdBootEntry"
}

proxmoxBoot_remove_entries() {
	proxmoxBoot_each rw 'rm -f metaltune-provisional.conf* metaltune-previous.conf*; sync .'
}

# proxmoxBoot_each ro|rw SCRIPT [ARGUMENT...]: runs it in the directory of the entries of
# every partition.
proxmoxBoot_each() {
	SEEN_PARTITION=no
	while IFS= read -r UUID; do
		DEVICE=$ROOT/dev/disk/by-uuid/$UUID
		case $UUID in
		'' | *[!0-9A-Fa-f-]*) continue ;;
		esac
		# proxmox-boot-tool also skips a missing partition.
		[ -e "$DEVICE" ] || continue
		SEEN_PARTITION=yes
		proxmoxBoot_run "$@" || return 1
	done <"$PROXMOX_PARTITIONS"
	[ "$SEEN_PARTITION" = yes ] || {
		printf '%s\n' 'none of the partitions in /etc/kernel/proxmox-boot-uuids is there'
		return 1
	}
}

PROXMOX_MOUNT='[ "$1" = "$2" ] || mount -t vfat -o "$3" "$1" "$2" || exit 1
cd "$2/loader/entries" || exit 1
shift 3
'

# proxmoxBoot_run ro|rw SCRIPT [ARGUMENT...]: with DEVICE at its mount point, or mounted in
# this process's namespace.
proxmoxBoot_run() {
	HOW=$1 SCRIPT=$PROXMOX_MOUNT$2
	shift 2
	PLACE=$(awk -v device="$(readlink -f "$DEVICE")" -v root="$ROOT" '$1 == device || root $1 == device { print root $2; exit }' "$ROOT/proc/mounts")
	if [ -n "$PLACE" ]; then
		sh -c "$SCRIPT" sh "$PLACE" "$PLACE" "$HOW" "$@" 2>&1
	elif [ "$(id -u)" != 0 ]; then
		printf '%s\n' "only root can read the EFI system partition $UUID"
		return 1
	else
		unshare -m -- sh -c "$SCRIPT" sh "$DEVICE" "$ROOT/mnt" "$HOW" "$@" 2>&1
	fi
}

proxmoxBoot_refresh() {
	quietly proxmox-boot-tool refresh
}

# proxmoxBoot_restore NAMES: restores the original and generates the entries from it
# before deleting the kept copy, so that it survives a power cut in between.
proxmoxBoot_restore() {
	[ -e "$ENTRIES_KEPT" ] && [ -f "$SYSTEMD_BOOT_LINE" ] && kept "$SYSTEMD_BOOT_LINE" || return 0
	entries_same "$1" "$SYSTEMD_BOOT_LINE" || return 0
	if ! cmp -s "$ORIGINAL" "$SYSTEMD_BOOT_LINE"; then
		file_copy "$ORIGINAL" "$SYSTEMD_BOOT_LINE.metaltune-new" && mv "$SYSTEMD_BOOT_LINE.metaltune-new" "$SYSTEMD_BOOT_LINE" || return 1
	fi
	proxmoxBoot_refresh
}
