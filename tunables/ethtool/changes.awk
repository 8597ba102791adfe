# Lines of parts that were on, `NIC NAME PART...`, then the output of read.awk -> `OPTION
# NIC ARGUMENTS` in the order of writing, and `refuse KEY SENTENCE`.
function kebab(name) { sub(/Usecs/, "-usecs", name); sub(/Frames/, "-frames", name); sub(/Rx/, "-rx", name); sub(/Tx/, "-tx", name); return name }
function add(rank, nic, option, arguments) {
	if (!(nic in nics)) { nics[nic] = 1; nic_at[++nic_count] = nic }
	what[nic, rank] = option
	args[nic, rank] = args[nic, rank] (args[nic, rank] == "" ? "" : " ") arguments
}
NF == 1 { n = split($0, part, " "); for (i = 3; i <= n; i++) parts[part[1] " " part[2]] = parts[part[1] " " part[2]] " " part[i] " on"; next }
$2 != "value" || $3 == $5 { next }
{
	n = split($1, part, "."); name = part[n]; kind = part[n - 1]
	if ($5 == "max") $5 = $4
	if ($4 ~ /^[0-9]+$/ && $5 + 0 > $4 + 0) { print "refuse", $1, "expected at most " $4 ", the maximum of this NIC, got " $5; next }
	if (kind == "privateFlags") add(0, $6, "--set-priv-flags", name " " $5)
	else if (kind == "channels") add(1, $6, "-L", name " " $5)
	else if (kind == "rings") add(2, $6, "-G", name " " $5)
	else if (kind == "flowHash") add("3" name, $6, "-N", "rx-flow-hash " name " " $5)
	else if (name ~ /^adaptive/) add($5 == "off" ? 4 : 6, $6, "-C", kebab(name) " " $5)
	else if (kind == "coalescing") add(5, $6, "-C", kebab(name) " " $5)
	else if ($5 == "on" && ($6 " " name) in parts) add(7, $6, "-K", substr(parts[$6 " " name], 2))
	else add(7, $6, "-K", name " " $5)
}
END {
	ranks = split("0 1 2 3tcp4 3udp4 3sctp4 3tcp6 3udp6 3sctp6 4 5 6 7", rank, " ")
	for (i = 1; i <= nic_count; i++) for (j = 1; j <= ranks; j++)
		if ((nic_at[i], rank[j]) in what) print what[nic_at[i], rank[j]], nic_at[i], args[nic_at[i], rank[j]]
}
