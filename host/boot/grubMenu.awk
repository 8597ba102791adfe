# grub.cfg -> `set NAME=TEXT`, and `line ARGUMENTS` of the entries of the 10_linux
# section, or of all entries where there is no such section, without recovery entries.
/^### BEGIN / {
	section = $3
	if (section ~ /10_linux(_zfs)?$/) sections = 1
}
/^[ \t]*set / {
	sub(/^[ \t]*/, "")
	print
}
/^[ \t]*linux(efi|16)?[ \t]/ && !/ (single|recovery)( |$)/ {
	sub(/^[ \t]*linux(efi|16)?[ \t]+[^ \t]+/, "line ")
	line[++n] = $0
	own[n] = section ~ /10_linux(_zfs)?$/
}
END {
	for (i = 1; i <= n; i++) if (own[i] || !sections) print line[i]
}
