# CPU sets in the kernel's two formats.

# cpulist("0 1 2 8"): "0-2,8".
function cpulist(numbers, field, count, i, list, first, last) {
	count = split(numbers, field, " ")
	for (i = 1; i <= count; i++) {
		if (i > 1 && field[i] == last + 1) {
			last = field[i]
			continue
		}
		if (i > 1) list = list "," first (last > first ? "-" last : "")
		first = last = field[i]
	}
	if (count) list = list "," first (last > first ? "-" last : "")
	return substr(list, 2)
}

# expand("0-2,8"): "0 1 2 8", ascending; "!" for an invalid list.
function expand(list, part, count, i, ends, cpu, set, highest, numbers) {
	count = split(list, part, ",")
	highest = -1
	for (i = 1; i <= count; i++) {
		if (part[i] !~ /^[0-9]+(-[0-9]+)?$/) return "!"
		if (split(part[i], ends, "-") < 2) ends[2] = ends[1]
		if (ends[2] + 0 < ends[1] + 0) return "!"
		for (cpu = ends[1] + 0; cpu <= ends[2] + 0; cpu++) set[cpu] = 1
		if (ends[2] + 0 > highest) highest = ends[2] + 0
	}
	for (cpu = 0; cpu <= highest; cpu++) {
		if (cpu in set) numbers = numbers " " cpu
	}
	return substr(numbers, 2)
}

# fromMask("0000ff0f"): the numbers, or "!". Commas separate groups of 32 bits.
function fromMask(mask, digit, i, bit, cpu, value, numbers) {
	gsub(/,/, "", mask)
	mask = tolower(mask)
	sub(/^0x/, "", mask)
	if (mask !~ /^[0-9a-f]+$/) return "!"
	for (i = length(mask); i >= 1; i--) {
		value = index("0123456789abcdef", substr(mask, i, 1)) - 1
		for (bit = 0; bit < 4; bit++) {
			if (value % 2) numbers = numbers " " cpu + 0
			value = int(value / 2)
			cpu++
		}
	}
	return substr(numbers, 2)
}

# toMask("0 1 8", 4): hexadecimal with that many digits. Some awks have no power operator.
function toMask(numbers, digits, field, count, i, value, mask, bits) {
	count = split(numbers, field, " ")
	split("1 2 4 8", bits, " ")
	for (i = 1; i <= count; i++) value[int(field[i] / 4)] += bits[field[i] % 4 + 1]
	for (i = digits - 1; i >= 0; i--) {
		mask = mask substr("0123456789abcdef", value[i] + 1, 1)
	}
	return mask
}
