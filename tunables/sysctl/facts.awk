# Fact lines of the files below /proc/sys -> the same in normal form. A key that is not
# there is unsupported before. `proc` and `sys` are directories of
# the host. With normal.awk.

function exists(file,    line, answer) {
	answer = (getline line < file)
	close(file)
	return answer >= 0
}

# Whether the key is one of a network interface that does not exist.
function lacks_interface(name,    part) {
	if (name !~ /^net\/ipv[46]\/(conf|neigh)\/[^\/]+\/[^\/]+$/) return 0
	split(name, part, "/")
	return !exists(proc part[1] "/" part[2] "/" part[3] "/" part[4] (part[3] == "conf" ? "/forwarding" : "/base_reachable_time_ms"))
}

# The module of a key that is not there; "" where it is loaded, or the key has none.
function missing_module(name,    module) {
	module = module_of(name)
	if (module == "" || exists(sys "module/" module "/refcnt") || exists(sys "module/" module "/initstate")) return ""
	return module
}

$5 == "unsupported" {
	name = sysctl_path($3)
	module = missing_module(name)
	if (module != "") $6 = "the module " module " is not loaded; a udev rule sets this key when it is"
	# It was meant to be in force.
	else if (lacks_interface(name)) { $5 = "absent"; $6 = "" }
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
