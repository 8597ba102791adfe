# Facts of several kernel files per key -> one fact per key, or what to change;
# see `series` in lib.sh.
function go_back(key, list,    parts, n, i, times, place) {
	n = split(list, parts, " ")
	for (i = 1; i <= count[key]; i++) expected[key, i] = text[key, i]
	for (i = 1; i <= n; i++) {
		times = split(parts[i], part, "*") == 2 ? part[2] : 1
		while (times-- > 0) expected[key, ++place] = part[1]
	}
}
function listed(key,    i, same, list) {
	for (i = 1; i <= count[key]; i++) {
		same++
		if (i < count[key] && text[key, i] == text[key, i + 1]) continue
		list = list " " text[key, i] (same > 1 ? "*" same : "")
		same = 0
	}
	return "all:" list
}
function answer(key, kind, text, source) {
	printf "fact\t%s\t%s\tlive\t%s\t%s\t%s\n", tunable, key, kind, text, source
}
function judge(key,    i, first, fixed, more) {
	for (i = 1; i <= count[key]; i++) {
		if (status[key, i] != "value") { answer(key, status[key, i], text[key, i], source[key, i]); return }
		if (text[key, i] == expected[key, i]) continue
		if (note[key, i] != "") { if (!fixed) fixed = i; continue }
		if (!first) first = i; else more++
		if (mode == "changes") print source[key, i] us expected[key, i] us key us name[key, i]
	}
	if (mode == "changes") return
	if (first && name[key, 1] == "") answer(key, "value", text[key, 1], source[key, 1])
	else if (first) answer(key, "value", name[key, first] ": " text[key, first] (more ? ", and " more " more" : "") "; " listed(key), source[key, first])
	else if (fixed) answer(key, "unsupported", name[key, fixed] (name[key, fixed] == "" ? "" : ": ") note[key, fixed], source[key, fixed])
	else answer(key, "value", wanted[key], source[key, 1])
}
{
	split($3, part, us)
	key = part[1]
	if (!(key in count)) order[++keys] = key
	i = ++count[key]
	wanted[key] = part[2]; name[key, i] = part[3]; expected[key, i] = part[4]; note[key, i] = part[5]
	status[key, i] = $5; text[key, i] = $6; source[key, i] = $7
}
END {
	for (k = 1; k <= keys; k++) {
		at = index(wanted[order[k]], "all: ")
		if (at) go_back(order[k], substr(wanted[order[k]], at + 5))
		judge(order[k])
	}
}
