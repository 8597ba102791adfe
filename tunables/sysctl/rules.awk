# Lines `KEY = VALUE` -> udev rules that run systemd-sysctl when the module of a key is
# loaded. udevd finds programs of systemd in /usr/lib/systemd. With normal.awk.
{
	name = sysctl_path($1)
	module = module_of(name)
	if (module == "") next
	prefix = name
	# All of net is more than the module brings.
	if (name !~ /^net\/[^\/]*$/) sub(/\/[^\/]*$/, "", prefix)
	rule = "ACTION==\"add\", SUBSYSTEM==\"module\", KERNEL==\"" module "\", RUN+=\"/usr/lib/systemd/systemd-sysctl --prefix=/" prefix "\""
	if (!(rule in written)) print rule
	written[rule] = 1
}
