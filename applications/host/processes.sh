#!/bin/sh
# The actual CPUs, policies, limits and memory of every thread of a service, read from
# /proc. For applications.sh.
#
# shellcheck disable=SC2034,SC2153,SC2154

# processes_shown: systemd's state of the service, in MAIN_PID, GROUP, ACTIVE, SUB and
# ENABLED.
processes_shown() {
	SHOWN=$(systemctl show -p MainPID -p ControlGroup -p ActiveState -p SubState -p UnitFileState -- "$SERVICE" 2>&1) || return 1
	MAIN_PID='' GROUP='' ACTIVE='' SUB='' ENABLED=''
	for LINE in $SHOWN; do
		case $LINE in
		MainPID=*) MAIN_PID=${LINE#*=} ;;
		ControlGroup=*) GROUP=${LINE#*=} ;;
		ActiveState=*) ACTIVE=${LINE#*=} ;;
		SubState=*) SUB=${LINE#*=} ;;
		UnitFileState=*) ENABLED=${LINE#*=} ;;
		esac
	done
}

# processes_pids: every process of the service, in PIDS.
processes_pids() {
	PIDS=''
	for LINE in "$ROOT/sys/fs/cgroup$GROUP/cgroup.procs" "$ROOT/sys/fs/cgroup/systemd$GROUP/cgroup.procs"; do
		[ -z "$GROUP" ] || [ ! -f "$LINE" ] || PIDS=$(cat "$LINE")
	done
	[ -n "$PIDS" ] || [ "${MAIN_PID:-0}" = 0 ] || PIDS=$MAIN_PID
	fold "$PIDS"
	PIDS=$VALUE
}

# processes_tasks: `task TAB directory` of every thread of PIDS.
processes_tasks() {
	for PID in $PIDS; do
		find "$ROOT/proc/$PID/task" -mindepth 1 -maxdepth 1 2>/dev/null || :
	done | sed "s/^/task$TAB/"
}

# processes_nodes: `node TAB number TAB cpus` of every NUMA node.
processes_nodes() {
	find "$ROOT/sys/devices/system/node" -mindepth 2 -maxdepth 2 -name cpulist 2>/dev/null | while IFS= read -r LINE; do
		read_file "$LINE"
		LINE=${LINE%/cpulist}
		printf 'node\t%s\t%s\n' "${LINE##*/node}" "$VALUE"
	done
}

# processes_hugetlbfs_groups: the GIDs that hugetlbfs mounts belong to, except root's, in
# VALUE; `-` when none is mounted.
processes_hugetlbfs_groups() {
	MOUNTED=$(awk '$3 == "hugetlbfs" { print $2 }' "$ROOT/proc/mounts")
	VALUE=-
	[ -n "$MOUNTED" ] || return 0
	fold "$(printf '%s\n' "$MOUNTED" | while IFS= read -r LINE; do
		stat -c %g "$ROOT$LINE"
	done | grep -vx 0 | sort -u)"
}

# processes_facts < lines of node, task and `key`: the placement of every thread and
# process, one fact per key. Where they differ, it names the first deviation.
processes_facts() {
	read_file "$ROOT/sys/devices/system/node/has_memory"
	[ "$STATUS" = value ] || VALUE=0
	MEMORY_NODES=$VALUE
	processes_hugetlbfs_groups
	awk -F '\t' -v app="$APP" -v root="$ROOT" -v pids="$PIDS" -v groups="$VALUE" -v all="$MEMORY_NODES" "$AWK_applications_thread$AWK_applications_got"
}
