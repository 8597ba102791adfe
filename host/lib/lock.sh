#!/bin/sh
# One change at a time per host. Only root can open the lock: whoever can open a
# file can hold a lock on it, and would hold up every run and the rollback.
#
# shellcheck disable=SC2153,SC2154

# Only root writes to /run, so nobody else can have put anything here.
LOCK=$ROOT/run/metaltune.lock

lock() {
	until lock_once; do :; done
	trap 'unlock; end_watch' EXIT
	each_record repair_record
}

# lock_once: fails when the file that was waited for has been removed meanwhile,
# by a run that left nothing behind.
lock_once() {
	if [ ! -w "$ROOT/run" ]; then
		complain 'expected to run as root; use sudo'
		exit 77
	fi
	# What is not root's alone may be held by anybody.
	case $(stat -c '%a %u %F' "$LOCK" 2>/dev/null) in
	'' | "600 $(id -u) regular"*) ;;
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
	# The one path that is this process's own, not the host's.
	[ "$(stat -c '%d:%i' "$LOCK" 2>/dev/null)" = "$(stat -L -c '%d:%i' /proc/self/fd/9)" ]
}

# unlock: at the end of a run. The lock goes with the last thing of metaltune's.
unlock() {
	[ -e "$STATE" ] || rm -f "$LOCK"
}
