#!/bin/sh
# A checklist's facts about the machine itself, which are read-only. See
# inventory/sections/machine.ts.
#
# shellcheck disable=SC2154

# machine_flags: words that /proc/cpuinfo lists for every CPU, a space around each; empty
# where it is absent.
machine_flags() {
	[ -r "$ROOT/proc/cpuinfo" ] || return 0
	awk -F : "$AWK_machine_flags" "$ROOT/proc/cpuinfo"
}

machine_probe() {
	FLAGS=$(machine_flags)
	while IFS=$US read -r KEY _; do
		case $KEY in
		kernel)
			read_file "$ROOT/proc/sys/kernel/osrelease"
			# A suffix added by the distribution is no part of the version.
			[ "$STATUS" != value ] || VALUE=${VALUE%%[!0-9.]*}
			fact "$KEY" live "$STATUS" "$VALUE" "$ROOT/proc/sys/kernel/osrelease"
			;;
		cpuFlags.*)
			STATUS=absent VALUE=''
			case $FLAGS in
			'') STATUS=unreadable VALUE='it lists no features of the processor' ;;
			*" ${KEY#cpuFlags.} "*) STATUS=value VALUE=present ;;
			esac
			fact "$KEY" live "$STATUS" "$VALUE" "$ROOT/proc/cpuinfo"
			;;
		esac
	done
}
