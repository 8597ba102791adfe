# A distribution's packages: lib/packages.tsv lists the available ones. A file in a host's
# tree lists the installed ones, `name state version needs` per line, by name.
# shellcheck shell=sh disable=SC2016,SC2034,SC2154

# package_database DIRECTORY...: the database file: the first that exists.
package_database() {
	for directory in "$@"; do
		database=$ROOT/$directory/packages.lab
		[ ! -f "$database" ] || break
	done
	[ -f "$database" ] || die 127 'command not found'
	distribution=$(sed -n 's/^ID=//p' "$ROOT/etc/os-release" | tr -d '"')
	release=$(sed -n 's/^VERSION_ID="*\([0-9]*\).*/\1/p' "$ROOT/etc/os-release")
	kernel=$(sed 's/\.x86_64$//' "$ROOT/proc/sys/kernel/osrelease")
	repository=$here/../lib/packages.tsv
}

# package_line NAME: its line in the repository, in the database's format. KERNEL stands
# for the running release, EL for the distribution's tag.
package_line() {
	awk -F '\t' -v distribution="$distribution" -v release="$release" -v kernel="$kernel" -v name="$1" '
		{ sub(/KERNEL/, kernel, $2); sub(/KERNEL/, kernel, $3); sub(/EL$/, "el" release, $3) }
		index(" " $1 " ", " " distribution " ") && $2 == name { print $2, "ii", $3, $4; found = 1 }
		END { exit !found }' "$repository"
}

package_there() {
	awk -v name="$1" '$1 == name && $2 == "ii" { found = 1 } END { exit !found }' "$database"
}

# package_closure NAME...: the missing ones, with all their dependencies.
package_closure() {
	for name in "$@"; do
		! package_there "$name" || continue
		printf '%s\n' "$name"
		needs=$(package_line "$name" | cut -d ' ' -f 4)
		[ "$needs" = - ] || package_closure "$needs"
	done | sort -u
}

# package_dependents NAME...: those and every package that needs one of them.
package_dependents() {
	awk -v names=" $* " '
		{ need[$1] = $4; state[$1] = $2 }
		END {
			do {
				more = 0
				for (name in need) if (state[name] == "ii" && !index(names, " " name " ") && index(names, " " need[name] " ")) {
					names = names name " "; more = 1
				}
			} while (more)
			n = split(names, all, " ")
			for (i = 1; i <= n; i++) if (state[all[i]] == "ii") print all[i]
		}' "$database" | sort -u
}

packages_add() {
	lines=$(for name in "$@"; do package_line "$name"; done)
	replace "$database" "$({ awk -v names=" $* " '!index(names, " " $1 " ")' "$database" && printf '%s\n' "$lines"; } | sort)"
}

packages_drop() {
	replace "$database" "$(awk -v names=" $* " '!index(names, " " $1 " ")' "$database")"
}
