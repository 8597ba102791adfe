#!/bin/sh
# ethtool, host half: runs ethtool once per group and NIC, parses its output, and writes
# the differences in one call per group. See index.ts.
#
# hooks: probe write refuse nics boot notes

# shellcheck disable=SC2034,SC2154
ethtool_boot=unit

ethtool_nics() {
	nics_of 2
}

# The parts that were on of each combined offload before metaltune switched it off: `NIC
# NAME PART...`, spaces between. A revert switches on only those.
ETHTOOL_PARTS=$STATE/offloads
# shellcheck disable=SC2034
ethtool_notes=offloads

# ethtool_ask NIC GROUP TYPE
ethtool_ask() {
	case $2 in
	channels) ethtool -l "$1" ;;
	rings) ethtool -g "$1" ;;
	coalescing) ethtool -c "$1" ;;
	offloads) ethtool -k "$1" ;;
	privateFlags) ethtool --show-priv-flags "$1" ;;
	flowHash) ethtool -n "$1" rx-flow-hash "$3" ;;
	esac 2>&1
}

# ethtool_answers: `NIC KEY VALUE` -> the same, then ethtool's output, once per group:
# `ask SOURCE`, its lines, and `failed` when it did not exit 0.
ethtool_answers() {
	GIVEN=$(cat)
	[ -n "$GIVEN" ] || return 0
	printf '%s\n' "$GIVEN"
	printf '%s\n' "$GIVEN" | while IFS=$US read -r NIC KEY _; do
		GROUP=${KEY%.*} GROUP=${GROUP##*.}
		TYPE=''
		[ "$GROUP" != flowHash ] || TYPE=${KEY##*.}
		printf '%s\n' "$NIC $GROUP $TYPE"
	done | sort -u | while read -r NIC GROUP TYPE; do
		printf '%s\n' "ask$US$NIC.$GROUP${TYPE:+.$TYPE}"
		ethtool_ask "$NIC" "$GROUP" "$TYPE" || printf '%s\n' "failed$US"
	done
}

# ethtool_read: `NIC KEY VALUE` -> `KEY STATUS TEXT MAXIMUM VALUE NIC PARTS`; PARTS are
# those that are on of a combined offload.
ethtool_read() {
	ethtool_answers | awk -F "$US" -v OFS="$US" -v root="$ROOT" "$AWK_ethtool_read"
}

ethtool_probe() {
	KEYS=$(nic_keys 2)
	printf '%s\n' "$KEYS" | grep "^fact$TAB" || :
	printf '%s\n' "$KEYS" | { grep -v "^fact$TAB" || :; } | if command -v ethtool >/dev/null; then
		ethtool_read
	else
		while IFS=$US read -r _ KEY _ GIVEN; do
			# metaltune removed the ethtool package after ethtool had reverted its values.
			[ "$GIVEN" != - ] || ! package_was_added ethtool || continue
			[ -z "$KEY" ] || printf '%s\n' "$KEY${US}unreadable${US}there is no ethtool on this host; install the package ethtool"
		done
	fi | while IFS=$US read -r KEY STATUS TEXT _; do
		fact "$KEY" live "$STATUS" "$TEXT" ethtool
	done
}

# ethtool_plan: output of ethtool_read -> `OPTION NIC ARGUMENTS` in the order in which one
# group can reset the next; or `refuse KEY SENTENCE`.
ethtool_plan() {
	read_record "$ETHTOOL_PARTS"
	{
		[ -z "$BODY" ] || printf '%s\n' "$BODY"
		cat
	} | awk -F "$US" -v OFS="$US" "$AWK_ethtool_changes"
}

ethtool_refuse() {
	nic_lines 2 2>/dev/null | ethtool_read | ethtool_plan | sed -n "s/^refuse$US//p"
}

# ethtool_keep_parts before|after READ: notes an offload before it is switched off, and
# deletes the note once it is on again. READ is the output of ethtool_read then.
ethtool_keep_parts() {
	read_note "$ETHTOOL_PARTS" || :
	NOTED=$BODY
	VALUE=$(printf '%s\n' "$NOTED" "$2" | awk -F "$US" -v when="$1" "$AWK_ethtool_parts" | sort)
	# Without any, this also removes a damaged note.
	[ "${VALUE:-none}" = "$NOTED" ] || put_record "$ETHTOOL_PARTS" "$VALUE"
}

# Some versions exit 0 on failure, but print a message.
ethtool_write() {
	GIVEN=$(nic_lines 2)
	READ=$(printf '%s\n' "$GIVEN" | ethtool_read)
	ethtool_keep_parts before "$READ"
	printf '%s\n' "$READ" | ethtool_plan | while IFS=$US read -r OPTION NIC ARGUMENTS; do
		if [ "$OPTION" = refuse ]; then
			complain "ethtool $NIC: $ARGUMENTS"
			continue
		fi
		STATUS=0
		# shellcheck disable=SC2086
		ANSWER=$(ethtool "$OPTION" "$NIC" $ARGUMENTS 2>&1) || STATUS=$?
		case $STATUS:$ANSWER in
		0:*annot* | [!0]*) fold "$ANSWER" && complain "ethtool $OPTION $NIC $ARGUMENTS: exit $STATUS: $VALUE" ;;
		esac
	done
	[ ! -f "$ETHTOOL_PARTS" ] || ethtool_keep_parts after "$(printf '%s\n' "$GIVEN" | ethtool_read)"
}
