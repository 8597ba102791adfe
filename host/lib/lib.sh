#!/bin/sh
# The library of every tunable's shell half: paths, reading facts, and writing kernel
# values.
#
# Two rules keep it testable. Every path starts with $ROOT. Every change runs a command
# found on PATH (tee, mv, rm, ...), never a redirection, so that tests can simulate the
# kernel and cut the power at each step.
#
# for tunables: complain fold read_file fact key_lines recorded facts_of_files
# for tunables: absent_is_unsupported kernel_lacks cpus_of mask_of asked nics_of nic_keys nic_lines
# for tunables: refuse_cpus series masks_as_lists quietly put
#
# Names set here are used by the files assembled after this one.
# shellcheck disable=SC2034,SC2154
set -euf

LC_ALL=C
export LC_ALL
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
umask 022
ROOT=${ROOT-}

TAB=$(printf '\t')
# US separates fields inside the program: `read` does not treat it as blank, unlike a tab,
# so an empty field stays a field.
US=$(printf '\037')

# Starts a comment in a text that is written to a host's file: the assembler drops lines
# that begin with the sign itself.
COMMENT='#'

ETC=$ROOT/etc/metaltune
STATE=$ROOT/var/lib/metaltune
RUN=$ROOT/run/metaltune
PROGRAM=$ROOT/usr/local/sbin/metaltune
UNIT=$ROOT/etc/systemd/system/metaltune.service
# How long a run waits for another run on the same host.
LOCK_SECONDS=300

# lib_inert BYTES < text: another program's output, truncated, without control sequences for a
# terminal or a CI system's log.
lib_inert() {
	head -c "$1" | cat -v | sed 's/^\([[:blank:]]*\)::/\1: :/; s/##\([a-z]*\[\)/# #\1/g'
}

# lib_defines FUNCTION: whether a tunable defines this part.
lib_defines() {
	command -v "$1" >/dev/null
}

# complain TEXT: one line for the operator, on stderr.
complain() {
	printf 'metaltune: %s' "$1" | lib_inert 4000 >&2
	printf '\n' >&2
}

# fold TEXT: whitespace folded to single spaces, in VALUE.
fold() {
	# shellcheck disable=SC2086
	set -- $1
	VALUE=$*
}

# read_file PATH: sets STATUS (value, absent or unreadable) and VALUE (folded content, or
# the reason). Never reads kernel files with the shell's `read`: it may read single bytes,
# and /proc/sys answers only the first one.
read_file() {
	if VALUE=$(cat "$1" 2>&1); then
		STATUS=value
		fold "$VALUE"
		return 0
	fi
	VALUE=${VALUE##*: }
	case $VALUE in
	'No such file or directory' | 'Not a directory') STATUS=absent VALUE='' ;;
	*) STATUS=unreadable ;;
	esac
}

# fact KEY LAYER STATUS TEXT SOURCE: one answer, for the tunable being probed.
fact() {
	printf 'fact\t%s\t%s\t%s\t%s\t%s\t%s\n' "$TUNABLE" "$1" "$2" "$3" "$4" "${5#"$ROOT"}"
}

# key_lines: the input of NAME_probe -> `key TAB KEY`, for an awk that also reads other
# kinds of lines.
key_lines() {
	sed "s/$US.*//; s/^/key$TAB/"
}

# recorded KEY: the value of a key of the current tunable in the settings applied last, in
# STATUS and VALUE: the fact of a key that only says how to apply.
recorded() {
	STATUS=absent VALUE=''
	[ -f "$ETC/settings.tsv" ] || return 0
	VALUE=$(awk -F '\t' -v tunable="$TUNABLE" -v key="$1" '$1 == tunable && $2 == key { print $4 }' "$ETC/settings.tsv")
	[ -z "$VALUE" ] || STATUS=value
}

# facts_of_files LAYER: `key TAB path` on stdin, one-value kernel files -> facts. One
# process reads all files. Unreadable or empty ones are read again singly: awk cannot tell
# an error from an empty file, and some awks stop at the first error.
facts_of_files() {
	GIVEN=$(cat)
	[ -n "$GIVEN" ] || return 0
	ANSWERS=$(printf '%s\n' "$GIVEN" | awk -F '\t' -v OFS='\t' -v tunable="$TUNABLE" -v layer="$1" -v root="$ROOT" "$AWK_facts_of_files" 2>/dev/null) || ANSWERS=$(printf '%s\n' "$GIVEN" | sed "s/^/again$TAB/")
	printf '%s\n' "$ANSWERS" | while IFS= read -r LINE; do
		case $LINE in
		again*)
			LINE=${LINE#again"$TAB"}
			read_file "${LINE#*"$TAB"}"
			fact "${LINE%%"$TAB"*}" "$1" "$STATUS" "$VALUE" "${LINE#*"$TAB"}"
			;;
		*) printf '%s\n' "$LINE" ;;
		esac
	done
}

# kernel_lacks REASON: STATUS and VALUE of a kernel file that is absent: unsupported by this
# kernel, but unreadable where the kernel's files are missing altogether.
kernel_lacks() {
	STATUS=unsupported VALUE=$1
	[ -d "$ROOT/sys/devices" ] && [ -d "$ROOT/proc/sys" ] || STATUS=unreadable VALUE='/proc or /sys is not mounted'
}

# absent_is_unsupported REASON: fact lines -> the same, with kernel_lacks for an absent
# kernel file.
absent_is_unsupported() {
	kernel_lacks "$1"
	awk -F '\t' -v OFS='\t' -v status="$STATUS" -v reason="$VALUE" '$5 == "absent" { $5 = status; $6 = reason } { print }'
}

# cpus_of MASK: the kernel's hexadecimal mask as a CPU list, in VALUE.
cpus_of() {
	VALUE=$(awk -v mask="$1" "$AWK_lib"'BEGIN { expand_mask(mask, set); print cpu_list(set) }')
}

# mask_of LIST: a CPU list as a mask in the kernel's format, in groups of 32 bits, in
# VALUE.
mask_of() {
	VALUE=$(awk -v list="$1" "$AWK_lib"'BEGIN { expand_cpus(list, set); print cpu_mask(set) }')
}

# asked KEY VALUE: the expected value of a probe's key, in VALUE. A dropped key (its value
# is `-`) must have its original value. Fails if the key had none.
asked() {
	VALUE=$2
	[ "$2" = - ] || return 0
	VALUE=$(printf '%s\n' "${BASELINE-}" | awk -F '\t' -v tunable="$TUNABLE" -v key="$1" '$1 == tunable && $2 == key && $3 == "live" && $4 == "value" { print "=" $5 }')
	[ -n "$VALUE" ] || return 1
	VALUE=${VALUE#=}
}

# nics_of PARTS: a NAME_nics for keys that consist of a NIC and PARTS more parts.
nics_of() {
	sed "s/$US.*//; s/\\([.][^.]*\\)\\{$1\\}\$//"
}

# nic_keys PARTS: a probe's keys, NIC and PARTS more parts, on stdin -> `NIC KEY VALUE
# GIVEN` for keys of existing NICs, US between (GIVEN is `-` for a dropped key), and facts
# for missing NICs. A missing NIC has no settings, so its dropped keys yield no fact.
nic_keys() {
	while IFS=$US read -r KEY _ WANTED _; do
		NIC=${KEY%.*}
		[ "$1" = 1 ] || NIC=${NIC%.*}
		if [ ! -e "$ROOT/sys/class/net/$NIC" ]; then
			[ "$WANTED" = - ] || fact "$KEY" live absent '' "$ROOT/sys/class/net/$NIC"
		elif asked "$KEY" "$WANTED"; then
			printf '%s\n' "$NIC$US$KEY$US$VALUE$US$WANTED"
		fi
	done
}

# nic_lines PARTS: the input of NAME_write -> `NIC KEY VALUE` as above.
nic_lines() {
	while IFS=$US read -r KEY STATUS WANTED; do
		NIC=${KEY%.*}
		[ "$1" = 1 ] || NIC=${NIC%.*}
		if [ ! -e "$ROOT/sys/class/net/$NIC" ]; then
			complain "$TUNABLE $KEY: there is no interface $NIC on this host"
		elif [ "$STATUS" = value ]; then
			printf '%s\n' "$NIC$US$KEY$US$WANTED"
		fi
	done
}

# refuse_cpus: a NAME_refuse for keys whose value is a CPU list: refuses CPUs that this
# host does not support. Ignores other texts.
refuse_cpus() {
	read_file "$ROOT/sys/devices/system/cpu/possible"
	awk -F "$US" -v us="$US" -v possible="$VALUE" "$AWK_lib$AWK_refuse_cpus"
}

# series facts|changes: for keys that stand for several kernel files, such as every queue
# of a NIC. Stdin is facts_of_files of the keys `KEY VALUE NAME EXPECTED NOTE`, US
# between; a NOTE says why the file cannot be written. A key whose files all match has its
# VALUE. Otherwise the fact names the first mismatch and lists all values, which is enough
# to revert to them. Changes are `PATH EXPECTED KEY NAME`.
series() {
	awk -F '\t' -v us="$US" -v tunable="$TUNABLE" -v mode="$1" "$AWK_series"
}

# masks_as_lists: fact lines of CPU masks -> the same with CPU lists, `none` when empty.
masks_as_lists() {
	MASK=''
	while IFS= read -r LINE; do
		case $LINE in
		*"${TAB}value$TAB"*)
			HEAD=${LINE%"$TAB"*}
			if [ "${HEAD##*"$TAB"}" != "$MASK" ]; then
				MASK=${HEAD##*"$TAB"}
				cpus_of "$MASK"
				LIST=${VALUE:-none}
			fi
			LINE=${HEAD%"$TAB"*}$TAB$LIST$TAB${LINE##*"$TAB"}
			;;
		esac
		printf '%s\n' "$LINE"
	done
}

# quietly COMMAND...: shows its output only when it fails.
quietly() {
	OUTPUT=$("$@" 2>&1) || {
		[ "$1" != as_owner ] || shift
		complain "$1 failed: $OUTPUT"
		return 1
	}
}

# put VALUE PATH: writes one value to a kernel file.
put() {
	printf '%s\n' "$1" | tee "$2" >/dev/null
}
