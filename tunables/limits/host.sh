#!/bin/sh
# limits, host half: /etc/security/limits.d. See limits.ts.

LIMITS_FILE=$ROOT/etc/security/limits.d/zz-metaltune.conf

limits_files() {
	printf '%s\n' "$ROOT/etc/security/limits.conf"
	set +f
	for FILE in "$ROOT"/etc/security/limits.d/*.conf; do
		printf '%s\n' "$FILE"
	done
	set -f
}

# The live value is what a login now would get: the last line for the same
# domain, type and item, limits.conf first (pam_limits(8), limits.conf(5)).
limits_probe() {
	{
		key_lines
		limits_files | while IFS= read -r FILE; do
			[ ! -f "$FILE" ] || printf 'file\t%s\n' "$FILE"
		done
	} | awk -F '\t' -v root="$ROOT" '
	function set_limit(domain, type, item, value, where) {
		if (item != "nice" && item != "priority" && (value == "infinity" || value == "-1")) value = "unlimited"
		limit[domain "." item "." type] = value
		place[domain "." item "." type] = where
	}
	function read_file(file,    line, number, f, n, where) {
		while ((getline line < file) > 0) {
			number++
			sub(/#.*/, "", line)
			n = split(line, f, /[ \t]+/)
			if (f[1] == "") { for (i = 1; i < n; i++) f[i] = f[i + 1]; n-- }
			if (n < 4) continue
			where = substr(file, length(root) + 1) ":" number
			if (f[2] != "soft") set_limit(f[1], "hard", f[3], f[4], where)
			if (f[2] != "hard") set_limit(f[1], "soft", f[3], f[4], where)
		}
		close(file)
	}
	$1 == "key" { keys[++count] = $2 }
	$1 == "file" { read_file($2) }
	END {
		for (k = 1; k <= count; k++) {
			if (keys[k] in limit) printf "fact\tlimits\t%s\tlive\tvalue\t%s\t%s\n", keys[k], limit[keys[k]], place[keys[k]]
			else printf "fact\tlimits\t%s\tlive\tabsent\t\t%s\n", keys[k], "/etc/security/limits.d"
		}
	}'
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
