# Rows of NAME_probe, then live facts -> boot facts where this boot allocated fewer pages
# than requested.
function meets(key, count) {
	return match_of[key] == "exact" ? count == wanted[key] : count >= wanted[key]
}
# Pages of 1 GiB on a kernel command line. The kernel ignores a second request for a size
# (mm/hugetlb.c, hugepages_setup).
function pages_asked(line,    word, raw, n, i, set, alias) {
	n = split_command_line(line, word, raw)
	parameter_keys(word, n, set, alias)
	for (i = 1; i <= n; i++) {
		if (parameter_name(word[i]) != "hugepages") continue
		if ((set[i] " " alias[i]) ~ /\[1073741824\]/) return parameter_value(word[i])
	}
	return ""
}
BEGIN {
	if ((getline line < cmdline) > 0) n = split(pages_asked(line), item, ",")
	for (i = 1; i <= n; i++) {
		if (split(item[i], part, ":") == 2) pages["node" part[1]] = part[2]
		else pages["total"] = part[1]
	}
}
NF > 1 {
	place = $1; sub(/[.].*/, "", place)
	if ($4 == "reboot" && place in pages) { match_of[$1] = $2; wanted[$1] = $3 + 0; told[$1] = pages[place] + 0 }
	next
}
{
	split($0, fact, "\t")
	if (!(fact[3] in wanted) || !meets(fact[3], told[fact[3]])) next
	if (fact[5] == "value" && meets(fact[3], fact[6] + 0)) next
	sub(/\tlive\t/, "\tboot\t")
	print
}
