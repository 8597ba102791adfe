#!/bin/sh
# What both GRUB loaders share. GRUB boots a new kernel command line once, and notes that
# in a file of metaltune's. If it boots again before a login has confirmed the line, it
# uses the previous line. docs/adr/0005-rollback.md.
#
# GRUB's 41_custom reads custom.cfg at the end of its configuration. Both loaders have one
# more function, _entry_file IMAGE: in GRUB_FILE, the file that holds the entry which
# boots this kernel, or the default entry if IMAGE is empty. DIRECTORY is GRUB's own.
#
# Names set here are used by the files assembled after this one.
# shellcheck disable=SC2015,SC2016,SC2034,SC2153,SC2154

# grub_expanded < `set NAME=TEXT` and `line TEXT`: the lines as GRUB passes them, with
# each $NAME expanded. TuneD adds its parameters through such variables.
grub_expanded() {
	awk "$AWK_grubExpanded"
}

# grub_running: the command line in effect, quoted for GRUB, in ARGUMENTS, and its kernel
# in IMAGE.
grub_running() {
	read_file "$ROOT/proc/cmdline"
	ARGUMENTS=$(printf '%s\n' "$VALUE" | awk "$AWK_grubWords") || return 1
	IMAGE=${VALUE#BOOT_IMAGE=}
	[ "$IMAGE" != "$VALUE" ] || return 1
	IMAGE=${IMAGE%% *}
}

# grub_entry NAME IMAGE ARGUMENTS PANIC: a menu entry metaltune-NAME. It boots IMAGE, or
# the default kernel if empty, with ARGUMENTS, or those of the entry if empty. PANIC
# applies where the arguments do not set panic=.
grub_entry() {
	"${LOADER}_entry_file" "$2"
	[ -f "$GRUB_FILE" ] || return 1
	ARGUMENTS=$3 awk -v id="$1" -v image="$2" -v panic="$4" "$AWK_grubEntry" "$GRUB_FILE"
}

# grub_hindrance DIRECTORY PROBE: why GRUB cannot write its note, in WHY.
grub_hindrance() {
	WHY=''
	if ! command -v "$2" >/dev/null; then
		WHY="there is no $2 to ask whether GRUB can write its own notes"
		return
	fi
	MEDIUM=$("$2" --target=abstraction "$1" 2>/dev/null)$("$2" --target=fs "$1" 2>/dev/null) || :
	case $MEDIUM in
	ext2 | xfs | fat) ;;
	*) WHY="GRUB cannot write to ${1#"$ROOT"} (${MEDIUM:-unknown file system})" ;;
	esac
	grep -q custom.cfg "$1/grub.cfg" 2>/dev/null || WHY="${1#"$ROOT"}/grub.cfg does not read custom.cfg; is /etc/grub.d/41_custom there?"
}

GRUB_SCRIPT='# Written by metaltune: tries a kernel command line once.
set metaltune_dir=${config_directory}
if [ -z "${metaltune_dir}" ]; then
  set metaltune_dir=$prefix
fi
load_env -f ${metaltune_dir}/metaltune.env metaltune_provisional
if [ "${metaltune_provisional}" = pending ]; then
  set metaltune_provisional=booted
  set default=metaltune-previous
  if save_env -f ${metaltune_dir}/metaltune.env metaltune_provisional; then
    set default=metaltune-provisional
  fi
  set fallback=metaltune-previous
elif [ -n "${metaltune_provisional}" ]; then
  set metaltune_provisional=fallback
  save_env -f ${metaltune_dir}/metaltune.env metaltune_provisional
  set default=metaltune-previous
fi'

# grub_set_provisional DIRECTORY [again]: from GRUB's present configuration; `again` keeps GRUB's note.
# The new line sets panic= to a reboot, since the kernel's default, 0, waits forever.
grub_set_provisional() {
	WHY='the kernel that runs is in no entry of the boot menu'
	grub_running || return 1
	PREVIOUS_ENTRY=$(grub_entry previous "$IMAGE" "$ARGUMENTS" '') || return 1
	NEW_ENTRY=$(grub_entry provisional '' '' panic=10) || return 1
	keep_original "$1/custom.cfg" || return 1
	OTHERS=$STATE/files${1#"$ROOT"}/custom.cfg
	[ -n "${2-}" ] && [ -n "$(grub_provisional_state "$1")" ] || grub_note "$1"
	write_file "$1/custom.cfg" "$([ ! -f "$OTHERS" ] || cat "$OTHERS")
$GRUB_SCRIPT
$PREVIOUS_ENTRY
$NEW_ENTRY
"
}

# grub_note DIRECTORY: GRUB's environment block: 1024 bytes, which GRUB overwrites in
# place.
grub_note() {
	replace_file "$1/metaltune.env" "$(awk "$AWK_grubNote")"
}

# grub_provisional_state DIRECTORY
grub_provisional_state() {
	[ ! -f "$1/metaltune.env" ] || sed -n 's/^metaltune_provisional=//p' "$1/metaltune.env"
}

# grub_clear_provisional DIRECTORY
grub_clear_provisional() {
	restore_file "$1/custom.cfg"
	[ ! -e "$1/metaltune.env" ] && [ ! -e "$1/metaltune.env.metaltune-new" ] || rm -f "$1/metaltune.env" "$1/metaltune.env.metaltune-new"
}
