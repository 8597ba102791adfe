# Lines `seen` of an earlier compare, then present ones -> keys that are wrong with a new
# value.
$1 == "seen" { was[$2, $3] = $9; next }
$4 == "bad" && $6 == "live" && (was[$1, $2] "") != ($8 "")
