# Lines of compare -> a message about each change.
function shown(text) {
	if (text ~ /^sha256:/) {
		sub(/ .*/, "", text)
		if (length(text) > 19) text = substr(text, 1, 19) "..."
	}
	if (length(text) > 200) text = substr(text, 1, 200) "..."
	return text == "" ? "\"\"" : text
}
$4 == "bad" && $6 == "live" { print $1, $2, shown($8), "->", shown($7) suffix }
$5 == "bad" { print $1, $2, "boot:", shown($9), "->", shown($7) suffix }
