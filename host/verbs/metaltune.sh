#!/bin/sh
# The verbs of the host program, and the order of their steps. Contract:
# docs/host-program.md. Lines assembled before this file set TUNABLES, the registry's
# names in order; DEPLOYED, those whose settings `deploy` applies; and ANSWERED, all that
# this program can report: the tunables, a checklist's facts and, if it has that part,
# DEPLOYED.
#
# verbs: want apply revert boot check probe reboot version
#
# shellcheck disable=SC2034,SC2153,SC2154

# metaltune_begin VERB: before the first change of a run. The journal survives a crash, and tells
# the next run and every report that this run did not end.
metaltune_begin() {
	UNTOUCHED=no
	[ ! -f "$STATE/journal" ] || return 0
	make_directory "$STATE"
	record_seal "$1$NEWLINE"
	printf '%s' "$SEALED" | (umask 077 && tee "$STATE/journal" >/dev/null)
	sync "$STATE/journal" "$STATE"
}

# metaltune_mark_reboot: records on the host that a boot-time change waits.
metaltune_mark_reboot() {
	if [ -n "$WAITING" ]; then
		[ -d "$RUN" ] || mkdir "$RUN"
		[ -e "$RUN/reboot-required" ] || printf '' | tee "$RUN/reboot-required" >/dev/null
	elif [ -d "$RUN" ]; then
		rm -f "$RUN/reboot-required"
		# HostReady may have noted there that a reboot did not apply the settings.
		rmdir "$RUN" 2>/dev/null || :
	fi
}

# metaltune_end: closes the journal, and reports what is not effective.
metaltune_end() {
	originals_close_journal
	metaltune_not_effective
}

metaltune_not_effective() {
	[ -n "$BAD" ] || return 0
	complain 'not effective:'
	printf '%s\n' "$BAD" | sed '/^$/d' | compare_table >&2
	exit 65
}

# metaltune_is_converged: whether there is nothing to do; such a host is only read.
metaltune_is_converged() {
	[ ! -f "$STATE/journal" ] && [ -z "$DROPPED" ] &&
		record_holds "$ETC/settings.tsv" "$1" && baseline_written && unit_installed && unit_nic_hooks_right &&
		[ "$(printf '%s\n' "$FACTS" | baseline_with_facts)" = "$BASELINE" ] &&
		[ -z "$(printf '%s\n' "$JUDGED" | awk -F '\t' '$4 == "bad" && $6 == "live" || $5 == "bad" || $3 == "unreadable"')" ]
}

# verb_want: stores settings for a later apply, so that they cross the network and appear
# in the controller's state only once.
verb_want() {
	settings_read
	lock
	content_keep
	settings_text
	file_same_text "$STATE/wanted.tsv" "$TEXT" || replace_file "$STATE/wanted.tsv" "$TEXT"
}

# verb_apply [--quiet] [--rollback=SECONDS] [--ready-follows]: --quiet omits the lines about
# changes; --rollback makes changes provisional that may cut the login; --ready-follows
# leaves the verdict to HostReady where that must confirm a login first.
verb_apply() {
	settings_read
	for ARGUMENT; do
		[ "$ARGUMENT" != --quiet ] || ANNOUNCE=no
		[ "$ARGUMENT" != --ready-follows ] || READY_FOLLOWS=yes
		provisional_option "$ARGUMENT"
	done
	lock
	content_keep
	baseline_load
	DROPPED=$(baseline_dropped)
	NOT_KNOWN=$(baseline_unknown_keys)
	[ -z "$NOT_KNOWN" ] || complain "left as they are, because metaltune $METALTUNE_VERSION does not know them: $NOT_KNOWN; apply or revert them with the version that set them"
	settings_text
	converge_observe
	if metaltune_is_converged "$TEXT"; then
		owner_take_over
	else
		provisional_find
		converge_refuse
		metaltune_begin apply
		owner_take_over
		metaltune_apply_settings
	fi
	converge_outcome
	metaltune_mark_reboot
	rollback_await_confirmation
	[ -n "$BAD" ] || baseline_forget_dropped
	[ -n "$BAD" ] || content_forget
	# A failure here would keep HostReady from confirming, and what works would be undone.
	if [ -n "$BAD" ] && [ "$READY_FOLLOWS" = yes ] && provisional_read live; then
		complain 'not all settings are in effect; HostReady says which, after a new login'
		BAD=''
	fi
	[ -n "$BAD" ] || [ ! -f "$ROLLED_BACK" ] || rm -f "$ROLLED_BACK"
	metaltune_end
}

# metaltune_apply_settings: applies SETTINGS, whose text is TEXT, to the observed host.
metaltune_apply_settings() {
	converge_install_first
	JUDGED=$(baseline_lowered)
	baseline_save "$(printf '%s\n' "$FACTS" | baseline_with_facts)"
	rollback_begin
	unit_install
	unit_install_nic_hooks
	settings_replaced
	write_record "$ETC/settings.tsv" "$TEXT"
	# Dropped applications are removed before the users and mounts that they use.
	if settings_name_tunable "$DEPLOYED" "$DROPPED"; then
		converge "$DEPLOYED"
		converge_observe
	fi
	converge_twice "$TUNABLES"
	converge_remove_last "$TUNABLES"
}

metaltune_backwards() {
	BACKWARDS=''
	for TUNABLE in $TUNABLES; do
		BACKWARDS="$TUNABLE $BACKWARDS"
	done
}

# verb_revert [--owner=TOKEN]: for the resource of --owner.
verb_revert() {
	owner_option "${1-}"
	lock
	owner_leave_host
	SETTINGS=''
	baseline_load
	NOT_KNOWN=$(baseline_unknown_keys)
	if [ -n "$NOT_KNOWN" ]; then
		complain "nothing was reverted, because metaltune $METALTUNE_VERSION does not know $NOT_KNOWN; revert with the version that set them"
		exit 65
	fi
	DROPPED=$(baseline_dropped)
	if [ -e "$STATE" ] || [ -e "$ETC" ] || [ -e "$UNIT" ]; then
		metaltune_begin revert
		rollback_end boot
		rollback_end live
		settings_replaced
		remove_record "$ETC/settings.tsv"
		[ ! -e "$NOT_APPLIED" ] || rm -f "$NOT_APPLIED"
		converge_observe
		converge_revert_first
		metaltune_backwards
		converge_twice "$DEPLOYED $BACKWARDS"
		converge_remove_last "$BACKWARDS"
		converge_outcome
		metaltune_mark_reboot
		[ -z "$BAD" ] || metaltune_end
		if [ "$UNDONE" = yes ]; then
			complain "not everything could be reverted; the original values are still in ${STATE#"$ROOT"}: run it again"
			exit 65
		fi
		metaltune_remove_own_files
	fi
	! lib_defines release_remove_uploads || release_remove_uploads ''
	rm -f "$PROGRAM"
	# For the resource, since the host has no program any more.
	[ -z "$ACTS_FOR" ] || report_waits_line
}

# metaltune_remove_own_files: all but the program, when everything is reverted.
metaltune_remove_own_files() {
	rm -f "$UNIT_LINK"
	restore_file "$UNIT"
	unit_remove_nic_hooks
	unit_reload
	for COPY in "$ETC/baseline.tsv" "$ETC/originals.tsv"; do
		rm -f "$COPY" "$COPY.metaltune-new"
	done
	metaltune_remove_directories
	rm -rf "$STATE"
}

# metaltune_remove_directories: those that metaltune created, deepest first, unless others now use
# them.
metaltune_remove_directories() {
	read_record "$STATE/directories"
	[ -n "$BODY" ] || return 0
	printf '%s\n' "$BODY" | sort -r -u | while IFS= read -r DIRECTORY; do
		[ ! -d "$ROOT$DIRECTORY" ] || { guard "$ROOT$DIRECTORY" && as_owner rmdir "$ROOT$DIRECTORY"; } 2>/dev/null || complain "$DIRECTORY is in use by others and stays"
	done
}

verb_boot() {
	lock
	content_tighten
	rollback_at_boot || return 0
	baseline_load_or_go_on
	settings_installed
	if settings_lost; then
		complain "$SETTINGS_LOST"
		exit 65
	fi
	[ -n "$SETTINGS" ] || return 0
	SETTINGS=$(printf '%s\n' "$SETTINGS" | awk -F '\t' -v units="$(report_unit_tunables)" 'index(units, " " $1 " ")')
	DROPPED=''
	converge_observe
	converge_twice "$TUNABLES"
	converge_outcome
	# A boot must not close the journal of an apply that a power cut ended.
	metaltune_not_effective
}

# verb_check: 1 (undetermined) outranks 2 (drift).
verb_check() {
	DEPLOYS=yes
	baseline_load
	settings_installed
	if settings_lost; then
		complain "$SETTINGS_LOST"
		exit 1
	fi
	BASELINE='' DROPPED=''
	converge_observe
	[ -z "$JUDGED" ] || printf '%s\n' "$JUDGED" | compare_table
	PROVISIONAL_LINES=$(rollback_lines)
	[ -z "$PROVISIONAL_LINES" ] || printf '%s\n' "$PROVISIONAL_LINES" | awk -F '\t' "$AWK_check_provisional"
	printf '%s\n%s\n' "$JUDGED" "$PROVISIONAL_LINES" | awk -F '\t' "$AWK_check_verdict"
}

verb_probe() {
	case ${1-} in
	--installed) settings_installed ;;
	*) settings_read ;;
	esac
	# Only now, as the settings may have taken a while to arrive.
	report_records
	baseline_load
	BASELINE=''
	report "${1-}"
}

# verb_reboot [--rollback=SECONDS]: detached, so that the caller still gets an answer.
# With --rollback, the caller confirms the next boot within that time.
verb_reboot() {
	provisional_option "${1-}"
	if [ -n "$ROLLBACK" ] && provisional_read boot; then
		lock
		write_record "$PROVISIONAL" "$(printf '%s\n' "$PROVISIONAL_TEXT" | awk -F '\t' -v OFS='\t' -v seconds="$ROLLBACK" '$1 == "# boot" { $3 = seconds } { print }')
"
	fi
	setsid sh -c 'sleep 2; systemctl reboot' </dev/null >/dev/null 2>&1 9<&- &
	printf 'rebooting in 2 s\n'
}

# verb_version: as the first lines of a report; `program` is the program's hash.
verb_version() {
	report_program_hash
	printf 'version\t%s\nprotocol\t%s\nprogram\t%s\n' "$METALTUNE_VERSION" "$METALTUNE_PROTOCOL" "$HASH"
}

# metaltune_main [--limit=SECONDS] VERB [ARGUMENT...]
metaltune_main() {
	case ${1-} in
	--limit=*)
		limit "${2-}" "${1#*=}"
		shift
		;;
	esac
	case ${1-} in
	probe | status | want | note-not-applied | disown | adopt | apply | confirm | undo | revert | check | boot | reboot | version) ;;
	deploy | threads | release-back | load-test)
		if ! lib_defines verb_deploy; then
			complain "this host has no applications, so its program has no $1; declare one and run \`pulumi up\`"
			exit 64
		fi
		;;
	*)
		complain "expected probe, status, want, note-not-applied, apply, disown, adopt, confirm, undo, revert, check, boot, reboot, version, deploy, threads, release-back or load-test, got '${1-}'"
		exit 64
		;;
	esac
	VERB=$(printf '%s' "$1" | tr - _)
	shift
	"verb_$VERB" "$@"
}
