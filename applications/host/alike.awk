# Lines of `PID TAB EXECUTABLE`: `release PID` or `same PID` of processes that run a
# program of the application outside its unit.

BEGIN { count = 0; n = split(pids, pid, " "); for (i = 1; i <= n; i++) own[pid[i]] = 1 }
{ sub(/ [(]deleted[)]$/, "", $2); program[$1] = $2 }
$2 != "" && !($1 in own) { order[++count] = $1 }
END {
	for (i = 1; i <= count; i++) {
		if (index(program[order[i]], releases)) print "release", order[i]
		else if (program[order[i]] == program[main]) print "same", order[i]
	}
}
