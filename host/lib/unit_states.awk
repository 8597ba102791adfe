# Output of `systemctl show` for `units` -> `NAME UNIT LOAD ACTIVE SUB FILE TRIGGERS`,
# `-` for an empty one.
BEGIN {
	split(units, unit, " ")
	split("LoadState ActiveState SubState UnitFileState TriggeredBy", field, " ")
	OFS = "\t"
}
NF { at = index($0, "="); value[substr($0, 1, at - 1)] = substr($0, at + 1); some = 1; next }
some {
	n++
	if (value["Id"] == "") value["Id"] = unit[n]
	row = unit[n] OFS value["Id"]
	for (i = 1; i <= 5; i++) row = row OFS (value[field[i]] == "" ? "-" : value[field[i]])
	print row
	split("", value); some = 0
}
