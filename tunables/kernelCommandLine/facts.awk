# Keys as `key TAB name`, command lines as `line TAB text` -> facts. A repeated parameter
# yields all its different values, to show conflicts; differing entries are joined by ` |
# `. hugepages= belongs to the hugepagesz= before it and is named hugepages[SIZE]. Text
# after `--` is for init (Documentation/admin-guide/kernel-parameters.rst).
function canonical(name) { gsub(/-/, "_", name); return name }
function add(name, value) {
	if (!(name in seen)) { seen[name] = 1; values[name] = value }
	else if (index(" " values[name] " ", " " value " ") == 0) values[name] = values[name] " " value
}
function parse(line,    i, c, quoted, token, n, at, name, value, size) {
	split("", seen); split("", values); size = ""; token = ""; line = line " "
	for (i = 1; i <= length(line); i++) {
		c = substr(line, i, 1)
		if (c == "\"") { quoted = !quoted; continue }
		if (c != " " || quoted) { token = token c; continue }
		if (token == "--") break
		if (token != "") {
			at = index(token, "=")
			name = canonical(at ? substr(token, 1, at - 1) : token)
			value = at ? substr(token, at + 1) : ""
			if (name == "hugepagesz") size = value
			if (name == "hugepages" && size != "") name = "hugepages[" size "]"
			add(name, value)
		}
		token = ""
	}
}
$1 == "key" { keys[++count] = $2 }
$1 == "line" {
	parse($2)
	lines++
	for (k = 1; k <= count; k++) {
		name = canonical(keys[k])
		shown = name in seen ? "value\t" values[name] : "absent\t"
		if (index("\n" all[k] "\n", "\n" shown "\n") == 0) all[k] = all[k] (all[k] == "" ? "" : "\n") shown
	}
}
END {
	for (k = 1; k <= count; k++) {
		if (!lines) { status = "unreadable"; text = "no boot entry was found" }
		else if (index(all[k], "\n")) {
			status = "value"; text = all[k]
			gsub(/value\t/, "", text); gsub(/absent\t/, "absent", text); gsub(/\n/, " | ", text)
		}
		else { split(all[k], part, "\t"); status = part[1]; text = substr(all[k], length(part[1]) + 2) }
		printf "fact\tkernelCommandLine\t%s\t%s\t%s\t%s\t%s\n", keys[k], layer, status, text, source
	}
}
