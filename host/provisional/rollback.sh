#!/bin/sh
# What can cut a host off is on trial until a login made after it confirms it:
# else the settings from before are applied again. docs/adr/0005-rollback.md.
#
# Names set here are used by the files assembled after this one.
# shellcheck disable=SC2016,SC2034,SC2153,SC2154

# `# KIND BOOT_ID SECONDS KEYS CHANGE` for each kind on trial, live or boot, tabs
# between, and below them the settings to go back to. SECONDS is `-` for a
# boot that nobody has promised to confirm: that it comes up is enough. CHANGE
# names the change that is confirmed, the same in all lines.
ARMED=$STATE/armed.tsv
# Why the settings before the last ones are in effect again.
ROLLED_BACK=$STATE/rolled-back
# How long a change waits to be confirmed; empty: nothing is put on trial.
ROLLBACK=''
CUTS=''
LINE=''

# rollback_option ARGUMENT
rollback_option() {
	case $1 in
	--rollback=*[!0-9]* | --rollback= | --rollback=0*)
		complain "expected --rollback=SECONDS, a whole number from 1, got '$1'"
		exit 64
		;;
	--rollback=*) ROLLBACK=${1#*=} ;;
	esac
}

# on_trial KIND: TRIAL_BOOT is `now`, or `before` when it was in another boot;
# TRIAL_SECONDS, TRIAL_KEYS and TRIAL_CHANGE as in the file.
on_trial() {
	read_record "$ARMED"
	ARMED_TEXT=$BODY
	[ -n "$ARMED_TEXT" ] || return 1
	read_file "$ROOT/proc/sys/kernel/random/boot_id"
	TRIAL=$(printf '%s\n' "$ARMED_TEXT" | awk -F '\t' -v OFS="$US" -v kind="# $1" -v boot="$VALUE" '
		$1 == kind { print ($2 == boot ? "now" : "before"), $3, $4, ($5 == "" ? "-" : $5) }')
	[ -n "$TRIAL" ] || return 1
	TRIAL_BOOT=${TRIAL%%"$US"*}
	TRIAL_CHANGE=${TRIAL##*"$US"}
	TRIAL=${TRIAL%"$US"*}
	TRIAL_KEYS=${TRIAL##*"$US"}
	TRIAL_SECONDS=${TRIAL#*"$US"}
	TRIAL_SECONDS=${TRIAL_SECONDS%"$US"*}
}

# named CONDITION RULES: the keys about to change that meet the condition and
# a rule, `TUNABLE REGEX` each, as a text.
named() {
	printf '%s\n%s\n%s\n' "$JUDGED" "$DROPPED_LIVE" "$DROPPED_BOOT" | awk -F '\t' -v rules="$2" "
		BEGIN { n = split(rules, rule, \" \"); for (i = 1; i < n; i += 2) keys[rule[i]] = rule[i + 1] }
		($1) && \$1 in keys && \$2 ~ keys[\$1] && !seen[\$1, \$2]++ {
			if (++count <= 3) text = text (count > 1 ? \", \" : \"\") \$1 \".\" \$2
		}
		END { print text (count > 3 ? \" and \" count - 3 \" more\" : \"\") }"
}

# weigh: which of the keys about to change can cut the login, in CUTS, and
# which a boot, in LINE. A host that could not go back is not changed.
weigh() {
	[ -n "$ROLLBACK" ] || return 0
	RULES=''
	for TUNABLE in $TUNABLES; do
		eval "RULE=\${${TUNABLE}_cuts-}"
		! has "${TUNABLE}_nics" || RULE=.
		[ -z "$RULE" ] || RULES="$RULES $TUNABLE $RULE"
	done
	CUTS=$(named '$4 == "bad" && $6 == "live"' "$RULES")
	LINE=$(named '$5 == "bad"' 'kernelCommandLine .')
	if [ -n "$CUTS" ] && ! command -v systemd-run >/dev/null; then
		complain "$CUTS can cut the connection, and this host has no systemd-run to undo it then; nothing was changed"
		exit 69
	fi
}

# name_change: CHANGE, which names the settings and the run that applies them.
name_change() {
	HASH=$(printf '%s' "$TEXT" | sha256sum)
	RUN_HASH=$(printf '%s %s %s' "$VALUE" "$$" "$(date +%s.%N)" | sha256sum)
	CHANGE=$(printf '%.12s-%.8s' "$HASH" "$RUN_HASH")
}

# arm: before the first change. What is on trial already keeps the settings
# to go back to: those were the last that somebody confirmed. It is part of this
# change from now on, also where this one adds nothing to it.
arm() {
	read_record "$ARMED"
	BEFORE=$BODY
	[ -n "$CUTS$LINE" ] || { [ "$VERB" = apply ] && [ -n "$BEFORE" ]; } || return 0
	read_file "$ROOT/proc/sys/kernel/random/boot_id"
	if [ -z "$BEFORE" ]; then
		read_record "$ETC/settings.tsv"
		BEFORE=$BODY
	fi
	name_change
	ARMING=$(
		[ -z "$CUTS" ] || printf '# live\t%s\t%s\t%s\t%s\n' "$VALUE" "$ROLLBACK" "$CUTS" "$CHANGE"
		[ -z "$LINE" ] || printf '# boot\t%s\t-\t%s\t%s\n' "$VALUE" "$LINE" "$CHANGE"
		[ -z "$BEFORE" ] || printf '%s\n' "$BEFORE" | awk -F '\t' -v OFS='\t' -v live="$CUTS" -v boot="$LINE" -v change="$CHANGE" '
			$1 == "# live" && live != "" || $1 == "# boot" && boot != "" { next }
			/^# / { $5 = change }
			{ print }'
	)
	write_record "$ARMED" "$ARMING$NEWLINE"
	[ -z "$CUTS" ] || start_timer "$ROLLBACK"
	[ -z "$LINE" ] || trial_write || :
}

# armed: after the last change. The time to confirm starts now, and the menu
# has the new command line; one that is in effect already needs no trial.
armed() {
	if [ -n "$LINE" ] && [ -z "$WAITING" ]; then
		disarm boot
	elif [ -n "$LINE" ] && ! trial_write again; then
		complain "the new kernel command line cannot be tried just once: $WHY; should the host not come up with it, it needs its console"
		trial_remove
	fi
	[ -n "$CUTS" ] || return 0
	start_timer "$ROLLBACK"
	[ -z "$BAD" ] || complain "$CUTS: this host goes back to the settings from before in $ROLLBACK s; to keep these, log in anew within that time and run \`metaltune confirm $CHANGE\`"
}

# start_timer SECONDS
start_timer() {
	stop_timer
	quietly systemd-run --quiet --collect --on-active="$1" --timer-property=AccuracySec=1s --unit=metaltune-rollback -- "$PROGRAM" rollback
}

# A run that waits for the lock is stopped too, unless it is this one.
stop_timer() {
	systemctl stop metaltune-rollback.timer 2>/dev/null || :
	[ "$VERB" = rollback ] || systemctl stop metaltune-rollback.service 2>/dev/null || :
}

# disarm KIND: it is no longer on trial.
disarm() {
	on_trial "$1" || return 0
	if [ "$1" = live ]; then
		stop_timer
	else
		on_trial live || stop_timer
		trial_remove
	fi
	LEFT=$(printf '%s\n' "$ARMED_TEXT" | grep -v "^# $1$TAB" || :)
	case $LEFT in
	'# '*) write_record "$ARMED" "$LEFT$NEWLINE" ;;
	*) remove_record "$ARMED" ;;
	esac
}

# roll_back REASON: the settings from before, by the way everything is applied.
# A kernel that runs with a line on trial is rebooted out of it.
roll_back() {
	REBOOT=no
	! on_trial boot || [ "$TRIAL_BOOT" = now ] || REBOOT=yes
	SETTINGS=$(printf '%s\n' "$ARMED_TEXT" | grep -v '^#' || :)
	go_on_without_baseline
	DROPPED=$(dropped)
	settings_text
	observe
	begin rollback
	replace_file "$ROLLED_BACK" "$1
"
	make_so
	outcome
	mark_reboot
	[ -n "$BAD" ] || forget_dropped
	disarm boot
	disarm live
	close_journal
	complain "ROLLED BACK: $1"
	[ "$REBOOT" = no ] || [ -z "$WAITING" ] || systemctl reboot
	end_of_run
}

# failed_trial: whether a boot has ended a trial badly; why, in REASON.
failed_trial() {
	REASON=''
	if on_trial live && [ "$TRIAL_BOOT" = before ]; then
		REASON="the host was rebooted before a login had confirmed $TRIAL_KEYS"
	fi
	if on_trial boot && [ "$TRIAL_BOOT" = before ]; then
		case $(trial_state) in
		fallback) REASON="the host did not come up with the new kernel command line ($TRIAL_KEYS), so GRUB took the one from before" ;;
		armed) REASON="GRUB did not try the new kernel command line ($TRIAL_KEYS), as it could not note that it does" ;;
		esac
	fi
	[ -n "$REASON" ]
}

# settle_trials: at a boot. 1 when it ended in a rollback.
settle_trials() {
	if failed_trial; then
		roll_back "$REASON"
		return 1
	fi
	on_trial boot && [ "$TRIAL_BOOT" = before ] || return 0
	case $TRIAL_SECONDS in
	-)
		disarm boot
		[ -f "$STATE/journal" ] || close_journal
		;;
	*) systemctl is-active --quiet metaltune-rollback.timer || start_timer "$TRIAL_SECONDS" ;;
	esac
}

# verb_confirm CHANGE: somebody has logged in since that change. 66 when it is
# too late, 67 when another one is on trial.
verb_confirm() {
	case ${1-} in
	'' | *[!0-9a-f-]*)
		complain "expected the change to keep, as \`metaltune check\` names it, got '${1-}'; nothing was confirmed"
		exit 64
		;;
	esac
	lock
	for KIND in live boot; do
		if on_trial "$KIND" && [ "$TRIAL_CHANGE" != "$1" ]; then
			complain "the change on trial is $TRIAL_CHANGE, not $1, so nothing was confirmed; \`metaltune check\` shows what it is"
			exit 67
		fi
	done
	disarm live
	if failed_trial; then
		roll_back "$REASON"
	elif on_trial boot && [ "$TRIAL_BOOT" = before ]; then
		disarm boot
	fi
	[ -f "$STATE/journal" ] || close_journal
	[ -f "$ROLLED_BACK" ] || return 0
	read_file "$ROLLED_BACK"
	complain "ROLLED BACK: $VALUE"
	exit 66
}

# verb_rollback: what the timer runs, after whatever changes the host now.
verb_rollback() {
	LOCK_SECONDS=86400
	lock
	read_record "$ARMED"
	if [ "$RECORD" = lost ]; then
		complain "${ARMED#"$ROOT"}, which says what to go back to, is damaged, and so is its copy; nothing was changed"
		exit 65
	fi
	if on_trial boot && [ "$TRIAL_BOOT" = before ]; then
		roll_back "no login confirmed the new kernel command line ($TRIAL_KEYS) after the reboot"
	elif on_trial live; then
		roll_back "no login confirmed $TRIAL_KEYS within $TRIAL_SECONDS s"
	fi
}

# trial_lines: of a report.
trial_lines() {
	for KIND in live boot; do
		! on_trial "$KIND" || printf 'armed\t%s\t%s\t%s\t%s\t%s\n' "$KIND" "$TRIAL_BOOT" "$TRIAL_SECONDS" "$TRIAL_KEYS" "$TRIAL_CHANGE"
	done
	read_file "$ROLLED_BACK"
	[ "$STATUS" = absent ] || printf 'rolledback\t%s\n' "$VALUE"
}
