#!/bin/sh
# The boot loader of this host, chosen in one place. Each loader is a file here, with these
# functions under its prefix:
#   _family, _changes   its name, and what _set changes (for messages)
#   _detect             whether this host uses it; if it is installed but unused, why, in WHY
#   _changed            whether it keeps originals of files that metaltune changed
#   _entries            the command line of each entry, one per line; a failure is its text
#   _decides < keys     if it has one: which file each key's value is from; as facts.awk takes it
#   _set < rows         sets these parameters for the next boot; rows as of NAME_persist
#   _restore < rows     reverts its files, when nothing is declared any more
#   _refuse < rows      if it has one: as NAME_refuse
#   _hindrance          why this host cannot boot a line once, in WHY
#   _set_provisional [again]   boots the line of the entries once; a failure is in WHY
#   _provisional_state  pending (not booted yet), booted (the new line), fallback (the
#                       previous line), or nothing where no line is provisional
#   _clear_provisional  boots the line of the entries always
#
# Names set here are used by the files assembled after this one.
# shellcheck disable=SC2034,SC2153,SC2154

LOADERS='updateGrub grubby systemdBoot'
LOADER=''
LOADER_ASKED=no

# loader_variable NAME: an EFI variable that the boot loader shares with the system
# (systemd.io/BOOT_LOADER_INTERFACE), in STATUS and VALUE.
loader_variable() {
	STATUS=absent VALUE=''
	LOADER_FILE=$ROOT/sys/firmware/efi/efivars/$1-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f
	[ -e "$LOADER_FILE" ] || return 0
	STATUS=unreadable
	[ -r "$LOADER_FILE" ] || return 0
	# Four bytes of attributes, then UTF-16.
	VALUE=$(tail -c +5 "$LOADER_FILE" | tr -cd '\040-\176')
	STATUS=value
}

# loader_booted: the family of the loader that started this system, in BOOTED. Fails, with
# WHY, where nothing names it, where another one is named, or where the sources contradict
# each other: what another loader reads is not changed.
loader_booted() {
	WHY='' BOOTED=''
	loader_variable StubInfo
	if [ "$STATUS:${VALUE:+x}" = value:x ]; then
		WHY="this system was started from a unified kernel image ($VALUE, StubInfo), whose command line metaltune cannot change; build it with the parameters, or boot kernels with entries of their own"
		return 1
	fi
	loader_variable LoaderInfo
	case $STATUS:$VALUE in
	absent:* | value:) ;;
	unreadable:*)
		WHY="the boot loader is not known: ${LOADER_FILE#"$ROOT"} is not readable"
		return 1
		;;
	value:systemd-boot*) BOOTED=systemd-boot ;;
	value:GRUB*) BOOTED=GRUB ;;
	*)
		WHY="this system was started by $VALUE (LoaderInfo), which is not supported: expected GRUB or systemd-boot"
		return 1
		;;
	esac
	loader_of_line
	[ -z "$WHY" ]
}

# loader_of_line: in BOOTED, or why not in WHY, from the words that loaders add to the line.
# GRUB adds BOOT_IMAGE= with a path, also with its own name of a disk.
loader_of_line() {
	read_file "$ROOT/proc/cmdline"
	case $BOOTED:" $VALUE " in
	systemd-boot:*' BOOT_IMAGE='*)
		WHY='the boot loader is not known: LoaderInfo names systemd-boot, and /proc/cmdline has BOOT_IMAGE=, which GRUB writes; take BOOT_IMAGE= out of the entry that boots, or let systemd-boot start the kernel without GRUB'
		;;
	systemd-boot:*) ;;
	*' BOOTIF='* | *' BOOT_IMAGE=(tftp'* | *' BOOT_IMAGE=(http'* | *' BOOT_IMAGE=(pxe'* | *' BOOT_IMAGE=(loop'*) WHY='this system was started from the network or an image (BOOTIF= or BOOT_IMAGE= in /proc/cmdline), where metaltune cannot change the command line; change it on the boot server' ;;
	*' initrd='[\\]*) WHY='this system was started by the EFI firmware, or by a loader that does not name itself in LoaderInfo (initrd= in /proc/cmdline); mount efivarfs if /sys/firmware/efi/efivars is empty, or boot by GRUB or systemd-boot' ;;
	*' initrd='* | *' BOOT_IMAGE='[!/\(]*) WHY='this system was started by SYSLINUX, LILO, iPXE or the like (BOOT_IMAGE= or initrd= in /proc/cmdline), which is not supported: expected GRUB or systemd-boot' ;;
	*' BOOT_IMAGE='*) BOOTED=GRUB ;;
	GRUB:*) ;;
	*' placeholder '*) WHY='this system is dom0 of Xen, whose entries are not supported: expected GRUB that starts Linux itself, or systemd-boot' ;;
	*)
		WHY='the boot loader is not known: neither LoaderInfo nor BOOT_IMAGE= in /proc/cmdline names GRUB or systemd-boot, so kexec or another loader started this system'
		[ ! -e "$ROOT/boot/extlinux/extlinux.conf" ] || WHY='this system was started by extlinux or U-Boot (/boot/extlinux/extlinux.conf), which is not supported: expected GRUB or systemd-boot'
		;;
	esac
}

# loader_choose: sets LOADER, or the reason for none in WHY_NONE.
loader_choose() {
	[ "$LOADER_ASKED" = no ] || return 0
	LOADER_ASKED=yes LOADER='' WHY_NONE=''
	# The loader that made a change also reverts it, whichever one boots now.
	if [ "$VERB" = revert ]; then
		for LOADER in $LOADERS; do
			! "${LOADER}_changed" || return 0
		done
		LOADER=''
	fi
	if ! loader_booted; then
		WHY_NONE=$WHY
		return 0
	fi
	FOUND=''
	for NAME in $LOADERS; do
		eval "FAMILY=\$${NAME}_family"
		[ "$FAMILY" = "$BOOTED" ] || continue
		WHY=''
		if "${NAME}_detect"; then
			FOUND="$FOUND $NAME"
		else
			WHY_NONE=${WHY:-$WHY_NONE}
		fi
	done
	case $FOUND in
	'') WHY_NONE=${WHY_NONE:-no supported boot loader: expected update-grub, grubby or systemd-boot} ;;
	' '*' '*) WHY_NONE="the boot loader is not known: these are installed for $BOOTED:$FOUND" ;;
	*) LOADER=${FOUND# } ;;
	esac
}

# loader_family: its name for messages, in FAMILY.
loader_family() {
	loader_choose
	FAMILY='the boot loader'
	[ -z "$LOADER" ] || eval "FAMILY=\$${LOADER}_family"
}

# loader_set_provisional [again]: a failure is in WHY.
loader_set_provisional() {
	loader_choose
	WHY=$WHY_NONE
	[ -n "$LOADER" ] || return 1
	"${LOADER}_hindrance"
	[ -z "$WHY" ] || return 1
	"${LOADER}_set_provisional" "$@"
}

# loader_provisional_state: of the loader with a provisional line, which may differ from
# the one that started this system.
loader_provisional_state() {
	for NAME in $LOADERS; do
		"${NAME}_provisional_state"
	done
}

loader_clear_provisional() {
	for NAME in $LOADERS; do
		"${NAME}_clear_provisional"
	done
}
