#!/bin/sh
# A new kernel command line is tried once. GRUB notes in a file of ours that
# it boots the new one; when it comes by again before anybody has confirmed,
# it takes the line from before. docs/adr/0005-rollback.md says why so.
#
# custom.cfg is what 41_custom of GRUB reads at the end of its configuration.
# Names set here are used by the files assembled after this one.
# shellcheck disable=SC2015,SC2016,SC2034,SC2153

# trial_place: where GRUB has its files, in GRUB_DIR; LOADER as there.
trial_place() {
	kernelCommandLine_loader
	GRUB_DIR=$ROOT/boot/grub
	[ "$LOADER" != grubby ] || GRUB_DIR=$ROOT/boot/grub2
}

# trial_state: armed (GRUB has not seen it), booted (it boots the new line),
# fallback (it took the old one), or nothing when there is no trial.
trial_state() {
	cat "$ROOT/boot/grub/metaltune.env" "$ROOT/boot/grub2/metaltune.env" 2>/dev/null | sed -n 's/^metaltune_trial=//p'
}

# trial_running: the line that is in effect, quoted for GRUB, in ARGUMENTS, and
# its kernel in IMAGE.
trial_running() {
	read_file "$ROOT/proc/cmdline"
	ARGUMENTS=$(printf '%s\n' "$VALUE" | awk '
	{
		line = $0 " "
		for (i = 1; i <= length(line); i++) {
			c = substr(line, i, 1)
			if (c == "\"") { quoted = !quoted; continue }
			if (c != " " || quoted) { token = token c; continue }
			if (token ~ /\047/) exit 1
			if (token ~ /[^A-Za-z0-9_.,:\/=@%+^-]/) token = "\047" token "\047"
			if (token !~ /^\047?BOOT_IMAGE=/) text = text " " token
			token = ""
		}
		print substr(text, 2)
	}') || return 1
	IMAGE=${VALUE#BOOT_IMAGE=}
	[ "$IMAGE" != "$VALUE" ] || return 1
	IMAGE=${IMAGE%% *}
}

# trial_entry NAME IMAGE ARGUMENTS PANIC: a menu entry metaltune-NAME. It boots
# IMAGE, or without one what boots by default, with ARGUMENTS, or without any
# what the entry says, and what to do about a panic, where it does not say that.
trial_entry() {
	if [ "$LOADER" = grubby ]; then
		trial_file "$2"
		FILES=$FILE
	else
		FILES=$GRUB_DIR/grub.cfg
	fi
	[ -f "$FILES" ] || return 1
	ARGUMENTS=$3 awk -v id="$1" -v image="$2" -v panic="$4" -v bls="$LOADER" '
	function arguments(line) {
		if (ENVIRON["ARGUMENTS"] != "") line = ENVIRON["ARGUMENTS"]
		return line (panic == "" || line ~ /(^| )panic=/ ? "" : " " panic)
	}
	function done(body) {
		printf "menuentry \047metaltune: %s\047 --id metaltune-%s --unrestricted {\n%s}\n", id, id, body
		found = 1
		exit
	}
	bls == "grubby" && $1 == "linux" { kernel = $2 }
	bls == "grubby" && $1 == "initrd" { for (i = 2; i <= NF; i++) initrd = initrd " " ($i ~ /^\// ? "($root)" : "") $i }
	bls == "grubby" && $1 == "options" { sub(/^options[ \t]+/, ""); options = $0 }
	bls == "grubby" { next }
	/^[ \t]*menuentry / { inside = 1; body = ""; matches = 0; next }
	!inside { next }
	/^[ \t]*}[ \t]*$/ { if (matches) done(body); inside = 0; next }
	/^[ \t]*savedefault/ { next }
	/^[ \t]*linux(efi|16)?[ \t]/ {
		matches = image == "" || $2 == image
		command = $1 " " $2
		line = $0; sub(/^[ \t]*[^ \t]+[ \t]+[^ \t]+[ \t]*/, "", line)
		$0 = "\t" command " " arguments(line)
	}
	{ body = body $0 "\n" }
	END {
		if (found) exit
		if (kernel == "") exit 1
		done("\tlinux ($root)" kernel " " arguments(options) "\n" (initrd == "" ? "" : "\tinitrd" initrd "\n"))
	}' "$FILES"
}

# trial_file IMAGE: the boot entry's file of a kernel, or of the default one.
trial_file() {
	ID=$(if [ -z "$1" ]; then grubby --info=DEFAULT; else grubby --info="${1#*\)}"; fi | sed -n 's/^id="\(.*\)"$/\1/p' | head -n 1)
	FILE=$ROOT/boot/loader/entries/$ID.conf
}

# trial_hindrance: why GRUB cannot try a line once here, in WHY.
trial_hindrance() {
	WHY=''
	PROBE=grub-probe
	[ "$LOADER" != grubby ] || PROBE=grub2-probe
	if ! command -v "$PROBE" >/dev/null; then
		WHY="there is no $PROBE to ask whether GRUB can write its own notes"
		return
	fi
	MEDIUM=$("$PROBE" --target=abstraction "$GRUB_DIR" 2>/dev/null)$("$PROBE" --target=fs "$GRUB_DIR" 2>/dev/null) || :
	case $MEDIUM in
	ext2 | xfs | fat) ;;
	*) WHY="GRUB cannot write to ${GRUB_DIR#"$ROOT"} (${MEDIUM:-unknown file system})" ;;
	esac
	# The trial boots the first entry, with the new line; with boot loader
	# specification files, grubby names the default one.
	OTHER=$([ "$LOADER" = grubby ] || sed -n 's/^[ \t]*set default="\{0,1\}\([^"]*\)"\{0,1\}$/\1/p' "$GRUB_DIR/grub.cfg" 2>/dev/null | grep -vxF -e 0 -e '${next_entry}' | head -n 1) || :
	[ -z "$OTHER" ] || WHY="GRUB boots $OTHER by default, not the first entry of its menu"
	grep -q custom.cfg "$GRUB_DIR/grub.cfg" 2>/dev/null || WHY="${GRUB_DIR#"$ROOT"}/grub.cfg does not read custom.cfg; is /etc/grub.d/41_custom there?"
}

TRIAL_SCRIPT='# Written by metaltune: tries a kernel command line once.
set metaltune_dir=${config_directory}
if [ -z "${metaltune_dir}" ]; then
  set metaltune_dir=$prefix
fi
load_env -f ${metaltune_dir}/metaltune.env metaltune_trial
if [ "${metaltune_trial}" = armed ]; then
  set metaltune_trial=booted
  set default=metaltune-previous
  if save_env -f ${metaltune_dir}/metaltune.env metaltune_trial; then
    set default=metaltune-trial
  fi
  set fallback=metaltune-previous
elif [ -n "${metaltune_trial}" ]; then
  set metaltune_trial=fallback
  save_env -f ${metaltune_dir}/metaltune.env metaltune_trial
  set default=metaltune-previous
fi'

# trial_write [again]: GRUB's part of the trial, from its configuration as it
# is now; `again` keeps what GRUB has noted. A failure is in WHY. The new line panics into a reboot: 0, the default, would wait for ever.
trial_write() {
	trial_place
	trial_hindrance
	[ -z "$WHY" ] || return 1
	WHY='the kernel that runs is in no entry of the boot menu'
	trial_running || return 1
	PREVIOUS_ENTRY=$(trial_entry previous "$IMAGE" "$ARGUMENTS" '') || return 1
	NEW_ENTRY=$(trial_entry trial '' '' panic=10) || return 1
	keep_original "$GRUB_DIR/custom.cfg" || return 1
	OTHERS=$STATE/files${GRUB_DIR#"$ROOT"}/custom.cfg
	[ -n "${1-}" ] && [ -n "$(trial_state)" ] || trial_note
	write_file "$GRUB_DIR/custom.cfg" "$([ ! -f "$OTHERS" ] || cat "$OTHERS")
$TRIAL_SCRIPT
$PREVIOUS_ENTRY
$NEW_ENTRY
"
}

# trial_note: GRUB's environment block: 1024 bytes, which it changes in place.
trial_note() {
	replace_file "$GRUB_DIR/metaltune.env" "$(awk 'BEGIN {
		text = "# GRUB Environment Block\nmetaltune_trial=armed\n"
		while (length(text) < 1024) text = text "#"
		printf "%s", text
	}')"
}

trial_remove() {
	for GRUB_DIR in "$ROOT/boot/grub" "$ROOT/boot/grub2"; do
		restore_file "$GRUB_DIR/custom.cfg"
		[ ! -e "$GRUB_DIR/metaltune.env" ] && [ ! -e "$GRUB_DIR/metaltune.env.metaltune-new" ] || rm -f "$GRUB_DIR/metaltune.env" "$GRUB_DIR/metaltune.env.metaltune-new"
	done
}
