# Lines of compare of dropped keys, `declared`, those of declared keys -> a message about
# each change of `tunable`.
function shown(text) {
	if (text ~ /^sha256:/) {
		sub(/ .*/, "", text)
		if (length(text) > 19) text = substr(text, 1, 19) "..."
	}
	if (length(text) > 200) text = substr(text, 1, 200) "..."
	return text == "" ? "\"\"" : text
}
BEGIN { suffix = " (as before metaltune)" }
$0 == "declared" { suffix = "" }
$1 != tunable { next }
$4 == "bad" && $6 == "live" { print $1, $2, shown($8), "->", shown($7) suffix }
$5 == "bad" { print $1, $2, "boot:", shown($9), "->", shown($7) suffix }
