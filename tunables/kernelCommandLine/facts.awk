# Keys as `key TAB name`, command lines as `line TAB text`, and `decides TAB KEY TAB SOURCE`
# where the loader knows which file a line has a key from -> facts. A repeated parameter
# yields all its different values, to show conflicts; differing entries are joined by ` |
# `. Values that the kernel reads as equal are one text: sizes, pages by node, CPU lists.
function add(name, value) {
	if (!(name in values)) values[name] = value
	else if (index(" " values[name] " ", " " value " ") == 0) values[name] = values[name] " " value
}
# `N` is the last CPU, and `all` every one (lib/bitmap-str.c, bitmap_parselist).
function cpus_text(text,    n, i, part, list) {
	gsub(/[ \t]+/, ",", text)
	n = split(text, part, ",")
	for (i = 1; i <= n; i++) {
		if (tolower(part[i]) ~ /^all(:|$)/) part[i] = "0-" last substr(part[i], 4)
		else if (part[i] ~ /^([0-9]+-)?N(:|$)/) sub(/N/, last, part[i])
		if (part[i] != "") list = list (list == "" ? "" : ",") part[i]
	}
	return list
}
# `2`, or `0:2,1:2` by node, in the order of nodes.
function pages_text(text,    n, i, j, part, node, count) {
	n = split(text, part, ",")
	for (i = 1; i <= n; i++) {
		if (split(part[i], node, ":") == 2) part[i] = node[1] + 0 ":" node[2] + 0
		else if (part[i] ~ /^[0-9]+$/) part[i] += 0
		for (j = i; j > 1 && part[j - 1] + 0 > part[j] + 0; j--) { count = part[j]; part[j] = part[j - 1]; part[j - 1] = count }
	}
	text = part[1]
	for (i = 2; i <= n; i++) text = text "," part[i]
	return text
}
# As model/kernelSize.ts writes a size.
function size_text(text,    bytes, i) {
	bytes = kernel_bytes(text)
	for (i = 1; i < 5 && bytes > 0 && bytes % 1024 == 0; i++) bytes /= 1024
	return bytes substr("KMGT", i - 1, i > 1)
}
function value_of(word,    name, value) {
	name = parameter_name(word)
	value = parameter_value(word)
	if (index(cpu_lists, " " name " ")) return cpus_text(value)
	if (name == "hugepages") return pages_text(value)
	if (index(sizes, " " name " ") && value ~ /^[0-9]/) return size_text(value)
	return value
}
function parse(line,    n, i, words, raw, set, alias) {
	split("", values)
	n = split_command_line(line, words, raw)
	parameter_keys(words, n, set, alias)
	for (i = 1; i <= n; i++) {
		if (set[i] == "" || parameter_name(words[i]) == "hugepagesz") continue
		add(set[i], value_of(words[i]))
		if (alias[i] != "") add(alias[i], value_of(words[i]))
	}
}
BEGIN {
	cpu_lists = " irqaffinity isolcpus kthread_cpus nohz_full rcu_nocbs systemd.cpu_affinity workqueue.unbound_cpus "
	sizes = " default_hugepagesz log_buf_len mem "
	n = split(possible, part, /[-,]/)
	last = part[n]
}
$1 == "key" { keys[++count] = $2 }
$1 == "decides" { decides[$2] = $3 }
$1 == "line" {
	parse($2)
	lines++
	for (k = 1; k <= count; k++) {
		name = parameter_key(keys[k])
		shown = name in values ? "value\t" values[name] : "absent\t"
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
		decided = decides[keys[k]]
		where = decided ~ /:[0-9]+$/ || decided != "" && status == "absent" ? decided : source
		printf "fact\tkernelCommandLine\t%s\t%s\t%s\t%s\t%s\n", keys[k], layer, status, text, where
	}
}
