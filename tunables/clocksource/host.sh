#!/bin/sh
# clocksource, host half: one kernel file. See index.ts.
#
# hooks: probe write boot

# shellcheck disable=SC2034
clocksource_boot=unit

CLOCKSOURCE=$ROOT/sys/devices/system/clocksource/clocksource0

clocksource_probe() {
	while IFS=$US read -r KEY _ WANTED _; do
		read_file "$CLOCKSOURCE/available_clocksource"
		OFFERS=$STATUS AVAILABLE=$VALUE
		read_file "$CLOCKSOURCE/current_clocksource"
		case $STATUS: in
		absent:) kernel_lacks 'this kernel has no choice of clock sources' ;;
		value:)
			[ "$OFFERS" = value ] || STATUS=unreadable VALUE="what this kernel offers cannot be read: ${AVAILABLE:-there is no available_clocksource}"
			;;
		esac
		case $STATUS in
		value)
			# A dash accepts any value.
			case " $AVAILABLE - " in
			*" $WANTED "*) ;;
			*) STATUS=unsupported VALUE="this kernel offers only ${AVAILABLE:-none}; why it dropped another one is in its log" ;;
			esac
			;;
		esac
		fact "$KEY" live "$STATUS" "$VALUE" "$CLOCKSOURCE/current_clocksource"
	done
}

clocksource_write() {
	while IFS=$US read -r _ STATUS WANTED; do
		[ "$STATUS" = value ] || continue
		put "$WANTED" "$CLOCKSOURCE/current_clocksource" || complain "clocksource current: the kernel refused $WANTED"
	done
}
