#!/bin/sh
# What the processes of a service have really got: CPUs, policies, limits and
# memory of every thread, read from /proc. For applications.sh.
#
# shellcheck disable=SC2034,SC2153

# service_shown: what systemd says of it, in MAIN_PID, GROUP, ACTIVE, SUB and
# ENABLED.
service_shown() {
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

# service_pids: every process of the service, in PIDS.
service_pids() {
	PIDS=''
	for LINE in "$ROOT/sys/fs/cgroup$GROUP/cgroup.procs" "$ROOT/sys/fs/cgroup/systemd$GROUP/cgroup.procs"; do
		[ -z "$GROUP" ] || [ ! -f "$LINE" ] || PIDS=$(cat "$LINE")
	done
	[ -n "$PIDS" ] || [ "${MAIN_PID:-0}" = 0 ] || PIDS=$MAIN_PID
	fold "$PIDS"
	PIDS=$VALUE
}

# service_tasks: `task TAB directory` of every thread of PIDS.
service_tasks() {
	for PID in $PIDS; do
		find "$ROOT/proc/$PID/task" -mindepth 1 -maxdepth 1 2>/dev/null || :
	done | sed "s/^/task$TAB/"
}

# node_lines: `node TAB number TAB cpus` of every NUMA node.
node_lines() {
	find "$ROOT/sys/devices/system/node" -mindepth 2 -maxdepth 2 -name cpulist 2>/dev/null | while IFS= read -r LINE; do
		read_file "$LINE"
		LINE=${LINE%/cpulist}
		printf 'node\t%s\t%s\n' "${LINE##*/node}" "$VALUE"
	done
}

# hugetlbfs_groups: the groups but root's that hugetlbfs mounts belong to, as
# numbers, in VALUE; `-` when nothing is mounted.
hugetlbfs_groups() {
	MOUNTED=$(awk '$3 == "hugetlbfs" { print $2 }' "$ROOT/proc/mounts")
	VALUE=-
	[ -n "$MOUNTED" ] || return 0
	fold "$(printf '%s\n' "$MOUNTED" | while IFS= read -r LINE; do
		stat -c %g "$ROOT$LINE"
	done | grep -vx 0 | sort -u)"
}

# For awk programs about threads: what one has got, by proc(5), and which group
# of those that are wanted it belongs to.
THREAD_AWK='
	function ask_for(key, value,    name) {
		wanted[key] = value
		if (key !~ /^threads\./) return
		name = substr(key, 9); sub(/\.(cpus|scheduler)$/, "", name)
		pattern[name]
	}
	# Sets tid, comm, cpus, scheduler and nice; 0 when the thread has ended.
	function read_thread(path,    line, stat, field, part, n) {
		comm = cpus = ""
		while ((getline line < (path "/status")) > 0) {
			if (line ~ /^Name:/) comm = substr(line, 7)
			if (line ~ /^Cpus_allowed_list:/) cpus = substr(line, 20)
		}
		close(path "/status")
		if ((getline stat < (path "/stat")) <= 0 || cpus == "") return 0
		close(path "/stat")
		sub(/^.*\) /, "", stat)
		split(stat, field, " ")
		n = split(path, part, "/"); tid = part[n]
		split("other fifo rr batch - idle deadline", part, " ")
		scheduler = part[field[39] + 1] (field[38] > 0 ? " " field[38] : "")
		nice = field[17]
		return 1
	}
	# The longest name that fits; empty when none does.
	function group_of(comm, aspect,    p, best, start) {
		best = ""
		for (p in pattern) {
			if (!(("threads." p "." aspect) in wanted) || (best != "" && length(p) <= length(best))) continue
			start = p ~ /\*$/ ? substr(p, 1, length(p) - 1) : ""
			if (comm == p || (p ~ /\*$/ && substr(comm, 1, length(start)) == start)) best = p
		}
		return best
	}'

# process_facts < lines of node, task and `key`: what every thread and process
# got, one fact per key. Where they differ, it names the first that deviates.
process_facts() {
	read_file "$ROOT/sys/devices/system/node/has_memory"
	[ "$STATUS" = value ] || VALUE=0
	MEMORY_NODES=$VALUE
	hugetlbfs_groups
	awk -F '\t' -v app="$APP" -v root="$ROOT" -v pids="$PIDS" -v groups="$VALUE" -v all="$MEMORY_NODES" "$THREAD_AWK"'
	function answer(key, kind, text, source) {
		if (index(source, root) == 1) source = substr(source, length(root) + 1)
		printf "fact\tapplications\t%s.%s\tlive\t%s\t%s\t%s\n", app, key, kind, text, source
	}
	# One look at one thread or process: GOT is right, or deviates in NAME.
	function look(key, right, got, name, source) {
		if (!(key in wanted)) return
		looks[key]++
		if (right) return
		if (!(key in first)) { first[key] = got; who[key] = name; from[key] = source }
		else if (got != first[key]) mixed[key]
		bad[key]++
	}
	function conclude(key,    text) {
		if (!looks[key]) { answer(key, "absent", "", "/proc/" pid[1]); return }
		if (!bad[key]) { answer(key, "value", wanted[key], "/proc/" pid[1]); return }
		text = first[key]
		if ((key in mixed) || bad[key] < looks[key]) text = who[key] ": " text (bad[key] > 1 ? ", and " bad[key] - 1 " more" : "")
		answer(key, "value", text, from[key])
	}
	function expand(list, set,    n, part, i, ends, cpu) {
		n = split(list, part, ",")
		for (i = 1; i <= n; i++) {
			if (split(part[i], ends, "-") < 2) ends[2] = ends[1]
			for (cpu = ends[1] + 0; cpu <= ends[2] + 0; cpu++) set[cpu]
		}
	}
	function inside(list, set,    have, cpu) {
		split("", have); expand(list, have)
		for (cpu in have) if (!(cpu in set)) return 0
		return 1
	}
	function judged(aspect, comm, got, name, source,    p, key) {
		p = group_of(comm, aspect)
		key = p == "" ? aspect : "threads." p "." aspect
		look(key, got == wanted[key], got, name, source)
	}
	function thread(path,    name) {
		if (!read_thread(path)) return
		name = "thread " tid " " comm
		judged("cpus", comm, cpus, name, path "/status")
		look("cpunodebind", inside(cpus, allowed), cpus, name, path "/status")
		judged("scheduler", comm, scheduler, name, path "/stat")
		look("nice", nice == wanted["nice"], nice, name, path "/stat")
	}
	function limit(key, line, pid,    field, got) {
		if (substr(line, 1, length(title[key])) != title[key]) return
		split(substr(line, length(title[key]) + 1), field, " ")
		got = field[1] == field[2] ? field[1] : field[1] ":" field[2]
		look("limits." key, got == wanted["limits." key], got, "process " pid, root "/proc/" pid "/limits")
	}
	function limits(pid,    line, key, path) {
		path = root "/proc/" pid "/limits"
		while ((getline line < path) > 0) for (key in title) limit(key, line, pid)
		close(path)
	}
	function member(uid, have,    n, i, need) {
		if (groups == "-") return "no hugetlbfs is mounted"
		n = split(groups, need, " ")
		for (i = 1; i <= n; i++) if (uid != 0 && index(" " have " ", " " need[i] " ") == 0) return "not of group " need[i]
		return "member"
	}
	function process(pid,    line, path, uid, have, got) {
		path = root "/proc/" pid "/status"
		while ((getline line < path) > 0) {
			split(line, field, /[ \t]+/)
			if (line ~ /^Uid:/) uid = field[3]
			if (line ~ /^(Gid|Groups):/) { sub(/^[^:]*:/, "", line); gsub(/[ \t]+/, " ", line); have = have " " line }
			if (line ~ /^CapAmb:/) look("capabilities", field[2] == wanted["capabilities"], field[2], "process " pid, path)
			if (line ~ /^HugetlbPages:/) { huge += field[2]; looks["hugePages"] = 1 }
		}
		close(path)
		if (uid == "") return
		got = member(uid, have)
		look("hugetlbfs", got == "member", got, "process " pid, path)
	}
	function memory(pid,    line, path, policy, want, seen) {
		if (!("memory" in wanted)) return
		path = root "/proc/" pid "/numa_maps"
		want = wanted["memory"]; sub(/:all$/, ":" all, want)
		while ((seen = (getline line < path)) > 0) {
			split(line, field, " ")
			policy = field[2] == "default" ? "local" : field[2]
			if (line ~ / (heap|stack)/ || (line ~ / anon=/ && line !~ / file=/))
				look("memory", policy == want, field[2], "process " pid " at " field[1], path)
		}
		close(path)
		if (seen < 0) unread = 1
	}
	BEGIN {
		title["core"] = "Max core file size"; title["memlock"] = "Max locked memory"
		title["nofile"] = "Max open files"; title["nproc"] = "Max processes"
		title["rtprio"] = "Max realtime priority"; title["stack"] = "Max stack size"
		count = split(pids, pid, " ")
	}
	$1 == "key" { keys[++total] = $2; ask_for($2, $3); next }
	$1 == "node" { cpus_of[$2] = $3; next }
	$1 == "task" && !ready {
		split("", nodes); expand(wanted["cpunodebind"], nodes)
		for (node in nodes) expand(cpus_of[node], allowed)
		ready = 1
	}
	$1 == "task" { thread($2) }
	END {
		for (i = 1; i <= count; i++) { limits(pid[i]); process(pid[i]); memory(pid[i]) }
		for (i = 1; i <= total; i++) {
			key = keys[i]
			if (key == "hugePages" && looks[key]) answer(key, "value", huge + 0, "/proc/" pid[1] "/status")
			else if (key == "memory" && unread && !looks[key]) answer(key, "unreadable", "cannot be read, or this kernel has no NUMA", "/proc/" pid[1] "/numa_maps")
			else conclude(key)
		}
	}'
}
