#!/bin/sh
# systemd-boot boots a new kernel command line once. The entry metaltune-provisional is
# the default for one boot only; metaltune-previous, with the previous line, is the default
# for all other boots. systemd-boot reports which entry it booted (LoaderEntrySelected).
# docs/adr/0009-systemd-boot.md.
#
# prefix: systemdBoot
#
# Names set here are used by the files assembled after this one.
# shellcheck disable=SC2034,SC2153,SC2154

# The previous default; an empty line if there was none. The file exists while a line is
# provisional.
SYSTEMD_BOOT_DEFAULT=$STATE/loader-default

systemdBoot_hindrance() {
	WHY=''
	if ! command -v bootctl >/dev/null; then
		WHY='there is no bootctl to tell systemd-boot which entry it boots once; install the package that has it (systemd-boot, or systemd-boot-tools)'
	elif [ ! -d "$ROOT/sys/firmware/efi/efivars" ]; then
		WHY='the EFI variables are not in /sys/firmware/efi/efivars, so systemd-boot cannot boot an entry once'
	fi
}

# systemdBoot_running: the entry of the running kernel, in RUNNING: the booted entry, or
# if that was one of metaltune's, the entry with this kernel's version.
systemdBoot_running() {
	RUNNING=''
	loader_variable LoaderEntrySelected
	SELECTED=${VALUE%.conf}
	read_file "$ROOT/proc/sys/kernel/osrelease"
	RELEASE=$VALUE
	LISTED=$(systemdBoot_listed) || return 1
	while IFS=$TAB read -r FILE _; do
		NAME_OF_ENTRY=${FILE##*/}
		NAME_OF_ENTRY=${NAME_OF_ENTRY%.conf}
		if [ "${NAME_OF_ENTRY%+*}" = "$SELECTED" ]; then
			RUNNING=$FILE
			return 0
		fi
		case $NAME_OF_ENTRY in
		"proxmox-$RELEASE") RUNNING=$FILE ;;
		*) [ ! -f "$FILE" ] || [ "$(sed -n 's/^version[ \t]*//p' "$FILE")" != "$RELEASE" ] || RUNNING=$FILE ;;
		esac
	done <<-END
		$LISTED
	END
	[ -n "$RUNNING" ]
}

# systemdBoot_entry NAME ARGUMENTS: RUNNING with other arguments, as an entry of
# metaltune's.
systemdBoot_entry() {
	if proxmoxBoot_installed; then
		proxmoxBoot_entry "$@" >/dev/null
		return
	fi
	replace_file "${RUNNING%/*}/metaltune-$1.conf" "$(ARGUMENTS=$2 awk -v name="$1" "$AWK_systemdBootEntry" "$RUNNING")
"
}

# systemdBoot_set_provisional [again]: keeps a previous default that is already saved. The new
# line sets panic= to a reboot, since the kernel's default, 0, waits forever.
systemdBoot_set_provisional() {
	WHY='the kernel that runs is in no entry of systemd-boot'
	systemdBoot_running || return 1
	read_file "$ROOT/proc/cmdline"
	PREVIOUS_LINE=$(printf '%s\n' "$VALUE" | awk "$AWK_systemdBootRunning")
	NEW_LINE=$(printf '%s\n' "$LISTED" | FILE=$RUNNING awk -F '\t' '$1 == ENVIRON["FILE"] { print $2; exit }')
	case " $NEW_LINE " in
	*' panic='*) ;;
	*' -- '*) NEW_LINE="${NEW_LINE%% -- *} panic=10 -- ${NEW_LINE#* -- }" ;;
	*) NEW_LINE="$NEW_LINE panic=10" ;;
	esac
	WHY='the provisional entries could not be written'
	if [ ! -e "$SYSTEMD_BOOT_DEFAULT" ]; then
		loader_variable LoaderEntryDefault
		replace_file "$SYSTEMD_BOOT_DEFAULT" "$VALUE
" || return 1
	fi
	systemdBoot_entry previous "$PREVIOUS_LINE" && systemdBoot_entry provisional "$NEW_LINE" || return 1
	[ ! -d "${RUNNING%/*}" ] || sync "${RUNNING%/*}"
	WHY='bootctl could not set the entry that is booted once'
	quietly bootctl set-default metaltune-previous.conf && quietly bootctl set-oneshot metaltune-provisional.conf
}

# systemdBoot_provisional_state: knows only the present boot, not earlier ones.
systemdBoot_provisional_state() {
	[ -e "$SYSTEMD_BOOT_DEFAULT" ] || return 0
	loader_variable LoaderEntrySelected
	case $VALUE in
	metaltune-provisional | metaltune-provisional.conf) echo booted ;;
	metaltune-previous | metaltune-previous.conf) echo fallback ;;
	*) echo pending ;;
	esac
}

systemdBoot_clear_provisional() {
	[ -e "$SYSTEMD_BOOT_DEFAULT" ] || return 0
	read_file "$SYSTEMD_BOOT_DEFAULT"
	DEFAULT=$VALUE
	if ! quietly bootctl set-oneshot '' || ! quietly bootctl set-default "$DEFAULT"; then
		complain "systemd-boot still boots the line from before the provisional one; run \`bootctl set-default '$DEFAULT'\`"
		return 0
	fi
	systemdBoot_remove_entries || :
	rm -f "$SYSTEMD_BOOT_DEFAULT"
}

# systemdBoot_remove_entries: metaltune's own.
systemdBoot_remove_entries() {
	if proxmoxBoot_installed; then
		proxmoxBoot_remove_entries >/dev/null
		return
	fi
	systemdBoot_partitions || return 0
	printf '%s\n' "$PARTITIONS" | while IFS= read -r PLACE; do
		for NAME_OF_ENTRY in metaltune-provisional metaltune-previous; do
			for FILE in "$PLACE/loader/entries/$NAME_OF_ENTRY.conf" "$PLACE/loader/entries/$NAME_OF_ENTRY.conf.metaltune-new"; do
				[ ! -e "$FILE" ] || rm -f "$FILE"
			done
		done
	done
}
