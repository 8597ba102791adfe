# Frequency policies, idle states, the clock source and the work queues' mask, with writes
# as their drivers handle them.
# shellcheck shell=sh disable=SC2154

# power_write PATH TEXT
power_write() {
	case $1 in
	*/policy*/scaling_governor) write_governor "$1" "$2" ;;
	*/policy*/energy_performance_preference) write_preference "$1" "$2" ;;
	*/policy*/boost | */cpufreq/boost) write_boost "$1" "$2" ;;
	*/intel_pstate/no_turbo | */cpuidle/state*/disable)
		write_integer "$1" "$2" 0 1
		;;
	*/intel_pstate/min_perf_pct) write_least_percent "$1" "$2" ;;
	*/power/pm_qos_resume_latency_us)
		write_resume_latency "$1" "$2"
		;;
	*/current_clocksource) write_clocksource "$1" "$2" ;;
	*/workqueue/*cpumask) write_mask "$1" "$2" ;;
	esac
}

# The file for all sets every policy; while it is off, no policy can be on
# (drivers/cpufreq/cpufreq.c, store_boost and store_local_boost).
write_boost() {
	case $1 in
	*/policy*/boost)
		[ "$(cat "${1%/policy*}/boost" 2>/dev/null)" = 1 ] || return "$EINVAL"
		write_integer "$1" "$2" 0 1
		return
		;;
	esac
	write_integer "$1" "$2" 0 1 || return
	for policy in "${1%/boost}"/policy*/boost; do
		[ ! -e "$policy" ] || replace "$policy" "$2"
	done
}

# n/a allows no latency, 0 any.
write_resume_latency() {
	if [ "$2" = n/a ]; then
		replace "$1" "$2"
	else
		write_integer "$1" "$2" 0 2147483646
	fi
}

# offered FILE WORD
offered() {
	case " $(cat "$1") " in
	*" $2 "*) ;;
	*) return 1 ;;
	esac
}

# intel_pstate fixes the preference while its governor is performance, and restores the
# earlier one afterwards.
write_governor() {
	policy=${1%/*}
	offered "$policy/scaling_available_governors" "$2" || return "$EINVAL"
	preference=$policy/energy_performance_preference
	saved=$ROOT/.lab/preference-${policy##*/}
	if [ -e "$preference" ] && [ "$2" = performance ]; then
		[ -e "$saved" ] || cat "$preference" >"$saved"
		replace "$preference" performance
	elif [ -e "$saved" ]; then
		replace "$preference" "$(cat "$saved")"
		rm "$saved"
	fi
	replace "$1" "$2"
}

# A number is in hardware units.
write_preference() {
	is_integer "$2" || offered "${1%/*}/energy_performance_available_preferences" "$2" || return "$EINVAL"
	if [ "$2" != performance ] && [ "$(cat "${1%/*}/scaling_governor")" = performance ]; then
		return "$EBUSY"
	fi
	replace "$1" "$2"
}

# Values above max_perf_pct are reduced silently.
write_least_percent() {
	is_integer "$2" || return "$EINVAL"
	most=$(cat "${1%/*}/max_perf_pct")
	[ "$2" -gt "$most" ] || most=$2
	replace "$1" "$most"
}

# A name that is not offered is ignored silently.
write_clocksource() {
	! offered "${1%/*}/available_clocksource" "$2" || replace "$1" "$2"
}

# write_mask PATH TEXT: stored with this machine's width.
write_mask() {
	mask=$(awk -v text="$2" -v possible="$(cat "$ROOT/sys/devices/system/cpu/possible")" \
		-v width="$(cat "$1")" -f "$kernel_library/cpulist.awk" -f /dev/fd/3 3<<'AWK' </dev/null
	BEGIN {
		numbers = fromMask(text)
		if (numbers == "!" || numbers == "") exit 1
		count = split(expand(possible), field, " ")
		for (i in field) here[field[i]] = 1
		count = split(numbers, field, " ")
		for (i = 1; i <= count; i++) if (!(field[i] in here)) exit 1
		print toMask(numbers, length(width))
	}
AWK
	) || return "$EINVAL"
	replace "$1" "$mask"
}
