# EFI variables of the Boot Loader Interface, and how systemd-boot uses them.
# shellcheck shell=sh disable=SC1003,SC2154

efi_file() {
	printf '%s/sys/firmware/efi/efivars/%s-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f\n' "$ROOT" "$1"
}

# efi_get NAME: its text; empty where it is not set.
efi_get() {
	[ ! -e "$(efi_file "$1")" ] || tail -c +5 "$(efi_file "$1")" | tr -d '\0'
}

# efi_set NAME TEXT: an empty text deletes it.
efi_set() {
	if [ -z "$2" ]; then
		rm -f "$(efi_file "$1")"
		return
	fi
	{
		printf '\006\000\000\000'
		printf '%s' "$2" | sed 's/./&\n/g' | tr -d '\n' | sed 's/./&\n/g' | tr '\n' '\000'
		printf '\000\000'
	} >"$(efi_file "$1").new"
	mv "$(efi_file "$1").new" "$(efi_file "$1")"
}

# efi_directory: systemd-boot's directory, if it starts this host.
efi_directory() {
	for directory in "$ROOT"/dev/disk/by-uuid/* "$ROOT/boot/efi"; do
		if [ -d "$directory/loader/entries" ]; then
			printf '%s\n' "$directory"
			return
		fi
	done
	return 1
}

# efi_entry DIRECTORY: the file of the entry that boots: the one-shot entry, the default,
# that of loader.conf, or the newest one with a version.
efi_entry() {
	once=$(efi_get LoaderEntryOneShot)
	efi_set LoaderEntryOneShot ''
	for name in "$once" "$(efi_get LoaderEntryDefault)"; do
		if [ -n "$name" ] && [ -f "$1/loader/entries/$name" ]; then
			printf '%s\n' "$1/loader/entries/$name"
			return
		fi
	done
	pattern=$(sed -n 's/^default[[:space:]]*//p' "$1/loader/loader.conf")
	for file in "$1"/loader/entries/${pattern:-*}; do
		! grep -q '^version' "$file" || printf '%s\n' "$file"
	done | sort -V | tail -n 1
}

# efi_line DIRECTORY: the command line that the kernel gets.
efi_line() {
	booted=$(efi_entry "$1")
	efi_set LoaderEntrySelected "${booted##*/}"
	{
		sed -n 's/^initrd[[:space:]]*/initrd=/p' "$booted" | tr / '\\'
		sed -n 's/^options[[:space:]]*//p' "$booted"
	} | tr -s ' \t\n' ' ' | sed 's/ $//'
}
