# systemd-sysctl: the sysctl.d files of the tree, in its order.
# shellcheck shell=sh disable=SC2016,SC2154

# sysctl_files: by name across all directories; the first directory that has a name
# provides its content.
sysctl_files() {
	for directory in etc/sysctl.d run/sysctl.d usr/local/lib/sysctl.d \
		usr/lib/sysctl.d; do
		for file in "$ROOT/$directory"/*.conf; do
			[ ! -e "$file" ] || printf '%s\t%s\n' "${file##*/}" "$file"
		done
	done | LC_ALL=C sort -s -t '	' -k 1,1 | awk -F '\t' '!seen[$1]++ { print $2 }'
}

# sysctl_lines: "PATH<tab>VALUE", globs expanded, each path once with its last value; a
# "-key" without a value excludes it from globs.
sysctl_lines() {
	sysctl_files | while read -r file; do
		cat "$file"
		echo
	done | awk '
		function path(key, dot, slash) {
			dot = index(key, ".")
			slash = index(key, "/")
			if (dot && (!slash || dot < slash)) {
				gsub(/\//, "\n", key)
				gsub(/\./, "/", key)
				gsub(/\n/, ".", key)
			}
			return key
		}
		/^[ \t]*([#;]|$)/ { next }
		{
			split($0, part, "=")
			key = part[1]
			gsub(/[ \t]/, "", key)
			bare = sub(/^-/, "", key)
			value = substr($0, index($0, "=") + 1)
			gsub(/^[ \t]+|[ \t]+$/, "", value)
			if (index($0, "=")) print path(key) "\t" value
			else if (bare) print path(key) "\t!"
		}' | while IFS='	' read -r key value; do
		for file in "$ROOT"/proc/sys/$key; do
			[ ! -f "$file" ] || case $key in
			*[*?[]*) printf 'glob\t%s\t%s\n' "$file" "$value" ;;
			*) printf 'named\t%s\t%s\n' "$file" "$value" ;;
			esac
		done
	done | awk -F '\t' '
		!($2 in order) { order[$2] = ++count; name[count] = $2 }
		$1 == "named" { named[$2] = substr($0, length($1 $2) + 3); next }
		{ glob[$2] = substr($0, length($1 $2) + 3) }
		END { for (i = 1; i <= count; i++) {
			value = name[i] in named ? named[name[i]] : glob[name[i]]
			if (value != "!") print name[i] "\t" value
		} }'
}

apply_sysctl_files() {
	sysctl_lines | while IFS='	' read -r file value; do
		kernel_write "$file" "$value" || true
	done
}
