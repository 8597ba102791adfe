# Lines of compare as an aligned table for the operator, with cells broken to fit `columns`
# if that is not empty.

# The width of a column where no cell has more than `most`; parts of keys stay whole.
function narrowed(c, most) {
	if (c == 1 && most < longest) most = longest
	return width[c] < most ? width[c] : most
}

# The largest `most` with which all columns fit.
function fitting(    most, sum, c) {
	for (most = 200; most > 8; most--) {
		sum = width[5] + 8
		for (c = 1; c < 5; c++) sum += narrowed(c, most)
		if (sum <= columns) break
	}
	return most
}

# Takes the first line from a cell, to the end of a word or of a part of one.
function take(row, c,    text, line) {
	text = cell[row, c]
	line = substr(text, 1, width[c])
	if (length(text) > width[c] && substr(text, width[c] + 1, 1) != " " && match(line, /[ .,:\/_-][^ .,:\/_-]*$/))
		line = substr(text, 1, RSTART)
	cell[row, c] = substr(text, length(line) + 1)
	sub(/^ +/, "", cell[row, c])
	return line
}

function print_row(row,    line, c, rest) {
	line = ""; rest = 0
	for (c = 1; c < 5; c++) {
		line = line sprintf("%-" (width[c] + 2) "s", take(row, c))
		if (cell[row, c] != "") rest = 1
	}
	line = line cell[row, 5]
	sub(/ +$/, "", line)
	print line
	cell[row, 5] = ""
	return rest
}

BEGIN {
	n = split("KEY EXPECTED LIVE BOOT VERDICT", name, " ")
	for (c = 1; c <= n; c++) { cell[1, c] = name[c]; width[c] = 0 }
	n = 1
}

{
	n++
	cell[n, 1] = $1 "." $2
	m = split(cell[n, 1], part, /[.\/]/)
	for (i = 1; i <= m; i++) if (length(part[i]) < 24 && length(part[i]) >= longest) longest = length(part[i]) + 1
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
	most = columns == "" ? 203 : fitting()
	for (c = 1; c < 5; c++) width[c] = narrowed(c, most)
	for (i = 1; i <= n; i++) while (print_row(i)) continue
}
