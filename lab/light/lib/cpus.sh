# CPUs that go online and offline, and interrupts, which only online CPUs may serve.
# shellcheck shell=sh disable=SC2016,SC2154

# cpu_table: "number package core online" of every CPU, in order.
cpu_table() {
	for directory in "$ROOT"/sys/devices/system/cpu/cpu[0-9]*; do
		here=1
		[ ! -e "$directory/online" ] || here=$(cat "$directory/online")
		printf '%s %s %s %s\n' "${directory##*/cpu}" \
			"$(cat "$directory/topology/physical_package_id")" \
			"$(cat "$directory/topology/core_id")" "$here"
	done | sort -n
}

# second_threads: the CPUs that share a core with a lower one.
second_threads() {
	cpu_table | awk 'seen[$2 " " $3]++ { print $1 }'
}

# write_smt WORD: only on and off. forceoff cannot be reverted, so a shared lab refuses
# it.
write_smt() {
	case $(cat "$ROOT/sys/devices/system/cpu/smt/control") in
	on | off) ;;
	*) return "$EPERM" ;;
	esac
	case $1 in
	on | off) set_smt "$1" ;;
	*) return "$EINVAL" ;;
	esac
}

# set_smt on|off
set_smt() {
	cpu=$ROOT/sys/devices/system/cpu
	replace "$cpu/smt/control" "$1"
	for number in $(second_threads); do
		replace "$cpu/cpu$number/online" \
			"$([ "$1" = on ] && echo 1 || echo 0)"
	done
	refresh_online
}

# write_online PATH TEXT: a second thread stays offline while SMT is off.
write_online() {
	number=${1%/online}
	if [ "$2" = 1 ] &&
		[ "$(cat "$ROOT/sys/devices/system/cpu/smt/control")" != on ] &&
		second_threads | grep -qx "${number##*/cpu}"; then
		return "$EPERM"
	fi
	write_integer "$1" "$2" 0 1 || return
	refresh_online
}

# refresh_online: updates everything that depends on the cpuN/online files. A socket of
# the lab is one node.
refresh_online() {
	cpu_table | awk -f "$kernel_library/cpulist.awk" -f /dev/fd/3 3<<'AWK' |
	{ number[NR] = $1; package[$1] = $2; core[$1] = $2 " " $3; up[$1] = $4 }
	END {
		for (i = 1; i <= NR; i++) {
			cpu = number[i]
			if (!(package[cpu] in node)) node[package[cpu]] = ""
			print "cpu/cpufreq/policy" cpu "/affected_cpus", up[cpu] ? cpu : ""
			if (!up[cpu]) { down = down " " cpu; continue }
			online = online " " cpu
			node[package[cpu]] = node[package[cpu]] " " cpu
			siblings[core[cpu]] = siblings[core[cpu]] " " cpu
		}
		print "cpu/online", cpulist(online)
		print "cpu/offline", cpulist(down)
		for (n in node) print "node/node" n "/cpulist", cpulist(node[n])
		active = 0
		for (i = 1; i <= NR; i++) {
			cpu = number[i]
			own = up[cpu] ? cpulist(siblings[core[cpu]]) : cpu
			if (own != cpu) active = 1
			print "cpu/cpu" cpu "/topology/thread_siblings_list", own
			print "cpu/cpu" cpu "/topology/core_cpus_list", own
		}
		print "cpu/smt/active", active
	}
AWK
		while read -r name value; do
			[ ! -e "$ROOT/sys/devices/system/$name" ] ||
				replace "$ROOT/sys/devices/system/$name" "$value"
		done
}

# write_irq PATH TEXT: both formats and the effective list change together. Refuses
# interrupts that the kernel manages, and sets without an online CPU.
write_irq() {
	case ${1##*/} in
	smp_affinity_list) from=list ;;
	smp_affinity | default_smp_affinity) from=mask ;;
	*) return "$EIO" ;;
	esac
	irq=${1%/*}
	if grep -qsx "${irq##*/}" "$ROOT/.lab/managed-irqs"; then
		return "$EIO"
	fi
	answer=$(awk -v from="$from" -v text="$2" \
		-v online="$(cat "$ROOT/sys/devices/system/cpu/online")" \
		-v width="$(cat "$ROOT/proc/irq/default_smp_affinity")" \
		-f "$kernel_library/cpulist.awk" \
		-f "$kernel_library/affinity.awk" </dev/null) || return "$EINVAL"
	list=${answer#* }
	if [ "${1##*/}" = default_smp_affinity ]; then
		replace "$1" "${answer%% *}"
		return
	fi
	replace "$irq/smp_affinity" "${answer%% *}"
	replace "$irq/smp_affinity_list" "${list% *}"
	replace "$irq/effective_affinity_list" "${list#* }"
}
