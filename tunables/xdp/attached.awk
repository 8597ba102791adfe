# `ip -d link show` -> `MODE ID NAME` of the program attached.
NR == 1 { for (i = 3; i <= NF; i++) if ($i ~ /^xdp/) mode = $i }
$1 == "prog/xdp" { id = $3; name = $4 == "name" ? $5 : "without a name" }
END { if (mode != "") print (mode == "xdp" ? "native" : substr(mode, 4)), id, name }
