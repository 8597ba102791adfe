#!/bin/sh
# One change at a time per host. Only root can open the lock: a process that can open a
# file can lock it, and would block every run and the rollback.
#
# shellcheck disable=SC2153,SC2154

# Only root writes to /run, so no other user can have created this.
LOCK=$ROOT/run/metaltune.lock

lock() {
	until lock_once; do :; done
	trap 'lock_release; limit_end_watch' EXIT
	record_read_all record_repair
}

# lock_once: fails when another run, which left nothing behind, has removed the lock file
# that this one waited for.
lock_once() {
	if [ ! -w "$ROOT/run" ]; then
		complain 'expected to run as root; use sudo'
		exit 77
	fi
	# A file that another user can open may be locked by that user.
	guard_self
	case $(stat -c '%a %u %F' "$LOCK" 2>/dev/null) in
	'' | "600 $SELF regular"*) ;;
	*) rm -f "$LOCK" ;;
	esac
	MASK=$(umask)
	umask 077
	exec 9<>"$LOCK"
	umask "$MASK"
	if ! flock -w "$LOCK_SECONDS" 9; then
		complain "another metaltune has been changing this host for $LOCK_SECONDS s; wait for it to end and try again"
		exit 75
	fi
	# The one path of this process itself, not of the host.
	[ "$(stat -c '%d:%i' "$LOCK" 2>/dev/null)" = "$(stat -L -c '%d:%i' /proc/self/fd/9)" ]
}

# lock_release: at the end of a run. Removes the lock with the last of metaltune's files.
lock_release() {
	[ -e "$STATE" ] || rm -f "$LOCK"
}
