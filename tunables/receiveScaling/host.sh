#!/bin/sh
# receiveScaling, host half: one key per NIC for a file of each of its queues.
# See index.ts.
#
# hooks: probe write refuse nics boot

# shellcheck disable=SC2034
receiveScaling_boot=unit

receiveScaling_nics() {
	nics_of 1
}

# receiveScaling_files: `NIC KEY VALUE` -> the input of series for every queue. Each
# receive queue gets its share of the flows, rounded to a power of two.
receiveScaling_files() {
	while IFS=$US read -r NIC KEY WANTED _; do
		case ${KEY##*.} in
		rps) KIND=rx FILE=rps_cpus ;;
		xps) KIND=tx FILE=xps_cpus ;;
		rfsEntries) KIND=rx FILE=rps_flow_cnt ;;
		esac
		COUNT=0
		while [ -d "$ROOT/sys/class/net/$NIC/queues/$KIND-$COUNT" ]; do
			COUNT=$((COUNT + 1))
		done
		EXPECTED=$WANTED
		case $KEY:$WANTED in
		*.rfsEntries:*[!0-9]*) ;;
		*.rfsEntries:*)
			EXPECTED=1
			while [ "$((EXPECTED * COUNT))" -lt "$WANTED" ]; do
				EXPECTED=$((EXPECTED * 2))
			done
			;;
		esac
		QUEUE=0
		while [ "$QUEUE" -lt "$COUNT" ]; do
			printf '%s\n' "$KEY$US$WANTED$US$KIND-$QUEUE$US$EXPECTED$US$TAB$ROOT/sys/class/net/$NIC/queues/$KIND-$QUEUE/$FILE"
			QUEUE=$((QUEUE + 1))
		done
	done
}

# receiveScaling_read facts|changes: `NIC KEY VALUE` of one kind of file.
receiveScaling_read() {
	receiveScaling_files | facts_of_files live |
		absent_is_unsupported 'the kernel has none for this interface, as with a single queue' |
		case $2 in
		masks) masks_as_lists ;;
		numbers) cat ;;
		esac | series "$1"
}

# receiveScaling_all facts|changes: `NIC KEY VALUE` of any kind.
receiveScaling_all() {
	GIVEN=$(cat)
	printf '%s\n' "$GIVEN" | { grep "\\.[rx]ps$US" || :; } | receiveScaling_read "$1" masks
	printf '%s\n' "$GIVEN" | { grep "\\.rfsEntries$US" || :; } | receiveScaling_read "$1" numbers
}

receiveScaling_probe() {
	KEYS=$(nic_keys 1)
	printf '%s\n' "$KEYS" | grep "^fact$TAB" || :
	printf '%s\n' "$KEYS" | { grep -v "^fact$TAB" || :; } | receiveScaling_all facts
}

receiveScaling_refuse() {
	grep "\.[rx]ps$US" | refuse_cpus
}

receiveScaling_write() {
	MASKED=''
	nic_lines 1 | receiveScaling_all changes | while IFS=$US read -r FILE WANTED KEY QUEUE; do
		case $KEY:$WANTED in
		*.rfsEntries:*) VALUE=$WANTED ;;
		*:none) VALUE=0 ;;
		*)
			# Queues mostly share one mask.
			if [ "$WANTED" != "$MASKED" ]; then
				mask_of "$WANTED"
				MASKED=$WANTED MASK=$VALUE
			fi
			VALUE=$MASK
			;;
		esac
		put "$VALUE" "$ROOT$FILE" || complain "receiveScaling $KEY: the kernel refused $WANTED for $QUEUE"
	done
}
