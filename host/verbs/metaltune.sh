#!/bin/sh
# The verbs of the host program, and the order of their steps. Contract:
# docs/host-program.md. Lines assembled before this file set TUNABLES, the registry's
# names in order; DEPLOYED, those whose settings `deploy` applies; and ANSWERED, all that
# this program can report: the tunables, a checklist's facts and, if it has that part,
# DEPLOYED.
#
# shellcheck disable=SC2034,SC2153,SC2154

# begin VERB: before the first change of a run. The journal survives a crash, and tells
# the next run and every report that this run did not end.
begin() {
	[ ! -f "$STATE/journal" ] || return 0
	make_directory "$STATE"
	seal "$1$NEWLINE"
	printf '%s' "$SEALED" | (umask 077 && tee "$STATE/journal" >/dev/null)
	sync "$STATE/journal" "$STATE"
}

# mark_reboot: records on the host that a boot-time change waits.
mark_reboot() {
	if [ -n "$WAITING" ]; then
		[ -d "$RUN" ] || mkdir "$RUN"
		[ -e "$RUN/reboot-required" ] || printf '' | tee "$RUN/reboot-required" >/dev/null
	elif [ -d "$RUN" ]; then
		rm -f "$RUN/reboot-required"
		# HostReady may have noted there that a reboot did not apply the settings.
		rmdir "$RUN" 2>/dev/null || :
	fi
}

# end_of_run: closes the journal, and reports what is not effective.
end_of_run() {
	close_journal
	not_effective
}

not_effective() {
	[ -n "$BAD" ] || return 0
	complain 'not effective:'
	printf '%s\n' "$BAD" | sed '/^$/d' | table >&2
	exit 65
}

# converged: whether there is nothing to do; such a host is only read.
converged() {
	[ ! -f "$STATE/journal" ] && [ -z "$DROPPED" ] &&
		holds_record "$ETC/settings.tsv" "$1" && baseline_written && unit_installed && nic_hooks_right &&
		[ "$(printf '%s\n' "$FACTS" | with_baseline)" = "$BASELINE" ] &&
		[ -z "$(printf '%s\n' "$JUDGED" | awk -F '\t' '$4 == "bad" && $6 == "live" || $5 == "bad" || $3 == "unreadable"')" ]
}

# verb_want: stores settings for a later apply, so that they cross the network and appear
# in the controller's state only once.
verb_want() {
	read_settings
	lock
	keep_contents
	settings_text
	same_text "$STATE/wanted.tsv" "$TEXT" || replace_file "$STATE/wanted.tsv" "$TEXT"
}

# verb_apply [--quiet] [--rollback=SECONDS]: --quiet omits the lines about changes;
# --rollback makes changes provisional that may cut the login.
verb_apply() {
	read_settings
	for ARGUMENT; do
		[ "$ARGUMENT" != --quiet ] || ANNOUNCE=no
		rollback_option "$ARGUMENT"
	done
	lock
	keep_contents
	load_baseline
	DROPPED=$(dropped)
	NOT_KNOWN=$(keys_not_known)
	[ -z "$NOT_KNOWN" ] || complain "left as they are, because metaltune $METALTUNE_VERSION does not know them: $NOT_KNOWN; apply or revert them with the version that set them"
	settings_text
	observe
	if converged "$TEXT"; then
		take_over
	else
		find_provisional
		refuse
		begin apply
		take_over
		apply_settings
	fi
	outcome
	mark_reboot
	await_confirmation
	[ -n "$BAD" ] || forget_dropped
	[ -n "$BAD" ] || forget_contents
	[ -n "$BAD" ] || [ ! -f "$ROLLED_BACK" ] || rm -f "$ROLLED_BACK"
	end_of_run
}

# apply_settings: applies SETTINGS, whose text is TEXT, to the observed host.
apply_settings() {
	install_first
	JUDGED=$(lowered)
	save_baseline "$(printf '%s\n' "$FACTS" | with_baseline)"
	begin_provisional
	install_unit
	install_nic_hooks
	write_record "$ETC/settings.tsv" "$TEXT"
	# Dropped applications are removed before the users and mounts that they use.
	if names_tunable "$DEPLOYED" "$DROPPED"; then
		converge "$DEPLOYED"
		observe
	fi
	converge_twice "$TUNABLES"
	remove_last "$TUNABLES"
}

backwards() {
	BACKWARDS=''
	for TUNABLE in $TUNABLES; do
		BACKWARDS="$TUNABLE $BACKWARDS"
	done
}

# verb_revert [--owner=TOKEN]: for the resource of --owner.
verb_revert() {
	owner_option "${1-}"
	lock
	leave_to_owner
	SETTINGS=''
	load_baseline
	NOT_KNOWN=$(keys_not_known)
	if [ -n "$NOT_KNOWN" ]; then
		complain "nothing was reverted, because metaltune $METALTUNE_VERSION does not know $NOT_KNOWN; revert with the version that set them"
		exit 65
	fi
	DROPPED=$(dropped)
	if [ -e "$STATE" ] || [ -e "$ETC" ] || [ -e "$UNIT" ]; then
		begin revert
		end_provisional boot
		end_provisional live
		remove_record "$ETC/settings.tsv"
		[ ! -e "$NOT_APPLIED" ] || rm -f "$NOT_APPLIED"
		observe
		backwards
		converge_twice "$DEPLOYED $BACKWARDS"
		remove_last "$BACKWARDS"
		outcome
		mark_reboot
		[ -z "$BAD" ] || end_of_run
		if [ "$UNDONE" = yes ]; then
			complain "not everything could be reverted; the original values are still in ${STATE#"$ROOT"}: run it again"
			exit 65
		fi
		rm -f "$UNIT_LINK"
		restore_file "$UNIT"
		remove_nic_hooks
		reload_units
		for COPY in "$ETC/baseline.tsv" "$ETC/originals.tsv"; do
			rm -f "$COPY" "$COPY.metaltune-new"
		done
		remove_directories
		rm -rf "$STATE"
	fi
	! defines release_remove_uploads || release_remove_uploads ''
	rm -f "$PROGRAM"
	# For the resource, since the host has no program any more.
	[ -z "$ACTS_FOR" ] || waits_line
}

# remove_directories: those that metaltune created, deepest first, unless others now use
# them.
remove_directories() {
	read_record "$STATE/directories"
	[ -n "$BODY" ] || return 0
	printf '%s\n' "$BODY" | sort -r -u | while IFS= read -r DIRECTORY; do
		[ ! -d "$ROOT$DIRECTORY" ] || { guard "$ROOT$DIRECTORY" && as_owner rmdir "$ROOT$DIRECTORY"; } 2>/dev/null || complain "$DIRECTORY is in use by others and stays"
	done
}

verb_boot() {
	lock
	tighten
	settle_trials || return 0
	go_on_without_baseline
	installed_settings
	if settings_lost; then
		complain "$SETTINGS_LOST"
		exit 65
	fi
	[ -n "$SETTINGS" ] || return 0
	SETTINGS=$(printf '%s\n' "$SETTINGS" | awk -F '\t' -v units="$(unit_tunables)" 'index(units, " " $1 " ")')
	DROPPED=''
	observe
	converge_twice "$TUNABLES"
	outcome
	# A boot must not close the journal of an apply that a power cut ended.
	not_effective
}

# verb_check: 1 (undetermined) outranks 2 (drift).
verb_check() {
	DEPLOYS=yes
	load_baseline
	installed_settings
	if settings_lost; then
		complain "$SETTINGS_LOST"
		exit 1
	fi
	BASELINE='' DROPPED=''
	observe
	[ -z "$JUDGED" ] || printf '%s\n' "$JUDGED" | table
	TRIALS=$(trial_lines)
	[ -z "$TRIALS" ] || printf '%s\n' "$TRIALS" | awk -F '\t' "$AWK_check_provisional"
	printf '%s\n%s\n' "$JUDGED" "$TRIALS" | awk -F '\t' "$AWK_check_verdict"
}

verb_probe() {
	case ${1-} in
	--installed) installed_settings ;;
	*) read_settings ;;
	esac
	load_baseline
	BASELINE=''
	report "${1-}"
}

# verb_reboot [--rollback=SECONDS]: detached, so that the caller still gets an answer.
# With --rollback, the caller confirms the next boot within that time.
verb_reboot() {
	rollback_option "${1-}"
	if [ -n "$ROLLBACK" ] && is_provisional boot; then
		lock
		write_record "$ARMED" "$(printf '%s\n' "$ARMED_TEXT" | awk -F '\t' -v OFS='\t' -v seconds="$ROLLBACK" '$1 == "# boot" { $3 = seconds } { print }')
"
	fi
	setsid sh -c 'sleep 2; systemctl reboot' </dev/null >/dev/null 2>&1 9<&- &
	printf 'rebooting in 2 s\n'
}

# verb_version: as the first lines of a report; `program` is the program's hash.
verb_version() {
	program_hash
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
	probe | status | want | note-not-applied | disown | adopt | apply | confirm | rollback | revert | check | boot | reboot | version) ;;
	deploy | threads | release-back | load-test)
		if ! defines verb_deploy; then
			complain "this host has no applications, so its program has no $1; declare one and run \`pulumi up\`"
			exit 64
		fi
		;;
	*)
		complain "expected probe, status, want, note-not-applied, apply, disown, adopt, confirm, rollback, revert, check, boot, reboot, version, deploy, threads, release-back or load-test, got '${1-}'"
		exit 64
		;;
	esac
	VERB=$(printf '%s' "$1" | tr - _)
	shift
	"verb_$VERB" "$@"
}
