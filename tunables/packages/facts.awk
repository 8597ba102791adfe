# Lines `PACKAGE STATE`, then `want KEY PACKAGES VALUE` -> facts.
function say(status, text) { printf "fact\tpackages\t%s\tlive\t%s\t%s\t%s\n", $2, status, text, (manager == "apt" ? "dpkg-query " : "rpm -q ") $3 }
$1 != "want" { split($0, f, " "); state[f[1]] = f[2]; next }
reason != "" { say("unreadable", reason); next }
$3 == "" && $4 == "absent" { say("absent", ""); next }
$3 == "" { say("unsupported", "not packaged by this distribution"); next }
{
	n = split($3, names, " "); there = 0; odd = ""
	for (i = 1; i <= n; i++) {
		if (state[names[i]] == "present") there++
		else odd = odd (odd == "" ? "" : " ") names[i] " " (state[names[i]] == "" ? "missing" : state[names[i]])
		if (state[names[i]] != "") some[NR] = 1
	}
	if (there == n) say("value", "present")
	else if (!(NR in some)) say("absent", "")
	else say("value", odd)
}
