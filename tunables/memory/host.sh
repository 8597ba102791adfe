#!/bin/sh
# memory, host half: one kernel file per key, and swap. See index.ts.
#
# hooks: probe write boot

# The kernel loses these at a reboot; metaltune.service sets them again at boot.
# shellcheck disable=SC2034
memory_boot=unit

MEMORY_MM=$ROOT/sys/kernel/mm

# memory_path KEY: the kernel file of a key, in VALUE.
memory_path() {
	case $1 in
	transparentHugePages) VALUE=$MEMORY_MM/transparent_hugepage/enabled ;;
	transparentHugePagesDefrag) VALUE=$MEMORY_MM/transparent_hugepage/defrag ;;
	ksm) VALUE=$MEMORY_MM/ksm/run ;;
	esac
}

# memory_swaps: active swap areas, `off` when there are none, in VALUE.
memory_swaps() {
	read_file "$ROOT/proc/swaps"
	[ "$STATUS" = value ] || return 0
	VALUE=$(awk 'NR > 1 { printf "%s%s", (n++ ? " " : ""), $1 } END { if (!n) printf "off" }' "$ROOT/proc/swaps")
}

memory_probe() {
	KEYS=$(cat)
	printf '%s\n' "$KEYS" | while IFS=$US read -r KEY _; do
		[ "$KEY" != swap ] || continue
		memory_path "$KEY"
		printf '%s\t%s\n' "$KEY" "$VALUE"
	done | facts_of_files live | absent_is_unsupported 'this kernel is built without it' |
		# The kernel brackets the selected word: always [madvise] never.
		sed "s/${TAB}value${TAB}[^$TAB]*\\[\\([^]]*\\)\\][^$TAB]*/${TAB}value$TAB\\1/"
	case "
$KEYS" in
	*"
swap$US"*)
		memory_swaps
		fact swap live "$STATUS" "$VALUE" "$ROOT/proc/swaps"
		;;
	esac
}

# memory_write_swap AREAS: `off`, or the areas that were active originally.
memory_write_swap() {
	memory_swaps
	if [ "$1" = off ]; then
		for AREA in $VALUE; do
			[ "$AREA" = off ] || swapoff "$ROOT$AREA" || complain "memory swap: swapoff $AREA failed"
		done
	else
		for AREA in $1; do
			case " $VALUE " in
			*" $AREA "*) ;;
			*) swapon "$ROOT$AREA" || complain "memory swap: swapon $AREA failed" ;;
			esac
		done
	fi
}

memory_write() {
	while IFS=$US read -r KEY STATUS WANTED; do
		[ "$STATUS" = value ] || continue
		if [ "$KEY" = swap ]; then
			memory_write_swap "$WANTED"
		else
			memory_path "$KEY"
			put "$WANTED" "$VALUE" || complain "memory $KEY: the kernel refused $WANTED"
		fi
	done
}
