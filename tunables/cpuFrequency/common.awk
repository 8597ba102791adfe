# Lines `NUMBER NAME value` of policies -> status, tab, and the common value or
# which policies deviate. `whole` is the value of a file for all of them; then policies
# may lack their own.
$1 + 0 > last { last = $1 + 0 }
$2 == "affected_cpus" { if ($3 != "") active[$1 + 0]; next }
{ has[$1 + 0] = $3 }
END {
	for (n = 0; n <= last; n++) if (n in active && (whole == "" || n in has)) {
		order[++m] = n
		if (!(n in has)) { lacks = n; missing++ }
		else if (++count[has[n]] > count[most]) most = has[n]
	}
	if (whole != "") most = whole
	else if (missing == m) { print "absent\t"; exit }
	if (missing) { print "unreadable\tpolicy" lacks " does not answer"; exit }
	for (i = 1; i <= m; i++) {
		value = has[order[i]]
		if (value == most || value in told) continue
		told[value] = 1
		split("", policies)
		for (j = i; j <= m; j++) if (has[order[j]] == value) policies[order[j]] = 1
		text = text "policy" cpu_list(policies) ": " value ", "
	}
	print "value\t" text (text == "" ? "" : "others: ") most
}
