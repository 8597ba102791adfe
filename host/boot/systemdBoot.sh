#!/bin/sh
# systemd-boot: Boot Loader Specification entries (type 1) on the EFI system partition or
# the extended boot loader partition. kernel-install makes the entries of new kernels from
# /etc/kernel/cmdline. On Proxmox, proxmox-boot-tool makes all entries from it, on each of
# its unmounted partitions; see proxmoxBoot.sh. loader.sh and entries.sh describe the
# functions.
#
# Names set here are used by the files assembled after this one.
# shellcheck disable=SC2016,SC2034,SC2153,SC2154

systemdBoot_family=systemd-boot
# shellcheck disable=SC2034
systemdBoot_changes='loader/entries of systemd-boot'
SYSTEMD_BOOT_LINE=$ROOT/etc/kernel/cmdline

systemdBoot_detect() {
	if proxmoxBoot_installed; then
		proxmoxBoot_detect || return 1
	else
		systemdBoot_partitions || return 1
	fi
	systemdBoot_unified
	[ -z "$WHY" ]
}

# systemdBoot_partitions: where systemd-boot reads entries, in PARTITIONS.
systemdBoot_partitions() {
	PARTITIONS=''
	if ! command -v bootctl >/dev/null; then
		WHY='there is no bootctl to ask where the entries of systemd-boot are; install the package that has it (systemd, or systemd-boot-tools)'
		return 1
	fi
	if ! FOUND_PLACES=$(bootctl --print-esp-path 2>&1 && bootctl --print-boot-path 2>&1); then
		fold "$FOUND_PLACES"
		WHY="bootctl does not find the EFI system partition: $VALUE"
		return 1
	fi
	PARTITIONS=$(printf '%s\n' "$FOUND_PLACES" | awk -v root="$ROOT" '!seen[$0]++ { print root $0 }')
}

# systemdBoot_unified: the unified kernel images (type 2) of this host, in WHY. Their
# command line is signed or fixed when they are built.
systemdBoot_unified() {
	IMAGES=$(printf '%s\n' "${PARTITIONS-}" | while IFS= read -r PLACE; do
		[ -z "$PLACE" ] || entries_each "$PLACE/EFI/Linux" '*.efi'
	done)
	loader_variable LoaderEntrySelected
	case $VALUE in
	*.efi) IMAGES=${IMAGES:-$VALUE} ;;
	esac
	[ -n "$IMAGES" ] || return 0
	fold "$(printf '%s\n' "$IMAGES" | sed "s|^$ROOT||")"
	WHY="systemd-boot boots unified kernel images ($VALUE), whose command line metaltune cannot change; build them with the parameters, or install kernels with layout=bls in /etc/kernel/install.conf"
}

systemdBoot_changed() {
	entries_kept_by systemdBoot
}

# systemdBoot_listed: `FILE TAB ARGUMENTS` of each entry of this system's kernels, without
# rescue entries and metaltune's own.
systemdBoot_listed() {
	read_file "$ROOT/etc/machine-id"
	if proxmoxBoot_installed; then
		proxmoxBoot_listed
		return
	fi
	systemdBoot_partitions || {
		printf '%s\n' "${WHY:-bootctl does not find the EFI system partition}"
		return 1
	}
	FILES=$(printf '%s\n' "$PARTITIONS" | while IFS= read -r PLACE; do
		entries_each "$PLACE/loader/entries" '*.conf'
	done)
	[ -n "$FILES" ] || return 0
	printf '%s\n' "$FILES" | xargs -d '\n' awk -v machine="$VALUE" "$AWK_systemdBootEntries" 2>&1
}

systemdBoot_entries() {
	LISTED=$(systemdBoot_listed) || {
		printf '%s\n' "$LISTED"
		return 1
	}
	[ -z "$LISTED" ] || printf '%s\n' "$LISTED" | cut -f 2-
}

systemdBoot_files() {
	proxmoxBoot_installed || systemdBoot_listed | cut -f 1
	printf '%s\n' "$SYSTEMD_BOOT_LINE"
}

systemdBoot_places() {
	printf '%s\n' "$SYSTEMD_BOOT_LINE"
	proxmoxBoot_installed || ! systemdBoot_partitions || printf '%s\n' "$PARTITIONS" | sed 's|$|/loader|'
}

# systemdBoot_line: the line for new kernels, where no file sets it. Without
# /etc/kernel/cmdline, kernel-install copies the running line, even a provisional one.
systemdBoot_line() {
	[ ! -e "$SYSTEMD_BOOT_LINE" ] || return 0
	if [ -f "$ROOT/usr/lib/kernel/cmdline" ]; then
		TEXT_OF_LINE=$(cat "$ROOT/usr/lib/kernel/cmdline")
	else
		systemdBoot_running || return 1
		TEXT_OF_LINE=$(sed -n 's/^options[ \t]*//p' "$RUNNING" | tr -s ' \t\n' ' ' | sed 's/ $//')
	fi
	replace_file "$SYSTEMD_BOOT_LINE" "$TEXT_OF_LINE
"
}

# systemdBoot_set stale|''.
systemdBoot_set() {
	[ "$1" = stale ] || return 0
	entries_readable || return 1
	KEYS='' ARGS='' OWN=''
	while IFS=$US read -r KEY ORIGIN MATCH WANTED _; do
		KEYS="$KEYS $KEY"
		case $ORIGIN:$MATCH:$WANTED in
		*:absent:*) ;;
		# Entries that differed before metaltune's first change.
		baseline:*' | '*) OWN="$OWN $KEY" ;;
		*) ARGS=$ARGS$(parameters_tokens "$KEY" "$WANTED") ;;
		esac
	done
	entries_keep || return 1
	systemdBoot_line || return 1
	systemdBoot_files | while IFS= read -r FILE; do
		[ -f "$FILE" ] || continue
		entries_where "$FILE"
		MADE=$(awk -v keys="$KEYS " -v added="${ARGS# }" -v where="$WHERE" "$AWK_command_line$AWK_parametersSet" "$FILE") || exit 1
		file_same_text "$FILE" "$MADE
" || replace_file "$FILE" "$MADE
" || exit 1
	done || return 1
	[ -z "$OWN" ] || entries_give "$OWN" || return 1
	! proxmoxBoot_installed || proxmoxBoot_refresh
}

# systemdBoot_restore stale|''.
systemdBoot_restore() {
	ROWS=$(cat)
	printf '%s\n' "$ROWS" | systemdBoot_set "$1" || return 1
	if proxmoxBoot_installed; then
		proxmoxBoot_restore "$(printf '%s\n' "$ROWS" | parameters_names)" || return 1
	fi
	entries_restore "$(printf '%s\n' "$ROWS" | parameters_names)"
}
