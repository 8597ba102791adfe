# Command lines -> the same without the parameters `keys`. The words `added` are put on the
# first line of parameters, before `--`, which starts the arguments of init. `where` matches
# what stands before the parameters of such a line; empty, every line but comments has some.

function add(text) {
	if (added != "" && !placed) text = text (text == "" ? "" : " ") added
	placed = 1
	return text
}

function changed(line,    n, i, init, text, words, raw, set, alias) {
	n = split_command_line(line, words, raw)
	parameter_keys(words, n, set, alias)
	for (i = 1; i <= n; i++) {
		if (words[i] == "--" && !init) { text = add(text); init = 1 }
		if (init || !((set[i] in ours) || (alias[i] in ours))) text = text (text == "" ? "" : " ") raw[i]
	}
	return init ? text : add(text)
}

BEGIN {
	n = split(keys, key, " ")
	for (i = 1; i <= n; i++) ours[parameter_key(key[i])] = 1
}
$0 !~ where || /^[ \t]*#/ || (where == "" && /^[ \t]*$/) { print; next }
{
	start = ""
	if (where != "" && match($0, where)) start = substr($0, 1, RLENGTH)
	print start changed(substr($0, length(start) + 1))
}
END {
	if (added != "" && !placed) print (where == "" ? "" : "options ") added
}
