# Keys and unmovable interrupts -> the members of `series`, and the facts of keys without
# an interrupt. names has the words of the actions of an interrupt, actions their text, row
# the whole line.
function read_names(    line, n, field, i, cpus, rest) {
	while ((getline line < (root "/proc/interrupts")) > 0) {
		n = split(line, field, " ")
		if (!cpus) { cpus = n; continue }
		if (field[1] !~ /^[0-9]+:$/) continue
		sub(/:/, "", field[1])
		last_irq = field[1] + 0
		row[last_irq] = line
		rest = ""
		for (i = cpus + 3; i <= n; i++) rest = rest field[i] " "
		# After the chip: a number where it has one, then "-edge", "Level", or nothing.
		sub(/^[0-9]+(-[A-Za-z_-]+)? /, "", rest)
		sub(/^(Edge|Level) /, "", rest); sub(/^-[A-Za-z_-]+ /, "", rest)
		actions[last_irq] = substr(rest, 1, length(rest) - 1)
		gsub(/, /, " ", rest)
		names[last_irq] = " " rest
	}
}
# Whether TEXT has WORD, not as part of a longer word.
function has_word(text, word,    at, before, after) {
	if (word == "") return 0
	while (at = index(text, word)) {
		before = at > 1 ? substr(text, at - 1, 1) : " "
		after = substr(text, at + length(word), 1)
		if (before !~ /[A-Za-z0-9_]/ && after !~ /[A-Za-z0-9_]/) return 1
		text = substr(text, at + length(word))
	}
	return 0
}
function without(text, word,    at) {
	if (word != "" && (at = index(text, word))) return substr(text, 1, at - 1) substr(text, at + length(word))
	return text
}
# The number of the queue that an action serves, -1 for none, -2 for an action without a
# number. Drivers name interrupts for events, control and other functions of the device
# beside those of queues.
function queue_of(action, nic, addresses,    name, address, n, i) {
	sub(/@.*/, "", action)
	name = without(action, nic)
	n = split(addresses, address, " ")
	for (i = 1; i <= n; i++) {
		name = without(name, address[i])
		# Some drivers leave the PCI domain out.
		if (address[i] ~ /:.*:/) name = without(name, substr(address[i], 6))
	}
	name = tolower(name)
	if (name ~ /(^|[^a-z])(misc|mgmn?t|config|async|events?|hwc|sp|fw[a-z]*|ctrl|control|admin[a-z]*|notif[a-z]*|cmd[a-z]*|mbo?x|mailbox|ptp|ll_ts|lsc|link|err|exn|[ac]eq|aux|nq|creq|[a-z]*rdma|iscsi[a-z]*|crypto|tls|qint|[a-z]*rint|rsvd|wol|lpi|mac|oth(er)?)([^a-z]|$)/) return -1
	sub(/[-_.]?[rt]x$/, "", name)
	if (!match(name, /[0-9]+[^0-9a-z]*$/)) return -2
	name = substr(name, RSTART)
	return name + 0
}
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
	if (claiming) claimed[irq] = 1
	else print key, wanted, name, expected, (irq in unmovable ? "the kernel manages this interrupt, it cannot be moved" : "") "\t" root "/proc/irq/" irq "/smp_affinity_list"
}
# A missing interrupt cannot be reverted, so its dropped key yields no fact.
function no_member(key, kind, text) {
	if ($6 != "-" && !claiming) printf "fact\t%s\t%s\tlive\t%s\t%s\t/proc/interrupts\n", tunable, key, kind, text
}
# The interrupts of the device: msi_irqs lists them. Where it is empty, as on some kernels
# and without MSI, those whose line names the interface or the device, and the legacy one.
function own_interrupts(nic, irqs, addresses, legacy, own,    n, i, j, m, address, irq) {
	n = split(irqs, irq, " ")
	for (i = 1; i <= n; i++) if (actions[irq[i]] != "") own[++m] = irq[i] + 0
	if (n) return m + 0
	n = split(addresses, address, " ")
	for (i = 0; i <= last_irq; i++) {
		if (actions[i] == "") continue
		for (j = 1; j <= n; j++) if (has_word(row[i], address[j])) break
		if (j <= n || has_word(actions[i], nic) || i == legacy + 0 && i) own[++m] = i
	}
	return m + 0
}
# The action of an interrupt that is for this NIC: a line that several devices share has
# an action of each.
function action_of(irq, nic,    action, n, i) {
	n = split(actions[irq], action, ", ")
	for (i = 1; i < n; i++) if (has_word(action[i], nic)) break
	return action[i]
}
# Whether an action names another interface of the same device.
function is_of_other_port(action, nic, ports,    port, n, i) {
	n = split(ports, port, " ")
	for (i = 1; i <= n; i++) if (port[i] != nic && has_word(action, port[i]) && !has_word(action, nic)) return 1
	return 0
}
# The queues among the COUNT interrupts OWN, in order of queue, then of interrupt; returns
# their number. Those without a number are left out where others have one.
function in_queues(nic, own, count, found, queue,    i, at, q, action, number, is_named, numbered, named, kept, blocks) {
	for (i = 1; i <= count; i++) {
		action = action_of(own[i], nic)
		number[i] = is_of_other_port(action, nic, $10) ? -1 : queue_of(action, nic, $8)
		is_named[i] = has_word(action, nic)
		if (number[i] >= 0) numbered = 1
		if (action ~ /ntfy-bl/) blocks++
	}
	for (i = 1; i <= count; i++) {
		if (numbered && number[i] == -2) number[i] = -1
		if (number[i] != -1 && is_named[i]) named = 1
	}
	for (i = 1; i <= count; i++) {
		# Ports that share a device have their own interrupt names.
		if (number[i] == -1 || (named && !is_named[i])) continue
		q = numbered ? number[i] : own[i]
		# gve numbers the blocks of all transmit queues, then those of all receive queues
		# (drivers/net/ethernet/google/gve, gve_rx_idx_to_ntfy).
		if (blocks && blocks % 2 == 0) q %= blocks / 2
		for (at = ++kept; at > 1 && (queue[at - 1] > q || (queue[at - 1] == q && found[at - 1] > own[i])); at--) {
			queue[at] = queue[at - 1]; found[at] = found[at - 1]
		}
		queue[at] = q; found[at] = own[i]
	}
	for (i = 1; !numbered && i <= kept; i++) queue[i] = i - 1
	return kept + 0
}
function queues(key, wanted, nic, irqs,    n, i, own, found, count, queue, rank, set, cpu, cpus, list) {
	n = own_interrupts(nic, irqs, $8, $9, own)
	count = in_queues(nic, own, n, found, queue)
	if (!count) {
		for (i = 1; i <= n; i++) list = list (i > 1 ? ", " : "") actions[own[i]]
		if ($9 == "vmbus") no_member(key, "unsupported", "the VMBus of Hyper-V interrupts the CPUs of its channels: " nic " has no interrupts to place")
		else no_member(key, "unreadable", list == "" ? "no interrupt of " nic " is in use; its interface must be up" : "none of the interrupts of " nic " is a queue: " substr(list, 1, 200))
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
	if ($6 == "-") for (i = 1; i <= count; i++) if (found[i] in moved) return
	rank = -1
	for (i = 1; i <= count; i++) {
		if (i == 1 || queue[i] != queue[i - 1]) rank++
		member(key, wanted, "queue " queue[i] " (IRQ " found[i] ")", cpu[rank % cpus], found[i])
	}
}
function singles(key, wanted,    pattern, irq, name, m, j, n, i, found) {
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
	if ($6 == "-") for (i = 1; i <= n; i++) if (found[i] in moved) return
	for (i = 1; i <= n; i++) member(key, wanted, n == 1 ? "" : "IRQ " found[i] " (" actions[found[i]] ")", wanted, found[i])
}
BEGIN { read_names() }
$1 == "unmovable" { unmovable[$2] = $3 }
# Masks before the key `others` changed them: what they are to be again.
$1 == "moved" { moved[$2] = $3 }
$1 == "claim" || $1 == "key" {
	claiming = $1 == "claim"
	if ($2 == "others") { if (!claiming) { others_wanted = $3; others_asked = $6 } }
	else if ($4 != "") queues($2, $3, $4, $5)
	else singles($2, $3)
}
