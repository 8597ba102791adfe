# grub.cfg -> `set NAME=TEXT`, and `line ARGUMENTS` of the entries that count: those
# of 10_linux where there is such a section, and none for recovery.
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
