# grub.cfg -> `set NAME=TEXT`, and `line ARGUMENTS` of the entries of the 10_linux
# section, or of all entries where there is no such section, without recovery entries.
# Where an entry first tries to boot without an initrd, 10_linux itself adds parameters to
# that line: `fixed WORD` for each. `other NAME` is the default entry, if it is in another
# section, as one of 40_custom or of another system.
function arguments(line) {
	sub(/^[ \t]*linux(efi|16)?[ \t]+[^ \t]+/, "", line)
	return line
}
/^### BEGIN / {
	section = $3
	if (section ~ /10_linux(_zfs)?$/) sections = 1
}
/^[ \t]*set / {
	sub(/^[ \t]*/, "")
	print
	if (/^set default=/ && !/next_entry/) usual = $0
}
/^(menuentry|submenu) / {
	split($0, part, "\047")
	title[entries + 0] = part[2]
	id[entries + 0] = part[4]
	place[entries++] = section
}
/^[ \t]*menuentry / {
	recovery = $0 ~ /-recovery-/
	tried = ""
}
/^[ \t]*if .*initrdfail/ { tries = 1; tried = "" }
/^[ \t]*fi([ \t]|$)/ { tries = 0 }
/^[ \t]*linux(efi|16)?[ \t]/ && !recovery && !/ (single|recovery)( |$)/ {
	line[++n] = arguments($0)
	own[n] = section ~ /10_linux(_zfs)?$/
	if (!tries) next
	if (tried == "") { tried = line[n]; next }
	added = line[n]
	if (index(added " ", tried " ") != 1) next
	split(substr(added, length(tried) + 1), word, " ")
	for (i = 1; i in word; i++) if (!(word[i] in said)) { said[word[i]] = 1; print "fixed " word[i] }
}
END {
	gsub(/^set default=|"/, "", usual)
	if (usual ~ /saved_entry/) usual = saved
	sub(/>.*/, "", usual)
	for (i = 0; i < entries; i++) if (usual == i "" || usual == title[i] || usual == id[i]) break
	if (i == entries) i = 0
	if (sections && entries && place[i] !~ /10_linux(_zfs)?$/) print "other " title[i]
	for (i = 1; i <= n; i++) if (own[i] || !sections) print "line " line[i]
}
