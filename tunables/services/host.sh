#!/bin/sh
# services, host half: systemctl, always for the real unit. See services.ts.
#
# A unit has several names (systemd.unit(5), Alias=). `systemctl disable` removes the links
# that give it the others, and the link of a linked unit, so that a later command would not
# find it (systemctl(1), disable). Therefore the unit and all its links are noted before the
# first change, and revert restores these links.
#
# hooks: probe write persist refuse may_cut_login notes
#
# shellcheck disable=SC2034,SC2154

# Keys that may cut the login; see host/rollback.sh.
services_may_cut_login=.
services_notes=services.links

# `NAME UNIT PATH TARGET`, tabs between, for each link below /etc/systemd/system before
# metaltune's first change of a unit, and `NAME UNIT - -` first. NAME is as declared.
SERVICES_LINKS=$STATE/services.links
SERVICES_DIRECTORY=$ROOT/etc/systemd/system

# services_given KEY: the unit's full name as declared, in GIVEN.
services_given() {
	GIVEN=${1%.*}
	case $GIVEN in
	*.service | *.socket | *.timer | *.path | *.mount | *.automount | *.target | *.slice) ;;
	*) GIVEN=$GIVEN.service ;;
	esac
}

# services_show NAME...: `NAME UNIT LOAD ACTIVE SUB FILE TRIGGERS`, tabs between, one line
# each, in SHOWN, with one call of systemctl. It prints a block per unit in the given order.
services_show() {
	SHOWN=$(systemctl show -p Id -p LoadState -p ActiveState -p SubState -p UnitFileState -p TriggeredBy -- "$@" 2>&1) || return 1
	SHOWN=$(printf '%s\n\n' "$SHOWN" | awk -v units="$*" "$AWK_services_states")
}

# services_unit NAME: the unit that NAME is an alias of while no link says so, in UNIT: by
# the note, or by the Alias= of a unit file. Fails without one.
services_unit() {
	UNIT=$(printf '%s\n' "$LINKS" | awk -F '\t' -v name="$1" '$1 == name && $2 != name { print $2; exit }')
	[ -z "$UNIT" ] || return 0
	TEMPLATE=$1 INSTANCE=''
	case $1 in
	*@*)
		INSTANCE=${1#*@}
		TEMPLATE=${1%%@*}@.${1##*.}
		;;
	esac
	for DIRECTORY in etc/systemd/system run/systemd/system usr/local/lib/systemd/system usr/lib/systemd/system lib/systemd/system; do
		[ -z "$UNIT" ] || break
		set +f
		FOUND=$(grep -ls '^[[:space:]]*Alias[[:space:]]*=' "$ROOT/$DIRECTORY"/*."${1##*.}") || :
		set -f
		# shellcheck disable=SC2086
		[ -z "$FOUND" ] || UNIT=$(awk -v name="$TEMPLATE" "$AWK_services_alias" $FOUND)
	done
	UNIT=${UNIT##*/}
	case $INSTANCE:$UNIT in
	:*) ;;
	*:?*) UNIT=${UNIT%%@*}@$INSTANCE ;;
	esac
	[ -n "$UNIT" ]
}

# services_states NAME...: the lines of services_show for the real units, in STATES; fails
# with systemctl's message in SHOWN.
services_states() {
	services_show "$@" || return 1
	STATES=$SHOWN
	read_record "$SERVICES_LINKS"
	LINKS=$BODY
	for ALIAS in $(printf '%s\n' "$STATES" | awk -F '\t' '$1 == $2 && $3 ~ /^(not-found|masked)$/ { print $1 }'); do
		services_unit "$ALIAS" || continue
		services_show "$UNIT" || return 1
		STATES=$(printf '%s\n' "$STATES" | awk -F '\t' -v name="$ALIAS" '$1 != name')
		STATES="$STATES
$ALIAS$TAB${SHOWN#*"$TAB"}"
	done
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

# services_look NAME: UNIT, LOAD, ACTIVE, SUB, FILE and TRIGGERS of its line in STATES.
services_look() {
	# No field is empty: `read` would fold two tabs.
	IFS=$TAB read -r UNIT LOAD ACTIVE SUB FILE TRIGGERS <<END
$(printf '%s\n' "$STATES" | awk -F '\t' -v OFS='\t' -v name="$1" '$1 == name { for (i = 2; i <= 7; i++) if ($i == "") $i = "-"; print $2, $3, $4, $5, $6, $7; exit }')
END
}

# services_original KEY: its value before metaltune, in VALUE.
services_original() {
	VALUE=$(printf '%s\n' "${BASELINE-}" | awk -F '\t' -v key="$1" '$1 == "services" && $2 == key { print $5; exit }')
}

# services_state WANTED: the state of the unit of services_look, in VALUE. A unit that is to
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
			VALUE="stopped, but $TRIGGER can start it; stop that too, or mask $UNIT"
			return 0
		fi
	done
}

# services_enablement: what the next boot does with the unit of services_look, in VALUE: as
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

# services_links UNIT: `PATH TARGET` of its links below /etc/systemd/system, a tab between.
services_links() {
	find "$SERVICES_DIRECTORY" -maxdepth 2 -type l -printf '%p\t%l\n' 2>/dev/null | sort |
		awk -F '\t' -v root="$ROOT" -v unit="$1" "$AWK_services_links"
}

# services_noted UNIT: the same, as it was before metaltune; fails without a note.
services_noted() {
	printf '%s\n' "$LINKS" | awk -F '\t' -v OFS='\t' -v unit="$1" '$2 == unit { found = 1 } $2 == unit && $3 != "-" { print $3, $4 } END { exit !found }'
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
	services_look "$GIVEN"
	if [ "$LAYER" = live ]; then services_state "$2"; else services_enablement; fi
	if [ "$2" = - ]; then
		[ "$LOAD" != not-found ] || return 0
		FOUND=$VALUE
		services_original "$1"
		services_same "$1" || VALUE=$FOUND
	fi
	fact "$1" "$LAYER" value "$VALUE" "systemctl ($UNIT $LOAD $ACTIVE)"
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
	services_states $NAMES || REASON="${SHOWN:-systemctl: not found}"
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

# services_keep NAME: notes the unit of services_look and its links, before metaltune's first
# change of them.
services_keep() {
	! services_noted "$UNIT" >/dev/null || return 0
	LINKS="$LINKS${LINKS:+$NEWLINE}$1$TAB$UNIT$TAB-$TAB-$NEWLINE$(services_links "$UNIT" | awk -v OFS='\t' -v name="$1" -v unit="$UNIT" '{ print name, unit, $0 }')"
	LINKS=${LINKS%"$NEWLINE"}
	write_record "$SERVICES_LINKS" "$LINKS$NEWLINE"
}

# services_forget UNIT: its links are as they were before metaltune.
services_forget() {
	services_noted "$1" >/dev/null || return 0
	LINKS=$(printf '%s\n' "$LINKS" | awk -F '\t' -v unit="$1" '$2 != unit')
	if [ -n "$LINKS" ]; then
		write_record "$SERVICES_LINKS" "$LINKS$NEWLINE"
	else
		remove_record "$SERVICES_LINKS"
	fi
}

# services_change WANTED: makes the unit of services_look `enabled`, `disabled` or `masked`.
services_change() {
	case $FILE:$1 in
	*:masked) ;;
	masked:*) quietly systemctl unmask "$UNIT" || return 1 ;;
	masked-runtime:*) quietly systemctl --runtime unmask "$UNIT" || return 1 ;;
	esac
	LINK=$SERVICES_DIRECTORY/$UNIT
	case $1 in
	enabled) quietly systemctl enable "$UNIT" ;;
	disabled) quietly systemctl disable "$UNIT" && services_relink ;;
	masked)
		# systemd makes no mask where a linked unit has its link.
		[ ! -h "$LINK" ] || [ "$(readlink "$LINK")" = /dev/null ] || rm -f "$LINK"
		quietly systemctl mask "$UNIT"
		;;
	*) return 1 ;;
	esac
}

# services_relink: restores the link at LINK by which systemd finds a linked unit.
services_relink() {
	TARGET=$(services_noted "$UNIT" | awk -F '\t' -v path="${LINK#"$ROOT"}" '$1 == path && $2 != "/dev/null" { print $2 }')
	[ -n "$TARGET" ] && [ ! -e "$LINK" ] && [ ! -h "$LINK" ] || return 0
	ln -s "$TARGET" "$LINK"
	reload_units
}

# services_enable NAME WANTED: for a declared key.
services_enable() {
	services_look "$1"
	services_enablement
	[ "$VALUE" = "$2" ] || { services_keep "$1" && services_change "$2"; }
}

# services_put_links NOTED: makes the unit's links those that were noted. A file that others
# have put in the place of one stays, and so does the absence of a unit.
services_put_links() {
	services_links "$UNIT" | while IFS= read -r LINE; do
		! printf '%s\n' "$1" | grep -qxF -- "$LINE" || continue
		LINK=$ROOT${LINE%%"$TAB"*}
		rm -f "$LINK"
		case ${LINK%/*} in
		*.wants | *.requires) rmdir "${LINK%/*}" 2>/dev/null || : ;;
		esac
	done
	[ -z "$1" ] || printf '%s\n' "$1" | while IFS= read -r LINE; do
		LINK=$ROOT${LINE%%"$TAB"*} TARGET=${LINE#*"$TAB"}
		[ ! -h "$LINK" ] || continue
		case $TARGET in
		/dev/null) LEADS=/ ;;
		/*) LEADS=$ROOT$TARGET ;;
		*) LEADS=${LINK%/*}/$TARGET ;;
		esac
		if [ -e "$LINK" ]; then
			complain "services $UNIT: ${LINK#"$ROOT"} is a file of others now, and stays"
		elif [ ! -d "${LINK%/*}" ] && ! mkdir -p "${LINK%/*}"; then
			complain "services $UNIT: ${LINK#"$ROOT"} could not be put back"
		elif [ -e "$LEADS" ]; then
			ln -s "$TARGET" "$LINK"
		fi
	done
	reload_units
}

# services_restore KEY WANTED: for a dropped key.
services_restore() {
	services_look "$GIVEN"
	if NOTED=$(services_noted "$UNIT"); then
		services_put_links "$NOTED"
		# shellcheck disable=SC2086
		services_states $NAMES || return 1
		services_look "$GIVEN"
	fi
	if [ "$LOAD" = not-found ]; then
		complain "services $GIVEN: the unit is not there any more, so nothing was put back"
		return 0
	fi
	services_enablement
	FOUND=$VALUE VALUE=$2
	[ "$FOUND" = "$VALUE" ] || services_same "$1" || services_change "$2"
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
	if ! services_states $NAMES; then
		complain "services: ${SHOWN:-systemctl: not found}"
		return 1
	fi
	read_note "$FILES_CHANGED" || :
	MARKED=$BODY
	while IFS=$US read -r KEY ORIGIN _ WANTED _; do
		services_given "$KEY"
		case $KEY:$ORIGIN in
		*.enablement:declared)
			[ "$1" != stale ] || services_enable "$GIVEN" "$WANTED" || complain "services $GIVEN: could not be made $WANTED"
			;;
		*.enablement:*)
			if [ "$1" != stale ] || services_restore "$KEY" "$WANTED"; then
				services_look "$GIVEN"
				services_forget "$UNIT"
			else
				complain "services $GIVEN: could not be made $WANTED again"
			fi
			;;
		*.state:baseline)
			services_look "$GIVEN"
			! services_masked_by_others "$KEY" || complain "services $GIVEN: others have masked it, so it stays as it is"
			;;
		*.restartOn:declared)
			services_look "$GIVEN"
			[ -z "$MARKED" ] || services_restart "$UNIT" "$WANTED"
			;;
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
	services_states $NAMES || return 1
	while IFS=$US read -r KEY _ WANTED; do
		services_given "$KEY"
		services_look "$GIVEN"
		case $KEY:$WANTED in
		*.state:stopped*) quietly systemctl stop "$UNIT" || complain "services $GIVEN: did not stop" ;;
		*.state:*) quietly systemctl start "$UNIT" || complain "services $GIVEN: did not start" ;;
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
	services_states $NAMES || return 0
	printf '%s\n' "$ROWS" | while IFS=$US read -r KEY _ WANTED; do
		services_given "$KEY"
		services_look "$GIVEN"
		OTHER=$(printf '%s\n' "$STATES" | awk -F '\t' -v name="$GIVEN" -v unit="$UNIT" '$2 == unit && $1 != name { print $1; exit }')
		[ -z "$OTHER" ] || printf '%s\n' "$KEY$US$GIVEN and $OTHER are one unit, $UNIT; keep one of the two"
		services_enablement
		case $KEY:$WANTED:$VALUE in
		*.enablement:masked:*)
			LINK=$SERVICES_DIRECTORY/$UNIT
			[ ! -f "$LINK" ] || [ -h "$LINK" ] ||
				printf '%s\n' "$KEY${US}systemd cannot mask a unit whose file is ${LINK#"$ROOT"}; declare \`enabled: no\`, or move the file to /usr/local/lib/systemd/system"
			;;
		*.enablement:*abled:static | *.enablement:*abled:generated | *.enablement:*abled:transient | *.enablement:*abled:bad | *.enablement:*abled:without*)
			printf '%s\n' "$KEY$US$UNIT is $VALUE, so systemd can neither enable nor disable it: other units start it; remove this key, or declare \`enabled: masked\`"
			;;
		esac
	done
}
