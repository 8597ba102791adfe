# Lines of key and task: `thread aspect value` of threads that differ from their group,
# and `- name` of groups without any thread. With thread.awk.

function belongs(aspect, got,    group) {
	group = group_of(comm, aspect)
	if (group == "") return
	found[group] = 1
	if (got != wanted["threads." group "." aspect]) print tid us aspect us wanted["threads." group "." aspect]
}
$1 == "key" { ask_for($2, $3); next }
read_thread($2) { belongs("cpus", cpus); belongs("scheduler", scheduler) }
END { for (each in pattern) if (!(each in found)) print "-" us each us }
