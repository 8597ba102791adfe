# Lines `PACKAGE STATE ARCHITECTURE PROVIDES` of dpkg-query -> `NAME STATE` of the `names`, or
# of all packages. One of a foreign architecture does not count: apt-get installs those of the host,
# which is that of dpkg.
BEGIN { n = split(names, asked, " ") }
{
	if ($1 == "dpkg") native = $3
	if ($2 !~ /^.[^cn]/) next
	package[++count] = $1; architecture[count] = $3
	state[count] = $2 ~ /^.i$/ ? "present" : "broken(" $2 ")"
	$1 = $2 = $3 = ""
	gsub(/\([^)]*\)|,/, " ")
	provides[count] = " " $0 " "
}
function is_native(i) { return native == "" || architecture[i] == "" || architecture[i] == "all" || architecture[i] == native }
function answer(name,    i, found) {
	for (i = 1; i <= count; i++) if (is_native(i) && package[i] == name) { print name, state[i]; found = 1 }
	for (i = 1; i <= count && !found; i++) if (is_native(i) && state[i] == "present" && index(provides[i], " " name " ")) { print name, "present"; found = 1 }
}
END {
	for (i = 1; i <= n; i++) answer(asked[i])
	for (i = 1; i <= count && !n; i++) if (is_native(i)) print package[i], state[i]
}
