# Rows of NAME_write -> `KEY SENTENCE` for rows that name CPUs beyond `possible`.
BEGIN { expand_cpus(possible, cpus); last = last_cpu(cpus) }
possible != "" && $3 ~ /^[0-9][-0-9,:\/]*$/ {
	split("", cpus)
	# A number too high for a kernel list is too high for this host.
	if (!expand_cpus($3, cpus) || last_cpu(cpus) > last) print $1 us "expected CPUs of " possible ", which are all that this host can have, got " $3
}
