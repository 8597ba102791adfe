#!/bin/sh
# limits, host half: /etc/security/limits.d. See index.ts.
#
# hooks: probe persist
#
# shellcheck disable=SC2154

LIMITS_FILE=$ROOT/etc/security/limits.d/zz-metaltune.conf

limits_files() {
	printf '%s\n' "$ROOT/etc/security/limits.conf"
	set +f
	for FILE in "$ROOT"/etc/security/limits.d/*.conf; do
		printf '%s\n' "$FILE"
	done
	set -f
}

# The live value is that of a new login: the last line for the same domain, type and item,
# limits.conf first (pam_limits(8), limits.conf(5)).
limits_probe() {
	{
		key_lines
		limits_files | while IFS= read -r FILE; do
			[ ! -f "$FILE" ] || printf 'file\t%s\n' "$FILE"
		done
	} | awk -F '\t' -v root="$ROOT" "$AWK_limits_live"
}

limits_persist() {
	ROWS=$(while IFS=$US read -r KEY ORIGIN _ WANTED _; do
		[ "$ORIGIN" = declared ] || continue
		TYPE=${KEY##*.}
		ITEM=${KEY%.*}
		printf '%s %s %s %s\n' "${ITEM%.*}" "$TYPE" "${ITEM##*.}" "$WANTED"
	done)
	own_file "$LIMITS_FILE" "$ROWS"
}
