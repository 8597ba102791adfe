# Lines `SIZE WORD` of the huge page sizes that have a file of their own -> the fact: the
# word of the file for all, and the sizes that contradict it or WANTED; or with `change`,
# lines `SIZE WORD` to write. `pmd` is the size that the file for all was made for.
function rank(word) { return word == "always" ? 2 : word == "madvise" }
# A size may give less than the file for all, but the main one must follow it.
function contradicts(size, word, all) {
	if (word !~ /^(inherit|always|madvise|never)$/) return 1
	if (word == "inherit") return 0
	return size == pmd ? word != all : rank(word) > rank(all)
}
BEGIN {
	n = split(wanted, part, ", ")
	for (i = 2; i <= n; i++) if (split(part[i], pair, ": ") == 2) named[pair[1]] = pair[2]
	text = top
}
change {
	word = $1 in named ? named[$1] : contradicts($1, $2, part[1]) ? "inherit" : $2
	if (word != $2) print $1, word
	next
}
$1 in named || contradicts($1, $2, top) || contradicts($1, $2, part[1]) { text = text ", " $1 ": " $2 }
END { if (!change) print text }
