#!/bin/sh
# Converges the host: judges the observed state, and gives each tunable its wrong keys.
# The tunables' own files define what a key means.
#
# shellcheck disable=SC2016,SC2034,SC2153,SC2154

# Whether apply and revert report their changes.
ANNOUNCE=yes
# Whether to observe what `deploy` changes and apply does not.
DEPLOYS=no
# What others set for the next boot, once it has been said.
OTHERS_NAMED=''
# Whether a tunable failed to change some of its files.
UNDONE=no

# converge_judge < settings (SETTINGS form): lines of compare, with FACTS.
converge_judge() {
	{
		sed "s/^/setting$TAB/"
		printf '%s\n' "$FACTS"
	} | compare
}

# converge_judge_dropped LAYER: compare lines of dropped keys against their baseline.
converge_judge_dropped() {
	[ -n "$DROPPED" ] || return 0
	{
		printf '%s\n' "$DROPPED" | awk -F '\t' -v layer="$1" '$3 == layer && $4 != "adopted"' | baseline_settings
		printf '%s\n' "$FACTS" | awk -F '\t' -v layer="$1" '$4 == layer'
	} | compare
}

# converge_observe: reads everything declared or dropped and judges it.
converge_observe() {
	FACTS=$( { printf '%s\n' "$SETTINGS"; baseline_dropped_settings; } | report_facts)
	JUDGED=$([ -z "$SETTINGS" ] || printf '%s\n' "$SETTINGS" | converge_judge)
	[ "$DEPLOYS" = yes ] || ! settings_name_tunable "$DEPLOYED" "$SETTINGS" ||
		JUDGED=$(printf '%s\n' "$JUDGED" | awk -F '\t' -v deployed="$DEPLOYED" '$1 != deployed')
	DROPPED_LIVE=$(converge_judge_dropped live)
	DROPPED_BOOT=$(converge_judge_dropped boot)
}

# converge_select_rows TUNABLE AWK_CONDITION < compare lines: the lines that match.
converge_select_rows() {
	awk -F '\t' -v tunable="$1" "\$1 == tunable && ($2)"
}

# converge_persist_lines TUNABLE: `key origin match value effect` for NAME_persist; dropped keys
# have their original value, from the boot layer where there is one.
converge_persist_lines() {
	[ -z "$SETTINGS" ] || printf '%s\n' "$SETTINGS" | baseline_never_lower | awk -F '\t' -v OFS="$US" -v tunable="$1" '$1 == tunable { print $2, "declared", $3, $4, $5 }'
	[ -z "$DROPPED" ] || printf '%s\n' "$DROPPED" | awk -F '\t' -v OFS="$US" -v tunable="$1" "$AWK_persist_dropped"
}

# converge_write_lines TUNABLE: `key status value` of the live changes. Dropped keys come first, so
# that declared ones prevail. A key without a baseline was unreadable, and is not written.
converge_write_lines() {
	printf '%s\n%s\n' "$DROPPED_LIVE" "$JUDGED" | converge_select_rows "$1" '$4 == "bad" && $6 == "live"' |
		converge_changes
}

# converge_changes < compare lines: as the input of NAME_write.
converge_changes() {
	awk -F '\t' -v OFS="$US" '{ print $2, ($10 == "absent" ? "absent" : "value"), ($10 == "absent" ? "" : $7) }'
}

# converge_announce TUNABLE: one line per key and layer that is about to change.
converge_announce() {
	printf '%s\n' "$DROPPED_LIVE" "$DROPPED_BOOT" declared "$JUDGED" | awk -F '\t' -v tunable="$1" "$AWK_announced" | lib_inert 400000
}

# converge_has_keys TUNABLE: whether any key of it is declared or dropped.
converge_has_keys() {
	settings_name_tunable "$1" "$SETTINGS
$DROPPED"
}

# converge TUNABLES: fixes what observe found, in the given order.
converge() {
	UNTOUCHED=no
	WRONG=" $(printf '%s\n%s\n%s\n' "$JUDGED" "$DROPPED_LIVE" "$DROPPED_BOOT" | awk -F '\t' '$4 == "bad" || $5 == "bad" { printf "%s ", $1 }')"
	for TUNABLE in $1; do
		converge_has_keys "$TUNABLE" || continue
		case $ANNOUNCE$WRONG in
		yes*" $TUNABLE "*) converge_announce "$TUNABLE" ;;
		esac
		if lib_defines "${TUNABLE}_persist"; then
			STALE=$(printf '%s\n%s\n' "$JUDGED" "$DROPPED_BOOT" | converge_select_rows "$TUNABLE" '$5 == "bad" || $5 == "unreadable"')
			ROWS=$(converge_persist_lines "$TUNABLE")
			[ -z "$ROWS" ] || printf '%s\n' "$ROWS" | "${TUNABLE}_persist" "${STALE:+stale}" || {
				UNDONE=yes
				complain "$TUNABLE: what the next boot applies could not be written"
			}
		fi
		case $WRONG in
		*" $TUNABLE "*) ;;
		*) continue ;;
		esac
		if lib_defines "${TUNABLE}_write"; then
			ROWS=$(converge_write_lines "$TUNABLE")
			[ -z "$ROWS" ] || printf '%s\n' "$ROWS" | "${TUNABLE}_write" || complain "$TUNABLE: stopped before its last key"
		fi
	done
}

# converge_twice TUNABLES: converges, and once more when a key changed but is still wrong:
# writing one can reset another, as a NIC's rings reset its interrupt masks.
converge_twice() {
	SEEN=$(printf '%s\n%s\n' "$JUDGED" "$DROPPED_LIVE")
	converge "$1"
	converge_observe
	MOVED=$(
		{
			printf '%s\n' "$SEEN" | sed "s/^/seen$TAB/"
			printf '%s\n%s\n' "$JUDGED" "$DROPPED_LIVE"
		} | awk -F '\t' "$AWK_moved"
	)
	if [ -n "$MOVED" ]; then
		converge "$1"
		converge_observe
	fi
	converge_unmet_boot_keys "$1"
}

# converge_late_for_nic: whether `boot` runs because an interface came up, ten minutes or more after
# the boot. Then it must not search a working host for free memory.
converge_late_for_nic() {
	[ "$VERB" = boot ] || return 1
	read_file "$ROOT/proc/uptime"
	[ "$STATUS" = value ] && [ "${VALUE%%.*}" -ge 600 ]
}

# converge_unmet_boot_keys TUNABLES: boot-time keys that the next boot would still not set,
# although all files are written, are written to the running kernel: it may still find what a
# boot did not allocate.
converge_unmet_boot_keys() {
	OPEN=$(printf '%s\n' "$JUDGED" | awk -F '\t' '$3 == "liveDrift" && $6 == "reboot"')
	[ -n "$OPEN" ] && ! converge_late_for_nic || return 0
	for TUNABLE in $1; do
		settings_name_tunable "$TUNABLE" "$OPEN" || continue
		lib_defines "${TUNABLE}_write" || continue
		printf '%s\n' "$OPEN" | converge_select_rows "$TUNABLE" 1 | converge_changes | "${TUNABLE}_write" || complain "$TUNABLE: stopped before its last key"
	done
	converge_observe
}

# converge_install_first: tunables of NAME_remove_last, such as packages, come first: others need
# them for reading, and must be read before they are written.
converge_install_first() {
	for BROUGHT in $TUNABLES; do
		lib_defines "${BROUGHT}_remove_last" || continue
		[ -n "$(printf '%s\n' "$JUDGED" | converge_select_rows "$BROUGHT" '$4 == "bad"')" ] || continue
		baseline_save "$(printf '%s\n' "$FACTS" | baseline_with_facts)"
		converge "$BROUGHT"
		converge_observe
	done
}

# converge_revert_first: tunables of NAME_revert=first, such as SMT, whose CPUs others need for
# what they were before.
converge_revert_first() {
	for FIRST in $TUNABLES; do
		eval "RULE=\${${FIRST}_revert-}"
		[ "$RULE" = first ] || continue
		[ -n "$(printf '%s\n' "$DROPPED_LIVE" | converge_select_rows "$FIRST" '$4 == "bad"')" ] || continue
		converge "$FIRST"
		converge_observe
	done
}

# converge_remove_last TUNABLES: removed after all others are reverted, such as packages, whose
# tools the others need.
converge_remove_last() {
	for LEAVING in $1; do
		lib_defines "${LEAVING}_remove_last" || continue
		settings_name_tunable "$LEAVING" "$DROPPED" || continue
		converge_outcome
		[ -z "$(printf '%s\n' "$BAD" | awk -F '\t' -v leaving="$LEAVING" '$1 != "" && $1 != leaving')" ] || continue
		converge_persist_lines "$LEAVING" | "${LEAVING}_remove_last" || complain "$LEAVING: could not be removed completely"
		converge_observe
	done
}

# converge_leave_others: a revert ends with metaltune's own files. What others set by then stays,
# is named, and is no failure.
converge_leave_others() {
	[ -n "$DROPPED" ] || return 0
	OWN=''
	for TUNABLE in $TUNABLES; do
		eval "RULE=\${${TUNABLE}_own_source-}"
		[ -z "$RULE" ] || OWN="${OWN}own$TAB$TUNABLE$TAB$RULE$NEWLINE"
	done
	DROPPED_LIVE=$(converge_leave_layer live "$DROPPED_LIVE")
	DROPPED_BOOT=$(converge_leave_layer boot "$DROPPED_BOOT")
	OTHERS=$(printf '%s\n%s\n' "$DROPPED_LIVE" "$DROPPED_BOOT" | sed -n "s/^others$TAB//p")
	[ -n "$OTHERS" ] || return 0
	DROPPED_LIVE=$(printf '%s\n' "$DROPPED_LIVE" | grep -v "^others$TAB")
	DROPPED_BOOT=$(printf '%s\n' "$DROPPED_BOOT" | grep -v "^others$TAB")
	[ "$OTHERS" != "$OTHERS_NAMED" ] || return 0
	OTHERS_NAMED=$OTHERS
	complain "$OTHERS"
}

# converge_leave_layer LAYER ROWS: the rows, with those left to others as ok.
converge_leave_layer() {
	[ -n "$2" ] || return 0
	{
		printf '%s' "$OWN"
		printf '%s\n' "$FACTS"
		printf '%s\n' "$2" | sed "s/^/row$TAB/"
	} | awk -F '\t' -v layer="$1" "$AWK_left_to_others"
}

# converge_outcome: from the findings of observe: BAD, the lines that are not effective, and
# WAITING, those that need a reboot. A dropped key that cannot be written live waits for
# the reboot too. One that another tool now sets is not judged.
converge_outcome() {
	converge_leave_others
	BAD=$(printf '%s\n' "$JUDGED" | awk -F '\t' '$3 ~ /^(liveDrift|bootDrift|unreadable)$/'
		printf '%s\n' "$DROPPED_BOOT" | awk -F '\t' '$5 == "bad" || $5 == "unreadable"')
	WAITING=$(printf '%s\n' "$JUDGED" | awk -F '\t' '$3 == "pendingReboot"')
	for TUNABLE in $ANSWERED; do
		settings_name_tunable "$TUNABLE" "$DROPPED_LIVE" || continue
		if lib_defines "${TUNABLE}_owned_elsewhere" && "${TUNABLE}_owned_elsewhere"; then continue; fi
		LEFT=$(printf '%s\n' "$DROPPED_LIVE" | converge_select_rows "$TUNABLE" '$4 == "bad" || $4 == "unreadable"')
		if [ -n "$LEFT" ] && lib_defines "${TUNABLE}_write"; then
			BAD="$BAD
$LEFT"
		else
			WAITING=$WAITING$LEFT
		fi
	done
}

# converge_refuse: reports impossible values, such as more than a NIC supports, before anything
# changes. NAME_refuse gets the input of NAME_write, also of keys that only the next boot
# would have wrong and of those with the effect `reboot`, and prints `KEY SENTENCE`.
converge_refuse() {
	REFUSED=$(
		for TUNABLE in $TUNABLES; do
			lib_defines "${TUNABLE}_refuse" || continue
			converge_has_keys "$TUNABLE" || continue
			{
				converge_write_lines "$TUNABLE"
				printf '%s\n' "$JUDGED" | converge_select_rows "$TUNABLE" '$5 == "bad" && ($6 == "reboot" || $4 != "bad")' | converge_changes
			} | "${TUNABLE}_refuse" | sed "s/^/$TUNABLE$US/"
		done
	)
	[ -n "$REFUSED" ] || return 0
	complain 'refused, and nothing was changed:'
	printf '%s\n' "$REFUSED" | while IFS=$US read -r TUNABLE KEY SENTENCE; do
		complain "$TUNABLE $KEY: $SENTENCE"
		printf '%s\n' "$JUDGED" | awk -F '\t' -v tunable="$TUNABLE" -v key="$KEY" '$1 == tunable && $2 == key'
	done | compare_table >&2
	exit 65
}
