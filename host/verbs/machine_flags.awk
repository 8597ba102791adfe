# /proc/cpuinfo -> the words that every CPU lists, a space around each.
$1 ~ /^(flags|Features)[ \t]*$/ {
	cpus++
	n = split($2, word, " ")
	for (i = 1; i <= n; i++) if (!seen[cpus, word[i]]++) count[word[i]]++
}
END {
	for (flag in count) if (count[flag] == cpus) printf " %s", flag
	if (cpus) printf " "
}
