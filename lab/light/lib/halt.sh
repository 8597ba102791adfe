# Ends all processes of one simulated host, and no others.
# shellcheck shell=sh

# descendants PID: it and all its descendants.
descendants() {
	echo "$1"
	for child in $(pgrep -P "$1" || true); do
		descendants "$child"
	done
}

# end_process FILE MARK: ends the process whose PID is in FILE, and its descendants, if
# its command line contains MARK.
end_process() {
	[ -s "$1" ] || return 0
	pid=$(cat "$1")
	if tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -qF -- "$2"; then
		# Stopped first, so that it starts no child while they are counted.
		kill -STOP "$pid" 2>/dev/null || true
		# shellcheck disable=SC2046
		kill -KILL $(descendants "$pid") 2>/dev/null || true
	fi
	rm -f "$1"
}

# end_sessions TREE: processes detached from their session still have ROOT in their
# environment.
end_sessions() {
	grep -l -z -x -F -- "ROOT=$1" /proc/[0-9]*/environ 2>/dev/null |
		sed 's,^/proc/\([0-9]*\)/.*,\1,' | while read -r pid; do
		kill -KILL "$pid" 2>/dev/null || true
	done
}
