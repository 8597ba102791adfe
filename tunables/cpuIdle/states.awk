# Idle states of CPUs, sorted by name, and keys -> facts of disabled states.
!index($0, us) {
	split($0, f, "\t")
	all[f[1]] = all[f[1]] ", " f[3]
	known[f[1], f[3]] = 1
	if (f[3] == "-" || f[4] !~ /^[0-9]+$/) unread[f[1]] = f[2]
	else if (f[4] != "0") off[f[1]] = off[f[1]] "," f[3]
	next
}
{
	split($0, f, us); cpu = f[2]; sub(/\..*/, "", cpu)
	status = "value"; text = off[cpu] == "" ? "none" : substr(off[cpu], 2)
	if (!(cpu in all)) { status = "absent"; text = "" }
	n = f[4] == "none" || f[4] == "-" ? 0 : split(f[4], wanted, ",")
	for (i = 1; i <= n && cpu in all; i++) if (!((cpu, wanted[i]) in known)) {
		status = "unsupported"
		text = cpu " has no idle state " wanted[i] ", only " substr(all[cpu], 3)
	}
	if (cpu in unread) { status = "unreadable"; text = unread[cpu] " of " cpu " cannot be read" }
	printf "fact\t%s\t%s\tlive\t%s\t%s\t/sys/devices/system/cpu/%s/cpuidle\n", tunable, f[2], status, text, cpu
}
