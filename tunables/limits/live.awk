# Keys and files of limits in the order of pam_limits(8) -> facts.
function set_limit(domain, type, item, value, where) {
	if (item != "nice" && item != "priority" && (value == "infinity" || value == "-1")) value = "unlimited"
	limit[domain "." item "." type] = value
	place[domain "." item "." type] = where
}
function read_file(file,    line, number, f, n, where) {
	while ((getline line < file) > 0) {
		number++
		sub(/#.*/, "", line)
		n = split(line, f, /[ \t]+/)
		if (f[1] == "") { for (i = 1; i < n; i++) f[i] = f[i + 1]; n-- }
		if (n < 4) continue
		where = substr(file, length(root) + 1) ":" number
		if (f[2] != "soft") set_limit(f[1], "hard", f[3], f[4], where)
		if (f[2] != "hard") set_limit(f[1], "soft", f[3], f[4], where)
	}
	close(file)
}
$1 == "key" { keys[++count] = $2 }
$1 == "file" { read_file($2) }
END {
	for (k = 1; k <= count; k++) {
		if (keys[k] in limit) printf "fact\tlimits\t%s\tlive\tvalue\t%s\t%s\n", keys[k], limit[keys[k]], place[keys[k]]
		else printf "fact\tlimits\t%s\tlive\tabsent\t\t%s\n", keys[k], "/etc/security/limits.d"
	}
}
