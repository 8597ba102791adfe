# Output of `systemctl show` for `units` -> `NAME UNIT LOAD ACTIVE SUB FILE TRIGGERS`.
BEGIN { split(units, unit, " "); OFS = "\t" }
NF { at = index($0, "="); value[substr($0, 1, at - 1)] = substr($0, at + 1); some = 1; next }
some {
	n++
	if (value["Id"] == "") value["Id"] = unit[n]
	print unit[n], value["Id"], value["LoadState"], value["ActiveState"], value["SubState"], value["UnitFileState"], value["TriggeredBy"]
	split("", value); some = 0
}
