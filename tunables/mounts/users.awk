# Links below /proc -> processes with one to `path` or below it.
index($2 "/", path "/") == 1 { sub(/\/.*/, "", $1); if (!seen[$1]++) print $1 }
