#!/bin/sh
# kernelCommandLine, host half: /proc/cmdline is the live layer, the boot loader's entries
# are the boot layer. host/boot/loader.sh chooses the loader.
#
# hooks: probe persist refuse own_source
#
# shellcheck disable=SC2034,SC2153,SC2154

# An entry holds what metaltune wrote, or a revert restored; see updateGrub_decides.
kernelCommandLine_own_source='^/boot/|^/etc/kernel/'

# kernelCommandLine_facts LAYER SOURCE: `key TAB name` and `line TAB text` -> facts.
kernelCommandLine_facts() {
	read_file "$ROOT/sys/devices/system/cpu/possible"
	awk -F '\t' -v layer="$1" -v source="$2" -v possible="$VALUE" "$AWK_command_line$AWK_kernelCommandLine_facts"
}

# kernelCommandLine_live_facts: keys on stdin. The text of a parameter is not its effect:
# where the kernel shows the CPUs it uses, those count.
kernelCommandLine_live_facts() {
	read_file "$ROOT/proc/cmdline"
	{
		key_lines
		printf 'line\t%s\n' "$VALUE"
	} | kernelCommandLine_facts live /proc/cmdline | while IFS= read -r LINE; do
		case $LINE in
		fact"$TAB"kernelCommandLine"$TAB"isolcpus"$TAB"live"$TAB"value*)
			kernelCommandLine_effect "$LINE" isolated
			;;
		fact"$TAB"kernelCommandLine"$TAB"nohz[-_]full"$TAB"live"$TAB"value*)
			kernelCommandLine_effect "$LINE" nohz_full
			;;
		fact"$TAB"kernelCommandLine"$TAB"rcu[-_]nocbs"$TAB"live"$TAB"value*)
			kernelCommandLine_callbacks "$LINE"
			;;
		*) printf '%s\n' "$LINE" ;;
		esac
	done
}

# kernelCommandLine_callbacks FACT: the fact itself, unless the kernel's configuration
# shows that it ignores rcu_nocbs; /sys does not show it.
kernelCommandLine_callbacks() {
	read_file "$ROOT/proc/sys/kernel/osrelease"
	FILE=$ROOT/boot/config-$VALUE
	if [ -r "$FILE" ] && ! grep -qx 'CONFIG_RCU_NOCB_CPU=y' "$FILE"; then
		fact "$(printf '%s\n' "$1" | cut -f 3)" live absent '' "$FILE (this kernel is built without it)"
	else
		printf '%s\n' "$1"
	fi
}

# kernelCommandLine_effect FACT FILE: the fact itself when the kernel's CPU list in /sys
# agrees with it, else the kernel's list.
kernelCommandLine_effect() {
	SAID=$(printf '%s\n' "$1" | cut -f 6)
	case $SAID in
	# isolcpus= without the domain flag is not listed in `isolated`.
	*domain* | [0-9]*) ;;
	*)
		printf '%s\n' "$1"
		return 0
		;;
	esac
	FILE=$ROOT/sys/devices/system/cpu/$2
	KEY=$(printf '%s\n' "$1" | cut -f 3)
	read_file "$FILE"
	[ "$VALUE" != '(null)' ] || VALUE=''
	CPUS=$(printf '%s\n' "$SAID" | sed 's/[a-z_][a-z_]*,//g')
	case $STATUS:$(printf 'setting\tx\tx\tcpuSet\t%s\tlive\nfact\tx\tx\tlive\tvalue\t%s\t-\n' "$CPUS" "$VALUE" | compare | cut -f 3) in
	value:ok) printf '%s\n' "$1" ;;
	value:*) fact "$KEY" live value "$VALUE" "$FILE" ;;
	absent:*) fact "$KEY" live absent '' "$FILE (this kernel is built without it)" ;;
	*) fact "$KEY" live "$STATUS" "$VALUE" "$FILE" ;;
	esac
}

kernelCommandLine_probe() {
	KEYS=$(cat)
	printf '%s\n' "$KEYS" | kernelCommandLine_live_facts
	loader_choose
	if [ -z "$LOADER" ]; then
		kernelCommandLine_unreadable "$WHY_NONE" -
		return 0
	fi
	eval "SOURCE=\$${LOADER}_changes"
	if ! ROWS=$("${LOADER}_entries"); then
		fold "${ROWS##*: }"
		kernelCommandLine_unreadable "$VALUE" "$SOURCE"
		return 0
	fi
	{
		printf '%s\n' "$KEYS" | key_lines
		[ -z "$ROWS" ] || printf '%s\n' "$ROWS" | sed "s/^/line$TAB/"
		! lib_defines "${LOADER}_decides" || printf '%s\n' "$KEYS" | key_lines | "${LOADER}_decides"
	} | kernelCommandLine_facts boot "$SOURCE"
}

# kernelCommandLine_unreadable WHY SOURCE: the boot layer of KEYS.
kernelCommandLine_unreadable() {
	printf '%s\n' "$KEYS" | while IFS=$US read -r KEY _; do
		fact "$KEY" boot unreadable "$1" "$2"
	done
}

# $1 is `stale` when an entry differs from the declaration.
kernelCommandLine_persist() {
	loader_choose
	ROWS=$(cat)
	[ -n "$LOADER" ] || return 0
	case $ROWS in
	*"${US}declared$US"*) printf '%s\n' "$ROWS" | "${LOADER}_set" "$1" ;;
	*) printf '%s\n' "$ROWS" | "${LOADER}_restore" "$1" ;;
	esac
}

# kernelCommandLine_refuse: the kernel ignores a whole list of CPUs if one cannot exist,
# and cuts off a line that is too long.
kernelCommandLine_refuse() {
	ROWS=$(cat)
	[ -n "$ROWS" ] || return 0
	loader_choose
	read_file "$ROOT/proc/cmdline"
	case " $VALUE $ROWS" in
	# The next boot may have other CPUs.
	*nr_cpus* | *possible_cpus*) ;;
	*) printf '%s\n' "$ROWS" | grep -E '^(irqaffinity|isolcpus|kthread_cpus|nohz[-_]full|rcu[-_]nocbs|systemd\.cpu_affinity|workqueue\.unbound[-_]cpus)'"$US" | sed "s/$US\([a-z_]*,\)*\([^$US]*\)\$/$US\2/" | refuse_cpus ;;
	esac
	[ -n "$LOADER" ] && FOUND=$("${LOADER}_entries") || return 0
	! lib_defines "${LOADER}_refuse" || printf '%s\n' "$ROWS" | "${LOADER}_refuse"
	case $(uname -m) in
	x86_64 | aarch64 | ppc64le) MOST=2047 ;;
	s390x) MOST=4095 ;;
	*) return 0 ;;
	esac
	read_file "$ROOT/proc/cmdline"
	{
		printf '%s\n' "$ROWS" | while IFS=$US read -r KEY STATUS WANTED; do
			printf 'row\t%s\t%s\n' "$KEY" "$([ "$STATUS" = absent ] || parameters_tokens "$KEY" "$WANTED")"
		done
		printf 'running\t%s\n' "$VALUE"
		printf '%s\n' "$FOUND" | sed "s/^/line$TAB/"
	} | awk -F '\t' -v us="$US" -v most="$MOST" "$AWK_command_line$AWK_kernelCommandLine_length"
}
