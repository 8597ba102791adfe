# systemd's unit files, as far as a tree can represent them.
# shellcheck shell=sh disable=SC2016

# unit_file NAME: its definition, by systemd's order of precedence.
unit_file() {
	for directory in etc/systemd/system run/systemd/system \
		usr/lib/systemd/system lib/systemd/system; do
		if [ -e "$ROOT/$directory/$1" ] || [ -L "$ROOT/$directory/$1" ]; then
			printf '%s\n' "$ROOT/$directory/$1"
			return
		fi
	done
	return 1
}

# unit_state NAME: enabled, disabled, masked, static, transient or not-found.
unit_state() {
	if [ -e "$ROOT/.lab/transient/$1" ]; then
		echo transient
		return
	fi
	file=$(unit_file "$1") || {
		echo not-found
		return
	}
	if [ "$(readlink "$file" || true)" = /dev/null ]; then
		echo masked
	elif [ -n "$(unit_links "$1")" ]; then
		echo enabled
	elif grep -q '^WantedBy=' "$file"; then
		echo disabled
	else
		echo static
	fi
}

# unit_links NAME: the links that start it at boot.
unit_links() {
	for link in "$ROOT"/etc/systemd/system/*.wants/"$1"; do
		[ ! -L "$link" ] || printf '%s\n' "$link"
	done
}

unit_required() {
	case $(unit_state "$1") in
	not-found) die 5 "Failed to $2 unit: Unit $1 not found." ;;
	masked) [ "$2" = disable ] || die 1 "Failed to $2 unit: Unit $1 is masked." ;;
	esac
}

# Links are relative, unlike systemd's, so that they stay in the tree.
unit_enable() {
	unit_required "$1" enable
	file=$(unit_file "$1")
	targets=$(sed -n 's/^WantedBy=//p' "$file")
	for target in $targets; do
		wants=$ROOT/etc/systemd/system/$target.wants
		mkdir -p "$wants"
		ln -sfr "$file" "$wants/$1"
	done
}

unit_disable() {
	unit_required "$1" disable
	unit_links "$1" | while read -r link; do
		rm -f "$link"
	done
}

unit_mask() {
	file=$ROOT/etc/systemd/system/$1
	if [ -e "$file" ] && [ ! -L "$file" ]; then
		die 1 "Failed to mask unit: File '$file' already exists."
	fi
	ln -sfn /dev/null "$file"
}

unit_unmask() {
	file=$ROOT/etc/systemd/system/$1
	[ "$(readlink "$file" || true)" != /dev/null ] || rm -f "$file"
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
