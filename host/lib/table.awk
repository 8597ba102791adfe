# Lines of compare as an aligned table for the operator.

BEGIN {
	n = split("KEY EXPECTED LIVE BOOT VERDICT", name, " ")
	for (c = 1; c <= n; c++) { cell[1, c] = name[c]; width[c] = 0 }
	n = 1
}

{
	n++
	cell[n, 1] = $1 "." $2
	cell[n, 2] = ($10 == "atLeast" ? ">= " : "") $7
	cell[n, 3] = $8; cell[n, 4] = $9; cell[n, 5] = $3
}

END {
	for (i = 2; i <= n; i++) for (c = 2; c <= 4; c++) if (cell[i, c] == "") cell[i, c] = "\"\""
	# Shows a file by the start of its hash, not by its base64 content.
	for (i = 2; i <= n; i++) for (c = 2; c <= 4; c++) if (cell[i, c] ~ /^sha256:/) {
		sub(/ .*/, "", cell[i, c])
		if (length(cell[i, c]) > 19) cell[i, c] = substr(cell[i, c], 1, 19) "..."
	}
	for (i = 2; i <= n; i++) for (c = 1; c <= 4; c++) if (length(cell[i, c]) > 200) cell[i, c] = substr(cell[i, c], 1, 200) "..."
	for (i = 1; i <= n; i++) for (c = 1; c <= 5; c++) if (length(cell[i, c]) > width[c]) width[c] = length(cell[i, c])
	for (i = 1; i <= n; i++) {
		line = ""
		for (c = 1; c < 5; c++) line = line sprintf("%-" (width[c] + 2) "s", cell[i, c])
		print line cell[i, 5]
	}
}
