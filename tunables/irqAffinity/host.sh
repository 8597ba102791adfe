#!/bin/sh
# irqAffinity, host half: finds the interrupts, in queue order, and writes their
# CPU lists. See index.ts.
#
# hooks: probe write refuse nics owned_elsewhere boot notes

# shellcheck disable=SC2034,SC2154
irqAffinity_boot=unit

IRQAFFINITY_UNMOVABLE=$STATE/unmovable.tsv
# shellcheck disable=SC2034
irqAffinity_notes=unmovable.tsv

# Only the driver knows which NIC, if any, a single interrupt belongs to.
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

# irqAffinity_files: `NIC KEY VALUE` -> the input of series for every interrupt, and the
# facts of keys without one.
irqAffinity_files() {
	GIVEN=$(cat)
	[ -n "$GIVEN" ] || return 0
	{
		irqAffinity_unmovable | sed "s/^/unmovable$US/"
		printf '%s\n' "$GIVEN" | while IFS=$US read -r NIC KEY WANTED ASKED; do
			IRQS='' DEVICE=''
			if [ -n "$NIC" ]; then
				# A virtio NIC is one level below the device that has the interrupts.
				DEVICE=$ROOT/sys/class/net/$NIC/device
				[ -d "$DEVICE/msi_irqs" ] || DEVICE=$DEVICE/..
				fold "$(ls "$DEVICE/msi_irqs" 2>/dev/null)"
				IRQS=$VALUE
			fi
			printf '%s\n' "key$US$KEY$US$WANTED$US$NIC$US$IRQS$US$ASKED$US$DEVICE"
		done
	} | awk -F "$US" -v OFS="$US" -v root="$ROOT" -v tunable="$TUNABLE" "$AWK_lib$AWK_irqAffinity_members"
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

# irqAffinity_refused IRQ CPUS ERROR: explains the failure; records interrupts that cannot
# move.
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

# irqAffinity_owned_elsewhere: a daemon that the revert has started again may have moved
# interrupts before they are read.
irqAffinity_owned_elsewhere() {
	systemctl is-active --quiet irqbalance 2>/dev/null
}

irqAffinity_refuse() {
	refuse_cpus
}

irqAffinity_write() {
	ROWS=$(cat)
	[ "$VERB" = revert ] || ! irqAffinity_owned_elsewhere || complain 'irqAffinity: irqbalance is running and will move interrupts again; switch it off'
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
