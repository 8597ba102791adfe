# Prints the CPUs of "list" that are in "possible" and are not "without".
BEGIN {
	numbers = expand(list)
	if (list == "" || numbers == "!") exit
	split(expand(possible), field, " ")
	for (i in field) here[field[i]] = 1
	count = split(numbers, field, " ")
	for (i = 1; i <= count; i++) {
		if (field[i] in here && field[i] != without) kept = kept " " field[i]
	}
	print cpulist(kept)
}
