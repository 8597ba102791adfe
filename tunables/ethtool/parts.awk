# Noted lines, `NIC NAME PART...`, then the output of read.awk -> the lines to note
# `before` or `after` the change of offloads.
NF == 1 { split($0, word, " "); noted[word[1] " " word[2]] = $0; next }
$2 != "value" || $3 != "on" || $1 !~ /[.]offloads[.]/ { next }
{ n = split($1, part, "."); id = $6 " " part[n] }
when == "before" && $5 == "off" && $7 != "" && !(id in noted) { noted[id] = id $7 }
when == "after" && $5 == "on" { delete noted[id] }
END { for (id in noted) print noted[id] }
