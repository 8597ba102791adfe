#!/bin/sh
# GRUB on the RHEL family: Boot Loader Specification entries, which grubby changes.
# loader.sh and entries.sh describe the functions.
#
# Names set here are used by the files assembled after this one.
# shellcheck disable=SC2016,SC2034,SC2153,SC2154

grubby_family=GRUB
# shellcheck disable=SC2034
grubby_changes='grubby --info=ALL'
GRUBBY_ENTRIES=$ROOT/boot/loader/entries

grubby_installed() {
	command -v grubby >/dev/null && [ -d "$GRUBBY_ENTRIES" ]
}

grubby_detect() {
	grubby_installed || return 1
	# grubby also reverts what it changed, even if GRUB now reads other files.
	# shellcheck disable=SC2046
	if [ "$VERB" = revert ] || grep -qs '^[[:space:]]*blscfg' "$ROOT/boot/grub2/grub.cfg" $(entries_each "$ROOT/boot/efi/EFI" '*/grub.cfg'); then
		return 0
	fi
	WHY='GRUB does not read the boot entries that grubby changes; set GRUB_ENABLE_BLSCFG=true in /etc/default/grub and run grub2-mkconfig -o /boot/grub2/grub.cfg'
	return 1
}

grubby_changed() {
	entries_kept_by grubby
}

# grubby_entries [VARIABLE]: that variable of GRUB counts as empty.
grubby_entries() {
	LISTED=$(grubby --info=ALL 2>&1) || {
		printf '%s\n' "$LISTED"
		return 1
	}
	LISTED=$(printf '%s\n' "$LISTED" | awk "$AWK_grubbyLines")
	VARIABLES=$({
		sed -n 's/^[[:space:]]*\(set kernelopts=\)/\1/p' "$ROOT/boot/grub2/grub.cfg"
		sed "s/^/set /; ${1:+/^set $1=/d}" "$ROOT/boot/grub2/grubenv"
	} 2>/dev/null) || :
	case $LISTED in
	*'$kernelopts'* | *'${kernelopts}'*)
		case $VARIABLES in
		*'set kernelopts='*) ;;
		*)
			printf '%s\n' 'the entries use $kernelopts, which neither grubenv nor grub.cfg in /boot/grub2 sets'
			return 1
			;;
		esac
		;;
	esac
	printf '%s\n%s\n' "$VARIABLES" "$LISTED" | grub_expanded
}

grubby_files() {
	entries_each "$GRUBBY_ENTRIES" '*.conf'
	printf '%s\n' "$ROOT/etc/default/grub" "$ROOT/etc/kernel/cmdline"
}

grubby_places() {
	printf '%s\n' "$GRUBBY_ENTRIES" "$ROOT/etc/default/grub" "$ROOT/etc/kernel/cmdline"
}

# grubby_put_rescue_by, grubby_leave_rescue: around a call of grubby, whose ALL includes
# the rescue kernel. metaltune must not change that one.
grubby_put_rescue_by() {
	entries_each "$GRUBBY_ENTRIES" '*-0-rescue.conf' | while IFS= read -r FILE; do
		file_copy "$FILE" "$STATE/rescue.new" && mv "$STATE/rescue.new" "$STATE/rescue.${FILE##*/}" || exit 1
	done
}

grubby_leave_rescue() {
	entries_each "$STATE" 'rescue.*.conf' | while IFS= read -r KEPT; do
		FILE=$GRUBBY_ENTRIES/${KEPT#"$STATE/rescue."}
		file_copy "$KEPT" "$FILE.metaltune-new" && mv "$FILE.metaltune-new" "$FILE" && rm "$KEPT"
	done
}

# grubby_removed KEYS: in REMOVE, what to remove, and in ARGS, what to add again.
grubby_removed() {
	if ! FOUND=$(grubby_entries tuned_params | awk -v keys="$1" "$AWK_command_line$AWK_grubbyRemoved"); then
		complain 'kernelCommandLine: the boot entries differ in hugepages= of other sizes, and grubby cannot tell sizes apart, so they were not changed; make them equal'
		return 1
	fi
	ARGS=${FOUND#*"$NEWLINE"keep}
	REMOVE=${FOUND%%"$NEWLINE"*}
	REMOVE=${REMOVE#remove}
}

# grubby_set stale|'': changes every entry by one call. Kernels installed later take the
# values from /etc/kernel/cmdline, which grubby also updates.
grubby_set() {
	grubby_leave_rescue
	[ "$1" = stale ] || return 0
	entries_readable || return 1
	ROWS=$(cat)
	grubby_removed "$(printf '%s\n' "$ROWS" | sed "s/$US.*//" | tr '\n' ' ')" || return 1
	OWN=''
	TUNED=''
	if entries_each "$GRUBBY_ENTRIES" '*.conf' | xargs grep -qs '[$]tuned_params'; then
		TUNED=$(sed -n 's/^tuned_params=//p' "$ROOT/boot/grub2/grubenv")
	fi
	while IFS=$US read -r KEY ORIGIN MATCH WANTED _; do
		TOKENS=$([ "$MATCH" = absent ] || parameters_tokens "$KEY" "$WANTED")
		case "$ORIGIN:$WANTED: $TUNED " in
		# Entries that differed before metaltune's first change.
		baseline:*' | '*:*) OWN="$OWN $KEY" ;;
		# TuneD keeps its parameters outside the entries.
		baseline:*:*"$TOKENS "*) ;;
		*) ARGS=$ARGS$TOKENS ;;
		esac
		case "$ORIGIN: $TUNED " in
		declared:*" $KEY "* | declared:*" $KEY="*) complain "kernelCommandLine $KEY: TuneD adds it to every boot too; take it out of the active profile, or run tuned-adm off" ;;
		esac
	done <<-END
		$ROWS
	END
	entries_keep || return 1
	grubby_put_rescue_by || return 1
	DONE=0
	quietly grubby --update-kernel=ALL --remove-args="${REMOVE# }" ${ARGS:+--args="${ARGS# }"} || DONE=1
	[ -z "$OWN" ] || entries_give "$OWN" || DONE=1
	grubby_leave_rescue
	return "$DONE"
}

# grubby_restore stale|'': grubby reverts the values; files that then differ from their
# originals only in these are restored byte for byte.
grubby_restore() {
	ROWS=$(cat)
	printf '%s\n' "$ROWS" | grubby_set "$1" || return 1
	entries_restore "$(printf '%s\n' "$ROWS" | parameters_names)"
}

# grubby_entry_file IMAGE: the entry of that kernel, or the default one if empty.
grubby_entry_file() {
	ID=$(if [ -z "$1" ]; then grubby --info=DEFAULT; else grubby --info="${1#*\)}"; fi | sed -n 's/^id="\(.*\)"$/\1/p' | head -n 1)
	GRUB_FILE=$GRUBBY_ENTRIES/$ID.conf
}

grubby_hindrance() {
	grub_hindrance "$ROOT/boot/grub2" grub2-probe
}

grubby_set_provisional() {
	grub_set_provisional "$ROOT/boot/grub2" "$@"
}

grubby_provisional_state() {
	grub_provisional_state "$ROOT/boot/grub2"
}

grubby_clear_provisional() {
	grub_clear_provisional "$ROOT/boot/grub2"
}
