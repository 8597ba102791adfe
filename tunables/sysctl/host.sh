#!/bin/sh
# sysctl, host half: /proc/sys live, /etc/sysctl.d for the next boot.
# See sysctl.ts for the mechanism.

# Keys that can cut the login; see host/rollback.sh.
# shellcheck disable=SC2034
sysctl_cuts='^net[.]'

SYSCTL_FILE=$ROOT/etc/sysctl.d/zz-metaltune.conf

# sysctl_path KEY: in VALUE. As in sysctl(8): dots separate, and a slash stands
# for a dot inside a name (net.ipv4.conf.eth0/100.forwarding).
sysctl_path() {
	VALUE=$ROOT/proc/sys
	REST=$1.
	while [ -n "$REST" ]; do
		PART=${REST%%.*}
		REST=${REST#*.}
		case $PART in
		*/*) PART=${PART%%/*}.${PART#*/} ;;
		esac
		VALUE=$VALUE/$PART
	done
}

# sysctl_files: the files systemd-sysctl reads, in its order: by name over all
# directories, the first directory winning where a name repeats
# (sysctl.d(5), "CONFIGURATION DIRECTORIES AND PRECEDENCE").
sysctl_files() {
	set +f
	for DIRECTORY in /etc/sysctl.d /run/sysctl.d /usr/local/lib/sysctl.d /usr/lib/sysctl.d /lib/sysctl.d; do
		for FILE in "$ROOT$DIRECTORY"/*.conf; do
			[ ! -f "$FILE" ] || printf '%s\t%s\n' "${FILE##*/}" "$FILE"
		done
	done | sort -s -u -t "$TAB" -k 1,1 | cut -f 2
	set -f
}

# sysctl_boot_facts: keys on stdin -> what the next boot will set. An exact
# assignment beats a glob wherever it stands; among equals the last one wins.
sysctl_boot_facts() {
	{
		key_lines
		sysctl_files | while IFS= read -r FILE; do
			printf 'file\t%s\n' "$FILE"
		done
	} | awk -F '\t' -v root="$ROOT" '
	# Turns a sysctl.d name into the path below /proc/sys, where dots inside
	# names are kept, so that both spellings meet.
	function path(name,    slash, dot) {
		slash = index(name, "/"); dot = index(name, ".")
		if (slash > 0 && (dot == 0 || slash < dot)) return name
		gsub(/\//, "\001", name); gsub(/\./, "/", name); gsub(/\001/, ".", name)
		return name
	}
	function pattern(glob) {
		gsub(/[.+^$(){}|\\]/, "\\\\&", glob)
		gsub(/\*/, "[^/]*", glob); gsub(/\?/, "[^/]", glob)
		return "^" glob "$"
	}
	function trim(text) { gsub(/^[ \t]+|[ \t]+$/, "", text); gsub(/[ \t]+/, " ", text); return text }
	function read_file(file,    line, number, name, at) {
		while ((getline line < file) > 0) {
			number++
			line = trim(line)
			if (line == "" || line ~ /^[#;]/) continue
			sub(/^-[ \t]*/, "", line)
			at = index(line, "=")
			if (at == 0) { excluded[path(line)]; continue }
			name = path(trim(substr(line, 1, at - 1)))
			value = trim(substr(line, at + 1))
			where = substr(file, length(root) + 1) ":" number
			if (name ~ /[*?\[]/) { glob[++globs] = pattern(name); glob_value[globs] = value; glob_where[globs] = where }
			else { exact[name] = value; exact_where[name] = where }
		}
		close(file)
	}
	$1 == "key" { keys[++count] = $2 }
	$1 == "file" { read_file($2) }
	END {
		for (i = 1; i <= count; i++) {
			name = path(keys[i])
			found = ""
			if (name in exact) { found = exact_where[name]; value = exact[name] }
			else if (!(name in excluded)) for (g = globs; g > 0 && found == ""; g--) if (name ~ glob[g]) { found = glob_where[g]; value = glob_value[g] }
			printf "fact\tsysctl\t%s\tboot\t%s\t%s\t%s\n", keys[i], (found == "" ? "absent" : "value"), (found == "" ? "" : value), (found == "" ? "sysctl.d" : found)
		}
	}'
}

sysctl_probe() {
	KEYS=$(cat)
	printf '%s\n' "$KEYS" | while IFS=$US read -r KEY _; do
		sysctl_path "$KEY"
		printf '%s\t%s\n' "$KEY" "$VALUE"
	done | facts_of_files live | absent_is_unsupported 'this kernel has no such key'
	printf '%s\n' "$KEYS" | sysctl_boot_facts
}

sysctl_write() {
	while IFS=$US read -r KEY STATUS WANTED; do
		[ "$STATUS" = value ] || continue
		sysctl_path "$KEY"
		put "$WANTED" "$VALUE" || complain "sysctl $KEY: the kernel refused $WANTED"
	done
}

sysctl_persist() {
	ROWS=$(while IFS=$US read -r KEY ORIGIN _ WANTED _; do
		[ "$ORIGIN" != declared ] || printf '%s = %s\n' "$KEY" "$WANTED"
	done)
	own_file "$SYSCTL_FILE" "$ROWS"
}
