# The actual settings of a thread, by proc(5), and the declared group that it belongs to.

BEGIN { split("", pattern) }
function ask_for(asked, value,    name) {
	wanted[asked] = value
	if (asked !~ /^threads\./) return
	name = substr(asked, 9); sub(/\.(cpus|scheduler)$/, "", name)
	pattern[name] = 1
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
# The longest matching name; empty when none matches.
function group_of(thread_name, aspect,    p, best, start) {
	best = ""
	for (p in pattern) {
		if (!(("threads." p "." aspect) in wanted) || (best != "" && length(p) <= length(best))) continue
		start = p ~ /\*$/ ? substr(p, 1, length(p) - 1) : ""
		if (thread_name == p || (p ~ /\*$/ && substr(thread_name, 1, length(start)) == start)) best = p
	}
	return best
}
