#!/bin/sh
# sysctl, host half: /proc/sys live, /etc/sysctl.d for the next boot.
# See index.ts for the mechanism.
#
# hooks: probe write persist may_cut_login own_source

# shellcheck disable=SC2034,SC2154

# Keys that may cut the login; see host/rollback.sh.
sysctl_may_cut_login='^net[.]'

# The boot layer's source where a value is metaltune's own.
# shellcheck disable=SC2034
sysctl_own_source='^/etc/sysctl[.]d/zz-metaltune[.]conf:'

SYSCTL_FILE=$ROOT/etc/sysctl.d/zz-metaltune.conf
# Keys of modules appear after systemd-sysctl has run at boot.
SYSCTL_RULES=$ROOT/etc/udev/rules.d/99-zz-metaltune-sysctl.rules

# sysctl_files: the files that systemd-sysctl reads, in its order: by name across all
# directories; for a repeated name the first directory wins (sysctl.d(5), "CONFIGURATION
# DIRECTORIES AND PRECEDENCE").
sysctl_files() {
	set +f
	for DIRECTORY in /etc/sysctl.d /run/sysctl.d /usr/local/lib/sysctl.d /usr/lib/sysctl.d /lib/sysctl.d; do
		for FILE in "$ROOT$DIRECTORY"/*.conf; do
			[ ! -f "$FILE" ] || printf '%s\t%s\n' "${FILE##*/}" "$FILE"
		done
	done | sort -s -u -t "$TAB" -k 1,1 | cut -f 2
	set -f
}

# sysctl_boot_facts: keys on stdin -> the values that the next boot sets. An exact
# assignment always overrides a glob; among equals the last one wins.
sysctl_boot_facts() {
	{
		key_lines
		sysctl_files | while IFS= read -r FILE; do
			printf 'file\t%s\n' "$FILE"
		done
		[ ! -f "$SYSCTL_RULES" ] || printf 'rules\t%s\n' "$SYSCTL_RULES"
	} | awk -F '\t' -v root="$ROOT" "$AWK_lib$AWK_sysctl_normal$AWK_sysctl_boot"
}

sysctl_probe() {
	KEYS=$(cat)
	printf '%s\n' "$KEYS" | awk -F "$US" -v OFS='\t' -v proc="$ROOT/proc/sys/" "$AWK_lib"'{ print $1, proc sysctl_path($1) }' |
		facts_of_files live | absent_is_unsupported 'this kernel has no such key' |
		awk -F '\t' -v OFS='\t' -v proc="$ROOT/proc/sys/" -v sys="$ROOT/sys/" "$AWK_lib$AWK_sysctl_normal$AWK_sysctl_facts"
	printf '%s\n' "$KEYS" | sysctl_boot_facts
}

# The original of a limit that was not in force is the limit that was.
sysctl_write() {
	awk -F "$US" -v OFS="$US" -v proc="$ROOT/proc/sys/" "$AWK_lib"'
		$2 != "value" { next }
		$3 ~ /^0 while vm[.][a-z_]+ is [0-9]+$/ { split($3, word, " "); print $1, proc sysctl_path(word[3]), word[5]; next }
		{ print $1, proc sysctl_path($1), $3 }' | while IFS=$US read -r KEY FILE WANTED; do
		put "$WANTED" "$FILE" || complain "sysctl $KEY: the kernel refused $WANTED"
	done
}

sysctl_persist() {
	ROWS=$(while IFS=$US read -r KEY ORIGIN _ WANTED _; do
		[ "$ORIGIN" != declared ] || printf '%s = %s\n' "$KEY" "$WANTED"
	done)
	own_file "$SYSCTL_FILE" "$ROWS"
	own_file "$SYSCTL_RULES" "$(printf '%s\n' "$ROWS" | awk "$AWK_lib$AWK_sysctl_normal$AWK_sysctl_rules")"
}
