# Facts of fs.nr_open, `setting` and `dropped` lines -> `KEY SENTENCE` for each nofile limit
# that the kernel will refuse to a login, now or after a boot (setrlimit(2);
# Documentation/admin-guide/sysctl/fs.rst, nr_open).
function lower(a, b) { return at_least(a, b) ? b : a }
$1 == "fact" { status[$4] = $5; value[$4] = $6; source[$4] = $7; next }
$1 == "setting" && $2 == "sysctl" && $3 == "fs.nr_open" { declared = $5; match_of = $4 }
$1 == "setting" && $2 == "limits" && $3 ~ /\.nofile\./ { keys[++count] = $3; wanted[$3] = $5 }
$1 == "dropped" && $2 == "sysctl" && $3 == "fs.nr_open" && $4 == "live" && $5 == "value" { original = $6 }
END {
	kernel = "1048576"
	now = status["live"] == "value" ? value["live"] : kernel
	if (declared != "") now = match_of == "atLeast" && at_least(now, declared) ? now : declared
	else if (original != "") now = original
	# systemd sets this value itself at a boot (src/core/main.c, bump_file_max_and_nr_open).
	after = now == "1073741816" ? now : lower(now, kernel)
	file = source["boot"]; sub(/:[0-9]+$/, "", file); place = source["boot"]; sub(/.*\//, "", file)
	theirs = status["boot"] == "value" && file != "zz-metaltune.conf"
	if (declared != "" && !(theirs && file > "zz-metaltune.conf")) after = now
	else if (theirs) after = value["boot"]
	else place = ""
	most = lower(now, after)
	for (k = 1; k <= count; k++) if (!at_least(most, wanted[keys[k]])) {
		why = at_least(now, wanted[keys[k]]) ? "after a boot " most (place == "" ? "" : " (" place ")") : most
		print keys[k], "fs.nr_open is " why ", and a login with a higher limit can fail; declare at most that, or sysctl fs.nr_open"
	}
}
