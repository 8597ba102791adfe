#!/bin/sh
# services, host half: systemctl, always for the real unit. See index.ts.
#
# hooks: probe write persist refuse may_cut_login notes
#
# shellcheck disable=SC2034,SC2153,SC2154

# Keys that may cut the login; see host/rollback.sh.
services_may_cut_login=.
# shellcheck disable=SC2034
services_notes=services.links

# services_given KEY: the unit's full name as declared, in GIVEN.
services_given() {
	GIVEN=${1%.*}
	case $GIVEN in
	*.service | *.socket | *.timer | *.path | *.mount | *.automount | *.target | *.slice) ;;
	*) GIVEN=$GIVEN.service ;;
	esac
}

# services_names < keys: their units' names, in NAMES.
services_names() {
	NAMES=$(while IFS=$US read -r KEY _; do
		services_given "$KEY"
		printf '%s\n' "$GIVEN"
	done | sort -u)
	fold "$NAMES"
	NAMES=$VALUE
}

# services_original KEY: its value before metaltune, in VALUE.
services_original() {
	VALUE=$(printf '%s\n' "${BASELINE-}" | awk -F '\t' -v key="$1" '$1 == "services" && $2 == key { print $5; exit }')
}

# services_state WANTED: the state of the unit of unit_look, in VALUE. A unit that is to
# be stopped and that a running socket, timer or path would start again is not stopped.
services_state() {
	VALUE=stopped
	case $ACTIVE:$SUB in
	activating:auto-restart*) VALUE='failing (auto-restart)' ;;
	active:* | reloading:* | refreshing:* | activating:*) VALUE=running ;;
	esac
	[ "$VALUE:$1" = stopped:stopped ] && [ "$TRIGGERS" != - ] && [ "$LOAD" != masked ] || return 0
	for TRIGGER in $TRIGGERS; do
		if systemctl is-active --quiet "$TRIGGER" 2>/dev/null; then
			VALUE="stopped, but $TRIGGER can start it; stop that too, or mask $REAL"
			return 0
		fi
	done
}

# services_enablement: what the next boot does with the unit of unit_look, in VALUE: as
# systemctl is-enabled. A missing unit counts as disabled. A linked or indirect one is not
# enabled itself.
services_enablement() {
	case $LOAD:$FILE in
	not-found:* | *:linked | *:indirect) VALUE=disabled ;;
	masked:-) VALUE=masked ;;
	*:-) VALUE='without a unit file' ;;
	*) VALUE=$FILE ;;
	esac
}

# services_fact KEY GIVEN: for a dropped key (GIVEN is `-`), a unit that is gone has no
# fact, and an original state that the unit has in other words is the original one.
services_fact() {
	case $1 in
	*.state) LAYER=live ;;
	*) LAYER=boot ;;
	esac
	if [ -n "$REASON" ]; then
		fact "$1" "$LAYER" unreadable "$REASON" systemctl
		return
	fi
	services_given "$1"
	unit_look "$GIVEN"
	if [ "$LAYER" = live ]; then services_state "$2"; else services_enablement; fi
	if [ "$2" = - ]; then
		[ "$LOAD" != not-found ] || return 0
		FOUND=$VALUE
		services_original "$1"
		services_same "$1" || VALUE=$FOUND
	fi
	fact "$1" "$LAYER" value "$VALUE" "systemctl ($REAL $LOAD $ACTIVE)"
}

# services_same KEY: whether FOUND is the original VALUE: `stopped`, whatever starts it, a
# state that a boot has ended, and a unit that others have masked.
services_same() {
	case $FOUND:$VALUE in
	stopped*:stopped* | enabled:enabled-runtime | disabled:enabled-runtime) ;;
	enabled:masked-runtime | disabled:masked-runtime | static:masked-runtime) ;;
	*) services_masked_by_others "$1" ;;
	esac
}

# services_masked_by_others KEY: whether the mask is none that metaltune made.
services_masked_by_others() {
	[ "$LOAD" = masked ] || return 1
	case $1 in
	*.state) ;;
	*) return 1 ;;
	esac
	case "
${BASELINE-}" in
	*"
services$TAB${1%.state}.enablement$TAB"*) return 1 ;;
	esac
}

services_probe() {
	KEYS=$(cat)
	services_names <<END
$KEYS
END
	REASON=''
	# shellcheck disable=SC2086
	unit_states $NAMES || REASON="${SHOWN:-systemctl: not found}"
	fold "$REASON"
	REASON=$VALUE
	printf '%s\n' "$KEYS" | while IFS=$US read -r KEY _ WANTED _; do
		case $KEY in
		*.restartOn)
			recorded "$KEY"
			fact "$KEY" live "$STATUS" "$VALUE" "$ETC/settings.tsv"
			;;
		*) services_fact "$KEY" "$WANTED" ;;
		esac
	done
}

# services_restore KEY WANTED: for a dropped key.
services_restore() {
	if NOTED=$(unit_noted "$REAL"); then
		unit_put_links "$NOTED"
		# shellcheck disable=SC2086
		unit_states $NAMES || return 1
		unit_look "$GIVEN"
	fi
	services_enablement
	FOUND=$VALUE VALUE=$2
	[ "$FOUND" = "$VALUE" ] || services_same "$1" || unit_change "$2"
}

# services_dropped KEY STALE WANTED
services_dropped() {
	case $LOAD:$1:$3 in
	*:*.restartOn:* | not-found:*:stopped* | not-found:*:disabled) ;;
	not-found:*) complain "services $GIVEN: the unit is not there any more, so it is not $3 again" ;;
	*:*.state:*)
		! services_masked_by_others "$1" || complain "services $GIVEN: others have masked it, so it stays as it is"
		;;
	*)
		[ "$2" != stale ] || services_restore "$1" "$3" || return 1
		unit_forget
		;;
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
	ROWS=$(cat)
	services_names <<END
$ROWS
END
	# shellcheck disable=SC2086
	if ! unit_states $NAMES; then
		complain "services: ${SHOWN:-systemctl: not found}"
		return 1
	fi
	read_note "$FILES_CHANGED" || :
	MARKED=$BODY
	while IFS=$US read -r KEY ORIGIN _ WANTED _; do
		services_given "$KEY"
		unit_look "$GIVEN"
		case $KEY:$ORIGIN:$1 in
		*:baseline:*) services_dropped "$KEY" "$1" "$WANTED" || complain "services $GIVEN: could not be made $WANTED again" ;;
		*.enablement:*:stale)
			services_enablement
			[ "$VALUE" = "$WANTED" ] || { unit_keep "$GIVEN" && unit_change "$WANTED"; } || complain "services $GIVEN: could not be made $WANTED"
			;;
		*.restartOn:*) [ -z "$MARKED" ] || services_restart "$REAL" "$WANTED" ;;
		esac
	done <<END
$ROWS
END
	remove_record "$FILES_CHANGED"
}

services_write() {
	ROWS=$(cat)
	services_names <<END
$ROWS
END
	# shellcheck disable=SC2086
	unit_states $NAMES || return 1
	while IFS=$US read -r KEY _ WANTED; do
		services_given "$KEY"
		unit_look "$GIVEN"
		case $KEY:$WANTED in
		*.state:stopped*) quietly systemctl stop "$REAL" || complain "services $GIVEN: did not stop" ;;
		*.state:*) quietly systemctl start "$REAL" || complain "services $GIVEN: did not start" ;;
		esac
	done <<END
$ROWS
END
}

# services_refuse: names of one unit that are declared twice, and states that systemd cannot
# give a unit (systemctl(1), is-enabled and mask).
services_refuse() {
	ROWS=$(cat)
	[ -n "$ROWS" ] || return 0
	services_names <<END
$(printf '%s\n' "$SETTINGS" | settings_of services)
END
	# shellcheck disable=SC2086
	unit_states $NAMES || return 0
	printf '%s\n' "$ROWS" | while IFS=$US read -r KEY _ WANTED; do
		services_given "$KEY"
		unit_look "$GIVEN"
		OTHER=$(printf '%s\n' "$STATES" | awk -F '\t' -v name="$GIVEN" -v unit="$REAL" '$2 == unit && $1 != name { print $1; exit }')
		[ -z "$OTHER" ] || printf '%s\n' "$KEY$US$GIVEN and $OTHER are one unit, $REAL; keep one of the two"
		services_enablement
		case $KEY:$WANTED:$VALUE in
		*.enablement:masked:*)
			LINK=$UNIT_DIRECTORY/$REAL
			[ ! -f "$LINK" ] || [ -h "$LINK" ] ||
				printf '%s\n' "$KEY${US}systemd cannot mask a unit whose file is ${LINK#"$ROOT"}; declare \`enabled: no\`, or move the file to /usr/local/lib/systemd/system"
			;;
		*.enablement:*abled:static | *.enablement:*abled:generated | *.enablement:*abled:transient | *.enablement:*abled:bad | *.enablement:*abled:without*)
			printf '%s\n' "$KEY$US$REAL is $VALUE, so systemd can neither enable nor disable it: other units start it; remove this key, or declare \`enabled: masked\`"
			;;
		esac
	done
}
