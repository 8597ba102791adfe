#!/bin/sh
# irqAffinity, host half: finds the interrupts, in queue order, and writes their
# CPU lists. See index.ts.
#
# hooks: probe write refuse nics owned_elsewhere boot notes

# shellcheck disable=SC2034,SC2154
irqAffinity_boot=unit

IRQAFFINITY_UNMOVABLE=$STATE/unmovable.tsv
# Interrupts that the key `others` moved in this boot, with their masks before:
# `BOOT IRQ MASK`.
IRQAFFINITY_MOVED=$STATE/irqs.moved
# shellcheck disable=SC2034
irqAffinity_notes='unmovable.tsv irqs.moved'

# Only the driver knows which NIC, if any, a single interrupt belongs to.
irqAffinity_nics() {
	sed -n "s/^irq[.].*/*/p; s/^others$US.*/*/p; s/[.]queues$US.*//p"
}

# irqAffinity_noted FILE: the lines of this boot in a note, without the boot's id.
irqAffinity_noted() {
	read_record "$1"
	[ -n "$BODY" ] || return 0
	read_file "$ROOT/proc/sys/kernel/random/boot_id"
	printf '%s\n' "$BODY" | awk -v boot="$VALUE" '$1 == boot { print $2, $3 }'
}

# irqAffinity_unmovable: `unmovable IRQ REASON` of interrupts that refuse every mask.
irqAffinity_unmovable() {
	find "$ROOT/proc/irq" -maxdepth 2 -name smp_affinity_list ! -perm -200 2>/dev/null |
		sed "s|/[^/]*\$||; s|.*/|unmovable$US|; s|\$|${US}the kernel allows no other mask (managed or per CPU)|"
	irqAffinity_noted "$IRQAFFINITY_UNMOVABLE" | sed "s/^\([0-9]*\).*/unmovable$US\1${US}the kernel refused another mask/"
}

# irqAffinity_names DIRECTORY: the names in it, if it is there.
irqAffinity_names() {
	cd "$1" 2>/dev/null || return 0
	set +f
	set -- *
	[ ! -e "$1" ] || printf '%s' "$*"
}

# irqAffinity_key KIND: `NIC KEY VALUE ASKED` -> `KIND KEY VALUE NIC IRQS ASKED DEVICE
# ADDRESSES LEGACY PORTS`: the interrupts that the device of a NIC lists, the names of the
# device and its parent, its legacy interrupt or `vmbus`, and the interfaces of the device.
irqAffinity_key() {
	while IFS=$US read -r NIC KEY WANTED ASKED; do
		IRQS='' DEVICE='' ADDRESSES='' LEGACY='' PORTS=''
		if [ -n "$NIC" ]; then
			DEVICE=$ROOT/sys/class/net/$NIC/device
			[ ! -e "$DEVICE" ] || ADDRESSES=$(readlink -f "$DEVICE")
			ADDRESSES=${ADDRESSES##*/}
			PORTS=$(irqAffinity_names "$DEVICE/net")
			# A virtio NIC is one level below the device that has the interrupts.
			if [ ! -d "$DEVICE/msi_irqs" ] && [ -d "$DEVICE/../msi_irqs" ]; then
				DEVICE=$DEVICE/..
				PARENT=$(readlink -f "$DEVICE")
				ADDRESSES="$ADDRESSES ${PARENT##*/}"
			fi
			IRQS=$(irqAffinity_names "$DEVICE/msi_irqs")
			read_file "$DEVICE/irq"
			[ "$STATUS" != value ] || LEGACY=$VALUE
			case $(readlink "$DEVICE/subsystem") in
			*/vmbus) LEGACY=vmbus ;;
			esac
		fi
		printf '%s\n' "$1$US$KEY$US$WANTED$US$NIC$US$IRQS$US$ASKED$US$DEVICE$US$ADDRESSES$US$LEGACY$US$PORTS"
	done
}

# irqAffinity_claims: the declared keys as `NIC KEY VALUE`: `others` leaves their
# interrupts to them.
irqAffinity_claims() {
	printf '%s\n' "$SETTINGS" | settings_of irqAffinity | while IFS=$US read -r KEY _ WANTED _; do
		case $KEY in
		*.queues) printf '%s\n' "${KEY%.queues}$US$KEY$US$WANTED" ;;
		irq.*) printf '%s\n' "$US$KEY$US$WANTED" ;;
		esac
	done
}

# irqAffinity_has_others LINES: whether settings, or the baseline, have the key `others`.
irqAffinity_has_others() {
	printf '%s\n' "$1" | grep -q "^irqAffinity${TAB}others$TAB"
}

# irqAffinity_files facts|changes: `NIC KEY VALUE ASKED` -> the input of series for every
# interrupt, the facts of keys without one, and the fact or the changes of `others`.
irqAffinity_files() {
	GIVEN=$(cat)
	[ -n "$GIVEN" ] || return 0
	DECLARED=''
	! irqAffinity_has_others "$SETTINGS" || DECLARED=yes
	{
		irqAffinity_unmovable
		if irqAffinity_has_others "$SETTINGS$NEWLINE${BASELINE-}"; then
			irqAffinity_noted "$IRQAFFINITY_MOVED" | sed "s/^/moved$US/; s/ /$US/"
			irqAffinity_claims | irqAffinity_key claim
		fi
		printf '%s\n' "$GIVEN" | irqAffinity_key key
	} | awk -F "$US" -v OFS="$US" -v root="$ROOT" -v tunable="$TUNABLE" -v mode="$1" -v declared="$DECLARED" \
		"$AWK_lib$AWK_irqAffinity_members$AWK_irqAffinity_others"
}

# irqAffinity_read facts|changes: `NIC KEY VALUE`, without a NIC for single interrupts. A
# change of `others` is a line `put`.
irqAffinity_read() {
	FILES=$(irqAffinity_files "$1")
	printf '%s\n' "$FILES" | if [ "$1" = changes ]; then grep -e "^put$US" -e "^stay$US"; else grep "^fact$TAB"; fi || :
	printf '%s\n' "$FILES" | { grep -v -e "^fact$TAB" -e "^put$US" -e "^stay$US" -e '^$' || :; } | facts_of_files live | series "$1"
}

irqAffinity_probe() {
	KEYS=$(cat)
	QUEUES=$(printf '%s\n' "$KEYS" | { grep "\\.queues$US" || :; } | nic_keys 1)
	printf '%s\n' "$QUEUES" | grep "^fact$TAB" || :
	{
		printf '%s\n' "$QUEUES" | grep -v -e "^fact$TAB" -e '^$' || :
		printf '%s\n' "$KEYS" | while IFS=$US read -r KEY _ WANTED _; do
			case $KEY in
			irq.* | others) ! asked "$KEY" "$WANTED" || printf '%s\n' "$US$KEY$US$VALUE$US$WANTED" ;;
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

# irqAffinity_note FILE LINES: adds `IRQ...` lines of this boot to a note, and drops those
# of earlier boots. The first line of an interrupt stays.
irqAffinity_note() {
	[ -n "$2" ] || return 0
	read_note "$1" || :
	NOTED=$BODY
	read_file "$ROOT/proc/sys/kernel/random/boot_id"
	write_record "$1" "$(printf '%s\n%s\n' "$NOTED" "$(printf '%s\n' "$2" | sed "s/^/$VALUE /")" | awk -v boot="$VALUE" '$1 == boot && !seen[$2]++')
"
}

# irqAffinity_refused IRQ CPUS ERROR: explains the failure; records interrupts that cannot
# move.
irqAffinity_refused() {
	case $3 in
	*'No space left'*) complain "irqAffinity: IRQ $1: the CPUs $2 have no interrupt vector left; name more CPUs or fewer queues" ;;
	*'Input/output error' | *'not permitted') irqAffinity_note "$IRQAFFINITY_UNMOVABLE" "$1" ;;
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

# irqAffinity_put < `PATH CPUS...`
irqAffinity_put() {
	while IFS=$US read -r FILE WANTED _; do
		[ -n "$FILE" ] || continue
		IRQ=${FILE%/*}
		ERROR=$(put "$WANTED" "$ROOT$FILE" 2>&1) || irqAffinity_refused "${IRQ##*/}" "$WANTED" "$ERROR"
	done
}

# irqAffinity_others VALUE: changes of `others`, `PATH CPUS IRQ MASK`, in CHANGES, and the
# interrupts that stay elsewhere, with the reason, in STAYS.
irqAffinity_others() {
	FOUND=$(printf '%s\n' "${US}others$US$1" | irqAffinity_read changes)
	CHANGES=$(printf '%s\n' "$FOUND" | sed -n "s/^put$US//p")
	STAYS=$(printf '%s\n' "$FOUND" | sed -n "s/^stay$US//p")
}

# irqAffinity_write_others VALUE: after the other keys, as it narrows what they left.
irqAffinity_write_others() {
	irqAffinity_others "$1"
	if irqAffinity_has_others "$SETTINGS"; then
		irqAffinity_note "$IRQAFFINITY_MOVED" "$(printf '%s\n' "$CHANGES" | awk -F "$US" 'NF { print $3, $4 }')"
	fi
	printf '%s\n' "$CHANGES" | irqAffinity_put
	# What the kernel refused is known only now.
	irqAffinity_others "$1"
	if ! irqAffinity_has_others "$SETTINGS"; then
		[ -n "$CHANGES" ] || remove_record "$IRQAFFINITY_MOVED"
	elif [ -n "$STAYS" ]; then
		printf 'irqAffinity others: %s\n' "$STAYS" | lib_inert 4000
	fi
}

irqAffinity_write() {
	ROWS=$(cat)
	[ "$VERB" = revert ] || ! irqAffinity_owned_elsewhere || complain 'irqAffinity: irqbalance is running and will move interrupts again; switch it off'
	{
		printf '%s\n' "$ROWS" | { grep "\\.queues$US" || :; } | nic_lines 1
		printf '%s\n' "$ROWS" | sed -n "s/^\\(irq\\.[^$US]*\\)${US}value/$US\\1/p"
	} | irqAffinity_read changes | irqAffinity_put
	printf '%s\n' "$ROWS" | sed -n "s/^\\(others\\|default\\)${US}value$US/\\1$US/p" | sort -r | while IFS=$US read -r KEY WANTED; do
		if [ "$KEY" = others ]; then
			irqAffinity_write_others "$WANTED"
			continue
		fi
		mask_of "$WANTED"
		put "$VALUE" "$ROOT/proc/irq/default_smp_affinity" || complain "irqAffinity default: the kernel refused $WANTED"
	done
}
