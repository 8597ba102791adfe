#!/bin/sh
# The only comparison of settings with facts: it yields verdicts, and the table that the
# operator reads.
#
# shellcheck disable=SC2034,SC2153,SC2154

# compare: settings and report lines on stdin -> one line per setting:
# tunable key verdict liveState bootState effect expected live boot match.
# A state is ok, bad, unsupported, unreadable or `-` (the key has no such layer). Reports
# carry these verdicts; no other code judges. compare.awk has the rules.
compare() {
	compare_as table
}

# compare_verdicts: the same -> the lines of a report.
compare_verdicts() {
	compare_as report
}

# compare_as FORM
compare_as() {
	awk -F '\t' -v form="$1" "$AWK_lib$AWK_compare"
}

# compare_table: lines of compare on stdin -> an aligned table for the operator. On a
# terminal no row is wider than it.
compare_table() {
	SIZE=''
	[ ! -t 1 ] || { SIZE=$(stty size <&8 2>/dev/null) || :; } 8>&1
	awk -F '\t' -v columns="${SIZE#* }" "$AWK_table" | lib_inert 400000
}
