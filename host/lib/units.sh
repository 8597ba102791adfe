#!/bin/sh
# Units of systemd, by any of their names, and the links that enable, alias, mask or locate
# them.
#
# A unit has several names (systemd.unit(5), Alias=). `systemctl disable` removes the links
# that give it the others, and the link of a linked unit, so that a later command would not
# find it (systemctl(1), disable). Therefore the unit and its links are noted before the
# first change, and a revert restores these links.
#
# prefix: unit
#
# Names set here are used by the files assembled after this one.
# shellcheck disable=SC2034,SC2153,SC2154

# `NAME UNIT PATH TARGET`, tabs between, for each link below /etc/systemd/system before
# metaltune's first change of a unit, and `NAME UNIT - -` first. NAME is as declared.
UNIT_NOTES=$STATE/services.links
UNIT_DIRECTORY=$ROOT/etc/systemd/system

# unit_show NAME...: `NAME UNIT LOAD ACTIVE SUB FILE TRIGGERS`, tabs between, one line
# each, in SHOWN, with one call of systemctl. It prints a block per unit in the given order.
unit_show() {
	SHOWN=$(systemctl show -p Id -p LoadState -p ActiveState -p SubState -p UnitFileState -p TriggeredBy -- "$@" 2>&1) || return 1
	SHOWN=$(printf '%s\n\n' "$SHOWN" | awk -v units="$*" "$AWK_unit_states")
}

# unit_of_alias NAME: the unit that NAME is an alias of while no link says so, in REAL: by
# the note, or by the Alias= of a unit file. Fails without one.
unit_of_alias() {
	REAL=$(printf '%s\n' "$LINKS" | awk -F '\t' -v name="$1" '$1 == name && $2 != name { print $2; exit }')
	[ -z "$REAL" ] || return 0
	TEMPLATE=$1 INSTANCE=''
	case $1 in
	*@*)
		INSTANCE=${1#*@}
		TEMPLATE=${1%%@*}@.${1##*.}
		;;
	esac
	SUFFIX=${1##*.}
	set --
	set +f
	for DIRECTORY in etc run usr/local/lib usr/lib lib; do
		set -- "$@" "$ROOT/$DIRECTORY/systemd/system"/*."$SUFFIX"
	done
	set -f
	FOUND=$(grep -ls '^[[:space:]]*Alias[[:space:]]*=' "$@") || :
	# shellcheck disable=SC2086
	[ -z "$FOUND" ] || REAL=$(awk -v name="$TEMPLATE" "$AWK_unit_alias" $FOUND)
	REAL=${REAL##*/}
	case $INSTANCE:$REAL in
	:*) ;;
	*:?*) REAL=${REAL%%@*}@$INSTANCE ;;
	esac
	[ -n "$REAL" ]
}

# unit_states NAME...: the lines of unit_show for the real units, in STATES; fails
# with systemctl's message in SHOWN.
unit_states() {
	unit_show "$@" || return 1
	STATES=$SHOWN
	read_record "$UNIT_NOTES"
	LINKS=$BODY
	for ALIAS in $(printf '%s\n' "$STATES" | awk -F '\t' '$1 == $2 && $3 ~ /^(not-found|masked|error)$/ { print $1 }'); do
		unit_of_alias "$ALIAS" || continue
		unit_show "$REAL" || return 1
		STATES=$(printf '%s\n' "$STATES" | awk -F '\t' -v name="$ALIAS" '$1 != name')
		STATES="$STATES
$ALIAS$TAB${SHOWN#*"$TAB"}"
	done
}

# unit_look NAME: REAL, LOAD, ACTIVE, SUB, FILE and TRIGGERS of its line in STATES.
unit_look() {
	LOOKED=$NEWLINE$STATES
	LOOKED=${LOOKED#*"$NEWLINE$1$TAB"}
	# No field is empty: `read` would fold two tabs.
	IFS=$TAB read -r REAL LOAD ACTIVE SUB FILE TRIGGERS <<END
${LOOKED%%"$NEWLINE"*}
END
}

# unit_links UNIT: `PATH TARGET` of its links below /etc/systemd/system, a tab between.
unit_links() {
	find "$UNIT_DIRECTORY" -maxdepth 2 -type l -printf '%p\t%l\n' 2>/dev/null | sort |
		awk -F '\t' -v root="$ROOT" -v unit="$1" "$AWK_unit_links"
}

# unit_noted UNIT: the same, as it was before metaltune; fails without a note.
unit_noted() {
	printf '%s\n' "$LINKS" | awk -F '\t' -v OFS='\t' -v unit="$1" '$2 == unit { found = 1 } $2 == unit && $3 != "-" { print $3, $4 } END { exit !found }'
}

# unit_keep NAME: notes the unit of unit_look and its links, before metaltune's first
# change of them.
unit_keep() {
	! unit_noted "$REAL" >/dev/null || return 0
	LINKS="$LINKS${LINKS:+$NEWLINE}$1$TAB$REAL$TAB-$TAB-$NEWLINE$(unit_links "$REAL" | awk -v OFS='\t' -v name="$1" -v unit="$REAL" '{ print name, unit, $0 }')"
	LINKS=${LINKS%"$NEWLINE"}
	write_record "$UNIT_NOTES" "$LINKS$NEWLINE"
}

# unit_forget: the links of the unit of unit_look are as they were before metaltune.
unit_forget() {
	[ ! -h "$UNIT_DIRECTORY/$REAL.metaltune-new" ] || rm -f "$UNIT_DIRECTORY/$REAL.metaltune-new"
	unit_noted "$REAL" >/dev/null || return 0
	LINKS=$(printf '%s\n' "$LINKS" | awk -F '\t' -v unit="$REAL" '$2 != unit')
	put_record "$UNIT_NOTES" "$LINKS"
}

# unit_change WANTED: makes the unit of unit_look `enabled`, `disabled` or `masked`.
unit_change() {
	case $FILE:$1 in
	*:masked) ;;
	masked:*) quietly systemctl unmask "$REAL" || return 1 ;;
	masked-runtime:*) quietly systemctl --runtime unmask "$REAL" || return 1 ;;
	esac
	# systemctl disable would remove the link of a linked unit, and mask does not replace it.
	LINK=$UNIT_DIRECTORY/$REAL LINKED=''
	[ ! -h "$LINK" ] || [ "$(readlink "$LINK")" = /dev/null ] || LINKED=${LINK#"$ROOT"}$TAB$(readlink "$LINK")
	case $1:$LINKED in
	enabled:*) quietly systemctl enable "$REAL" ;;
	disabled:) quietly systemctl disable "$REAL" ;;
	disabled:*) unit_put_links "$LINKED" ;;
	masked:) quietly systemctl mask "$REAL" ;;
	masked:*) unit_link /dev/null "$LINK" && unit_reload ;;
	*) return 1 ;;
	esac
}

# unit_link TARGET LINK: makes or replaces it in one step: without its link, a linked unit
# could not be found again.
unit_link() {
	[ -d "${2%/*}" ] || mkdir -p "${2%/*}"
	ln -sfn "$1" "$2.metaltune-new" && mv -T "$2.metaltune-new" "$2"
}

# unit_put_links LINES: makes the unit's links these, new ones first. A file that others
# have put in the place of one stays, and a link that would lead nowhere is not made.
unit_put_links() {
	NOW=$(unit_links "$REAL")
	unit_links_without "$1" "$NOW" | while IFS= read -r LINE; do
		LINK=$ROOT${LINE%%"$TAB"*} TARGET=${LINE#*"$TAB"}
		case $TARGET in
		/dev/null) LEADS=/ ;;
		/*) LEADS=$ROOT$TARGET ;;
		*) LEADS=${LINK%/*}/$TARGET ;;
		esac
		if [ -e "$LINK" ] && [ ! -h "$LINK" ]; then
			complain "services $REAL: ${LINK#"$ROOT"} is a file of others now, and stays"
		elif [ -e "$LEADS" ]; then
			unit_link "$TARGET" "$LINK" || complain "services $REAL: ${LINK#"$ROOT"} could not be put back"
		fi
	done
	NOW=$(unit_links "$REAL")
	unit_links_without "$NOW" "$1" | while IFS= read -r LINE; do
		LINK=$ROOT${LINE%%"$TAB"*}
		rm -f "$LINK"
		case ${LINK%/*} in
		*.wants | *.requires) rmdir "${LINK%/*}" 2>/dev/null || : ;;
		esac
	done
	unit_reload
}

# unit_links_without LINES OTHERS: the lines that are not among the others.
unit_links_without() {
	{
		printf '%s\n' "$2" | sed "s/^/other$TAB/"
		printf '%s\n' "$1" | sed "s/^/line$TAB/"
	} | awk '{ kind = $1; sub(/^[a-z]*\t/, "") } kind == "other" { known[$0]; next } $0 != "" && !($0 in known)'
}
