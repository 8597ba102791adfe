#!/bin/sh
# Boot Loader Specification entries (type 1), which grubby changes and systemd-boot
# reads: each, and what those of kernels to come are made of, comes back byte for
# byte. A loader of such entries has two functions more:
#   _files    the entries of this system, and the sources of those to come
#   _places   the directories and files that these are in
#
# Names set here are used by the files assembled after this one.
# shellcheck disable=SC2034,SC2153,SC2154

# Says that the entries as they were before us are kept, and by which loader;
# an earlier version, which knew one only, left it empty.
ENTRIES_KEPT=$STATE/entries.kept

# entries_each DIRECTORY PATTERN: the files there, one per line.
entries_each() {
	set +f
	# shellcheck disable=SC2231
	for FILE in "$1"/$2; do
		[ ! -f "$FILE" ] || printf '%s\n' "$FILE"
	done
	set -f
}

# entries_kept_by LOADER: whether it keeps originals of them.
entries_kept_by() {
	[ -e "$ENTRIES_KEPT" ] || return 1
	KEPT_BY=$(cat "$ENTRIES_KEPT")
	[ "${KEPT_BY:-grubby}" = "$1" ]
}

# entries_readable: what cannot be read is not written either, as it could not be
# given back.
entries_readable() {
	if SAID=$("${LOADER}_entries") && [ -n "$SAID" ]; then
		return 0
	fi
	fold "${SAID:-no boot entry was found}"
	complain "kernelCommandLine: the boot entries are not readable, so they were not changed: $VALUE"
	return 1
}

# entries_untouched: whether the entries still say what they did before us, of
# everything that we have set.
entries_untouched() {
	printf '%s\n%s\n' "$BASELINE" "$FACTS" | awk -F '\t' "$AWK_entriesUntouched"
}

# entries_keep: before the first change only: the entry of a kernel that came
# later was never without our parameters. Where that is not known to be the
# first, as after a loss of power, values come back and files do not.
entries_keep() {
	[ ! -e "$ENTRIES_KEPT" ] || return 0
	entries_untouched || return 0
	"${LOADER}_files" | while IFS= read -r FILE; do
		keep_original "$FILE" || exit 1
	done || return 1
	printf '%s\n' "$LOADER" | tee "$ENTRIES_KEPT" >/dev/null
	# They may be on another file system than the entries.
	sync "$ENTRIES_KEPT"
}

# entries_where FILE: what its lines with parameters begin with, in WHERE.
entries_where() {
	case $1 in
	*.conf) WHERE='^options[ \t]' ;;
	*/grub) WHERE='^GRUB_CMDLINE_LINUX=' ;;
	*) WHERE='' ;;
	esac
}

# entries_give NAMES: to each file what itself said of these parameters before
# us, where they differed: one value for all would be a lie to some.
entries_give() {
	"${LOADER}_files" | while IFS= read -r FILE; do
		KEPT=$STATE/files${FILE#"$ROOT"}
		[ -s "$KEPT" ] || continue
		[ -f "$FILE" ] || continue
		entries_where "$FILE"
		GIVEN=$(awk -v names=" $1 " -v where="$WHERE" "$AWK_entriesGive" "$KEPT" "$FILE") || exit 1
		replace_file "$FILE" "$GIVEN
" || exit 1
	done
}

# entries_same NAMES FILE: whether FILE says what its original does, or where there
# was none what an entry does, of all but these parameters.
entries_same() {
	KEPT=$STATE/files${2#"$ROOT"}
	SAID=$(parameters_other "$1" <"$2")
	if [ -f "$KEPT" ]; then
		[ "$SAID" = "$(parameters_other "$1" <"$KEPT")" ]
		return
	fi
	[ -e "$KEPT.absent" ] || return 1
	SAME=$("${LOADER}_files" | while IFS= read -r ENTRY; do
		case $ENTRY in
		*.conf) ;;
		*) continue ;;
		esac
		[ "$SAID" != "$(sed -n 's/^options[ \t]*//p' "$ENTRY" | parameters_other "$1")" ] || printf same
	done)
	[ -n "$SAME" ]
}

# entries_restore NAMES: nothing is declared any more. A parameter was put back at
# the end of its line, one of TuneD's beside TuneD's, and /etc/kernel/cmdline may be
# made of an entry: a file in which nothing else has changed comes back byte for byte.
entries_restore() {
	[ -e "$ENTRIES_KEPT" ] || return 0
	"${LOADER}_files" | while IFS= read -r FILE; do
		[ -f "$FILE" ] || continue
		! entries_same "$1" "$FILE" || printf '%s\n' "$FILE"
	done | while IFS= read -r FILE; do
		restore_file "$FILE" || exit 1
	done || return 1
	"${LOADER}_places" | while IFS= read -r FILE; do
		rm -rf "$STATE/files${FILE#"$ROOT"}" "$STATE/files${FILE#"$ROOT"}.absent"
	done
	rm "$ENTRIES_KEPT"
}
