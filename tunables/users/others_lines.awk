# The baseline -> the lines of `file` without the changes by metaltune.
$1 == "users" {
	split($2, k, ".")
	if (k[1] == "user" && k[3] ~ /^(home|shell)$/) changed[k[2]]
	else if ($4 != "absent") next
	else if (k[3] == "groups") member[k[4], k[2]]
	else if (k[1] == "group") groups[k[2]]
	else if (k[3] == "") { users[k[2]] = 1; groups[k[2]] = 1 }
}
END {
	while ((getline line < file) > 0) {
		split(line, f, ":")
		if (kind ~ /^g/) {
			if (f[1] in groups) continue
			n = split(f[4], who, ","); kept = ""
			for (i = 1; i <= n; i++) if (!((f[1], who[i]) in member)) kept = kept "," who[i]
			print f[1], f[2], f[3], kept
		}
		else if (f[1] in users) continue
		else if (kind == "passwd" && f[1] in changed) print f[1], f[2], f[3], f[4], f[5]
		else print line
	}
}
