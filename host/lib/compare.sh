#!/bin/sh
# The one comparison that turns settings and facts into verdicts, and the table
# in which a person reads it.
#
# shellcheck disable=SC2034,SC2153,SC2154

# For awk: whether both are whole numbers, of any size, or versions such as
# 5.15.0, and the first is not below the other.
AT_LEAST='
	function at_least(value, least,    part, wanted_part, count, i, a, b) {
		if ((value " " least) !~ /^[0-9]+(\.[0-9]+)* [0-9]+(\.[0-9]+)*$/) return 0
		count = split(value, part, "."); i = split(least, wanted_part, ".")
		if (i > count) count = i
		for (i = 1; i <= count; i++) {
			a = part[i]; b = wanted_part[i]
			sub(/^0+/, "", a); sub(/^0+/, "", b)
			if (length(a) != length(b)) return length(a) > length(b)
			if ((a "") != (b "")) return (a "") > (b "")
		}
		return 1
	}
'

# compare: settings and report lines on stdin -> one line per setting:
# tunable key verdict liveState bootState effect expected live boot match.
# A state is ok, bad, unsupported, unreadable or `-` (the key has no such
# layer). Nothing else judges: a report carries these verdicts.
compare() {
	compare_as table
}

# verdict_lines: the same -> the lines of a report.
verdict_lines() {
	compare_as report
}

# compare_as FORM
compare_as() {
	awk -F '\t' -v form="$1" "$AT_LEAST"'
	# Adds the flags and CPUs of a list to SET; 0 when it is not a list.
	function expand(text, set,    n, i, parts, part, ends, first, last, used, group, cpu, stride, steps) {
		n = split(text, parts, ",")
		for (i = 1; i <= n; i++) {
			part = parts[i]
			if (part ~ /^[A-Za-z_]+$/) { set[part]; continue }
			if (part !~ /^[0-9]+(-[0-9]+(:[0-9]+\/[0-9]+)?)?$/) return 0
			used = group = 1
			if (split(part, stride, ":") == 2) {
				split(stride[2], ends, "/")
				used = ends[1] + 0; group = ends[2] + 0
				if (used < 1 || group < 1) return 0
			}
			last = split(stride[1], ends, "-") == 2 ? ends[2] + 0 : ends[1] + 0
			first = ends[1] + 0
			if (last > 8191) return 0
			# A list that names all CPUs over and over is endless work.
			steps += last > first ? last - first : 0
			if (steps > 4 * 8191) return 0
			for (cpu = first; cpu <= last; cpu++) if ((cpu - first) % group < used) set[cpu]
		}
		return 1
	}
	function same_cpus(a, b,    left, right, item) {
		split("", left); split("", right)
		if (!expand(a, left) || !expand(b, right)) return 0
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
		value = text[where]
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
		if (status[where] == "value") return text[where]
		return status[where] (text[where] == "" ? "" : " (" text[where] ")")
	}
	$1 == "fact" {
		status[$2 "\t" $3, $4] = $5
		text[$2 "\t" $3, $4] = $6
		next
	}
	$1 == "setting" {
		id[++count] = $2 "\t" $3
		match_of[count] = $4; wanted[count] = $5; effect[count] = $6
	}
	END {
		OFS = "\t"
		for (i = 1; i <= count; i++) {
			live = state(i, "live"); boot = state(i, "boot")
			if (form == "report") print "verdict", id[i], verdict(i, live, boot), live, boot
			else print id[i], verdict(i, live, boot), live, boot, effect[i], (match_of[i] == "absent" ? "absent" : wanted[i]), shown(i, "live"), shown(i, "boot"), match_of[i]
		}
	}'
}

# table: lines of compare on stdin -> an aligned table for a person.
table() {
	awk -F '\t' '
	BEGIN { n = 1; cell[1, 1] = "KEY"; cell[1, 2] = "EXPECTED"; cell[1, 3] = "LIVE"; cell[1, 4] = "BOOT"; cell[1, 5] = "VERDICT" }
	{
		n++
		cell[n, 1] = $1 "." $2
		cell[n, 2] = ($10 == "atLeast" ? ">= " : "") $7
		cell[n, 3] = $8; cell[n, 4] = $9; cell[n, 5] = $3
	}
	END {
		for (i = 2; i <= n; i++) for (c = 2; c <= 4; c++) if (cell[i, c] == "") cell[i, c] = "\"\""
		# A file is told by its hash; nobody reads base64.
		for (i = 2; i <= n; i++) for (c = 2; c <= 4; c++) if (cell[i, c] ~ /^sha256:/) sub(/ .*/, "", cell[i, c])
		for (i = 2; i <= n; i++) for (c = 1; c <= 4; c++) if (length(cell[i, c]) > 200) cell[i, c] = substr(cell[i, c], 1, 200) "..."
		for (i = 1; i <= n; i++) for (c = 1; c <= 5; c++) if (length(cell[i, c]) > width[c]) width[c] = length(cell[i, c])
		for (i = 1; i <= n; i++) {
			line = ""
			for (c = 1; c < 5; c++) line = line sprintf("%-" (width[c] + 2) "s", cell[i, c])
			print line cell[i, 5]
		}
	}' | inert 400000
}
