#!/bin/sh
# cpuFrequency, host half: the policies below /sys/devices/system/cpu/cpufreq
# and the switches of their driver. See index.ts.
#
# hooks: probe write boot

# shellcheck disable=SC2034,SC2154
cpuFrequency_boot=unit

CPUFREQ=$ROOT/sys/devices/system/cpu/cpufreq
INTEL_PSTATE=$ROOT/sys/devices/system/cpu/intel_pstate

# cpuFrequency_file KEY: its file name in a policy, in VALUE.
cpuFrequency_file() {
	case $1 in
	governor) VALUE=scaling_governor ;;
	boost) VALUE=boost ;;
	*) VALUE=energy_performance_preference ;;
	esac
}

# cpuFrequency_policies NAME [NAME]: `NUMBER NAME value` with tabs, of every policy. One
# process reads them all; an unreadable file is a value of its own. A policy without a CPU
# online is busy.
cpuFrequency_policies() {
	set +f
	grep -H '' "$CPUFREQ"/policy*/affected_cpus "$CPUFREQ"/policy*/"$1" ${2:+"$CPUFREQ"/policy*/"$2"} 2>&1 | sed -e '/: No such file or directory$/d' -e '/: Device or resource busy$/d' \
		-e "s|^grep: .*/policy\\([0-9]*\\)/\\([a-z_]*\\): \\(.*\\)|\\1$TAB\\2${TAB}unreadable (\\3)|" \
		-e "s|^.*/policy\\([0-9]*\\)/\\([a-z_]*\\):|\\1$TAB\\2$TAB|; s/ *\$//" \
		-e "s/${TAB}boost${TAB}0\$/${TAB}boost${TAB}off/; s/${TAB}boost${TAB}1\$/${TAB}boost${TAB}on/"
	set -f
}

# cpuFrequency_common NAME [WHOLE]: status, tab, and the value that all policies with a CPU
# online share, or the policies that deviate from the most frequent one, or from WHOLE, the
# value of a file for all.
cpuFrequency_common() {
	cpuFrequency_policies "$1" | awk -F '\t' -v whole="${2-}" "$AWK_lib$AWK_cpuFrequency_common"
}

# cpuFrequency_switch KEY: the driver-wide file of a key in FILE; a letter in
# INVERTED where its 0 means on.
cpuFrequency_switch() {
	INVERTED='' FILE=$INTEL_PSTATE/min_perf_pct
	[ "$1" = boost ] || return 0
	FILE=$INTEL_PSTATE/no_turbo
	if [ -e "$FILE" ]; then
		INVERTED=y
	else
		FILE=$CPUFREQ/boost
	fi
}

cpuFrequency_probe_switch() {
	cpuFrequency_switch "$1"
	read_file "$FILE"
	case $1:$STATUS:$INVERTED$VALUE in
	boost:absent:)
		# The file for all is missing where only policies have one.
		cpuFrequency_probe_common boost
		[ "$STATUS" != absent ] || kernel_lacks 'neither intel_pstate/no_turbo nor cpufreq/boost: this driver cannot switch boost'
		;;
	*:absent:) kernel_lacks 'only the intel_pstate driver has a lowest percentage' ;;
	boost:value:y0 | boost:value:1) cpuFrequency_probe_common boost on ;;
	boost:value:y1 | boost:value:0) cpuFrequency_probe_common boost off ;;
	boost:value:*) STATUS=unreadable VALUE="expected 0 or 1 in the file, got $VALUE" ;;
	esac
}

# cpuFrequency_probe_common NAME [WHOLE]: as cpuFrequency_common, in STATUS and VALUE.
cpuFrequency_probe_common() {
	VALUE=$(cpuFrequency_common "$@")
	STATUS=${VALUE%%"$TAB"*}
	VALUE=${VALUE#*"$TAB"}
}

# cpuFrequency_probe_policies KEY FIRST_POLICY
cpuFrequency_probe_policies() {
	cpuFrequency_file "$1"
	NAME=$VALUE FILE="$CPUFREQ/policy*/$VALUE"
	cpuFrequency_probe_common "$NAME"
	[ "$STATUS" = absent ] || return 0
	read_file "$2/$NAME"
	[ "$STATUS" != unreadable ] || return 0
	read_file "$2/scaling_driver"
	kernel_lacks "the frequency driver ${VALUE:-in use} has none"
}

cpuFrequency_probe() {
	set +f
	set -- "$CPUFREQ"/policy*
	set -f
	while IFS=$US read -r KEY _; do
		FILE=$CPUFREQ
		case $(test -d "$1" || echo none):$KEY in
		none:*) kernel_lacks 'no cpufreq driver: this kernel does not set frequencies, as in most virtual machines' ;;
		:boost | :minPerformancePercent) cpuFrequency_probe_switch "$KEY" ;;
		*) cpuFrequency_probe_policies "$KEY" "$1" ;;
		esac
		fact "$KEY" live "$STATUS" "$VALUE" "$FILE"
	done
}

# cpuFrequency_changes NAME OFFERS WANTED: `put NUMBER value` for every policy that
# differs from WANTED; `refuse NUMBER offered` where it is unsupported, once for all
# policies with the same offers.
cpuFrequency_changes() {
	cpuFrequency_policies "$1" "$2" | awk -F '\t' -v OFS="$US" -v name="$1" -v wanted="$3" "$AWK_lib$AWK_cpuFrequency_changes"
}

# cpuFrequency_write_policies KEY WANTED
cpuFrequency_write_policies() {
	cpuFrequency_file "$1"
	NAME=$VALUE
	case $1 in
	governor) OFFERS=scaling_available_governors ;;
	boost) OFFERS=none ;;
	*) OFFERS=energy_performance_available_preferences ;;
	esac
	cpuFrequency_changes "$NAME" "$OFFERS" "$2" | while IFS=$US read -r CHANGE NUMBER VALUE; do
		case $CHANGE:$VALUE in
		put:on) VALUE=1 ;;
		put:off) VALUE=0 ;;
		esac
		case $CHANGE in
		put) put "$VALUE" "$CPUFREQ/policy$NUMBER/$NAME" || complain "cpuFrequency $1: policy$NUMBER refused $VALUE" ;;
		*) complain "cpuFrequency $1: policy$NUMBER offers only $VALUE; $2 was not written" ;;
		esac
	done
}

# cpuFrequency_write_switch KEY WANTED: the file for all, which sets every policy, then the
# policies that still differ.
cpuFrequency_write_switch() {
	cpuFrequency_switch "$1"
	case $1:$INVERTED:${2##*: } in
	boost::on | boost:y:off) VALUE=1 ;;
	boost::off | boost:y:on) VALUE=0 ;;
	*) VALUE=$2 ;;
	esac
	[ ! -e "$FILE" ] || put "$VALUE" "$FILE" || complain "cpuFrequency $1: the kernel refused $2; the firmware may have decided it"
	[ "$1" != boost ] || cpuFrequency_write_policies boost "$2"
}

# The governor comes first: it determines the accepted preferences.
cpuFrequency_write() {
	ROWS=$(cat)
	for NAME in governor energyPerformancePreference minPerformancePercent boost; do
		printf '%s\n' "$ROWS" | while IFS=$US read -r KEY STATUS WANTED; do
			case $KEY:$STATUS:$NAME in
			"$NAME:value:governor" | "$NAME:value:energyPerformancePreference") cpuFrequency_write_policies "$KEY" "$WANTED" ;;
			"$NAME:value:"*) cpuFrequency_write_switch "$KEY" "$WANTED" ;;
			esac
		done
	done
	for SERVICE in tuned power-profiles-daemon thermald; do
		! systemctl is-active --quiet "$SERVICE" || complain "cpuFrequency: $SERVICE is running and may change these values again; stop it, or do not declare cpuFrequency"
	done
}
