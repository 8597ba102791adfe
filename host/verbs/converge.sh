#!/bin/sh
# Converges the host: judges the observed state, and gives each tunable its wrong keys.
# The tunables' own files define what a key means.
#
# shellcheck disable=SC2016,SC2034,SC2153,SC2154

# Whether apply and revert report their changes.
ANNOUNCE=yes
# Whether to observe what `deploy` changes and apply does not.
DEPLOYS=no
# Whether a tunable failed to change some of its files.
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

# select_rows TUNABLE AWK_CONDITION < compare lines: the lines that match.
select_rows() {
	awk -F '\t' -v tunable="$1" "\$1 == tunable && ($2)"
}

# persist_lines TUNABLE: `key origin match value effect` for NAME_persist; dropped keys
# have their original value, from the boot layer where there is one.
persist_lines() {
	[ -z "$SETTINGS" ] || printf '%s\n' "$SETTINGS" | never_lower | awk -F '\t' -v OFS="$US" -v tunable="$1" '$1 == tunable { print $2, "declared", $3, $4, $5 }'
	[ -z "$DROPPED" ] || printf '%s\n' "$DROPPED" | awk -F '\t' -v OFS="$US" -v tunable="$1" "$AWK_persist_dropped"
}

# write_lines TUNABLE: `key status value` of the live changes. Dropped keys come first, so
# that declared ones prevail. A key without a baseline was unreadable, and is not written.
write_lines() {
	printf '%s\n%s\n' "$DROPPED_LIVE" "$JUDGED" | select_rows "$1" '$4 == "bad" && $6 == "live"' |
		changes
}

# changes < compare lines: as the input of NAME_write.
changes() {
	awk -F '\t' -v OFS="$US" '{ print $2, ($10 == "absent" ? "absent" : "value"), ($10 == "absent" ? "" : $7) }'
}

# announce TUNABLE: one line per key and layer that is about to change.
announce() {
	printf '%s\n%s\n' "$DROPPED_LIVE" "$DROPPED_BOOT" | select_rows "$1" '$4 == "bad" || $5 == "bad"' | announced ' (as before metaltune)'
	printf '%s\n' "$JUDGED" | select_rows "$1" '$4 == "bad" || $5 == "bad"' | announced ''
}

# announced SUFFIX < compare lines: a message about each change.
announced() {
	awk -F '\t' -v suffix="$1" "$AWK_announced" | inert 400000
}

# has_keys TUNABLE: whether any key of it is declared or dropped.
has_keys() {
	names_tunable "$1" "$SETTINGS
$DROPPED"
}

# converge TUNABLES: fixes what observe found, in the given order.
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

# converge_twice TUNABLES: converges, and once more when a key changed but is still wrong:
# writing one can reset another, as a NIC's rings reset its interrupt masks.
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

# nic_opened: whether `boot` runs because an interface came up, ten minutes or more after
# the boot. Then it must not search a working host for free memory.
nic_opened() {
	[ "$VERB" = boot ] || return 1
	read_file "$ROOT/proc/uptime"
	[ "$STATUS" = value ] && [ "${VALUE%%.*}" -ge 600 ]
}

# write_unmet_boot_keys TUNABLES: boot-time keys that the next boot would still not set,
# although all files are written, are written to the running kernel: it may still find what a
# boot did not allocate.
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

# install_first: tunables of NAME_remove_last, such as packages, come first: others need
# them for reading, and must be read before they are written.
install_first() {
	for BROUGHT in $TUNABLES; do
		defines "${BROUGHT}_remove_last" || continue
		[ -n "$(printf '%s\n' "$JUDGED" | select_rows "$BROUGHT" '$4 == "bad"')" ] || continue
		save_baseline "$(printf '%s\n' "$FACTS" | with_baseline)"
		converge "$BROUGHT"
		observe
	done
}

# remove_last TUNABLES: removed after all others are reverted, such as packages, whose
# tools the others need.
remove_last() {
	for LEAVING in $1; do
		defines "${LEAVING}_remove_last" || continue
		names_tunable "$LEAVING" "$DROPPED" || continue
		outcome
		[ -z "$(printf '%s\n' "$BAD" | awk -F '\t' -v leaving="$LEAVING" '$1 != "" && $1 != leaving')" ] || continue
		persist_lines "$LEAVING" | "${LEAVING}_remove_last" || complain "$LEAVING: could not be removed completely"
		observe
	done
}

# outcome: from the findings of observe: BAD, the lines that are not effective, and
# WAITING, those that need a reboot. A dropped key that cannot be written live waits for
# the reboot too. One that another tool now sets is not judged.
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

# refuse: reports impossible values, such as more than a NIC supports, before anything
# changes. NAME_refuse gets the input of NAME_write, also of keys that only the next boot
# would have wrong and of those with the effect `reboot`, and prints `KEY SENTENCE`.
refuse() {
	REFUSED=$(
		for TUNABLE in $TUNABLES; do
			defines "${TUNABLE}_refuse" || continue
			has_keys "$TUNABLE" || continue
			{
				write_lines "$TUNABLE"
				printf '%s\n' "$JUDGED" | select_rows "$TUNABLE" '$5 == "bad" && ($6 == "reboot" || $4 != "bad")' | changes
			} | "${TUNABLE}_refuse" | sed "s/^/$TUNABLE$US/"
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
