# One write to an interrupt's affinity: prints "MASK LIST EFFECTIVE", or fails
# as the kernel does. Needs cpulist.awk; variables: from (list or mask), text,
# online (list), width (a mask as wide as this machine's).
BEGIN {
	numbers = from == "mask" ? fromMask(text) : expand(text)
	if (numbers == "!") exit 1
	split(expand(online), field, " ")
	for (i in field) here[field[i]] = 1
	count = split(numbers, field, " ")
	first = -1
	for (i = 1; i <= count; i++) {
		if (!(field[i] in here)) continue
		asked = asked " " field[i]
		if (first < 0) first = field[i]
	}
	if (first < 0) exit 1
	asked = substr(asked, 2)
	print toMask(asked, length(width)), cpulist(asked), first
}
