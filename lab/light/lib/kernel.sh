# How the kernel handles writes to /proc or /sys. Every function returns an errno as its
# status: 0, 1 EPERM, 5 EIO, 22 EINVAL...
# shellcheck shell=sh disable=SC2016,SC2154

EPERM=1 ENOENT=2 EIO=5 EBUSY=16 EINVAL=22

# errno_text NUMBER: the text of strerror.
errno_text() {
	case $1 in
	"$EPERM") echo 'Operation not permitted' ;;
	"$ENOENT") echo 'No such file or directory' ;;
	"$EIO") echo 'Input/output error' ;;
	"$EBUSY") echo 'Device or resource busy' ;;
	"$EINVAL") echo 'Invalid argument' ;;
	*) echo "Unknown error $1" ;;
	esac
}

# kernel_write PATH TEXT: PATH exists, is absolute and below proc or sys.
kernel_write() {
	case $(stat -c %A "$1") in
	-?w*) ;;
	*) return "$EIO" ;;
	esac
	case $1 in
	"$ROOT"/sys/kernel/mm/transparent_hugepage/khugepaged/defrag)
		write_integer "$1" "$2" 0 1
		;;
	"$ROOT"/sys/kernel/mm/transparent_hugepage/enabled | \
		"$ROOT"/sys/kernel/mm/transparent_hugepage/hugepages-*kB/enabled | \
		"$ROOT"/sys/kernel/mm/transparent_hugepage/defrag | \
		"$ROOT"/sys/kernel/mm/transparent_hugepage/shmem_enabled)
		write_bracketed "$1" "$2"
		;;
	"$ROOT"/sys/kernel/mm/ksm/run) write_integer "$1" "$2" 0 2 ;;
	*/nr_hugepages) write_huge_pages "$1" "$2" ;;
	"$ROOT"/sys/devices/system/cpu/smt/control) write_smt "$2" ;;
	"$ROOT"/sys/devices/system/cpu/cpu*/online) write_online "$1" "$2" ;;
	*/cpufreq/* | */intel_pstate/* | */cpuidle/* | */pm_qos_resume_latency_us | \
		*/current_clocksource | */virtual/workqueue/*)
		power_write "$1" "$2"
		;;
	*/queues/*/[rx]ps_cpus) write_queue_mask "$1" "$2" ;;
	*/rps_flow_cnt) write_power_of_two "$1" "$2" ;;
	"$ROOT"/proc/irq/*) write_irq "$1" "$2" ;;
	"$ROOT"/proc/sys/*) write_sysctl "$1" "$2" ;;
	*) replace "$1" "$2" ;;
	esac
}

is_integer() {
	case ${1#-} in
	'' | *[!0-9]*) return 1 ;;
	esac
}

# write_integer PATH TEXT MINIMUM MAXIMUM
write_integer() {
	is_integer "$2" || return "$EINVAL"
	if [ "$2" -lt "$3" ] || [ "$2" -gt "$4" ]; then
		return "$EINVAL"
	fi
	replace "$1" "$2"
}

# write_queue_mask PATH MASK: as wide as it was.
write_queue_mask() {
	case $2 in
	'' | *[!0-9a-fA-F,]*) return "$EINVAL" ;;
	esac
	replace "$1" "$(printf '%s %s\n' "$2" "$(cat "$1")" | awk '{
		gsub(/,/, "", $1); sub(/^0+/, "", $1)
		while (length($1) < length($2)) $1 = "0" $1
		print $1
	}')"
}

# write_power_of_two PATH TEXT: rounds the size of flow tables up.
write_power_of_two() {
	is_integer "$2" || return "$EINVAL"
	size=$2
	if [ "$size" -gt 0 ]; then
		size=1
		while [ "$size" -lt "$2" ]; do
			size=$((size * 2))
		done
	fi
	replace "$1" "$size"
}

# write_bracketed PATH WORD: "always [madvise] never" with WORD selected.
write_bracketed() {
	words=
	known=
	for word in $(tr -d '[]' <"$1"); do
		if [ "$word" = "$2" ]; then
			known=yes
			word="[$word]"
		fi
		words="$words $word"
	done
	[ -n "$known" ] || return "$EINVAL"
	replace "$1" "${words# }"
}

# write_sysctl PATH TEXT: a number list stays one, within its range. The kernel separates
# numbers with tabs, and keeps trailing fields that are missing from the write.
write_sysctl() {
	current=$(cat "$1")
	case $1 in
	*/net/core/rps_sock_flow_entries)
		write_power_of_two "$1" "$2"
		return
		;;
	*/net/core/flow_limit_cpu_bitmap | */net/core/rps_default_mask)
		write_queue_mask "$1" "$2"
		return
		;;
	*/net/ipv4/ip_local_reserved_ports | */kernel/watchdog_cpumask)
		write_text_sysctl "$1" "$2"
		return
		;;
	esac
	case $current in
	*[!0-9[:space:]-]* | '') write_text_sysctl "$1" "$2" ;;
	*) write_number_sysctl "$1" "$2" "$current" ;;
	esac
}

write_text_sysctl() {
	case $1 in
	*/net/ipv4/tcp_congestion_control)
		case " $(cat "${1%/*}/tcp_available_congestion_control") " in
		*" $2 "*) ;;
		*) return "$ENOENT" ;;
		esac
		;;
	*/net/ipv4/ip_local_reserved_ports | */kernel/watchdog_cpumask)
		write_number_list "$1" "$2"
		return
		;;
	esac
	replace "$1" "$2"
}

# write_number_list PATH TEXT: a bitmap, which the kernel shows as an ascending list.
write_number_list() {
	case $2 in
	*[!0-9,-]*) return "$EINVAL" ;;
	esac
	replace "$1" "$(awk -v text="$2" "$(cat "$kernel_library/cpulist.awk")"'
		BEGIN { print cpulist(expand(text)) }' </dev/null)"
}

# write_number_sysctl PATH TEXT CURRENT
write_number_sysctl() {
	range=$(awk -v key="${1#"$ROOT"/proc/sys/}" '$1 == key { print $2, $3 }' \
		"$kernel_library/ranges.tsv")
	written=$(decimal "$2" | awk -v current="$3" -v range="$range" '
		{
			given = split($0, field)
			wanted = split(current, old)
			split(range, bound, " ")
			if (NR > 1 || given < 1 || given > wanted) exit 1
			for (i = 1; i <= wanted; i++) {
				value = i <= given ? field[i] : old[i]
				if (value !~ /^-?[0-9]+$/) exit 1
				if (range != "" && (value + 0 < bound[1] + 0 ||
					value + 0 > bound[2] + 0)) exit 1
				line = line (i > 1 ? "\t" : "") value
			}
			print line
		}') || return "$EINVAL"
	[ -n "$written" ] || return "$EINVAL"
	replace "$1" "$written"
	sysctl_side_effects "$1"
}

# decimal TEXT: the kernel also accepts hexadecimal numbers.
decimal() {
	case $1 in
	*0x*)
		for word in $1; do
			case ${word#0x} in
			"$word") printf '%s ' "$word" ;;
			*[!0-9a-fA-F]* | '') printf '%s ' "$word" ;;
			*) printf '%d ' "$word" ;;
			esac
		done
		echo
		;;
	*) printf '%s\n' "$1" ;;
	esac
}

# Setting a byte limit clears its ratio, and the reverse.
sysctl_side_effects() {
	case $1 in
	*/vm/dirty_bytes) other=dirty_ratio ;;
	*/vm/dirty_ratio) other=dirty_bytes ;;
	*/vm/dirty_background_bytes) other=dirty_background_ratio ;;
	*/vm/dirty_background_ratio) other=dirty_background_bytes ;;
	*/vm/overcommit_kbytes) other=overcommit_ratio ;;
	*/vm/overcommit_ratio) other=overcommit_kbytes ;;
	*) return 0 ;;
	esac
	replace "${1%/*}/$other" 0
}
