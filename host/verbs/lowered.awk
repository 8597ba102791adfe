# Settings applied last (`last`), settings (`now`) and lines of compare (`judged`) -> the
# lines of compare, where a minimum below the last one counts as not met by the value set
# for the last one.
function more(a, b) { return at_least(a, b) && !at_least(b, a) }
$1 == "last" { if ($4 == "atLeast") last[$2, $3] = $5; next }
$1 == "now" { if ($4 == "atLeast") now[$2, $3] = $5; next }
$5 == "ok" && $7 == "live" && more(last[$2, $3], now[$2, $3]) && more($9, now[$2, $3]) { $5 = "bad"; $8 = now[$2, $3] }
{ sub(/^judged\t/, ""); print }
