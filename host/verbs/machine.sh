#!/bin/sh
# What a checklist asks of the machine itself; there is nothing to write. See
# inventory/sections/machine.ts.

# machine_flags: words that /proc/cpuinfo lists for every CPU, a space around
# each; nothing where it is not there.
machine_flags() {
	[ -r "$ROOT/proc/cpuinfo" ] || return 0
	awk -F : '
		$1 ~ /^(flags|Features)[ \t]*$/ {
			cpus++
			n = split($2, word, " ")
			for (i = 1; i <= n; i++) if (!seen[cpus, word[i]]++) has[word[i]]++
		}
		END {
			for (flag in has) if (has[flag] == cpus) printf " %s", flag
			if (cpus) printf " "
		}' "$ROOT/proc/cpuinfo"
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
