#!/bin/sh
# irqAffinity, host half: finds the interrupts, in queue order, and writes their
# CPU lists. See irqAffinity.ts.

# shellcheck disable=SC2034
irqAffinity_boot=unit

IRQAFFINITY_UNMOVABLE=$STATE/unmovable.tsv
# shellcheck disable=SC2034
irqAffinity_notes=unmovable.tsv

# Which NIC a single interrupt belongs to, if it does, only its driver knows.
irqAffinity_nics() {
	sed -n "s/^irq[.].*/*/p; s/[.]queues$US.*//p"
}

# irqAffinity_unmovable: numbers of interrupts that refuse every mask.
irqAffinity_unmovable() {
	find "$ROOT/proc/irq" -maxdepth 2 -name smp_affinity_list ! -perm -200 2>/dev/null | sed 's|/[^/]*$||; s|.*/||'
	read_record "$IRQAFFINITY_UNMOVABLE"
	[ -z "$BODY" ] || {
		read_file "$ROOT/proc/sys/kernel/random/boot_id"
		printf '%s\n' "$BODY" | awk -v boot="$VALUE" '$1 == boot { print $2 }'
	}
}

# irqAffinity_files: `NIC KEY VALUE` -> what series needs of every interrupt,
# and the facts of keys without one.
irqAffinity_files() {
	GIVEN=$(cat)
	[ -n "$GIVEN" ] || return 0
	{
		irqAffinity_unmovable | sed "s/^/unmovable$US/"
		printf '%s\n' "$GIVEN" | while IFS=$US read -r NIC KEY WANTED ASKED; do
			IRQS='' DEVICE=''
			if [ -n "$NIC" ]; then
				# A virtio NIC is one level below the device that has interrupts.
				DEVICE=$ROOT/sys/class/net/$NIC/device
				[ -d "$DEVICE/msi_irqs" ] || DEVICE=$DEVICE/..
				fold "$(ls "$DEVICE/msi_irqs" 2>/dev/null)"
				IRQS=$VALUE
			fi
			printf '%s\n' "key$US$KEY$US$WANTED$US$NIC$US$IRQS$US$ASKED$US$DEVICE"
		done
	} | awk -F "$US" -v OFS="$US" -v root="$ROOT" -v tunable="$TUNABLE" '
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
	function cpus_in(list, cpu,    n, i, part, ends, c, count) {
		n = split(list, part, ",")
		for (i = 1; i <= n; i++) {
			if (split(part[i], ends, "-") < 2) ends[2] = ends[1]
			for (c = ends[1] + 0; c <= ends[2] + 0; c++) cpu[count++] = c
		}
		return count
	}
	function content(file,    line) { getline line < file; close(file); return line }
	# CPUs of the node of a device that are online and not isolated.
	function local_to(device, cpu,    all, not, on, n, i, count, taken, there) {
		for (n = cpus_in(content(root "/sys/devices/system/cpu/isolated"), not); n-- > 0;) taken[not[n]]
		for (n = cpus_in(content(root "/sys/devices/system/cpu/online"), on); n-- > 0;) there[on[n]]
		n = cpus_in(content(device "/local_cpulist"), all)
		for (i = 0; i < n; i++) if ((all[i] in there) && !(all[i] in taken)) cpu[count++] = all[i]
		return count + 0
	}
	function member(key, wanted, name, expected, irq) {
		print key, wanted, name, expected, (irq in unmovable ? "the kernel manages this interrupt, it cannot be moved" : "") "\t" root "/proc/irq/" irq "/smp_affinity_list"
	}
	# What is gone cannot go back, so nothing is said of a dropped key.
	function no_member(key, kind, text) {
		if ($6 != "-") printf "fact\t%s\t%s\tlive\t%s\t%s\t/proc/interrupts\n", tunable, key, kind, text
	}
	function queues(key, wanted, nic, irqs,    n, i, j, irq, name, m, q, found, count, queue, at, rank, cpu, cpus, list) {
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
		# Ports that share a device carry their own names.
		if (named) {
			m = count; count = 0
			for (i = 1; i <= m; i++) if (index(names[found[i]], nic "-")) { queue[++count] = queue[i]; found[count] = found[i] }
		}
		if (!count) {
			no_member(key, "unreadable", "no interrupt of " nic " is named as a queue; it must be up, and its driver have an interrupt per queue")
			return
		}
		cpus = wanted == "local" ? local_to($7, cpu) : cpus_in(wanted, cpu)
		if (!cpus) {
			no_member(key, "unreadable", "no CPU of the node of " nic " (" ((list = content($7 "/local_cpulist")) == "" ? "unknown" : list) ") is online and not isolated; name CPUs")
			return
		}
		rank = -1
		for (i = 1; i <= count; i++) {
			if (i == 1 || queue[i] != queue[i - 1]) rank++
			member(key, wanted, "queue " queue[i] " (IRQ " found[i] ")", cpu[rank % cpus], found[i])
		}
	}
	function singles(key, wanted,    pattern, irq, name, m, j, n, found, i) {
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
	$1 == "unmovable" { unmovable[$2] }
	$1 == "key" { if ($4 != "") queues($2, $3, $4, $5); else singles($2, $3) }'
}

# irqAffinity_read facts|changes: `NIC KEY VALUE`, without a NIC for single
# interrupts.
irqAffinity_read() {
	FILES=$(irqAffinity_files)
	[ "$1" = changes ] || printf '%s\n' "$FILES" | grep "^fact$TAB" || :
	printf '%s\n' "$FILES" | { grep -v -e "^fact$TAB" -e '^$' || :; } | facts_of_files live | series "$1"
}

irqAffinity_probe() {
	KEYS=$(cat)
	QUEUES=$(printf '%s\n' "$KEYS" | { grep "\\.queues$US" || :; } | nic_keys 1)
	printf '%s\n' "$QUEUES" | grep "^fact$TAB" || :
	{
		printf '%s\n' "$QUEUES" | grep -v -e "^fact$TAB" -e '^$' || :
		printf '%s\n' "$KEYS" | while IFS=$US read -r KEY _ WANTED _; do
			case $KEY in
			irq.*) ! asked "$KEY" "$WANTED" || printf '%s\n' "$US$KEY$US$VALUE$US$WANTED" ;;
			esac
		done
	} | irqAffinity_read facts
	case "
$KEYS" in
	*"
default$US"*)
		printf 'default\t%s\n' "$ROOT/proc/irq/default_smp_affinity" | facts_of_files live | masks_as_lists
		;;
	esac
}

# irqAffinity_refused IRQ CPUS ERROR: why, in words; remembers what cannot move.
irqAffinity_refused() {
	case $3 in
	*'No space left'*) complain "irqAffinity: IRQ $1: the CPUs $2 have no interrupt vector left; name more CPUs or fewer queues" ;;
	*'Input/output error' | *'not permitted')
		read_file "$ROOT/proc/sys/kernel/random/boot_id"
		read_note "$IRQAFFINITY_UNMOVABLE" || :
		KNOWN=$(printf '%s\n' "$BODY" | awk -v boot="$VALUE" '$1 == boot')
		write_record "$IRQAFFINITY_UNMOVABLE" "$KNOWN${KNOWN:+
}$VALUE $1
"
		;;
	*) complain "irqAffinity: IRQ $1: the kernel refused the CPUs $2: ${3##*: }" ;;
	esac
}

# irqAffinity_is_others: a daemon that runs again, as it did before us, has moved
# interrupts before anybody looks.
irqAffinity_is_others() {
	systemctl is-active --quiet irqbalance 2>/dev/null
}

irqAffinity_refuse() {
	refuse_cpus
}

irqAffinity_write() {
	ROWS=$(cat)
	[ "$VERB" = revert ] || ! irqAffinity_is_others || complain 'irqAffinity: irqbalance is running and will move interrupts again; switch it off'
	{
		printf '%s\n' "$ROWS" | { grep "\\.queues$US" || :; } | nic_lines 1
		printf '%s\n' "$ROWS" | sed -n "s/^\\(irq\\.[^$US]*\\)${US}value/$US\\1/p"
	} | irqAffinity_read changes | while IFS=$US read -r FILE WANTED _; do
		IRQ=${FILE%/*}
		ERROR=$(put "$WANTED" "$ROOT$FILE" 2>&1) || irqAffinity_refused "${IRQ##*/}" "$WANTED" "$ERROR"
	done
	WANTED=$(printf '%s\n' "$ROWS" | sed -n "s/^default${US}value$US//p")
	if [ -n "$WANTED" ]; then
		mask_of "$WANTED"
		put "$VALUE" "$ROOT/proc/irq/default_smp_affinity" || complain "irqAffinity default: the kernel refused $WANTED"
	fi
}
