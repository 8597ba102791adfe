# Output of `systemctl show` for `units` -> `UNIT STATES`.
BEGIN { split(units, unit, " ") }
NF { at = index($0, "="); value[substr($0, 1, at - 1)] = substr($0, at + 1); some = 1; next }
some {
	print unit[++n] "\t" value["LoadState"] "\t" value["ActiveState"] "\t" value["UnitFileState"]
	split("", value); some = 0
}
