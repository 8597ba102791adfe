# Lines `NUMBER NAME value` of policies -> `put NUMBER value` and
# `refuse NUMBER offered`.
BEGIN {
	n = split(wanted, part, ", ")
	for (i = 1; i <= n; i++) {
		at = index(part[i], ": ")
		others = substr(part[i], at ? at + 2 : 1)
		if (part[i] !~ /^policy/) continue
		split("", policies)
		expand_cpus(substr(part[i], 7, at - 7), policies)
		for (k in policies) own[k] = others
	}
}
$1 + 0 > last { last = $1 + 0 }
$2 == "affected_cpus" { if ($3 != "") active[$1 + 0]; next }
$2 == name { has[$1 + 0] = $3; next }
{ offers[$1 + 0] = $3 }
END {
	for (n = 0; n <= last; n++) if (n in has && n in active) {
		value = n in own ? own[n] : others
		if (has[n] == value) continue
		# A number is a preference in hardware units.
		if (!(n in offers) || value ~ /^[0-9]+$/ || index(" " offers[n] " ", " " value " ")) print "put", n, value
		else if (!told[offers[n]]++) print "refuse", n, offers[n]
	}
}
