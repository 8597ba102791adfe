# Lines of the baseline, then facts -> the baseline with its missing keys added.
$0 == "" { next }
$1 != "fact" { known[$1, $2, $3] = 1; print; next }
$5 != "value" && $5 != "absent" { next }
$4 == "boot" && index(units, " " $2 " ") { next }
# Everything that metaltune deploys was absent before.
$2 == deployed { $5 = "absent"; $6 = "" }
!(($2, $3, $4) in known) { print $2, $3, $4, $5, $6 }
