# Lines of key and task: `thread aspect value` of threads that are not where their
# group belongs, and `- name` of groups without any thread. With thread.awk.

function belongs(aspect, got,    p) {
	p = group_of(comm, aspect)
	if (p == "") return
	found[p]
	if (got != wanted["threads." p "." aspect]) print tid us aspect us wanted["threads." p "." aspect]
}
$1 == "key" { ask_for($2, $3); next }
read_thread($2) { belongs("cpus", cpus); belongs("scheduler", scheduler) }
END { for (p in pattern) if (!(p in found)) print "-" us p us }
