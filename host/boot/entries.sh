#!/bin/sh
# Boot Loader Specification entries (type 1), which grubby changes and systemd-boot reads.
# A revert restores each entry, and the files that entries of new kernels are made from,
# byte for byte. A loader with such entries has two more functions:
#   _files    this system's entries, and the source files for new ones
#   _places   the directories and files that hold them
#
# Names set here are used by the files assembled after this one.
# shellcheck disable=SC2034,SC2153,SC2154

# Marks that the original entries are kept, and names the loader. An earlier version,
# which supported one loader only, left it empty.
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

# entries_kept_by LOADER: whether it keeps originals of the entries.
entries_kept_by() {
	[ -e "$ENTRIES_KEPT" ] || return 1
	KEPT_BY=$(cat "$ENTRIES_KEPT")
	[ "${KEPT_BY:-grubby}" = "$1" ]
}

# entries_readable: fails where the command lines cannot be read: metaltune could not
# revert a change to them.
entries_readable() {
	if SAID=$("${LOADER}_entries") && [ -n "$SAID" ]; then
		return 0
	fi
	fold "${SAID:-no boot entry was found}"
	complain "kernelCommandLine: the boot entries are not readable, so they were not changed: $VALUE"
	return 1
}

# entries_untouched: whether the entries still have the original values of every parameter
# that metaltune set.
entries_untouched() {
	printf '%s\n%s\n' "$BASELINE" "$FACTS" | awk -F '\t' "$AWK_entriesUntouched"
}

# entries_keep: only before metaltune's first change: the entry of a kernel installed
# later always had metaltune's parameters. If this may not be the first change, as after a
# power cut, a revert restores values, not files.
entries_keep() {
	[ ! -e "$ENTRIES_KEPT" ] || return 0
	entries_untouched || return 0
	"${LOADER}_files" | while IFS= read -r FILE; do
		keep_original "$FILE" || exit 1
	done || return 1
	printf '%s\n' "$LOADER" | tee "$ENTRIES_KEPT" >/dev/null
	# They may be on a different file system from the entries.
	sync "$ENTRIES_KEPT"
}

# entries_where FILE: in WHERE, the prefix of its lines that hold parameters.
entries_where() {
	case $1 in
	*.conf) WHERE='^options[ \t]+' ;;
	*/grub) WHERE='^GRUB_CMDLINE_LINUX=' ;;
	*) WHERE='' ;;
	esac
}

# entries_give KEYS: reverts these parameters in each file to that file's own original
# values. The originals may differ between files.
entries_give() {
	"${LOADER}_files" | while IFS= read -r FILE; do
		KEPT=$STATE/files${FILE#"$ROOT"}
		[ -s "$KEPT" ] || continue
		[ -f "$FILE" ] || continue
		entries_where "$FILE"
		GIVEN=$(awk -v keys="$1" -v where="$WHERE" "$AWK_command_line$AWK_entriesGive" "$KEPT" "$FILE") || exit 1
		replace_file "$FILE" "$GIVEN
" || exit 1
	done
}

# entries_same NAMES FILE: whether FILE equals its original except for these parameters. A
# file without an original is compared with an entry.
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

# entries_restore NAMES: reverts when no parameter is declared any more. The revert of
# values appends a parameter to its line, or puts one of TuneD's beside TuneD's, and
# /etc/kernel/cmdline may be made from an entry. If nothing else in a file has changed, it
# is restored byte for byte.
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
