# `row KEY WORDS`, `running LINE` and `line LINE` -> `KEY SENTENCE` if a line with the words
# of the rows is longer than `most` bytes, which is COMMAND_LINE_SIZE without its zero
# (arch/*/include/uapi/asm/setup.h). The boot loader puts words of its own first.
$1 == "row" {
	ours[parameter_key($2)] = 1
	added += length($3)
	if (length($3) > longest) { longest = length($3); key = $2 }
}
$1 == "running" {
	n = split_command_line($2, words, raw)
	for (i = 1; i <= n; i++) {
		if (words[i] ~ /^(BOOT_IMAGE|initrd)=/) before += length(raw[i]) + 1
		if (words[i] ~ /^root=/) root = length(raw[i]) + 1
	}
}
$1 == "line" {
	n = split_command_line($2, words, raw)
	parameter_keys(words, n, set, alias)
	bytes = before + added - 1
	has_root = 0
	for (i = 1; i <= n; i++) {
		if (words[i] ~ /^root=/) has_root = 1
		if (!((set[i] in ours) || (alias[i] in ours))) bytes += length(raw[i]) + 1
	}
	# grubby lists the arguments without root=.
	if (!has_root) bytes += root
	if (bytes > highest) highest = bytes
}
END {
	if (highest > most && key != "") print key us "expected a line of at most " most " bytes, as the kernel cuts off the rest, got " highest "; shorten it, as by strides such as 1-511:1/2, or remove parameters"
}
