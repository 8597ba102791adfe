# Lines `now PATH KIND SUM` of copies, then the recorded ones -> `gone` or `other`, and
# the recorded line, for each difference.
$1 == "now" { now[$2] = $3 FS $4; next }
!($2 in now) { print "gone", $2, $3, $4; next }
now[$2] != $3 FS $4 { print "other", $2, $3, $4 }
