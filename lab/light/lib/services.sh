# Services with an ExecStart of their own: as much of systemd, numactl, taskset and the
# kernel's /proc as an application needs. With LIGHT_HOST set (a host with an sshd) the
# program really runs, in the tree and on this machine's CPUs; its entry in the tree's
# proc shows the simulated placement. Otherwise only the entry is made.
#
# Comments in a program declare its simulated behaviour: `# lab: threads NAME...`, `# lab:
# hugetlb KB`, `# lab: crashes`.
# shellcheck shell=sh disable=SC2016

# service_value FILE NAME: a directive's last value, including drop-ins.
service_value() {
	cat "$1" "$1".d/*.conf 2>/dev/null | sed -n "s/^$2=//p" | tail -n 1
}

# service_words TEXT: one per line, by the rules of systemd.syntax(7).
service_words() {
	printf '%s\n' "$1" | awk '{
		n = length($0)
		for (i = 1; i <= n; i++) {
			c = substr($0, i, 1); next_one = substr($0, i + 1, 1)
			if (c == "\"") { quoted = !quoted; some = 1 }
			else if (c == "\\") { word = word next_one; i++; some = 1 }
			else if ((c == "%" || c == "$") && next_one == c) { word = word c; i++; some = 1 }
			else if (c == " " && !quoted) { if (some) print word; word = ""; some = 0 }
			else { word = word c; some = 1 }
		}
		if (some) print word
	}'
}

# in_tree PATH: the location of an executable in the tree.
in_tree() {
	if [ -e "$ROOT$1" ]; then printf '%s\n' "$ROOT$1"; else printf '%s\n' "$1"; fi
}

# lab_says FILE WORD: the value in its lab comment.
lab_says() {
	sed -n "s/^# lab: $2 *//p" "$1" 2>/dev/null | head -n 1
}

# service_plan FILE: WRAPPER options into CPUS and MEMORY, and COMMAND, one word per line.
service_plan() {
	CPUS='' MEMORY=default COMMAND=''
	words=$(service_words "$(service_value "$1" ExecStart)")
	state=wrapper
	while IFS= read -r word; do
		case $state:$word in
		wrapper:/usr/bin/numactl | wrapper:--all) ;;
		wrapper:--cpunodebind=*) CPUS=$(cat "$ROOT/sys/devices/system/node/node${word#*=}/cpulist") ;;
		wrapper:--membind=*) MEMORY=bind:${word#*=} ;;
		wrapper:--interleave=all) MEMORY=interleave:0-1 ;;
		wrapper:--interleave=*) MEMORY=interleave:${word#*=} ;;
		wrapper:--preferred=*) MEMORY=prefer:${word#*=} ;;
		wrapper:--localalloc) MEMORY=local ;;
		wrapper:/usr/bin/taskset) state=taskset ;;
		taskset:-c) ;;
		taskset:*) CPUS=$word state=wrapper ;;
		*)
			state=command
			COMMAND="$COMMAND${COMMAND:+
}$word"
			;;
		esac
	done <<WORDS
$words
WORDS
	[ -n "$CPUS" ] || CPUS=$(cat "$ROOT/sys/devices/system/cpu/online")
}

# number DATABASE NAME: an account's number in the tree, 0 without a name.
service_id() {
	awk -F : -v name="$2" '$1 == name { print $3; found = 1 } END { if (!found) print 0 }' "$ROOT/etc/$1"
}

# service_task DIRECTORY COMM FILE: one thread's status and stat.
service_task() {
	mkdir -p "$1"
	nice=$(service_value "$3" Nice)
	priority=$(service_value "$3" CPUSchedulingPriority)
	case $(service_value "$3" CPUSchedulingPolicy) in
	fifo) policy=1 ;;
	rr) policy=2 ;;
	batch) policy=3 ;;
	idle) policy=5 ;;
	*) policy=0 ;;
	esac
	mask=0000000000000000
	[ -z "$(service_value "$3" AmbientCapabilities)" ] || mask=$(service_capabilities "$3")
	uid=$(service_id passwd "$(service_value "$3" User)")
	cat >"$1/status" <<STATUS
Name:	$2
Uid:	$uid	$uid	$uid	$uid
Gid:	$uid	$uid	$uid	$uid
Groups:	$(service_value "$3" SupplementaryGroups)
HugetlbPages:	${HUGETLB:-0} kB
CapAmb:	$mask
Cpus_allowed_list:	$CPUS
STATUS
	printf '%s\n' "$2" >"$1/comm"
	printf '%s (%s) S 1 1 1 0 -1 4194304 0 0 0 0 0 0 0 0 20 %s 1 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 17 0 %s %s 0 0 0\n' \
		"${1##*/}" "$2" "${nice:-0}" "${priority:-0}" "$policy" >"$1/stat"
}

# service_capabilities FILE: the mask of the capabilities that the lab's tests grant.
service_capabilities() {
	sum=0
	for name in $(service_value "$1" AmbientCapabilities); do
		case $name in
		CAP_NET_RAW) bit=13 ;;
		CAP_IPC_LOCK) bit=14 ;;
		CAP_SYS_NICE) bit=23 ;;
		*) die 1 "this fake does not know the capability $name" ;;
		esac
		sum=$((sum | 1 << bit))
	done
	printf '%016x\n' "$sum"
}

# service_limit FILE DIRECTIVE DEFAULT TITLE
service_limit() {
	limit=$(service_value "$1" "$2")
	[ "$limit" != infinity ] || limit=unlimited
	printf '%-26s%-21s%-21s\n' "$4" "${limit:-$3}" "${limit:-$3}"
}

# service_entry PID FILE EXECUTABLE: creates its entry in proc.
service_entry() {
	entry=$ROOT/proc/$1
	# shellcheck disable=SC2046
	HUGETLB=$(lab_says "$3" hugetlb)
	comm=$(printf '%.15s' "${3##*/}")
	service_task "$entry/task/$1" "$comm" "$2"
	thread=$1
	for name in $(lab_says "$3" threads); do
		thread=$((thread + 100000))
		service_task "$entry/task/$thread" "$name" "$2"
	done
	cp "$entry/task/$1/status" "$entry/task/$1/stat" "$entry/"
	{
		service_limit "$2" LimitCORE 0 'Max core file size'
		service_limit "$2" LimitSTACK 8388608 'Max stack size'
		service_limit "$2" LimitNPROC 31234 'Max processes'
		service_limit "$2" LimitNOFILE 1024 'Max open files'
		service_limit "$2" LimitMEMLOCK 8388608 'Max locked memory'
		service_limit "$2" LimitRTPRIO 0 'Max realtime priority'
	} >"$entry/limits"
	printf '%s\n' "55d0c000 $MEMORY file=/opt/x mapped=1 N0=1" \
		"55d0f000 $MEMORY heap anon=2 dirty=2 N0=2" \
		"7ffd1000 $MEMORY stack anon=3 dirty=3 N0=3" >"$entry/numa_maps"
	real=$(readlink -f "$3")
	ln -sfn "${real#"$ROOT"}" "$entry/exe"
	group=$ROOT/sys/fs/cgroup/system.slice/$unit
	mkdir -p "$group"
	printf '%s\n' "$1" >"$group/cgroup.procs"
	printf '0::/system.slice/%s\n' "$unit" >"$entry/cgroup"
}

# service_run FILE: runs the program itself, in a session of its own; prints its PID.
service_run() {
	mkdir -p "$ROOT/.lab/log"
	variables=$(sed -n 's/^Environment=//p' "$1" | while IFS= read -r line; do
		service_words "$line"
	done)
	directory=$ROOT$(service_value "$1" WorkingDirectory)
	(
		set --
		while IFS= read -r word; do
			[ -z "$word" ] || set -- "$@" "$word"
		done <<WORDS
$variables
WORDS
		set -- env "$@"
		executable=yes
		while IFS= read -r word; do
			[ -z "$executable" ] || word=$(in_tree "$word")
			executable=
			set -- "$@" "$word"
		done <<WORDS
$COMMAND
WORDS
		cd "$directory"
		setsid "$@" </dev/null >>"$ROOT/.lab/log/$unit" 2>&1 9<&- &
		echo $!
	)
}

# is_service NAME: whether this fake can run it.
is_service() {
	case $1 in
	metaltune-*.service) ;;
	*) return 1 ;;
	esac
}

# service_start NAME
service_start() {
	unit=$1
	service_stop "$unit"
	file=$(unit_file "$unit")
	: >"$ROOT/.lab/active/$unit"
	service_plan "$file"
	executable=$(in_tree "$(printf '%s\n' "$COMMAND" | head -n 1)")
	if [ ! -x "$executable" ]; then
		mkdir -p "$ROOT/.lab/log"
		echo "Failed at step EXEC spawning $executable: No such file or directory" >>"$ROOT/.lab/log/$unit"
		die 1 "Job for $unit failed because the control process exited with error code."
	fi
	if [ -n "${LIGHT_HOST-}" ]; then
		pid=$(service_run "$file")
	elif grep -q '^# lab: crashes' "$executable"; then
		return 0
	else
		pid=$((40000 + $(printf '%s' "$unit" | cksum | cut -d ' ' -f 1) % 1000))
		while [ -e "$ROOT/proc/$pid" ]; do pid=$((pid + 1)); done
	fi
	mkdir -p "$ROOT/.lab/pid"
	printf '%s\n' "$pid" >"$ROOT/.lab/pid/$unit"
	service_entry "$pid" "$file" "$executable"
	post=$(service_words "$(service_value "$file" ExecStartPost)" | sed 's/^[-+]*//')
	# shellcheck disable=SC2086
	[ -z "$post" ] || "$ROOT"$(echo $post) || true
}

# service_stop NAME: ends its process and removes its entry in proc.
service_stop() {
	rm -f "$ROOT/.lab/active/$1"
	[ -e "$ROOT/.lab/pid/$1" ] || return 0
	pid=$(cat "$ROOT/.lab/pid/$1")
	[ -z "${LIGHT_HOST-}" ] || kill -s KILL -- "-$pid" 2>/dev/null || true
	rm -rf "$ROOT/proc/$pid" "$ROOT/sys/fs/cgroup/system.slice/$1"
	(cd "$ROOT" && rmdir -p sys/fs/cgroup/system.slice 2>/dev/null) || true
	rm -f "$ROOT/.lab/pid/$1"
}

# service_state NAME: active, failed or inactive.
service_state() {
	if [ ! -e "$ROOT/.lab/active/$1" ]; then
		echo inactive
	elif [ ! -e "$ROOT/.lab/pid/$1" ] || ! service_alive "$(cat "$ROOT/.lab/pid/$1")"; then
		echo failed
	else
		echo active
	fi
}

service_alive() {
	[ -n "${LIGHT_HOST-}" ] || return 0
	state=$(sed 's/^.*) //; s/ .*//' "/proc/$1/stat" 2>/dev/null) || return 1
	[ -n "$state" ] && [ "$state" != Z ]
}
