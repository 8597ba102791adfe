# Lines `key TAB path` -> facts; an unreadable or empty file gives `again KEY PATH`.
{
	value = ""
	while ((getline line < $2) > 0) value = value " " line
	close($2)
	gsub(/[ \t]+/, " ", value); gsub(/^ | $/, "", value)
	if (value == "") print "again", $1, $2
	else print "fact", tunable, $1, layer, "value", value, substr($2, length(root) + 1)
}
