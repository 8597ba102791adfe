# Fact lines of the files below /proc/sys -> the same in normal form, with the reason for
# a key that is not there. `proc` and `sys` are directories of
# the host.

function exists(file,    line, answer) {
	answer = (getline line < file)
	close(file)
	return answer >= 0
}

function first_line(file,    line) {
	if ((getline line < file) <= 0) line = ""
	close(file)
	return line
}

# Why a key is not there. A key of a missing network interface is absent: it was meant to
# be in force.
function missing(name,    module, part) {
	module = module_of(name)
	if (module != "" && !exists(sys "module/" module "/refcnt") && !exists(sys "module/" module "/initstate")) return "the module " module " is not loaded; a udev rule sets this key when it is"
	split(name, part, "/")
	if (name ~ /^net\/ipv[46]\/conf\/[^\/]+\/[^\/]+$/ && !exists(proc part[1] "/" part[2] "/conf/" part[4] "/forwarding")) return ""
	if (name ~ /^net\/ipv[46]\/neigh\/[^\/]+\/[^\/]+$/ && !exists(proc part[1] "/" part[2] "/neigh/" part[4] "/base_reachable_time_ms")) return ""
	return "this kernel has no such key"
}

$5 == "absent" {
	reason = missing(sysctl_path($3))
	if (reason != "") { $5 = "unsupported"; $6 = reason }
}
$5 == "value" {
	name = sysctl_path($3)
	$6 = normal(name, $6)
	other = counterpart(name)
	if (other != "" && $6 == "0") {
		limit = first_line(proc other)
		if (limit + 0 > 0) $6 = "0 while " dotted(other) " is " limit
	}
}
{ print }
