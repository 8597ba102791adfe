# A file of an entry, or /etc/kernel/cmdline -> the same without the parameters `keys`.
# The words `added` are put on the first line of parameters, before `--`, which starts the
# arguments of init. `where` matches the start of such a line, but no comment.

# Whether a word sets one of them; `hugepages=` belongs to the size before it.
function is_ours(word,    name, value, at) {
	at = index(word, "=")
	name = at ? substr(word, 1, at - 1) : word
	value = at ? substr(word, at + 1) : ""
	gsub(/-/, "_", name)
	if (name == "hugepagesz") size = value
	if (name == "hugepages" && size != "") name = "hugepages[" size "]"
	if (name == "hugepagesz") name = "hugepages[" size "]"
	return name in ours
}

function add(text) {
	if (added != "" && !placed) text = text (text == "" ? "" : " ") added
	placed = 1
	return text
}

# Blanks separate words, except inside double quotes.
function changed(line,    at, c, quoted, word, text) {
	line = line " "
	size = ""
	for (at = 1; at <= length(line); at++) {
		c = substr(line, at, 1)
		if (c == "\"") quoted = !quoted
		if ((c != " " && c != "\t") || quoted) { word = word c; continue }
		if (word == "--" && !init) { text = add(text); init = 1 }
		if (word != "" && (init || !is_ours(word))) text = text (text == "" ? "" : " ") word
		word = ""
	}
	return init ? text : add(text)
}

BEGIN {
	n = split(keys, key, " ")
	for (i = 1; i <= n; i++) {
		gsub(/-/, "_", key[i])
		ours[key[i]] = 1
	}
}
$0 !~ where || /^[ \t]*#/ || (where == "" && /^[ \t]*$/) { print; next }
{
	start = ""
	if (where != "" && match($0, /^options[ \t]+/)) start = substr($0, 1, RLENGTH)
	print start changed(substr($0, length(start) + 1))
}
END {
	if (added != "" && !placed) print (where == "" ? "" : "options ") added
}
