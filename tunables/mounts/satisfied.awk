# Two lines of mount options, found and wanted: exits 1 where they differ.
function normal(option,    bytes) {
	if (option ~ /^size=/ && (bytes = size_bytes(substr(option, 6))) != "") return "size=" bytes
	if (option ~ /^mode=0/) { sub(/=0+/, "=", option) }
	return option
}
# Options that only mount(8) and systemd read; the kernel never shows them.
function hidden(option) {
	return option ~ /^(defaults|auto|noauto|nofail|_netdev|user|nouser|users|owner|group|comment=.*|x-.*)$/
}
# Options that the kernel shows only by the absence of their opposite.
function default_of(option) {
	if (option ~ /^(suid|dev|exec|atime|diratime)$/) return "no" option
	return option == "async" ? "sync" : ""
}
{ n = split($0, list, ","); for (i = 1; i <= n; i++) has[NR, normal(list[i])] }
END {
	for (pair in has) {
		split(pair, p, SUBSEP)
		if (p[1] == 1 && layer == "live") continue
		if ((3 - p[1], p[2]) in has) continue
		if (layer == "live" && (hidden(p[2]) || (default_of(p[2]) != "" && !((1, default_of(p[2])) in has)))) continue
		exit 1
	}
}
