# Settings -> the errors in their lines.
$0 == "" { next }
NF != 5 { print "line " NR ": expected 5 fields, got " NF; next }
verb != "probe" && index(known, " " $1 " ") == 0 { print "line " NR ": unknown tunable " $1 }
$3 !~ /^(exact|atLeast|cpuSet|absent)$/ { print "line " NR ": unknown match " $3 }
$5 !~ /^(live|reboot)$/ { print "line " NR ": unknown effect " $5 }
verb != "probe" && seen[$1, $2]++ { print "line " NR ": " $1 "." $2 " was given before" }
