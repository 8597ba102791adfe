#!/bin/sh
# cpuIdle, host half: the latency limit and the disabled idle states of single
# CPUs. See index.ts.
#
# hooks: probe write refuse boot

# shellcheck disable=SC2034,SC2154
cpuIdle_boot=unit

CPUIDLE=$ROOT/sys/devices/system/cpu

# cpuIdle_reason: why this host has no idle states, in STATUS and VALUE; empty when it has
# some.
cpuIdle_reason() {
	read_file "$CPUIDLE/cpuidle/current_driver"
	case $STATUS:$VALUE in
	absent: | value: | value:none) kernel_lacks 'no cpuidle driver: how deep CPUs sleep is not in this kernel'\''s hands' ;;
	unreadable:*) ;;
	*) VALUE='' ;;
	esac
}

# cpuIdle_states: `cpu8 state1 name disable` of every state of every CPU, with
# tabs; `-` for a file that cannot be read.
cpuIdle_states() {
	set +f
	for NAME in name disable; do
		grep -Hs '' "$CPUIDLE"/cpu[0-9]*/cpuidle/state*/"$NAME" || :
	done | sed "s|^.*/\\(cpu[0-9]*\\)/cpuidle/\\(state[0-9]*\\)/\\([a-z]*\\):|\\1$TAB\\2$TAB\\3$TAB|" |
		awk -F '\t' -v OFS='\t' '$3 == "name" { name[$1 OFS $2] = $4; next } { print $1, $2, ($1 OFS $2 in name ? name[$1 OFS $2] : "-"), $4; delete name[$1 OFS $2] } END { for (state in name) print state, name[state], "-" }'
	set -f
}

# cpuIdle_probe_states: keys `cpu8.disabledStates` on stdin -> facts.
cpuIdle_probe_states() {
	{
		cpuIdle_states | sort -t "$TAB" -k 3,3
		sed "s/^/key$US/"
	} | awk -v us="$US" -v tunable="$TUNABLE" "$AWK_cpuIdle_states"
}

cpuIdle_probe() {
	KEYS=$(cat)
	cpuIdle_reason
	if [ -n "$VALUE" ]; then
		REASON=$VALUE WHY=$STATUS
		printf '%s\n' "$KEYS" | while IFS=$US read -r KEY _; do
			fact "$KEY" live "$WHY" "$REASON" "$CPUIDLE/cpuidle/current_driver"
		done
		return
	fi
	printf '%s\n' "$KEYS" | while IFS=$US read -r KEY _; do
		case $KEY in
		*.resumeLatency) printf '%s\t%s\n' "$KEY" "$CPUIDLE/${KEY%.*}/power/pm_qos_resume_latency_us" ;;
		esac
	done | facts_of_files live
	KEYS=$(printf '%s\n' "$KEYS" | grep "^[a-z0-9]*\.disabledStates$US" || :)
	[ -z "$KEYS" ] || printf '%s\n' "$KEYS" | cpuIdle_probe_states
}

# cpuIdle_write_states CPU NAMES: disables exactly these.
cpuIdle_write_states() {
	cpuIdle_states | awk -F '\t' -v OFS="$US" -v cpu="$1" -v names=",$2," "$AWK_cpuIdle_changes" | while IFS=$US read -r STATE NAME VALUE; do
		put "$VALUE" "$CPUIDLE/$1/cpuidle/$STATE/disable" || complain "cpuIdle $1.disabledStates: the kernel refused $VALUE for $NAME"
	done
}

# cpuIdle_refuse: the CPU is in the key.
cpuIdle_refuse() {
	sed "s/^cpu\([0-9]*\)\(.*$US\)[^$US]*$/cpu\1\2\1/" | refuse_cpus
}

cpuIdle_write() {
	while IFS=$US read -r KEY STATUS WANTED; do
		case $KEY:$STATUS in
		*.resumeLatency:value) put "$WANTED" "$CPUIDLE/${KEY%.*}/power/pm_qos_resume_latency_us" || complain "cpuIdle $KEY: the kernel refused $WANTED" ;;
		*.disabledStates:value) cpuIdle_write_states "${KEY%.*}" "$WANTED" ;;
		esac
	done
}
