# Keys and unmovable interrupts -> the members of `series`, and the facts of keys without
# an interrupt.
function read_names(    line, n, field, i, cpus) {
	while ((getline line < (root "/proc/interrupts")) > 0) {
		n = split(line, field, " ")
		if (!cpus) { cpus = n; continue }
		if (field[1] !~ /^[0-9]+:$/) continue
		sub(/:/, "", field[1])
		last_irq = field[1] + 0
		names[last_irq] = " "
		for (i = cpus + 4; i <= n; i++) { sub(/,$/, "", field[i]); names[last_irq] = names[last_irq] field[i] " " }
	}
}
# The number of the queue that an interrupt of this name serves, or -1.
function queue_of(name, nic,    whole) {
	whole = name
	sub(/@.*/, "", name)
	if (name !~ /(-[TtRr]x-?[TtRr]x-|-fp-|-[rt]x-|-(input|output)[.]|mlx5_comp|mlx4-|mana_q|ntfy-blk)[0-9]+$/ && \
		!(substr(name, 1, length(nic) + 1) == nic "-" && substr(name, length(nic) + 2) ~ /^[0-9]+$/)) return -1
	if (index(whole, nic "-")) named = 1
	match(name, /[0-9]+$/)
	return substr(name, RSTART) + 0
}
function first_line(file,    line) { getline line < file; close(file); return line }
# The CPUs of SET in ascending order, from index 0; returns their number.
function in_order(set, cpu,    i, last, count) {
	last = last_cpu(set); count = 0
	for (i = 0; i <= last; i++) if (i in set) cpu[count++] = i
	return count
}
# CPUs of the node of a device that are online and not isolated.
function local_to(device, set,    near, isolated, online, cpu) {
	expand_cpus(first_line(device "/local_cpulist"), near)
	expand_cpus(first_line(root "/sys/devices/system/cpu/isolated"), isolated)
	expand_cpus(first_line(root "/sys/devices/system/cpu/online"), online)
	for (cpu in near) if ((cpu in online) && !(cpu in isolated)) set[cpu] = 1
}
function member(key, wanted, name, expected, irq) {
	print key, wanted, name, expected, (irq in unmovable ? "the kernel manages this interrupt, it cannot be moved" : "") "\t" root "/proc/irq/" irq "/smp_affinity_list"
}
# A missing interrupt cannot be reverted, so its dropped key yields no fact.
function no_member(key, kind, text) {
	if ($6 != "-") printf "fact\t%s\t%s\tlive\t%s\t%s\t/proc/interrupts\n", tunable, key, kind, text
}
function queues(key, wanted, nic, irqs,    n, i, j, irq, name, m, q, found, count, queue, at, rank, set, cpu, cpus, list) {
	n = split(irqs, irq, " ")
	named = 0
	for (i = 1; i <= n; i++) {
		m = split(names[irq[i]], name, " ")
		for (j = 1; j <= m; j++) if ((q = queue_of(name[j], nic)) >= 0) {
			# In order of queue, then of interrupt.
			for (at = ++count; at > 1 && (queue[at - 1] > q || (queue[at - 1] == q && found[at - 1] + 0 > irq[i] + 0)); at--) {
				queue[at] = queue[at - 1]; found[at] = found[at - 1]
			}
			queue[at] = q; found[at] = irq[i]
			break
		}
	}
	# Ports that share a device have their own interrupt names.
	if (named) {
		m = count; count = 0
		for (i = 1; i <= m; i++) if (index(names[found[i]], nic "-")) { queue[++count] = queue[i]; found[count] = found[i] }
	}
	if (!count) {
		no_member(key, "unreadable", "no interrupt of " nic " is named as a queue; it must be up, and its driver have an interrupt per queue")
		return
	}
	if (wanted == "local") local_to($7, set)
	# A fact from before metaltune lists its values after "all:"; series reads them.
	else if (!expand_cpus(wanted, set)) set[0] = 1
	cpus = in_order(set, cpu)
	if (!cpus) {
		no_member(key, "unreadable", "no CPU of the node of " nic " (" ((list = first_line($7 "/local_cpulist")) == "" ? "unknown" : list) ") is online and not isolated; name CPUs")
		return
	}
	rank = -1
	for (i = 1; i <= count; i++) {
		if (i == 1 || queue[i] != queue[i - 1]) rank++
		member(key, wanted, "queue " queue[i] " (IRQ " found[i] ")", cpu[rank % cpus], found[i])
	}
}
function singles(key, wanted,    pattern, irq, name, m, j, n, found) {
	pattern = substr(key, 5)
	if (pattern ~ /^[0-9]+$/) { if (pattern + 0 in names) found[++n] = pattern + 0 }
	else {
		gsub(/[.]/, "[.]", pattern); gsub(/\*/, ".*", pattern)
		for (irq = 0; irq <= last_irq; irq++) {
			m = irq in names ? split(names[irq], name, " ") : 0
			for (j = 1; j <= m; j++) if (name[j] ~ ("^" pattern "$")) { found[++n] = irq; break }
		}
	}
	if (!n) no_member(key, "absent", "")
	for (i = 1; i <= n; i++) {
		name[1] = names[found[i]]
		gsub(/^ | $/, "", name[1])
		member(key, wanted, n == 1 ? "" : "IRQ " found[i] " (" name[1] ")", wanted, found[i])
	}
}
BEGIN { read_names() }
$1 == "unmovable" { unmovable[$2] = 1 }
$1 == "key" { if ($4 != "") queues($2, $3, $4, $5); else singles($2, $3) }
