# The only comparison: settings and report lines in, one line per setting out, in the
# order of the settings. A state is ok, bad, unsupported, unreadable or `-` (the key has
# no such layer).
# form report: verdict tunable key verdict liveState bootState
# form table: tunable key verdict liveState bootState effect expected live boot match
# form table: tunable key verdict liveState bootState effect expected live boot match

function same_cpus(a, b,    left, right, item) {
	split("", left); split("", right)
	if (!expand_cpus(a, left) || !expand_cpus(b, right)) return 0
	for (item in left) if (!(item in right)) return 0
	for (item in right) if (!(item in left)) return 0
	return 1
}

function state(i, layer,    where, answer, value) {
	where = id[i] SUBSEP layer
	if (!(where in status)) return "-"
	answer = status[where]
	if (answer == "unreadable" || answer == "unsupported") return answer
	if (match_of[i] == "absent") return answer == "absent" ? "ok" : "bad"
	if (answer == "absent") return "bad"
	value = found[where]
	if (match_of[i] == "atLeast") return at_least(value, wanted[i]) ? "ok" : "bad"
	if (match_of[i] == "cpuSet") return same_cpus(value, wanted[i]) ? "ok" : "bad"
	return (value "") == (wanted[i] "") ? "ok" : "bad"
}

function verdict(i, live, boot) {
	if (live == "unreadable" || boot == "unreadable" || (live == "-" && boot == "-")) return "unreadable"
	if (live == "unsupported" || boot == "unsupported") return "unsupported"
	if (live == "bad") return effect[i] == "reboot" && boot == "ok" ? "pendingReboot" : "liveDrift"
	return boot == "bad" ? "bootDrift" : "ok"
}

function shown(i, layer,    where) {
	where = id[i] SUBSEP layer
	if (!(where in status)) return "-"
	if (status[where] == "value") return found[where]
	return status[where] (found[where] == "" ? "" : " (" found[where] ")")
}

# The file and line that decide, where one line of a file does.
function decided(i, layer,    where) {
	where = source[id[i], layer]
	return shown(i, layer) (status[id[i], layer] ~ /^(value|absent)$/ && where ~ /^\/.*:[0-9]+$/ ? " (" where ")" : "")
}

function print_row(i,    live, boot) {
	live = state(i, "live"); boot = state(i, "boot")
	if (form == "report") print "verdict", id[i], verdict(i, live, boot), live, boot
	else print id[i], verdict(i, live, boot), live, boot, effect[i], (match_of[i] == "absent" ? "absent" : wanted[i]), (live == "bad" ? decided(i, "live") : shown(i, "live")), (boot == "bad" ? decided(i, "boot") : shown(i, "boot")), match_of[i]
}

BEGIN { rows = 0 }

$1 == "fact" {
	status[$2 "\t" $3, $4] = $5
	found[$2 "\t" $3, $4] = $6
	source[$2 "\t" $3, $4] = $7
	next
}

$1 == "setting" {
	id[++rows] = $2 "\t" $3
	match_of[rows] = $4; wanted[rows] = $5; effect[rows] = $6
}

END {
	OFS = "\t"
	for (row = 1; row <= rows; row++) print_row(row)
}
