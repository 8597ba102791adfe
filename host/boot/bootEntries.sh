#!/bin/sh
# The entries of the boot menu: what each passes to its kernel. Where grubby
# changes them, each, and what those of kernels to come are made of, comes back
# byte for byte.
#
# Names set here are used by the files assembled after this one.
# shellcheck disable=SC2034,SC2153,SC2154

ENTRIES=$ROOT/boot/loader/entries
# Says that the entries, as they were before us, are kept.
ENTRIES_KEPT=$STATE/entries.kept

# entries_lines: the command lines of every boot entry but the
# recovery ones, one per line. In grub.cfg only the section of this system's
# own kernels counts, not memory testers and other systems found on disk.
entries_lines() {
	if [ "$LOADER" = grubby ]; then
		LISTED=$(grubby --info=ALL 2>&1) || {
			printf '%s\n' "$LISTED"
			return 1
		}
		{
			sed 's/^/set /' "$ROOT/boot/grub2/grubenv" || :
			printf '%s\n' "$LISTED" | awk '
			/^kernel=/ { rescue = /-0-rescue-/ }
			!rescue && sub(/^args="/, "line ") { sub(/"$/, ""); print }'
		} 2>/dev/null | entries_expanded
		return
	fi
	LISTED=$(cat "$GRUB_CFG" 2>&1) || {
		printf '%s\n' "$LISTED"
		return 1
	}
	printf '%s\n' "$LISTED" | awk '
	/^### BEGIN / { section = $3; if (section ~ /10_linux(_zfs)?$/) sections = 1 }
	/^[ \t]*set / { sub(/^[ \t]*/, ""); print }
	/^[ \t]*linux(efi|16)?[ \t]/ && !/ (single|recovery)( |$)/ {
		sub(/^[ \t]*linux(efi|16)?[ \t]+[^ \t]+/, "line ")
		line[++n] = $0; own[n] = section ~ /10_linux(_zfs)?$/
	}
	END { for (i = 1; i <= n; i++) if (own[i] || !sections) print line[i] }' | entries_expanded
}

# entries_expanded < `set NAME=TEXT` and `line TEXT`: the lines as GRUB
# passes them, with what is set in place of $NAME. TuneD adds its parameters so.
entries_expanded() {
	awk '
	sub(/^set /, "") {
		at = index($0, "="); text = substr($0, at + 1)
		gsub(/"/, "", text)
		value[substr($0, 1, at - 1)] = text
		next
	}
	sub(/^line /, "") {
		line = ""
		while (match($0, /[$]([{][A-Za-z_][A-Za-z0-9_]*[}]|[A-Za-z_][A-Za-z0-9_]*)/)) {
			name = substr($0, RSTART, RLENGTH); gsub(/[${}]/, "", name)
			line = line substr($0, 1, RSTART - 1) value[name]
			$0 = substr($0, RSTART + RLENGTH)
		}
		print line $0
	}'
}

# entries_each DIRECTORY PATTERN: the files there, one per line.
entries_each() {
	set +f
	# shellcheck disable=SC2231
	for FILE in "$1"/$2; do
		[ ! -f "$FILE" ] || printf '%s\n' "$FILE"
	done
	set -f
}

# entries_put_rescue_by, entries_leave_rescue: around a call of grubby, to which
# the kernel for emergencies, the way back, is one of ALL.
entries_put_rescue_by() {
	entries_each "$ENTRIES" '*-0-rescue.conf' | while IFS= read -r FILE; do
		copy_file "$FILE" "$STATE/rescue.new" && mv "$STATE/rescue.new" "$STATE/rescue.${FILE##*/}" || exit 1
	done
}

entries_leave_rescue() {
	entries_each "$STATE" 'rescue.*.conf' | while IFS= read -r KEPT; do
		FILE=$ENTRIES/${KEPT#"$STATE/rescue."}
		copy_file "$KEPT" "$FILE.metaltune-new" && mv "$FILE.metaltune-new" "$FILE" && rm "$KEPT"
	done
}

# entries_files: what grubby changes.
entries_files() {
	entries_each "$ENTRIES" '*.conf'
	printf '%s\n' "$ROOT/etc/default/grub" "$ROOT/etc/kernel/cmdline"
}

# entries_untouched: whether the entries still say what they did before us, of
# everything that we have set.
entries_untouched() {
	printf '%s\n%s\n' "$BASELINE" "$FACTS" | awk -F '\t' '
		$1 == "kernelCommandLine" && $3 == "boot" { before[$2] = $4 FS $5 }
		$2 == "kernelCommandLine" && $4 == "boot" && ($3 in before) && before[$3] != $5 FS $6 { changed = 1 }
		END { exit changed }'
}

# entries_keep: before the first change only: the entry of a kernel that came
# later was never without our parameters. Where that is not known to be the
# first, as after a loss of power, values come back and files do not.
entries_keep() {
	[ ! -e "$ENTRIES_KEPT" ] || return 0
	entries_untouched || return 0
	entries_files | while IFS= read -r FILE; do
		keep_original "$FILE" || exit 1
	done || return 1
	printf '' | tee "$ENTRIES_KEPT" >/dev/null
	# They may be on another file system than the entries.
	sync "$ENTRIES_KEPT"
}

# entries_give NAMES: to each file what itself said of these parameters before
# us, where they differed: one value for all would be a lie to some.
entries_give() {
	entries_files | while IFS= read -r FILE; do
		KEPT=$STATE/files${FILE#"$ROOT"}
		[ -s "$KEPT" ] || continue
		[ -f "$FILE" ] || continue
		case $FILE in
		*.conf) WHERE='^options[ \t]' ;;
		*/grub) WHERE='^GRUB_CMDLINE_LINUX=' ;;
		*) WHERE='' ;;
		esac
		GIVEN=$(awk -v names=" $1 " -v where="$WHERE" '
			FNR == 1 { file++ }
			$0 !~ where { if (file == 2) print; next }
			file == 1 {
				gsub(/"/, " ")
				for (i = 1; i <= NF; i++) {
					name = $i; sub(/=.*/, "", name); gsub(/-/, "_", name)
					if (index(names, " " name " ")) own = own " " $i
				}
				next
			}
			{ end = sub(/"$/, "") ? "\"" : ""; print $0 own end }' "$KEPT" "$FILE") || exit 1
		replace_file "$FILE" "$GIVEN
" || exit 1
	done
}

# entries_others NAMES: the words of standard input, in any order, that are not
# these parameters, whose names have _ in them.
entries_others() {
	tr -s ' \t"' '\n' | awk -F = -v names=" $1 " '
		{ name = $1; gsub(/-/, "_", name) }
		!index(names, " " name " ")' | sort
}

# entries_restore NAMES: nothing is declared any more. grubby puts a parameter
# back at the end of the line, one of TuneD's beside TuneD's, and makes
# /etc/kernel/cmdline of an entry: a file in which nobody has changed anything
# else comes back byte for byte.
entries_restore() {
	[ -e "$ENTRIES_KEPT" ] || return 0
	entries_files | while IFS= read -r FILE; do
		KEPT=$STATE/files${FILE#"$ROOT"}
		[ -f "$FILE" ] || continue
		SAID=$(entries_others "$1" <"$FILE")
		if [ -f "$KEPT" ]; then
			[ "$SAID" != "$(entries_others "$1" <"$KEPT")" ] || restore_file "$FILE"
		elif [ -e "$KEPT.absent" ]; then
			entries_each "$ENTRIES" '*.conf' | while IFS= read -r ENTRY; do
				[ "$SAID" != "$(sed -n 's/^options[ \t]*//p' "$ENTRY" | entries_others "$1")" ] || printf '%s\n' "$FILE"
			done | while IFS= read -r FILE; do
				restore_file "$FILE"
			done
		fi
	done
	for FILE in "$ENTRIES" "$ROOT/etc/default/grub" "$ROOT/etc/kernel/cmdline"; do
		rm -rf "$STATE/files${FILE#"$ROOT"}" "$STATE/files${FILE#"$ROOT"}.absent"
	done
	rm "$ENTRIES_KEPT"
}
