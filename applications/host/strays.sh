#!/bin/sh
# Processes that run an application's program outside its unit: a process started by hand
# has none of the unit's settings. For applications.sh and deploy.sh.
#
# shellcheck disable=SC2034,SC2153,SC2154

# strays_executables: `PID TAB EXECUTABLE` of every process, in EXECUTABLES. One process
# reads them all, and skips processes that it may not read or that have ended.
strays_executables() {
	set +f
	EXECUTABLES=$(cd "$ROOT/proc" && find [0-9]*/exe -maxdepth 0 -printf '%h\t%l\n' 2>/dev/null) || :
	set -f
}

# strays_alike: of EXECUTABLES, processes outside PIDS that execute a file of a release of
# APP, or the executable of its unit's main process: `release PID` or `same PID`.
strays_alike() {
	printf '%s\n' "$EXECUTABLES" | awk -F '\t' -v main="$MAIN_PID" -v pids="$PIDS" -v releases="/opt/metaltune/$APP/releases/" "$AWK_applications_alike"
}

# strays_identities < `KIND PID` lines: what identifies those processes, as
# `PID/FILE:TEXT`, and `PID/cmdline:NUMBER:TEXT` for each argument; skips ended ones.
strays_identities() {
	THOSE=$(sed 's/^.* //')
	# shellcheck disable=SC2046,SC2086
	(
		cd "$ROOT/proc"
		grep -zaHns '' $(printf '%s/cmdline\n' $THOSE) | tr '\0' '\n'
		grep -aHs -e '^[0-9]*:.*:' -e '^NSpid:' $(printf '%s/cgroup\n' $THOSE) $(printf '%s/status\n' $THOSE)
	) || :
}

# strays_find: in STRAY, the PID of a process that runs the program of APP outside every
# unit of metaltune's: a file of a release, or the same program with the same arguments,
# since an interpreter runs many programs. Processes in a container have their own PID
# there (NSpid, proc(5)); metaltune itself runs load test and health check.
strays_find() {
	STRAY=''
	ALIKE=$(strays_alike)
	[ -n "$ALIKE" ] || return 0
	recorded "$APP.health"
	CHECK_COMMAND=${VALUE#* command }
	recorded "$APP.loadTest"
	STRAY=$(
		{
			printf '%s\n' "$ALIKE"
			printf '%s\nsame %s\n' "$ALIKE" "$MAIN_PID" | strays_identities
		} | TEST=$VALUE CHECK=$CHECK_COMMAND awk -v main="$MAIN_PID" "$AWK_applications_stray"
	)
}

# strays_none: whether the program of APP runs only in its unit. metaltune never ends a
# process started by hand. One that is seen only once, such as a tool of the release, has
# ended by itself.
strays_none() {
	TUNABLE=applications
	SEEN=''
	for LOOK in 1 2 3; do
		[ -z "$SEEN" ] || sleep 3
		processes_shown || return 0
		processes_pids
		strays_executables
		strays_find
		[ -n "$STRAY" ] || return 0
		if [ "$STRAY" = "$SEEN" ]; then
			complain "applications $APP: process $STRAY runs its program outside of $SERVICE, where nothing pins it; end it"
			return 1
		fi
		SEEN=$STRAY
	done
}
