#!/bin/sh
# workqueue, host half: the kernel's hexadecimal masks as CPU lists. See index.ts.
#
# hooks: probe write refuse boot

# shellcheck disable=SC2034
workqueue_boot=unit

# workqueue_path KEY: the kernel file of a key, in VALUE.
workqueue_path() {
	VALUE=$ROOT/sys/devices/virtual/workqueue
	[ "$1" = cpus ] || VALUE=$VALUE/writeback
	VALUE=$VALUE/cpumask
}

workqueue_probe() {
	while IFS=$US read -r KEY _; do
		workqueue_path "$KEY"
		FILE=$VALUE
		read_file "$FILE"
		case $STATUS in
		value) cpus_of "$VALUE" ;;
		absent) kernel_lacks 'this kernel shows no mask of work queues' ;;
		esac
		fact "$KEY" live "$STATUS" "$VALUE" "$FILE"
	done
}

workqueue_refuse() {
	refuse_cpus
}

workqueue_write() {
	while IFS=$US read -r KEY STATUS WANTED; do
		[ "$STATUS" = value ] || continue
		workqueue_path "$KEY"
		FILE=$VALUE
		mask_of "$WANTED"
		put "$VALUE" "$FILE" || complain "workqueue $KEY: the kernel refused $WANTED"
	done
}
