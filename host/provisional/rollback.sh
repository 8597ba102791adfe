#!/bin/sh
# A change that may cut the login is provisional until a later login confirms it;
# otherwise the previous settings are applied again. docs/adr/0005-rollback.md.
#
# verbs: confirm rollback
#
# Names set here are used by the files assembled after this one.
# shellcheck disable=SC2016,SC2034,SC2153,SC2154

# rollback_begin: before the first change. A pending provisional change keeps its
# settings to revert to, the last confirmed ones. It becomes part of this change, even if
# this one adds nothing to it.
rollback_begin() {
	read_record "$PROVISIONAL"
	BEFORE=$BODY
	[ -n "$LOGIN_KEYS$LINE_KEYS" ] || { [ "$VERB" = apply ] && [ -n "$BEFORE" ]; } || return 0
	read_file "$ROOT/proc/sys/kernel/random/boot_id"
	if [ -z "$BEFORE" ]; then
		read_record "$ETC/settings.tsv"
		BEFORE=$BODY
	fi
	provisional_name_change
	PROVISIONAL_TEXT=$(
		[ -z "$LOGIN_KEYS" ] || printf '# live\t%s\t%s\t%s\t%s\n' "$VALUE" "$ROLLBACK" "$LOGIN_KEYS" "$CHANGE"
		[ -z "$LINE_KEYS" ] || printf '# boot\t%s\t-\t%s\t%s\n' "$VALUE" "$LINE_KEYS" "$CHANGE"
		[ -z "$BEFORE" ] || printf '%s\n' "$BEFORE" | awk -F '\t' -v OFS='\t' -v live="$LOGIN_KEYS" -v boot="$LINE_KEYS" -v change="$CHANGE" "$AWK_before"
	)
	write_record "$PROVISIONAL" "$PROVISIONAL_TEXT$NEWLINE"
	[ -z "$LOGIN_KEYS" ] || rollback_start_timer "$ROLLBACK"
	[ -z "$LINE_KEYS" ] || loader_set_provisional || :
}

# rollback_await_confirmation: after the last change. Starts the time limit, and the boot menu has
# the new command line; a line already in effect is not provisional.
rollback_await_confirmation() {
	if [ -n "$LINE_KEYS" ] && [ -z "$WAITING" ]; then
		rollback_end boot
	elif [ -n "$LINE_KEYS" ] && ! loader_set_provisional again; then
		complain "the new kernel command line cannot be tried just once: $WHY; should the host not come up with it, it needs its console"
		loader_clear_provisional
	fi
	[ -n "$LOGIN_KEYS" ] || return 0
	rollback_start_timer "$ROLLBACK"
	[ -z "$BAD" ] || [ "$READY_FOLLOWS" = yes ] || complain "$LOGIN_KEYS: this host reverts to the settings from before in $ROLLBACK s; to keep these, log in anew within that time and run \`metaltune confirm $CHANGE\`"
}

# rollback_start_timer SECONDS
rollback_start_timer() {
	rollback_stop_timer
	quietly systemd-run --quiet --collect --on-active="$1" --timer-property=AccuracySec=1s --unit=metaltune-rollback -- "$PROGRAM" rollback
}

# This also stops a rollback that waits for the lock, unless it is this run.
rollback_stop_timer() {
	systemctl stop metaltune-rollback.timer 2>/dev/null || :
	[ "$VERB" = rollback ] || systemctl stop metaltune-rollback.service 2>/dev/null || :
}

# rollback_end KIND: that kind is no longer provisional.
rollback_end() {
	provisional_read "$1" || return 0
	if [ "$1" = live ]; then
		rollback_stop_timer
	else
		provisional_read live || rollback_stop_timer
		loader_clear_provisional
	fi
	LEFT=$(printf '%s\n' "$PROVISIONAL_TEXT" | grep -v "^# $1$TAB" || :)
	case $LEFT in
	'# '*) write_record "$PROVISIONAL" "$LEFT$NEWLINE" ;;
	*) remove_record "$PROVISIONAL" ;;
	esac
}

# rollback_run REASON: applies the previous settings in the usual way. A kernel that runs a
# provisional line is rebooted.
rollback_run() {
	REBOOT=no
	! provisional_read boot || [ "$PROVISIONAL_BOOT" = now ] || REBOOT=yes
	SETTINGS=$(printf '%s\n' "$PROVISIONAL_TEXT" | grep -v '^#' || :)
	baseline_load_or_go_on
	DROPPED=$(baseline_dropped)
	settings_text
	converge_observe
	metaltune_begin rollback
	replace_file "$ROLLED_BACK" "$1
"
	metaltune_apply_settings
	converge_outcome
	metaltune_mark_reboot
	[ -n "$BAD" ] || baseline_forget_dropped
	rollback_end boot
	rollback_end live
	originals_close_journal
	complain "ROLLED BACK: $1"
	[ "$REBOOT" = no ] || [ -z "$WAITING" ] || systemctl reboot
	metaltune_end
}

# rollback_is_due: whether a boot shows that a provisional change failed; why, in REASON.
rollback_is_due() {
	REASON=''
	if provisional_read live && [ "$PROVISIONAL_BOOT" = before ]; then
		REASON="the host was rebooted before a login had confirmed $PROVISIONAL_KEYS"
	fi
	if provisional_read boot && [ "$PROVISIONAL_BOOT" = before ]; then
		loader_family
		case $(loader_provisional_state) in
		fallback) REASON="the host did not come up with the new kernel command line ($PROVISIONAL_KEYS), so $FAMILY took the one from before" ;;
		pending) REASON="$FAMILY did not try the new kernel command line ($PROVISIONAL_KEYS), as it could not note that it does" ;;
		esac
	fi
	[ -n "$REASON" ]
}

# rollback_at_boot: at a boot. Returns 1 after a rollback.
rollback_at_boot() {
	if rollback_is_due; then
		rollback_run "$REASON"
		return 1
	fi
	provisional_read boot && [ "$PROVISIONAL_BOOT" = before ] || return 0
	case $PROVISIONAL_SECONDS in
	-)
		rollback_end boot
		[ -f "$STATE/journal" ] || originals_close_journal
		;;
	*) systemctl is-active --quiet metaltune-rollback.timer || rollback_start_timer "$PROVISIONAL_SECONDS" ;;
	esac
}

# verb_confirm CHANGE: the controller has logged in since that change. Exits 66 when it is
# too late, 67 when another change is provisional.
verb_confirm() {
	case ${1-} in
	'' | *[!0-9a-f-]*)
		complain "expected the change to keep, as \`metaltune check\` names it, got '${1-}'; nothing was confirmed"
		exit 64
		;;
	esac
	lock
	for KIND in live boot; do
		if provisional_read "$KIND" && [ "$PROVISIONAL_CHANGE" != "$1" ]; then
			complain "the provisional change is $PROVISIONAL_CHANGE, not $1, so nothing was confirmed; \`metaltune check\` shows what it is"
			exit 67
		fi
	done
	rollback_end live
	if rollback_is_due; then
		rollback_run "$REASON"
	elif provisional_read boot && [ "$PROVISIONAL_BOOT" = before ]; then
		rollback_end boot
	fi
	[ -f "$STATE/journal" ] || originals_close_journal
	[ -f "$ROLLED_BACK" ] || return 0
	read_file "$ROLLED_BACK"
	complain "ROLLED BACK: $VALUE"
	exit 66
}

# verb_rollback: the timer runs it; it waits for the run that changes the host now.
verb_rollback() {
	LOCK_SECONDS=86400
	lock
	read_record "$PROVISIONAL"
	if [ "$RECORD" = lost ]; then
		complain "${PROVISIONAL#"$ROOT"}, which has the settings to revert to, is damaged, and so is its copy; nothing was changed"
		exit 65
	fi
	if provisional_read boot && [ "$PROVISIONAL_BOOT" = before ]; then
		rollback_run "no login confirmed the new kernel command line ($PROVISIONAL_KEYS) after the reboot"
	elif provisional_read live; then
		rollback_run "no login confirmed $PROVISIONAL_KEYS within $PROVISIONAL_SECONDS s"
	fi
}

# rollback_lines: the report's lines about provisional changes.
rollback_lines() {
	for KIND in live boot; do
		! provisional_read "$KIND" || printf 'provisional\t%s\t%s\t%s\t%s\t%s\n' "$KIND" "$PROVISIONAL_BOOT" "$PROVISIONAL_SECONDS" "$PROVISIONAL_KEYS" "$PROVISIONAL_CHANGE"
	done
	read_file "$ROLLED_BACK"
	[ "$STATUS" = absent ] || printf 'rolledback\t%s\n' "$VALUE"
}
