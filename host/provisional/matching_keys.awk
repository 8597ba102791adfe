# Lines of compare -> the keys about to change in `layer` that match one of `rules`,
# TUNABLE REGEX each, as a text.
BEGIN {
	n = split(rules, rule, " ")
	for (i = 1; i < n; i += 2) keys[rule[i]] = rule[i + 1]
}
(layer == "boot" ? $5 == "bad" : $4 == "bad" && $6 == "live") && $1 in keys && $2 ~ keys[$1] && !seen[$1, $2]++ {
	if (++count <= 3) text = text (count > 1 ? ", " : "") $1 "." $2
}
END { print text (count > 3 ? " and " count - 3 " more" : "") }
