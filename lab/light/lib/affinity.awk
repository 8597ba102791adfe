# One write to an interrupt's affinity: prints "MASK LIST EFFECTIVE", or fails
# as the kernel does: it keeps CPUs that are offline in the mask, but needs one that is
# online (kernel/irq/proc.c, write_irq_affinity). Needs cpulist.awk; variables: from (list or mask), text,
# online (list), width (a mask as wide as this machine's).
BEGIN {
	numbers = from == "mask" ? fromMask(text) : expand(text)
	if (numbers == "!") exit 1
	split(expand(online), field, " ")
	for (i in field) here[field[i]] = 1
	count = split(numbers, field, " ")
	first = -1
	for (i = 1; i <= count; i++) {
		if (field[i] + 0 >= length(width) * 4) exit 1
		if (first < 0 && field[i] in here) first = field[i]
	}
	if (first < 0) exit 1
	print toMask(numbers, length(width)), cpulist(numbers), first
}
