#!/bin/sh
# The one comparison that turns settings and facts into verdicts, and the table
# in which a person reads it.
#
# shellcheck disable=SC2034,SC2153,SC2154

# compare: settings and report lines on stdin -> one line per setting:
# tunable key verdict liveState bootState effect expected live boot match.
# A state is ok, bad, unsupported, unreadable or `-` (the key has no such
# layer). Nothing else judges: a report carries these verdicts. The rules are in
# compare.awk.
compare() {
	compare_as table
}

# verdict_lines: the same -> the lines of a report.
verdict_lines() {
	compare_as report
}

# compare_as FORM
compare_as() {
	awk -F '\t' -v form="$1" "$AWK_lib$AWK_compare"
}

# table: lines of compare on stdin -> an aligned table for a person.
table() {
	awk -F '\t' "$AWK_table" | inert 400000
}
