#!/bin/sh
# From what is to what shall be: what is observed is judged, and each tunable is
# given what is wrong. What a key means is in the tunables' own files.
#
# shellcheck disable=SC2016,SC2034,SC2153,SC2154

# Whether apply and revert say what they change.
ANNOUNCE=yes
# Whether what `deploy` makes so, and apply does not, is looked at.
DEPLOYS=no
# Whether a tunable could not do all that its files ask for.
UNDONE=no

# judge < settings (SETTINGS form): lines of compare, with FACTS.
judge() {
	{
		sed "s/^/setting$TAB/"
		printf '%s\n' "$FACTS"
	} | compare
}

# dropped_judged LAYER: compare lines of dropped keys against their baseline.
dropped_judged() {
	[ -n "$DROPPED" ] || return 0
	{
		printf '%s\n' "$DROPPED" | awk -F '\t' -v layer="$1" '$3 == layer && $4 != "adopted"' | baseline_settings
		printf '%s\n' "$FACTS" | awk -F '\t' -v layer="$1" '$4 == layer'
	} | compare
}

# observe: reads everything declared or dropped and judges it.
observe() {
	FACTS=$( { printf '%s\n' "$SETTINGS"; dropped_settings; } | facts_of)
	JUDGED=$([ -z "$SETTINGS" ] || printf '%s\n' "$SETTINGS" | judge)
	[ "$DEPLOYS" = yes ] || ! names_tunable "$DEPLOYED" "$SETTINGS" ||
		JUDGED=$(printf '%s\n' "$JUDGED" | awk -F '\t' -v deployed="$DEPLOYED" '$1 != deployed')
	DROPPED_LIVE=$(dropped_judged live)
	DROPPED_BOOT=$(dropped_judged boot)
}

# select_rows TUNABLE AWK_CONDITION < compare lines: the lines that meet it.
select_rows() {
	awk -F '\t' -v tunable="$1" "\$1 == tunable && ($2)"
}

# persist_lines TUNABLE: `key origin match value effect` for NAME_persist;
# dropped keys come with what they were, from the boot layer where there is one.
persist_lines() {
	[ -z "$SETTINGS" ] || printf '%s\n' "$SETTINGS" | never_lower | awk -F '\t' -v OFS="$US" -v tunable="$1" '$1 == tunable { print $2, "declared", $3, $4, $5 }'
	[ -z "$DROPPED" ] || printf '%s\n' "$DROPPED" | awk -F '\t' -v OFS="$US" -v tunable="$1" "$AWK_persist_dropped"
}

# write_lines TUNABLE: `key status value` of what must change live: dropped keys
# first, so that a declared one has the last word. A key without a baseline was
# not readable and is left alone.
write_lines() {
	printf '%s\n%s\n' "$DROPPED_LIVE" "$JUDGED" | select_rows "$1" '$4 == "bad" && $6 == "live"' |
		changes
}

# changes < compare lines: as NAME_write is given them.
changes() {
	awk -F '\t' -v OFS="$US" '{ print $2, ($10 == "absent" ? "absent" : "value"), ($10 == "absent" ? "" : $7) }'
}

# announce TUNABLE: one line per key and layer that is about to change.
announce() {
	printf '%s\n%s\n' "$DROPPED_LIVE" "$DROPPED_BOOT" | select_rows "$1" '$4 == "bad" || $5 == "bad"' | announced ' (as before metaltune)'
	printf '%s\n' "$JUDGED" | select_rows "$1" '$4 == "bad" || $5 == "bad"' | announced ''
}

# announced SUFFIX < compare lines: what changes where, in words.
announced() {
	awk -F '\t' -v suffix="$1" "$AWK_announced" | inert 400000
}

# has_keys TUNABLE: whether anything of it is declared or dropped.
has_keys() {
	names_tunable "$1" "$SETTINGS
$DROPPED"
}

# converge TUNABLES: what observe found is made right, in the order given.
converge() {
	for TUNABLE in $1; do
		has_keys "$TUNABLE" || continue
		[ "$ANNOUNCE" = no ] || announce "$TUNABLE"
		if defines "${TUNABLE}_persist"; then
			STALE=$(printf '%s\n%s\n' "$JUDGED" "$DROPPED_BOOT" | select_rows "$TUNABLE" '$5 == "bad" || $5 == "unreadable"')
			ROWS=$(persist_lines "$TUNABLE")
			[ -z "$ROWS" ] || printf '%s\n' "$ROWS" | "${TUNABLE}_persist" "${STALE:+stale}" || {
				UNDONE=yes
				complain "$TUNABLE: what the next boot applies could not be written"
			}
		fi
		if defines "${TUNABLE}_write"; then
			ROWS=$(write_lines "$TUNABLE")
			[ -z "$ROWS" ] || printf '%s\n' "$ROWS" | "${TUNABLE}_write" || complain "$TUNABLE: stopped before its last key"
		fi
	done
}

# converge_twice TUNABLES: converge, and once more when a key moved but is not right:
# writing one can reset another, as the rings of a NIC do its interrupt masks.
converge_twice() {
	SEEN=$(printf '%s\n%s\n' "$JUDGED" "$DROPPED_LIVE")
	converge "$1"
	observe
	MOVED=$(
		{
			printf '%s\n' "$SEEN" | sed "s/^/seen$TAB/"
			printf '%s\n%s\n' "$JUDGED" "$DROPPED_LIVE"
		} | awk -F '\t' "$AWK_moved"
	)
	if [ -n "$MOVED" ]; then
		converge "$1"
		observe
	fi
	write_unmet_boot_keys "$1"
}

# nic_opened: whether `boot` runs for a NIC that was opened, as the boot itself was
# ten minutes ago. That is no reason to search a working host for memory.
nic_opened() {
	[ "$VERB" = boot ] || return 1
	read_file "$ROOT/proc/uptime"
	[ "$STATUS" = value ] && [ "${VALUE%%.*}" -ge 600 ]
}

# write_unmet_boot_keys TUNABLES: what only a boot makes so, and the next boot would not make so
# either now that all is written, is asked of the running kernel: it may still
# find what a boot did not grant.
write_unmet_boot_keys() {
	OPEN=$(printf '%s\n' "$JUDGED" | awk -F '\t' '$3 == "liveDrift" && $6 == "reboot"')
	[ -n "$OPEN" ] && ! nic_opened || return 0
	for TUNABLE in $1; do
		names_tunable "$TUNABLE" "$OPEN" || continue
		defines "${TUNABLE}_write" || continue
		printf '%s\n' "$OPEN" | select_rows "$TUNABLE" 1 | changes | "${TUNABLE}_write" || complain "$TUNABLE: stopped before its last key"
	done
	observe
}

# install_first: what leaves last comes first, as do packages: some of the rest can only
# be read with them, and must be known before it is written.
install_first() {
	for BROUGHT in $TUNABLES; do
		defines "${BROUGHT}_remove_last" || continue
		[ -n "$(printf '%s\n' "$JUDGED" | select_rows "$BROUGHT" '$4 == "bad"')" ] || continue
		save_baseline "$(printf '%s\n' "$FACTS" | with_baseline)"
		converge "$BROUGHT"
		observe
	done
}

# remove_last TUNABLES: what goes only when all else is back, as do packages whose
# tools bring the rest back.
remove_last() {
	for LEAVING in $1; do
		defines "${LEAVING}_remove_last" || continue
		names_tunable "$LEAVING" "$DROPPED" || continue
		outcome
		[ -z "$(printf '%s\n' "$BAD" | awk -F '\t' -v leaving="$LEAVING" '$1 != "" && $1 != leaving')" ] || continue
		persist_lines "$LEAVING" | "${LEAVING}_remove_last" || complain "$LEAVING: could not all be taken away"
		observe
	done
}

# outcome: from what observe found: BAD, the lines that are not effective, and
# WAITING, those that a reboot makes so. A dropped key that nothing can write
# live waits for the reboot too; one that somebody else sets from now on is not
# ours to judge.
outcome() {
	BAD=$(printf '%s\n' "$JUDGED" | awk -F '\t' '$3 ~ /^(liveDrift|bootDrift|unreadable)$/'
		printf '%s\n' "$DROPPED_BOOT" | awk -F '\t' '$5 == "bad" || $5 == "unreadable"')
	WAITING=$(printf '%s\n' "$JUDGED" | awk -F '\t' '$3 == "pendingReboot"')
	for TUNABLE in $ANSWERED; do
		names_tunable "$TUNABLE" "$DROPPED_LIVE" || continue
		if defines "${TUNABLE}_owned_elsewhere" && "${TUNABLE}_owned_elsewhere"; then continue; fi
		LEFT=$(printf '%s\n' "$DROPPED_LIVE" | select_rows "$TUNABLE" '$4 == "bad" || $4 == "unreadable"')
		if [ -n "$LEFT" ] && defines "${TUNABLE}_write"; then
			BAD="$BAD
$LEFT"
		else
			WAITING=$WAITING$LEFT
		fi
	done
}

# refuse: what no write could bring about, such as more than a NIC has, is said
# before anything is changed. NAME_refuse is given what NAME_write would be, and
# answers `KEY SENTENCE`.
refuse() {
	REFUSED=$(
		for TUNABLE in $TUNABLES; do
			defines "${TUNABLE}_refuse" || continue
			ROWS=$(write_lines "$TUNABLE")
			[ -z "$ROWS" ] || printf '%s\n' "$ROWS" | "${TUNABLE}_refuse" | sed "s/^/$TUNABLE$US/"
		done
	)
	[ -n "$REFUSED" ] || return 0
	complain 'refused, and nothing was changed:'
	printf '%s\n' "$REFUSED" | while IFS=$US read -r TUNABLE KEY SENTENCE; do
		complain "$TUNABLE $KEY: $SENTENCE"
		printf '%s\n' "$JUDGED" | awk -F '\t' -v tunable="$TUNABLE" -v key="$KEY" '$1 == tunable && $2 == key'
	done | table >&2
	exit 65
}
