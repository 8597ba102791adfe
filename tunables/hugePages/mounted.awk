# Lines of /proc/mounts -> the mount at `path`, in the form of a setting.
$2 == path {
	found = $3 == "hugetlbfs" ? "pagesize=default" : "another file system (" $3 ")"
	gid = mode = ""
	n = split($4, options, ",")
	for (i = 1; i <= n; i++) {
		if (options[i] ~ /^pagesize=/) found = options[i]
		if (options[i] ~ /^gid=/) gid = "," options[i]
		if (options[i] ~ /^mode=/) mode = "," options[i]
	}
	if ($3 == "hugetlbfs") found = found gid mode
}
END { print found }
