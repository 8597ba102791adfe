# Functions that awk programs share: run an awk as "$AWK_lib$AWK_NAME" to use them. Arrays
# are passed by name; parameters after the wide gap are local variables.

# Adds the CPUs of a list to SET, and its flags (isolcpus=domain,2-3); returns 0 for an
# invalid list. A range may have a stride: 0-31:2/4
# (Documentation/admin-guide/kernel-parameters.rst, "cpu lists").
function expand_cpus(text, set,    n, i, parts, ends, stride, first, last, used, group, cpu, steps) {
	n = split(text, parts, ",")
	for (i = 1; i <= n; i++) {
		if (parts[i] ~ /^[A-Za-z_]+$/) { set[parts[i]] = 1; continue }
		if (parts[i] !~ /^[0-9]+(-[0-9]+(:[0-9]+\/[0-9]+)?)?$/) return 0
		used = group = 1
		if (split(parts[i], stride, ":") == 2) {
			split(stride[2], ends, "/")
			used = ends[1] + 0; group = ends[2] + 0
			if (used < 1 || group < 1) return 0
		}
		last = split(stride[1], ends, "-") == 2 ? ends[2] + 0 : ends[1] + 0
		first = ends[1] + 0
		if (last > 8191) return 0
		# Bounds the work for a list that repeats all CPUs.
		if (last > first) steps += last - first
		if (steps > 32768) return 0
		for (cpu = first; cpu <= last; cpu++) if ((cpu - first) % group < used) set[cpu] = 1
	}
	return 1
}

# The highest CPU in SET, -1 in an empty one.
function last_cpu(set,    cpu, last) {
	last = -1
	for (cpu in set) if (cpu + 0 > last) last = cpu + 0
	return last
}

# The CPUs of SET as a list in normal form: ascending, with ranges.
function cpu_list(set,    cpu, last, first, list) {
	last = last_cpu(set)
	first = -1; list = ""
	for (cpu = 0; cpu <= last + 1; cpu++) {
		if (cpu in set) { if (first < 0) first = cpu }
		else if (first >= 0) {
			list = list "," first (cpu - 1 > first ? "-" (cpu - 1) : "")
			first = -1
		}
	}
	return substr(list, 2)
}

# Adds to SET the CPUs of a mask in the kernel format: hexadecimal, in groups of 32 bits,
# separated by commas.
function expand_mask(mask, set,    i, digit, bit, cpu) {
	gsub(/,/, "", mask); mask = tolower(mask)
	cpu = 0
	for (i = length(mask); i > 0; i--) {
		digit = index("0123456789abcdef", substr(mask, i, 1)) - 1
		for (bit = 0; bit < 4; bit++) {
			if (digit % 2 == 1) set[cpu] = 1
			digit = int(digit / 2); cpu++
		}
	}
}

# The CPUs of SET as a mask in the kernel format.
function cpu_mask(set,    group, place, digit, bit, mask) {
	mask = ""
	for (group = int(last_cpu(set) / 32); group >= 0; group--) {
		for (place = 7; place >= 0; place--) {
			digit = 0
			for (bit = 3; bit >= 0; bit--) digit = digit * 2 + ((group * 32 + place * 4 + bit) in set)
			mask = mask substr("0123456789abcdef", digit + 1, 1)
		}
		if (group > 0) mask = mask ","
	}
	return mask
}

# Whether both are whole numbers of any size, or versions such as 5.15.0, and the first is
# at least the second.
function at_least(value, least,    part, wanted_part, count, i, a, b) {
	if ((value " " least) !~ /^[0-9]+(\.[0-9]+)* [0-9]+(\.[0-9]+)*$/) return 0
	count = split(value, part, "."); i = split(least, wanted_part, ".")
	if (i > count) count = i
	for (i = 1; i <= count; i++) {
		a = part[i]; b = wanted_part[i]
		sub(/^0+/, "", a); sub(/^0+/, "", b)
		if (length(a) != length(b)) return length(a) > length(b)
		if ((a "") != (b "")) return (a "") > (b "")
	}
	return 1
}

# Bytes of a size with a suffix k, m, g or t (any case, or none), as text, since awks
# round large numbers when printing. "" for an invalid size.
function size_bytes(text,    bytes, i) {
	if (text !~ /^[0-9]+[kKmMgGtT]?$/) return ""
	bytes = text + 0
	for (i = index("kmgt", tolower(substr(text, length(text)))); i > 0; i--) bytes *= 1024
	return sprintf("%.0f", bytes)
}

# The first line of a file, "" without one.
function first_line(file,    line) { line = ""; getline line < file; close(file); return line }

# Trims a text and folds its whitespace to single spaces.
function trim(text) {
	gsub(/[ \t]+/, " ", text); gsub(/^ | $/, "", text)
	return text
}

# The name of a sysctl as its path below /proc/sys, with dots inside names kept, so that
# both spellings of sysctl.d(5) are equal. The first slash or dot is the separator; the
# other character then stands for the separator character inside a name.
function sysctl_path(name,    slash, dot) {
	slash = index(name, "/"); dot = index(name, ".")
	if (slash > 0 && (dot == 0 || slash < dot)) return name
	gsub(/\//, "\001", name); gsub(/\./, "/", name); gsub(/\001/, ".", name)
	return name
}
