# systemd's unit files, as far as a tree can represent them.
# shellcheck shell=sh disable=SC2016

# unit_file NAME: its definition, by systemd's order of precedence (systemd.unit(5), "UNIT
# FILE LOAD PATH"); that of its template for an instance without a file of its own.
unit_file() {
	for name in "$1" "$(unit_template "$1")"; do
		for directory in etc/systemd/system run/systemd/system \
			run/systemd/generator usr/local/lib/systemd/system \
			usr/lib/systemd/system lib/systemd/system; do
			if [ -e "$ROOT/$directory/$name" ] || [ -L "$ROOT/$directory/$name" ]; then
				printf '%s\n' "$ROOT/$directory/$name"
				return
			fi
		done
	done
	return 1
}

# unit_template NAME: `getty@.service` of getty@tty1.service; other names as they are.
unit_template() {
	case $1 in
	*@*) printf '%s\n' "${1%%@*}@.${1##*.}" ;;
	*) printf '%s\n' "$1" ;;
	esac
}

# unit_real NAME: the name of the unit that NAME is an alias of, else NAME: a link to a file
# of another name is an alias, one to a file of the same name a linked unit.
unit_real() {
	real=$1
	while link=$(unit_file "$real") && [ -L "$link" ]; do
		target=$(readlink "$link")
		[ "$target" != /dev/null ] || break
		target=${target##*/}
		[ "$target" != "$(unit_template "$real")" ] || break
		case $real in
		*@*) target=${target%%@*}@${real#*@} ;;
		esac
		real=$target
	done
	printf '%s\n' "$real"
}

# unit_state NAME: enabled, disabled, linked, masked, masked-runtime, static, indirect,
# generated, transient or not-found, as UnitFileState.
unit_state() {
	if [ -e "$ROOT/.lab/transient/$1" ]; then
		echo transient
		return
	fi
	file=$(unit_file "$1") || {
		echo not-found
		return
	}
	case $file:$(readlink "$file" || true) in
	"$ROOT"/run/systemd/system/*:/dev/null) echo masked-runtime ;;
	*:/dev/null) echo masked ;;
	"$ROOT"/run/systemd/generator/*) echo generated ;;
	*)
		if unit_links "$1" | grep -qv "^$ROOT/etc/systemd/system/$1\$"; then
			echo enabled
		elif [ -L "$file" ] && [ "${file#"$ROOT"/etc/}" != "$file" ]; then
			echo linked
		elif grep -q '^\(WantedBy\|RequiredBy\|Alias\)=' "$file"; then
			echo disabled
		elif grep -q '^Also=' "$file"; then
			echo indirect
		else
			echo static
		fi
		;;
	esac
}

# unit_links NAME: its links in the configuration directory: those that start it at boot,
# its aliases, and the link of a linked unit. The link of a mask is none.
unit_links() {
	find "$ROOT/etc/systemd/system" -maxdepth 2 -type l -printf '%p\t%l\n' |
		awk -F '\t' -v name="$1" '{ n = split($1, path, "/"); m = split($2, target, "/") }
			$2 != "/dev/null" && (path[n] == name || target[m] == name) { print $1 }'
}

unit_required() {
	case $(unit_state "$1") in
	not-found) die 5 "Failed to $2 unit: Unit $1 not found." ;;
	masked*) [ "$2" = disable ] || die 1 "Failed to $2 unit: Unit $1 is masked." ;;
	esac
}

# unit_link FILE LINK: relative, unlike systemd's, so that it stays in the tree.
unit_link() {
	mkdir -p "${2%/*}"
	ln -sfr "$1" "$2"
}

# unit_enable NAME: never by an alias that enabling itself has made.
unit_enable() {
	[ "$(unit_state "$1")" != not-found ] ||
		die 1 "Failed to enable unit: Unit file $1 does not exist."
	unit_required "$1" enable
	file=$(unit_file "$1")
	if [ "$(unit_real "$1")" != "$1" ] && [ "${file#"$ROOT"/etc/}" != "$file" ]; then
		die 1 "Failed to enable unit: Refusing to operate on alias name or linked unit file: $1"
	fi
	name=$(unit_real "$1")
	file=$(unit_file "$name")
	for target in $(sed -n 's/^WantedBy=//p' "$file"); do
		unit_link "$file" "$ROOT/etc/systemd/system/$target.wants/$name"
	done
	for alias in $(sed -n 's/^Alias=//p' "$file"); do
		unit_link "$file" "$ROOT/etc/systemd/system/$alias"
	done
}

# unit_disable NAME: removes every link to the unit, aliases and those made by hand too
# (systemctl(1), disable).
unit_disable() {
	[ "$(unit_state "$1")" != not-found ] ||
		die 1 "Failed to disable unit: Unit file $1 does not exist."
	unit_links "$(unit_real "$1")" | while read -r link; do
		rm -f "$link"
		case ${link%/*} in
		*.wants | *.requires) rmdir "${link%/*}" 2>/dev/null || true ;;
		esac
	done
}

# unit_mask NAME: in /run with --runtime.
unit_mask() {
	file=$ROOT/${runtime:-etc}/systemd/system/$1
	if [ -L "$file" ] && [ "$(readlink "$file")" != /dev/null ]; then
		die 1 "Failed to mask unit: File '$(without_root "$file")' already exists and is a symlink to $(readlink "$file")."
	elif [ -e "$file" ] && [ ! -L "$file" ]; then
		die 1 "Failed to mask unit: File '$(without_root "$file")' already exists."
	fi
	mkdir -p "${file%/*}"
	ln -sfn /dev/null "$file"
}

unit_unmask() {
	file=$ROOT/${runtime:-etc}/systemd/system/$1
	[ "$(readlink "$file" || true)" != /dev/null ] || rm -f "$file"
}

# unit_triggers NAME: the units that start it: sockets, timers and paths that name it, or
# have its name.
unit_triggers() {
	for kind in socket timer path; do
		for file in "$ROOT"/usr/lib/systemd/system/*."$kind" "$ROOT"/etc/systemd/system/*."$kind"; do
			[ -f "$file" ] || continue
			named=$(sed -n 's/^\(Service\|Unit\)=//p' "$file")
			trigger=${file##*/}
			[ "${named:-${trigger%.*}.service}" != "$1" ] || printf '%s\n' "$trigger"
		done
	done | sort -u
}

unit_active() {
	if is_service "$1"; then
		[ "$(service_state "$1")" = active ]
		return
	fi
	[ -e "$ROOT/.lab/active/$1" ] || [ -e "$ROOT/.lab/transient/$1" ]
}

# unit_pid NAME: the PID of its simulated process, 0 while it does not run.
unit_pid() {
	if unit_active "$1" && [ -e "$ROOT/.lab/pid/$1" ]; then
		cat "$ROOT/.lab/pid/$1"
	else
		echo 0
	fi
}

# unit_process NAME: its entry in proc, with its initial environment.
unit_process() {
	[ -e "$ROOT/.lab/pid/$1" ] || return 0
	process=$ROOT/proc/$(cat "$ROOT/.lab/pid/$1")
	mkdir -p "$process"
	sed -n 's/^EnvironmentFile=-*//p' "$(unit_file "$1")" | while read -r file; do
		[ ! -e "$ROOT$file" ] || grep '^[[:space:]]*[A-Za-z_]*=' "$ROOT$file" || true
	done | tr -d '"' | tr '\n' '\0' >"$process/environ"
}

unit_start() {
	unit_required "$1" start
	mkdir -p "$ROOT/.lab/active"
	if is_service "$1"; then
		service_start "$1"
		return
	fi
	: >"$ROOT/.lab/active/$1"
	unit_process "$1"
}

# unit_stop NAME: also for a timer or service of systemd-run, whose process ends.
unit_stop() {
	transient=$ROOT/.lab/transient/$1
	if [ -e "$transient" ]; then
		stop_transient "$transient"
		rm -f "$transient"
		return
	fi
	[ "$(unit_state "$1")" != not-found ] ||
		die 5 "Failed to stop $1: Unit $1 not loaded."
	if is_service "$1"; then
		service_stop "$1"
		return
	fi
	rm -f "$ROOT/.lab/active/$1"
	[ ! -e "$ROOT/.lab/pid/$1" ] || rm -rf "$ROOT/proc/$(cat "$ROOT/.lab/pid/$1")"
}

# stop_transient FILE: ends its process group, if that still belongs to this unit. (dash
# takes a group only after -s.)
stop_transient() {
	pid=$(cat "$1")
	if tr '\0' '\n' <"/proc/$pid/cmdline" 2>/dev/null | grep -qxF -e "$1" -e "${1%.*}.timer"; then
		kill -s TERM -- "-$pid" 2>/dev/null || true
	fi
}
