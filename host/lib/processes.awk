# Lines `PID PPID COMMAND` of ps -> the descendants of the process `top`.
function branch(pid,    steps) {
	while (steps++ < 100 && (pid in parent) && parent[pid] != top) pid = parent[pid]
	return parent[pid] == top ? pid : ""
}
{
	pid = $1; parent[pid] = $2; order[++n] = pid; isParent[$2] = 1
	$1 = $2 = ""; sub(/^ +/, ""); command[pid] = substr($0, 1, 160)
	if ($0 ~ /^ps -A -o pid= -o ppid= -o args=$/) ps[pid]
}
END {
	for (pid in ps) if (branch(pid) != "") watcher[branch(pid)]
	for (i = 1; i <= n; i++) {
		pid = order[i]
		if (branch(pid) == "" || branch(pid) in watcher) continue
		if (all || !(pid in isParent)) print pid, command[pid]
	}
}
