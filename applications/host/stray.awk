# Lines of alike.awk, and the identities of those processes -> the first process that runs
# the program outside every unit.

BEGIN { count = 0 }
/^(release|same) / { order[++count] = $2; kind[count] = $1; next }
!match($0, /^[0-9]+\/[a-z]+:/) { next }
{
	pid = file = substr($0, 1, RLENGTH - 1); text = substr($0, RLENGTH + 1)
	sub(/\/.*/, "", pid); sub(/.*\//, "", file)
}
file == "cmdline" {
	match(text, /^[0-9]+:/)
	first = text ~ /^1:/; text = substr(text, RLENGTH + 1)
	line[pid] = line[pid] (first ? "" : " ") text
	if (!first) arguments[pid] = arguments[pid] "\n" text
}
file == "cgroup" { there[pid] = 1; if (text ~ /\/metaltune-[a-z0-9-]+[.]service(\/|$)/) ours[pid] = 1 }
file == "status" && split(text, number, "\t") > 2 { contained[pid] = 1 }
END {
	for (i = 1; i <= count; i++) {
		pid = order[i]
		if (!(pid in there) || (pid in ours) || (pid in contained)) continue
		if (line[pid] != "" && (line[pid] == ENVIRON["TEST"] || line[pid] == ENVIRON["CHECK"])) continue
		if (kind[i] == "same" && arguments[pid] != arguments[main]) continue
		print pid
		exit
	}
}
