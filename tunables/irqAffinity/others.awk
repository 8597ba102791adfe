# The key `others` -> its fact, or `put PATH CPUS IRQ MASK` and `stay TEXT`. It is right
# where the mask of every movable interrupt has only CPUs of the key. Those that cannot be
# moved, and are served by other CPUs, are named beside the source. With members.awk.
function within(list, set,    some, cpu) {
	if (list == "" || !expand_cpus(list, some)) return 0
	for (cpu in some) if (!(cpu in set)) return 0
	return 1
}
# The part of a mask that is in SET, or all of SET.
function narrowed(list, set,    some, both, cpu) {
	expand_cpus(list, some)
	for (cpu in some) if (cpu in set) both[cpu] = 1
	return (list = cpu_list(both)) == "" ? cpu_list(set) : list
}
function put_all(irq, expected, now) {
	if (expected == now) return
	if (mode == "changes") print "put", "/proc/irq/" irq "/smp_affinity_list", expected, irq, now
	else if (!wrong++) text = "IRQ " irq " (" actions[irq] "): " now
}
function judge_declared(    set, irq, file, now, served) {
	expand_cpus(others_wanted, set)
	for (irq = 0; irq <= last_irq; irq++) {
		if (!(irq in actions) || actions[irq] == "" || irq in claimed) continue
		file = root "/proc/irq/" irq
		now = first_line(file "/smp_affinity_list")
		if (now == "" || within(now, set)) continue
		if (!(irq in unmovable)) { put_all(irq, narrowed(now, set), now); continue }
		served = first_line(file "/effective_affinity_list")
		if (!within(served == "" ? now : served, set)) stays[unmovable[irq]] = stays[unmovable[irq]] ", IRQ " irq " (" actions[irq] ") on " (served == "" ? now : served)
	}
}
# An interrupt that another key names is left to that key.
function judge_dropped(    irq, now) {
	for (irq = 0; irq <= last_irq; irq++) {
		if (!(irq in moved) || irq in claimed) continue
		now = first_line(root "/proc/irq/" irq "/smp_affinity_list")
		if (now != "") put_all(irq, moved[irq], now)
	}
}
function answer(text) {
	if (mode == "facts") printf "fact\t%s\tothers\tlive\tvalue\t%s\t/proc/irq%s\n", tunable, text, (immovable == "" ? "" : "; " immovable)
	else if (immovable != "") print "stay", immovable
}
END {
	if (others_wanted == "") exit
	if (declared) judge_declared()
	else judge_dropped()
	for (reason in stays) immovable = immovable (immovable == "" ? "" : "; ") reason ": " substr(stays[reason], 3)
	if (wrong) answer(text (wrong > 1 ? ", and " wrong - 1 " more" : ""))
	else answer(others_wanted)
}
