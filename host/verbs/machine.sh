#!/bin/sh
# What a checklist asks of the machine itself; there is nothing to write. See
# inventory/sections/machine.ts.
#
# shellcheck disable=SC2154

# machine_flags: words that /proc/cpuinfo lists for every CPU, a space around
# each; nothing where it is not there.
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
			# What a distribution adds is no part of the version.
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
