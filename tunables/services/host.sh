#!/bin/sh
# services, host half: systemctl. See index.ts.
#
# hooks: probe write persist may_cut_login

# Keys that may cut the login; see host/rollback.sh.
# shellcheck disable=SC2034,SC2154
services_may_cut_login=.

# services_unit KEY: the unit's full name, in NAME.
services_unit() {
	NAME=${1%.*}
	case $NAME in
	*.service | *.socket | *.timer | *.path | *.mount | *.target | *.slice) ;;
	*) NAME=$NAME.service ;;
	esac
}

# services_states UNIT...: `unit TAB load TAB active TAB file state`, one line each, with
# one call of systemctl. It prints a block per unit in the given order.
services_states() {
	SHOWN=$(systemctl show -p LoadState -p ActiveState -p UnitFileState -- "$@" 2>&1) || return 1
	printf '%s\n\n' "$SHOWN" | awk -v units="$*" "$AWK_services_states"
}

services_probe() {
	KEYS=$(cat)
	UNITS=$(printf '%s\n' "$KEYS" | while IFS=$US read -r KEY _; do
		services_unit "$KEY"
		printf '%s\n' "$NAME"
	done | sort -u)
	fold "$UNITS"
	REASON=''
	# shellcheck disable=SC2086
	STATES=$(services_states $VALUE) || REASON="${SHOWN:-systemctl: not found}"
	fold "$REASON"
	REASON=$VALUE
	printf '%s\n' "$KEYS" | while IFS=$US read -r KEY _; do
		case $KEY in
		*.restartOn)
			recorded "$KEY"
			fact "$KEY" live "$STATUS" "$VALUE" "$ETC/settings.tsv"
			continue
			;;
		*.state) LAYER=live ;;
		*) LAYER=boot ;;
		esac
		if [ -n "$REASON" ]; then
			fact "$KEY" "$LAYER" unreadable "$REASON" systemctl
			continue
		fi
		services_unit "$KEY"
		services_read "$KEY"
		fact "$KEY" "$LAYER" value "$VALUE" "systemctl ($DETAIL)"
	done
}

# services_read KEY: its state from STATES, in VALUE, and the unit's, in DETAIL. A missing
# unit counts as stopped and disabled.
services_read() {
	VALUE=$(printf '%s\n' "$STATES" | awk -F '\t' -v unit="$NAME" '$1 == unit { print $2, $3, ($4 == "" ? "-" : $4) }')
	# shellcheck disable=SC2086
	set -- "$1" $VALUE
	DETAIL="$2 $3"
	case $1 in
	*.state)
		case $3 in
		active | reloading | activating) VALUE=running ;;
		*) VALUE=stopped ;;
		esac
		;;
	*)
		case $2:$4 in
		masked:* | *:masked*) VALUE=masked ;;
		not-found:*) VALUE=disabled ;;
		*) VALUE=$4 ;;
		esac
		;;
	esac
}

# services_enable UNIT WANTED: changes its state to `enabled`, `disabled` or `masked`, or
# to the original one.
services_enable() {
	STATES=$(services_states "$1") || return 1
	services_read .enablement
	[ "$VALUE" != "$2" ] || return 0
	if [ "$VALUE" = masked ]; then
		quietly systemctl unmask "$1" || return 1
		STATES=$(services_states "$1") || return 1
		services_read .enablement
		[ "$VALUE" != "$2" ] || return 0
	fi
	case $2 in
	enabled) quietly systemctl enable "$1" ;;
	disabled) quietly systemctl disable "$1" ;;
	masked) quietly systemctl mask "$1" ;;
	*) return 1 ;;
	esac
}

# services_restart UNIT PATHS: if one of the paths is in MARKED, the paths that files.sh
# has changed.
services_restart() {
	for CHANGED_PATH in $2; do
		if printf '%s\n' "$MARKED" | grep -qxF -- "$CHANGED_PATH"; then
			quietly systemctl try-restart "$1" || complain "services $1: could not be restarted after a change of $CHANGED_PATH"
			return 0
		fi
	done
}

services_persist() {
	read_note "$FILES_CHANGED" || :
	MARKED=$BODY
	while IFS=$US read -r KEY ORIGIN _ WANTED _; do
		services_unit "$KEY"
		case $KEY:$ORIGIN in
		*.enablement:*)
			[ "$1" != stale ] || services_enable "$NAME" "$WANTED" || complain "services $NAME: could not be made $WANTED"
			;;
		*.restartOn:declared)
			[ -z "$MARKED" ] || services_restart "$NAME" "$WANTED"
			;;
		esac
	done
	remove_record "$FILES_CHANGED"
}

services_write() {
	while IFS=$US read -r KEY STATUS WANTED; do
		services_unit "$KEY"
		case $KEY:$WANTED in
		*.state:running) quietly systemctl start "$NAME" || complain "services $NAME: did not start" ;;
		*.state:stopped) quietly systemctl stop "$NAME" || complain "services $NAME: did not stop" ;;
		esac
	done
}
