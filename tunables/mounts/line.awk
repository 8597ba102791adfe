# fstab or /proc/mounts -> `DEVICE TYPE OPTIONS` of the last line for the mount point `path`,
# as mount(8) reads it: octal escapes, tags with a value in quotes, slashes too many, and
# options that may be missing (fstab(5); util-linux, libmount/src/tab_parse.c).
function decoded(text,    out, at) {
	while ((at = match(text, /\\[0-7][0-7][0-7]/)) > 0) {
		out = out substr(text, 1, at - 1) sprintf("%c", substr(text, at + 1, 1) * 64 + substr(text, at + 2, 1) * 8 + substr(text, at + 3, 1))
		text = substr(text, at + 4)
	}
	return out text
}
function as_path(text) {
	gsub(/\/(\.?\/)+/, "/", text)
	if (length(text) > 1) sub(/\/\.?$/, "", text)
	return text
}
# A blank would end the field again.
function as_device(text,    at, value) {
	text = decoded(text)
	if (match(text, /^[A-Z]+=["\047]/)) {
		at = RLENGTH; value = substr(text, at + 1)
		if (substr(value, length(value)) == substr(text, at, 1)) text = substr(text, 1, at - 1) substr(value, 1, length(value) - 1)
	}
	gsub(/[ \t]/, "\\040", text)
	return text
}
$1 !~ /^#/ && NF >= 3 && as_path(decoded($2)) == path {
	line = as_device($1) " " $3 " " (NF > 3 && $4 !~ /^#/ ? $4 : "defaults")
	text = $0
}
END { if (line != "") print whole ? text : line }
