#!/bin/sh
# The verbs of the host program: the order in which things happen, the
# baseline, the journal. What a key means is in the tunables' own files.
# Contract: docs/host-program.md. TUNABLES, the registry's names in order, is
# set by the line that is assembled before this file.
#
# shellcheck disable=SC2016,SC2153,SC2154

# Whether apply and revert say what they change.
ANNOUNCE=yes
# Whether settings with the effect `deploy` are looked at.
DEPLOYS=no

# has FUNCTION: whether a tunable defines this part.
has() {
	command -v "$1" >/dev/null
}

# The hash of the program that is running; nothing is known of one on stdin.
program_hash() {
	if [ -f "$PROGRAM" ]; then
		HASH=$(sha256sum "$PROGRAM")
		HASH=${HASH%% *}
	else
		HASH=-
	fi
}

# read_settings: settings on stdin -> SETTINGS, or exit 64 with every problem.
# `wanted TAB HASH` stands for the settings that `want` was given before; the
# hash proves that they are those, and whole.
read_settings() {
	SETTINGS=$(grep -v '^#' || :)
	case $SETTINGS in
	"wanted$TAB"*)
		HASH=$([ ! -f "$STATE/wanted.tsv" ] || sha256sum "$STATE/wanted.tsv")
		if [ "${SETTINGS#*"$TAB"}" != "${HASH%% *}" ]; then
			complain 'the settings that were announced are not on this host; run `pulumi up --refresh`'
			exit 64
		fi
		SETTINGS=$(cat "$STATE/wanted.tsv")
		;;
	esac
	if ! PROBLEMS=$(printf '%s\n' "$SETTINGS" | awk -F '\t' -v known=" $TUNABLES " '
		$0 == "" { next }
		NF != 5 { print "line " NR ": expected 5 fields, got " NF; next }
		index(known, " " $1 " ") == 0 { print "line " NR ": unknown tunable " $1 }
		$3 !~ /^(exact|atLeast|cpuSet|absent)$/ { print "line " NR ": unknown match " $3 }
		$5 !~ /^(live|reboot|deploy)$/ { print "line " NR ": unknown effect " $5 }
		seen[$1, $2]++ { print "line " NR ": " $1 "." $2 " was given before" }' && printf .) || [ "$PROBLEMS" != . ]; then
		complain "malformed settings, nothing was changed: ${PROBLEMS%.}"
		exit 64
	fi
}

# installed_settings: the settings applied last -> SETTINGS.
installed_settings() {
	SETTINGS=''
	[ ! -f "$ETC/settings.tsv" ] || SETTINGS=$(cat "$ETC/settings.tsv")
}

# settings_of TUNABLE < settings: `key match value effect`, US between.
settings_of() {
	awk -F '\t' -v OFS="$US" -v tunable="$1" '$1 == tunable { print $2, $3, $4, $5 }'
}

# unit_facts < settings: the boot layer of tunables that only metaltune.service
# persists: what it will apply, if it is enabled and whole.
unit_facts() {
	{
		sed "s/^/key$TAB/"
		[ ! -x "$PROGRAM" ] || [ ! -f "$ETC/settings.tsv" ] || ! unit_installed || cat "$ETC/settings.tsv"
	} | awk -F '\t' -v units="$(unit_tunables)" '
		$1 != "key" { value[$1, $2] = $4; next }
		!index(units, " " $2 " ") { next }
		{ tunable[++count] = $2; key[count] = $3 }
		END {
			for (i = 1; i <= count; i++) {
				found = (tunable[i], key[i]) in value
				printf "fact\t%s\t%s\tboot\t%s\t%s\t%s\n", tunable[i], key[i], (found ? "value" : "absent"), value[tunable[i], key[i]], (found ? "/etc/metaltune/settings.tsv" : "metaltune.service")
			}
		}'
}

# boot_is_unit TUNABLE: whether metaltune.service persists it.
boot_is_unit() {
	eval "[ \"\${$1_boot-}\" = unit ]"
}

# unit_tunables: those that it persists, a space around each.
unit_tunables() {
	printf ' '
	for TUNABLE in $TUNABLES; do
		! boot_is_unit "$TUNABLE" || printf '%s ' "$TUNABLE"
	done
}

# speaks_of TUNABLE LINES: whether one of the lines begins with its name.
speaks_of() {
	case "
$2" in
	*"
$1$TAB"*) ;;
	*) return 1 ;;
	esac
}

# facts_of < settings: facts of every tunable named, in registry order.
facts_of() {
	ASKED=$(cat)
	for TUNABLE in $TUNABLES; do
		speaks_of "$TUNABLE" "$ASKED" || continue
		printf '%s\n' "$ASKED" | settings_of "$TUNABLE" | "${TUNABLE}_probe"
	done
	printf '%s\n' "$ASKED" | unit_facts
}

setting_lines() {
	[ -z "$SETTINGS" ] || printf '%s\n' "$SETTINGS" | sed "s/^/setting$TAB/"
}

# report [--installed]: see docs/host-program.md, "Report".
report() {
	read_file "$ROOT/proc/sys/kernel/random/boot_id"
	BOOT_ID=$VALUE
	program_hash
	printf 'metaltune\t1\nprogram\t%s\nboot\t%s\n' "$HASH" "$BOOT_ID"
	HASH=-
	if [ -f "$ETC/settings.tsv" ]; then
		HASH=$(sha256sum "$ETC/settings.tsv")
	fi
	printf 'settings\t%s\n' "${HASH%% *}"
	read_file "$STATE/journal"
	[ "$STATUS" = absent ] || printf 'interrupted\t%s\n' "$VALUE"
	[ ! -e "$RUN/reboot-required" ] || printf 'waits\treboot\n'
	trial_lines
	[ "$1" != --installed ] || setting_lines
	FACTS=$(printf '%s\n' "$SETTINGS" | facts_of)
	COUNT=0
	if [ -n "$FACTS" ]; then
		printf '%s\n' "$FACTS"
		COUNT=$(printf '%s\n' "$FACTS" | wc -l)
	fi
	printf 'end\t%s\n' "$((COUNT))"
}

# lock: one change at a time per host. /run itself is the lock, so that nothing
# is left behind and nothing can be deleted under a waiting process.
lock() {
	exec 9<"$ROOT/run"
	if ! flock -w "$LOCK_SECONDS" 9; then
		complain "another metaltune has been changing this host for $LOCK_SECONDS s; wait for it to end and try again"
		exit 75
	fi
}

# begin VERB: before the first change of a run. The journal outlives a crash
# and tells the next run, and every report, that this one did not end.
begin() {
	[ ! -f "$STATE/journal" ] || return 0
	make_directory "$STATE"
	printf '%s\n' "$1" | tee "$STATE/journal" >/dev/null
	sync "$STATE/journal"
}

load_baseline() {
	BASELINE=''
	[ ! -f "$STATE/baseline.tsv" ] || BASELINE=$(cat "$STATE/baseline.tsv")
}

# save_baseline TEXT: whole and on disk before anything it speaks of changes.
save_baseline() {
	[ "$1" != "$BASELINE" ] || return 0
	BASELINE=$1
	if [ -n "$1" ]; then
		replace_file "$STATE/baseline.tsv" "$1
"
	else
		rm -f "$STATE/baseline.tsv"
	fi
}

# with_baseline < fact lines: the baseline and, for keys it does not know yet,
# what was just read. The boot layer of metaltune.service is ours alone: before
# us there was none.
with_baseline() {
	{
		[ -z "$BASELINE" ] || printf '%s\n' "$BASELINE"
		cat
	} | awk -F '\t' -v OFS='\t' -v units="$(unit_tunables)" '
		$0 == "" { next }
		$1 != "fact" { known[$1, $2, $3]; print; next }
		$5 != "value" && $5 != "absent" { next }
		$4 == "boot" && index(units, " " $2 " ") { next }
		# Nothing that it deploys was there before metaltune.
		$2 == "applications" { $5 = "absent"; $6 = "" }
		!(($2, $3, $4) in known) { print $2, $3, $4, $5, $6 }'
}

# baseline_settings < baseline lines of one layer: as settings to compare with.
baseline_settings() {
	awk -F '\t' -v OFS='\t' '{ print "setting", $1, $2, ($4 == "absent" ? "absent" : "exact"), $5, "live" }'
}

# dropped: baseline lines of keys that are no longer declared.
dropped() {
	[ -n "$BASELINE" ] || return 0
	{
		setting_lines
		printf '%s\n' "$BASELINE"
	} | awk -F '\t' '$1 == "setting" { declared[$2, $3]; next } !(($1, $2) in declared)'
}

# dropped_settings: the dropped keys, so that they are probed like the others.
dropped_settings() {
	printf '%s\n' "$DROPPED" | awk -F '\t' -v OFS='\t' '$0 != "" && !seen[$1, $2]++ { print $1, $2, "exact", "-", "live" }'
}

# never_lower: settings -> the same, where `atLeast` asks for no less than the
# host had before us: raising a floor must not lower the house.
never_lower() {
	{
		[ -z "$BASELINE" ] || printf '%s\n' "$BASELINE" | sed "s/^/baseline$TAB/"
		cat
	} | awk -F '\t' -v OFS='\t' "$AT_LEAST"'
		$1 == "baseline" { if ($4 == "live" && $5 == "value") had[$2, $3] = $6; next }
		$3 == "atLeast" && at_least(had[$1, $2], $4) { $4 = had[$1, $2] }
		{ print }'
}

# lowered: JUDGED, where a minimum that is lower than the one applied last
# counts as not met by what that one had taken: the host gets the rest back.
lowered() {
	{
		[ ! -f "$ETC/settings.tsv" ] || sed "s/^/last$TAB/" "$ETC/settings.tsv"
		printf '%s\n' "$SETTINGS" | never_lower | sed "s/^/now$TAB/"
		printf '%s\n' "$JUDGED" | sed "s/^/judged$TAB/"
	} | awk -F '\t' -v OFS='\t' "$AT_LEAST"'
		function more(a, b) { return at_least(a, b) && !at_least(b, a) }
		$1 == "last" { if ($4 == "atLeast") last[$2, $3] = $5; next }
		$1 == "now" { if ($4 == "atLeast") now[$2, $3] = $5; next }
		$5 == "ok" && $7 == "live" && more(last[$2, $3], now[$2, $3]) && more($9, now[$2, $3]) { $5 = "bad"; $8 = now[$2, $3] }
		{ sub(/^judged\t/, ""); print }'
}

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
		printf '%s\n' "$DROPPED" | awk -F '\t' -v layer="$1" '$3 == layer' | baseline_settings
		printf '%s\n' "$FACTS" | awk -F '\t' -v layer="$1" '$4 == layer'
	} | compare
}

# persist_lines TUNABLE: `key origin match value effect` for NAME_persist;
# dropped keys come with what they were, from the boot layer where there is one.
persist_lines() {
	[ -z "$SETTINGS" ] || printf '%s\n' "$SETTINGS" | never_lower | awk -F '\t' -v OFS="$US" -v tunable="$1" '$1 == tunable { print $2, "declared", $3, $4, $5 }'
	[ -z "$DROPPED" ] || printf '%s\n' "$DROPPED" | awk -F '\t' -v OFS="$US" -v tunable="$1" '
		$1 == tunable && ($3 == "boot" || !($2 in line)) { line[$2] = $2 OFS "baseline" OFS ($4 == "absent" ? "absent" : "exact") OFS $5 OFS "live" }
		END { for (key in line) print line[key] }'
}

# write_lines TUNABLE: `key status value` of what must change live: dropped keys
# first, so that a declared one has the last word. A key without a baseline was
# not readable and is left alone.
write_lines() {
	printf '%s\n%s\n' "$DROPPED_LIVE" "$JUDGED" | of "$1" '$4 == "bad" && $6 == "live"' |
		awk -F '\t' -v OFS="$US" '{ print $2, ($10 == "absent" ? "absent" : "value"), ($10 == "absent" ? "" : $7) }'
}

# announce TUNABLE: one line per key and layer that is about to change.
announce() {
	printf '%s\n%s\n' "$DROPPED_LIVE" "$DROPPED_BOOT" | of "$1" '$4 == "bad" || $5 == "bad"' | announced ' (as before metaltune)'
	printf '%s\n' "$JUDGED" | of "$1" '$4 == "bad" || $5 == "bad"' | announced ''
}

# announced SUFFIX < compare lines: what changes where, in words.
announced() {
	awk -F '\t' -v suffix="$1" '
		function shown(text) {
			if (text ~ /^sha256:/) sub(/ .*/, "", text)
			return text == "" ? "\"\"" : text
		}
		$4 == "bad" && $6 == "live" { print $1, $2, shown($8), "->", shown($7) suffix }
		$5 == "bad" { print $1, $2, "boot:", shown($9), "->", shown($7) suffix }'
}

# observe: reads everything declared or dropped and judges it.
observe() {
	FACTS=$( { printf '%s\n' "$SETTINGS"; dropped_settings; } | facts_of)
	JUDGED=$([ -z "$SETTINGS" ] || printf '%s\n' "$SETTINGS" | judge)
	[ "$DEPLOYS" = yes ] || ! speaks_of applications "$SETTINGS" ||
		JUDGED=$(printf '%s\n' "$JUDGED" | awk -F '\t' '$6 != "deploy"')
	DROPPED_LIVE=$(dropped_judged live)
	DROPPED_BOOT=$(dropped_judged boot)
}

# of TUNABLE AWK_CONDITION < compare lines: the lines that meet it.
of() {
	awk -F '\t' -v tunable="$1" "\$1 == tunable && ($2)"
}

# concerned TUNABLE: whether anything of it is declared or dropped.
concerned() {
	speaks_of "$1" "$SETTINGS
$DROPPED"
}

# converge TUNABLES: what observe found is made right, in the order given.
converge() {
	for TUNABLE in $1; do
		concerned "$TUNABLE" || continue
		[ "$ANNOUNCE" = no ] || announce "$TUNABLE"
		if has "${TUNABLE}_persist"; then
			STALE=$(printf '%s\n%s\n' "$JUDGED" "$DROPPED_BOOT" | of "$TUNABLE" '$5 == "bad" || $5 == "unreadable"')
			LINES=$(persist_lines "$TUNABLE")
			[ -z "$LINES" ] || printf '%s\n' "$LINES" | "${TUNABLE}_persist" "${STALE:+stale}" || complain "$TUNABLE: what the next boot applies could not be written"
		fi
		if has "${TUNABLE}_write"; then
			LINES=$(write_lines "$TUNABLE")
			[ -z "$LINES" ] || printf '%s\n' "$LINES" | "${TUNABLE}_write" || complain "$TUNABLE: stopped before its last key"
		fi
	done
}

# settle TUNABLES: converge, and once more when a key moved but is not right:
# writing one can reset another, as the rings of a NIC do its interrupt masks.
settle() {
	SEEN=$(printf '%s\n%s\n' "$JUDGED" "$DROPPED_LIVE")
	converge "$1"
	observe
	MOVED=$(
		{
			printf '%s\n' "$SEEN" | sed "s/^/seen$TAB/"
			printf '%s\n%s\n' "$JUDGED" "$DROPPED_LIVE"
		} | awk -F '\t' '
			$1 == "seen" { was[$2, $3] = $9; next }
			$4 == "bad" && $6 == "live" && (was[$1, $2] "") != ($8 "")'
	)
	[ -n "$MOVED" ] || return 0
	converge "$1"
	observe
}

# bring: what leaves last comes first, as do packages: some of the rest can only
# be read with them, and must be known before it is written.
bring() {
	for BROUGHT in $TUNABLES; do
		has "${BROUGHT}_leave" || continue
		[ -n "$(printf '%s\n' "$JUDGED" | of "$BROUGHT" '$4 == "bad"')" ] || continue
		save_baseline "$(printf '%s\n' "$FACTS" | with_baseline)"
		converge "$BROUGHT"
		observe
	done
}

# leave TUNABLES: what goes only when all else is back, as do packages whose
# tools bring the rest back.
leave() {
	for LEAVING in $1; do
		has "${LEAVING}_leave" || continue
		speaks_of "$LEAVING" "$DROPPED" || continue
		outcome
		[ -z "$(printf '%s\n' "$BAD" | awk -F '\t' -v leaving="$LEAVING" '$1 != "" && $1 != leaving')" ] || continue
		persist_lines "$LEAVING" | "${LEAVING}_leave" || complain "$LEAVING: could not all be taken away"
		observe
	done
}

UNIT_LINK=${UNIT%/*}/multi-user.target.wants/metaltune.service
UNIT_TEXT='[Unit]
Description=metaltune: latency settings that do not survive a boot
After=local-fs.target swap.target systemd-sysctl.service network.target
ConditionPathExists=/etc/metaltune/settings.tsv
# Every NIC that appears or is opened restarts it.
StartLimitIntervalSec=0

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/local/sbin/metaltune boot

[Install]
WantedBy=multi-user.target
'

unit_installed() {
	same_text "$UNIT" "$UNIT_TEXT" && [ -h "$UNIT_LINK" ]
}

# install_unit: metaltune.service, enabled the way `systemctl enable` does it.
install_unit() {
	! unit_installed || return 0
	write_file "$UNIT" "$UNIT_TEXT"
	make_directory "${UNIT_LINK%/*}"
	[ -h "$UNIT_LINK" ] || ln -s ../metaltune.service "$UNIT_LINK"
	reload_units
}

# What runs when a NIC appears or is opened again, as its settings start over
# then: udev everywhere, and what the distribution sets networks up with.
NIC_RULE=$ROOT/etc/udev/rules.d/99-metaltune.rules
NIC_RULE_TEXT='# Written by metaltune: a NIC that appears has none of its settings.
ACTION=="add|move", SUBSYSTEM=="net", RUN+="/bin/systemctl --no-block restart metaltune.service"
'
NIC_HOOKS='network/if-up.d/metaltune NetworkManager/dispatcher.d/90-metaltune networkd-dispatcher/routable.d/90-metaltune'
NIC_HOOK_TEXT='#!/bin/sh
# Written by metaltune: a NIC that is opened starts over with its settings.
# NetworkManager says what happened; the others only call when a NIC is up.
[ "${2-up}" = up ] || exit 0
exec systemctl --no-block restart metaltune.service
'

# nics_declared: whether SETTINGS hold any of a NIC.
nics_declared() {
	for TUNABLE in $TUNABLES; do
		eval "[ \"\${${TUNABLE}_nic-}\" = yes ]" || continue
		! speaks_of "$TUNABLE" "$SETTINGS" || return 0
	done
	return 1
}

# nic_hooks_right: whether they are there exactly when they are needed.
nic_hooks_right() {
	if ! nics_declared; then
		for HOOK in udev/rules.d/99-metaltune.rules $NIC_HOOKS; do
			[ ! -e "$STATE/files/etc/$HOOK" ] && [ ! -e "$STATE/files/etc/$HOOK.absent" ] || return 1
		done
		return 0
	fi
	same_text "$NIC_RULE" "$NIC_RULE_TEXT" || return 1
	for HOOK in $NIC_HOOKS; do
		HOOK=$ROOT/etc/$HOOK
		[ ! -d "${HOOK%/*}" ] || { [ -x "$HOOK" ] && same_text "$HOOK" "$NIC_HOOK_TEXT"; } || return 1
	done
}

# install_nic_hooks: only where settings of NICs are declared.
install_nic_hooks() {
	! nic_hooks_right || return 0
	if ! nics_declared; then
		remove_nic_hooks
		return 0
	fi
	write_file "$NIC_RULE" "$NIC_RULE_TEXT"
	for HOOK in $NIC_HOOKS; do
		HOOK=$ROOT/etc/$HOOK
		[ -d "${HOOK%/*}" ] || continue
		write_file "$HOOK" "$NIC_HOOK_TEXT"
		[ -x "$HOOK" ] || chmod 0755 "$HOOK"
	done
}

remove_nic_hooks() {
	restore_file "$NIC_RULE"
	for HOOK in $NIC_HOOKS; do
		restore_file "$ROOT/etc/$HOOK"
	done
}

reload_units() {
	[ ! -d "$ROOT/run/systemd/system" ] || systemctl daemon-reload
}

# mark_reboot: the host's own note that a boot-time change waits.
mark_reboot() {
	if [ -n "$WAITING" ]; then
		[ -d "$RUN" ] || mkdir "$RUN"
		[ -e "$RUN/reboot-required" ] || printf '' | tee "$RUN/reboot-required" >/dev/null
	elif [ -d "$RUN" ]; then
		rm -f "$RUN/reboot-required"
		rmdir "$RUN"
	fi
}

# outcome: from what observe found: BAD, the lines that are not effective, and
# WAITING, those that a reboot makes so. A dropped key that nothing can write
# live waits for the reboot too; one that somebody else sets from now on is not
# ours to judge.
outcome() {
	BAD=$(printf '%s\n' "$JUDGED" | awk -F '\t' '$3 ~ /^(liveDrift|bootDrift|unreadable)$/'
		printf '%s\n' "$DROPPED_BOOT" | awk -F '\t' '$5 == "bad" || $5 == "unreadable"')
	WAITING=$(printf '%s\n' "$JUDGED" | awk -F '\t' '$3 == "pendingReboot"')
	for TUNABLE in $TUNABLES; do
		speaks_of "$TUNABLE" "$DROPPED_LIVE" || continue
		if has "${TUNABLE}_is_others" && "${TUNABLE}_is_others"; then continue; fi
		LEFT=$(printf '%s\n' "$DROPPED_LIVE" | of "$TUNABLE" '$4 == "bad" || $4 == "unreadable"')
		if [ -n "$LEFT" ] && has "${TUNABLE}_write"; then
			BAD="$BAD
$LEFT"
		else
			WAITING=$WAITING$LEFT
		fi
	done
}

# end_of_run: the journal is closed, and what is not effective is said.
end_of_run() {
	[ ! -f "$STATE/journal" ] || rm -f "$STATE/journal"
	[ -n "$BAD" ] || return 0
	complain 'not effective:'
	printf '%s\n' "$BAD" | sed '/^$/d' | table >&2
	exit 65
}

# converged: whether there is nothing at all to do; such a host is only read.
converged() {
	[ ! -f "$STATE/journal" ] && [ -z "$DROPPED" ] &&
		same_text "$ETC/settings.tsv" "$1" && unit_installed && nic_hooks_right &&
		[ "$(printf '%s\n' "$FACTS" | with_baseline)" = "$BASELINE" ] &&
		[ -z "$(printf '%s\n' "$JUDGED" | awk -F '\t' '$4 == "bad" && $6 == "live" || $5 == "bad" || $3 == "unreadable"')" ]
}

# settings_text: SETTINGS as a file holds them, in TEXT.
settings_text() {
	TEXT=''
	[ -z "$SETTINGS" ] || TEXT="$SETTINGS
"
}

# verb_want: keeps settings for a later apply, so that they cross the network
# and stay in the controller's state once.
verb_want() {
	read_settings
	lock
	settings_text
	same_text "$STATE/wanted.tsv" "$TEXT" || replace_file "$STATE/wanted.tsv" "$TEXT"
}

# verb_apply [--quiet] [--rollback=SECONDS]: --quiet leaves the lines about
# changes out; --rollback puts on trial what could cut the host off.
verb_apply() {
	read_settings
	for ARGUMENT; do
		[ "$ARGUMENT" != --quiet ] || ANNOUNCE=no
		rollback_option "$ARGUMENT"
	done
	lock
	load_baseline
	DROPPED=$(dropped)
	settings_text
	observe
	if ! converged "$TEXT"; then
		weigh
		refuse
		begin apply
		make_so
	fi
	outcome
	mark_reboot
	armed
	[ -n "$BAD" ] || forget_dropped
	[ -n "$BAD" ] || [ ! -f "$ROLLED_BACK" ] || rm -f "$ROLLED_BACK"
	end_of_run
}

# refuse: what no write could bring about, such as more than a NIC has, is said
# before anything is changed. NAME_refuse is given what NAME_write would be, and
# answers `KEY SENTENCE`.
refuse() {
	REFUSED=$(
		for TUNABLE in $TUNABLES; do
			has "${TUNABLE}_refuse" || continue
			LINES=$(write_lines "$TUNABLE")
			[ -z "$LINES" ] || printf '%s\n' "$LINES" | "${TUNABLE}_refuse" | sed "s/^/$TUNABLE$US/"
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

# make_so: what observe found becomes SETTINGS, whose text is TEXT.
make_so() {
	bring
	JUDGED=$(lowered)
	save_baseline "$(printf '%s\n' "$FACTS" | with_baseline)"
	arm
	install_unit
	install_nic_hooks
	same_text "$ETC/settings.tsv" "$TEXT" || replace_file "$ETC/settings.tsv" "$TEXT"
	settle "$TUNABLES"
	leave "$TUNABLES"
}

# forget_dropped: what is back to its baseline is no longer ours.
forget_dropped() {
	[ -n "$DROPPED" ] || return 0
	save_baseline "$(
		{
			printf '%s\n' "$DROPPED" | sed "s/^/dropped$TAB/"
			printf '%s\n' "$BASELINE"
		} | awk -F '\t' '$1 == "dropped" { gone[$2, $3]; next } !(($1, $2) in gone)'
	)"
}

backwards() {
	BACKWARDS=''
	for TUNABLE in $TUNABLES; do
		BACKWARDS="$TUNABLE $BACKWARDS"
	done
}

verb_revert() {
	lock
	SETTINGS=''
	load_baseline
	DROPPED=$(dropped)
	if [ -e "$STATE" ] || [ -e "$ETC" ] || [ -e "$UNIT" ]; then
		begin revert
		disarm boot
		disarm live
		rm -f "$ETC/settings.tsv" "$ETC/settings.tsv.metaltune-new"
		observe
		backwards
		settle "$BACKWARDS"
		leave "$BACKWARDS"
		outcome
		mark_reboot
		[ -z "$BAD" ] || end_of_run
		rm -f "$UNIT_LINK"
		restore_file "$UNIT"
		remove_nic_hooks
		reload_units
		remove_directories
		rm -rf "$STATE"
	fi
	remove_uploads ''
	rm -f "$PROGRAM"
}

# remove_directories: those we made, deepest first, unless others use them now.
remove_directories() {
	[ -f "$STATE/directories" ] || return 0
	sort -r -u "$STATE/directories" | while IFS= read -r DIRECTORY; do
		[ ! -d "$ROOT$DIRECTORY" ] || rmdir "$ROOT$DIRECTORY" 2>/dev/null || complain "$DIRECTORY is in use by others and stays"
	done
}

verb_boot() {
	lock
	settle_trials || return 0
	load_baseline
	installed_settings
	[ -n "$SETTINGS" ] || return 0
	SETTINGS=$(printf '%s\n' "$SETTINGS" | awk -F '\t' -v units="$(unit_tunables)" 'index(units, " " $1 " ")')
	DROPPED=''
	observe
	settle "$TUNABLES"
	outcome
	end_of_run
}

# verb_check: 1 (could not tell) outranks 2 (drift).
verb_check() {
	DEPLOYS=yes
	installed_settings
	DROPPED=''
	observe
	[ -z "$JUDGED" ] || printf '%s\n' "$JUDGED" | table
	TRIALS=$(trial_lines)
	[ -z "$TRIALS" ] || printf '%s\n' "$TRIALS" | awk -F '\t' '
		$1 == "armed" { print "ON TRIAL (" $2 "): " $5 "; `metaltune confirm` keeps it" }
		$1 == "rolledback" { print "ROLLED BACK: " $2 }'
	printf '%s\n%s\n' "$JUDGED" "$TRIALS" | awk -F '\t' '
		$3 == "unreadable" { unknown = 1 }
		$1 == "rolledback" { drift = 1 }
		$3 ~ /^(liveDrift|bootDrift|pendingReboot)$/ { drift = 1 }
		END { exit unknown ? 1 : drift ? 2 : 0 }'
}

verb_probe() {
	case ${1-} in
	--installed) installed_settings ;;
	*) read_settings ;;
	esac
	report "${1-}"
}

# verb_reboot [--rollback=SECONDS]: detached, so that whoever asked still gets
# an answer; with --rollback, who asks confirms the next boot within that time.
verb_reboot() {
	rollback_option "${1-}"
	if [ -n "$ROLLBACK" ] && on_trial boot; then
		lock
		replace_file "$ARMED" "$(awk -F '\t' -v OFS='\t' -v seconds="$ROLLBACK" '$1 == "# boot" { $3 = seconds } { print }' "$ARMED")
"
	fi
	setsid sh -c 'sleep 2; systemctl reboot' </dev/null >/dev/null 2>&1 9<&- &
	printf 'rebooting in 2 s\n'
}

verb_version() {
	program_hash
	printf '%s\n' "$HASH"
}

metaltune_main() {
	case ${1-} in
	probe | want | apply | confirm | rollback | revert | check | boot | reboot | version | deploy | threads | release-back | load-test)
		VERB=$(printf '%s' "$1" | tr - _)
		shift
		"verb_$VERB" "$@"
		;;
	*)
		complain "expected probe, want, apply, confirm, rollback, revert, check, boot, reboot, version, deploy, threads, release-back or load-test, got '${1-}'"
		exit 64
		;;
	esac
}
