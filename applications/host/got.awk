# Lines of node, task and key -> the placement of every thread and process, one fact per
# key. With thread.awk.

function answer(key, kind, text, source) {
	if (index(source, root) == 1) source = substr(source, length(root) + 1)
	printf "fact\tapplications\t%s.%s\tlive\t%s\t%s\t%s\n", app, key, kind, text, source
}
# One observation of a thread or process: GOT is right, or deviates in NAME.
function look(key, right, got, name, source) {
	if (!(key in wanted)) return
	looks[key]++
	if (right) return
	if (!(key in first)) { first[key] = got; who[key] = name; from[key] = source }
	else if (got != first[key]) mixed[key] = 1
	bad[key]++
}
function conclude(key,    text) {
	if (!looks[key]) { answer(key, "absent", "", "/proc/" ids[1]); return }
	if (!bad[key]) { answer(key, "value", wanted[key], "/proc/" ids[1]); return }
	text = first[key]
	if ((key in mixed) || bad[key] < looks[key]) text = who[key] ": " text (bad[key] > 1 ? ", and " bad[key] - 1 " more" : "")
	answer(key, "value", text, from[key])
}
function expand(list, set,    n, part, i, ends, cpu) {
	n = split(list, part, ",")
	for (i = 1; i <= n; i++) {
		if (split(part[i], ends, "-") < 2) ends[2] = ends[1]
		for (cpu = ends[1] + 0; cpu <= ends[2] + 0; cpu++) set[cpu] = 1
	}
}
function inside(list, set,    have, cpu) {
	split("", have); expand(list, have)
	for (cpu in have) if (!(cpu in set)) return 0
	return 1
}
function judged(aspect, got, name, source,    p, key) {
	p = group_of(comm, aspect)
	key = p == "" ? aspect : "threads." p "." aspect
	look(key, got == wanted[key], got, name, source)
}
function thread(path,    name) {
	if (!read_thread(path)) return
	name = "thread " tid " " comm
	judged("cpus", cpus, name, path "/status")
	look("cpunodebind", inside(cpus, allowed), cpus, name, path "/status")
	judged("scheduler", scheduler, name, path "/stat")
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
function process(pid,    line, path, field, uid, have, got) {
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
function memory(pid,    line, path, field, policy, want, seen) {
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
function conclude_all(    i, key) {
	for (i = 1; i <= count; i++) { limits(ids[i]); process(ids[i]); memory(ids[i]) }
	for (i = 1; i <= total; i++) {
		key = keys[i]
		if (key == "hugePages" && looks[key]) answer(key, "value", huge, "/proc/" ids[1] "/status")
		else if (key == "memory" && unread && !looks[key]) answer(key, "unreadable", "cannot be read, or this kernel has no NUMA", "/proc/" ids[1] "/numa_maps")
		else conclude(key)
	}
}
BEGIN {
	title["core"] = "Max core file size"; title["memlock"] = "Max locked memory"
	title["nofile"] = "Max open files"; title["nproc"] = "Max processes"
	title["rtprio"] = "Max realtime priority"; title["stack"] = "Max stack size"
	count = split(pids, ids, " ")
	unread = huge = total = ready = 0
}
$1 == "key" { keys[++total] = $2; ask_for($2, $3); next }
$1 == "node" { cpus_of[$2] = $3; next }
$1 == "task" && !ready {
	split("", nodes); expand(wanted["cpunodebind"], nodes)
	for (node in nodes) expand(cpus_of[node], allowed)
	ready = 1
}
$1 == "task" { thread($2) }
END { conclude_all() }
