# Settings, then lines of the baseline -> those of keys that are not declared.
$1 == "setting" { declared[$2, $3] = 1; next }
index(known, " " $1 " ") && !(($1, $2) in declared)
