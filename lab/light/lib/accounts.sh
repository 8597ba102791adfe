# Shared by the shadow-utils commands: their files, each with a backup of its state before
# the last change.
# shellcheck shell=sh disable=SC2016

entry_there() {
	awk -F : -v name="$2" '$1 == name { found = 1 } END { exit !found }' \
		"$ROOT/etc/$1" 2>/dev/null
}

# change_file NAME AWK_ARGUMENT...: edits its lines with awk.
change_file() {
	changed=$ROOT/etc/$1
	shift
	[ ! -f "$changed" ] || cp -p "$changed" "$changed-"
	text=$(awk -F : -v OFS=: "$@" "$changed")
	printf '%s\n' "$text" >"$changed"
}

# append_line NAME LINE
append_line() {
	change_file "$1" -v line="$2" '{ print } END { print line }'
}

# free_number DATABASE SYSTEM: the number that useradd and groupadd would choose.
free_number() {
	awk -F : -v low="$2" '
		{ taken[$3] }
		END {
			if (low) for (n = 999; n in taken; n--) continue
			else { n = 1000; for (t in taken) if (t + 0 >= n && t + 0 < 60000) n = t + 1 }
			print n
		}' "$ROOT/etc/$1"
}

number_taken() {
	awk -F : -v number="$2" '$3 == number { found = 1 } END { exit !found }' "$ROOT/etc/$1"
}

# add_group NAME NUMBER
add_group() {
	append_line group "$1:x:$2:"
	append_line gshadow "$1:!::"
}

# drop_entry DATABASE NAME
drop_entry() {
	! entry_there "$1" "$2" || change_file "$1" -v name="$2" '$1 != name'
}

# set_member GROUP USER yes|no: in group and gshadow.
set_member() {
	for database in group gshadow; do
		change_file "$database" -v name="$1" -v user="$2" -v wanted="$3" '
			$1 == name {
				n = split($4, who, ","); list = ""
				for (i = 1; i <= n; i++) if (who[i] != user) list = list (list == "" ? "" : ",") who[i]
				if (wanted == "yes") list = list (list == "" ? "" : ",") user
				$4 = list
			}
			{ print }'
	done
}
