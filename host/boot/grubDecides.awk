# Keys as `key TAB name` on the first input, then /etc/default/grub and grub.d in the order in
# which grub-mkconfig sources them -> `decides TAB KEY TAB SOURCE` for each key that another
# file than metaltune\047s decides: the line that sets it, or that drops metaltune\047s, or the
# first file where none sets it. With AWK_command_line.
function decide(k, place) { where[k] = place; mine[k] = 0 }
FILENAME == "-" { if ($1 == "key") keys[++count] = $2; next }
first == "" { first = substr(FILENAME, length(root) + 1) }
FILENAME ~ /\/zz-metaltune[.]cfg$/ {
	for (k = 1; k <= count; k++) mine[k] = 1
	next
}
/^[ \t]*GRUB_CMDLINE_LINUX(_DEFAULT)?[+]?=/ {
	place = substr(FILENAME, length(root) + 1) ":" FNR
	resets = $0 ~ /_DEFAULT=/ && $0 !~ /[$]/
	text = $0
	sub(/^[^=]*=/, "", text)
	gsub(/["\047]/, "", text)
	n = split_command_line(text, words, raw)
	parameter_keys(words, n, set, alias)
	split("", said)
	for (i = 1; i <= n; i++) { said[set[i]] = 1; said[alias[i]] = 1 }
	for (k = 1; k <= count; k++) if (parameter_key(keys[k]) in said || resets && mine[k]) decide(k, place)
}
END {
	for (k = 1; k <= count; k++) if (!mine[k]) print "decides\t" keys[k] "\t" (where[k] == "" ? first : where[k])
}
