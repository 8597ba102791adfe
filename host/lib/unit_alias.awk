# Unit files -> the first whose [Install] section has the alias `name`.
/^[ \t]*\[/ { install = $1 == "[Install]" }
install && /^[ \t]*Alias[ \t]*=/ {
	sub(/^[^=]*=/, "")
	for (i = 1; i <= NF; i++) if ($i == name) { print FILENAME; exit }
}
