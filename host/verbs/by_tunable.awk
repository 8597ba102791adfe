# Settings -> `KEY MATCH VALUE EFFECT` of each of `tunables`, in their order, and its name
# after them.
{ rows[$1] = rows[$1] $2 OFS $3 OFS $4 OFS $5 "\n" }
END {
	n = split(tunables, tunable, " ")
	for (i = 1; i <= n; i++) if (tunable[i] in rows) print rows[tunable[i]] tunable[i]
}
