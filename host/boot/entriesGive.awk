# The original of a file, then the file -> the file, with the original values of the
# parameters `keys` at the end of the lines that match `where`.
BEGIN {
	n = split(keys, key, " ")
	for (i = 1; i <= n; i++) ours[parameter_key(key[i])] = 1
}
FNR == 1 { file++ }
$0 !~ where {
	if (file == 2) print
	next
}
file == 1 {
	if (where ~ /=$/) { sub(/^[^=]*="?/, ""); sub(/"$/, "") }
	n = split_command_line($0, words, raw)
	parameter_keys(words, n, set, alias)
	for (i = 1; i <= n; i++) if ((set[i] in ours) || (alias[i] in ours)) own = own " " raw[i]
	next
}
{
	end = where ~ /=$/ && sub(/"$/, "") ? "\"" : ""
	print $0 own end
}
