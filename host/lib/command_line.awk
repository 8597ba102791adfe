# Kernel command lines: run an awk as "$AWK_command_line$AWK_NAME".

# Splits a kernel command line into WORDS, and returns their number. Double quotes keep
# spaces inside a word, and are removed; RAW has the words with their quotes.
function split_command_line(line, words, raw,    i, c, quoted, text, word, n) {
	split("", words); split("", raw); n = 0; text = word = ""; quoted = 0
	for (i = 1; i <= length(line); i++) {
		c = substr(line, i, 1)
		if (quoted || c !~ /[ \t\n]/) {
			text = text c
			if (c == "\"") quoted = !quoted
			else word = word c
		}
		else if (text != "") { words[++n] = word; raw[n] = text; text = word = "" }
	}
	if (text != "") { words[++n] = word; raw[n] = text }
	return n
}

# Bytes of a size as the kernel reads it: decimal, octal or 0x, then a suffix k to e of any
# case; it ignores what follows, such as the B of 1GB (lib/cmdline.c, memparse).
function kernel_bytes(text,    base, i, digit, bytes) {
	text = tolower(text)
	base = 10; bytes = 0
	if (text ~ /^0x[0-9a-f]/) { base = 16; text = substr(text, 3) }
	else if (text ~ /^0[0-7]/) base = 8
	for (i = 1; i <= length(text); i++) {
		digit = index("0123456789abcdef", substr(text, i, 1)) - 1
		if (digit < 0 || digit >= base) break
		bytes = bytes * base + digit
	}
	if (i > length(text)) return sprintf("%.0f", bytes)
	for (digit = index("kmgtpe", substr(text, i, 1)); digit > 0; digit--) bytes *= 1024
	return sprintf("%.0f", bytes)
}

# The name of a parameter; the kernel treats - and _ as equal (kernel/params.c).
function parameter_name(word) {
	sub(/=.*/, "", word)
	gsub(/-/, "_", word)
	return word
}

# A key as below: the size in hugepages[1G] in bytes.
function parameter_key(key) {
	if (key !~ /^hugepages\[/) return parameter_name(key)
	return "hugepages[" kernel_bytes(substr(key, 11)) "]"
}

# The parameter that each of N words sets, in KEYS; "" from `--` on, where the arguments of
# init begin. hugepages= belongs to the hugepagesz= before it. Both are hugepages[BYTES].
# Without one it is of the default size, which ALIASES has
# (Documentation/admin-guide/mm/hugetlbpage.rst).
function parameter_keys(words, n, keys, aliases,    i, name, size, usual) {
	split("", keys); split("", aliases); size = ""; usual = "2097152"
	for (i = 1; i <= n && words[i] != "--"; i++) if (parameter_name(words[i]) == "default_hugepagesz") usual = kernel_bytes(substr(words[i], 20))
	for (i = 1; i <= n; i++) keys[i] = aliases[i] = ""
	for (i = 1; i <= n && words[i] != "--"; i++) {
		keys[i] = name = parameter_name(words[i])
		if (name == "default_hugepagesz") size = ""
		if (name == "hugepagesz") size = kernel_bytes(substr(words[i], 12))
		if (name == "hugepages" && size == "") aliases[i] = "hugepages[" usual "]"
		else if (name == "hugepages" || name == "hugepagesz") keys[i] = "hugepages[" size "]"
	}
}

# The value of a word, "" without one.
function parameter_value(word) {
	return index(word, "=") ? substr(word, index(word, "=") + 1) : ""
}
