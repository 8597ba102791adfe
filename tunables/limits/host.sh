#!/bin/sh
# limits, host half: /etc/security/limits.d. See index.ts.
#
# hooks: probe persist refuse may_cut_login own_source
#
# shellcheck disable=SC2034,SC2154

# Limits without which no program of a login runs; see host/rollback.sh.
limits_may_cut_login='[.](as|cpu|data|fsize|nofile|nproc|sigpending|stack)[.]'

# A login has what the files say.
limits_own_source='^/etc/security/limits[.]d/zz-metaltune[.]conf:'

LIMITS_FILE=$ROOT/etc/security/limits.d/zz-metaltune.conf

limits_files() {
	printf '%s\n' "$ROOT/etc/security/limits.conf"
	set +f
	for FILE in "$ROOT"/etc/security/limits.d/*.conf; do
		printf '%s\n' "$FILE"
	done
	set -f
}

# The live value is that of a new login; live.awk has PAM's rules. limits.conf comes first,
# then limits.d in the order of the C locale (pam_limits(8)).
limits_probe() {
	{
		key_lines
		limits_files | while IFS= read -r FILE; do
			[ ! -f "$FILE" ] || printf 'file\t%s\n' "$FILE"
		done
	} | awk -F '\t' -v root="$ROOT" -v etc="$ROOT/etc/" "$AWK_lib$AWK_limits_live"
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

# limits_refuse: nofile limits that would shut out logins. All declared ones count, as
# fs.nr_open may be lowered by the same run.
limits_refuse() {
	cat >/dev/null
	case $SETTINGS in
	*"limits$TAB"*.nofile.*) ;;
	*) return 0 ;;
	esac
	{
		printf 'sysctl\tfs.nr_open\texact\t-\tlive\n' | report_facts
		settings_lines
		printf '%s\n' "$DROPPED" | sed "s/^/dropped$TAB/"
	} | awk -F '\t' -v OFS="$US" "$AWK_lib$AWK_limits_nr_open"
}
