# A unit -> the GID that it runs as, unless that is 0.

BEGIN { gid = 0; user = group = "" }
$1 == "User" { user = $2 }
$1 == "Group" { group = $2 }
END {
	while ((getline line < (etc "passwd")) > 0) { split(line, f, ":"); if (f[1] == user) gid = f[4] }
	close(etc "passwd")
	while ((getline line < (etc "group")) > 0) { split(line, f, ":"); if (f[1] == group) gid = f[3] }
	close(etc "group")
	if (gid != 0) print gid
}
