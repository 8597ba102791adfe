#!/bin/sh
# smt, host half: /sys/devices/system/cpu/smt. See index.ts.
#
# hooks: probe write boot

# shellcheck disable=SC2034
smt_boot=unit
# shellcheck disable=SC2034
smt_revert=first

SMT_CONTROL=$ROOT/sys/devices/system/cpu/smt/control

# smt_state WANTED: the control file's state in the declared word's form, in STATUS and
# VALUE.
smt_state() {
	read_file "$SMT_CONTROL"
	case $STATUS:$VALUE in
	absent:*) kernel_lacks 'this kernel cannot switch SMT (before 5.2, or without hotplug of CPUs)' ;;
	value:forceoff)
		VALUE=off
		[ "$1" != on ] || STATUS=unsupported VALUE='SMT is forced off (nosmt=force or a mitigation) until a boot without it'
		;;
	value:notsupported | value:notimplemented)
		WORD=$VALUE
		read_file "${SMT_CONTROL%/*}/active"
		case $STATUS:$VALUE:$1 in
		value:0:on) STATUS=unsupported VALUE="this machine has one thread per core ($WORD)" ;;
		value:0:*) VALUE=off ;;
		value:1:off) STATUS=unsupported VALUE="this kernel cannot switch SMT off at run time ($WORD)" ;;
		value:1:*) VALUE=on ;;
		*) STATUS=unreadable VALUE="control says $WORD, and active neither 0 nor 1: ${VALUE:-no such file}" ;;
		esac
		;;
	value:on | value:off) ;;
	# Some machines count threads: a part of them is on.
	value:*[!0-9]*) STATUS=unreadable VALUE="expected on, off or a state that the kernel documents, got $VALUE" ;;
	esac
}

smt_probe() {
	while IFS=$US read -r KEY _ WANTED _; do
		smt_state "$WANTED"
		fact "$KEY" live "$STATUS" "$VALUE" "$SMT_CONTROL"
	done
}

smt_write() {
	while IFS=$US read -r _ STATUS WANTED; do
		[ "$STATUS" = value ] || continue
		put "$WANTED" "$SMT_CONTROL" || complain "smt control: the kernel refused $WANTED"
	done
}
