# `set NAME=TEXT` and `line TEXT` -> the lines, with TEXT in place of $NAME and ${NAME}.
sub(/^set /, "") {
	at = index($0, "=")
	text = substr($0, at + 1)
	gsub(/"/, "", text)
	value[substr($0, 1, at - 1)] = text
	next
}
sub(/^line /, "") {
	line = ""
	while (match($0, /[$]([{][A-Za-z_][A-Za-z0-9_]*[}]|[A-Za-z_][A-Za-z0-9_]*)/)) {
		name = substr($0, RSTART, RLENGTH)
		gsub(/[${}]/, "", name)
		line = line substr($0, 1, RSTART - 1) value[name]
		$0 = substr($0, RSTART + RLENGTH)
	}
	print line $0
}
