#!/bin/sh
# memory, host half: one kernel file per key, and swap. See index.ts.
#
# hooks: probe write boot

# The kernel loses these at a reboot; metaltune.service sets them again at boot.
# shellcheck disable=SC2030,SC2031,SC2034,SC2154
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

# memory_sizes: `SIZE WORD` of every size of huge pages with a file of its own (Linux 6.8
# and later; Documentation/admin-guide/mm/transhuge.rst).
memory_sizes() {
	set +f
	grep -Hs '' "$MEMORY_MM"/transparent_hugepage/hugepages-*kB/enabled |
		sed 's|^.*/hugepages-\([0-9]*kB\)/enabled:|\1 |; s|^\([^ ]*\) .*\[\([^]]*\)\].*|\1 \2|' | sort || :
	set -f
}

# memory_judge_sizes TOP WANTED [change]: the fact, or the sizes to write.
memory_judge_sizes() {
	read_file "$MEMORY_MM/transparent_hugepage/hpage_pmd_size"
	case $VALUE in
	'' | *[!0-9]*) PMD='' ;;
	*) PMD=$((VALUE / 1024))kB ;;
	esac
	memory_sizes | awk -v top="$1" -v wanted="$2" -v change="${3-}" -v pmd="$PMD" "$AWK_memory_sizes"
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
		sed "s/${TAB}value${TAB}[^$TAB]*\\[\\([^]]*\\)\\][^$TAB]*/${TAB}value$TAB\\1/" | while IFS= read -r LINE; do
		case $LINE in
		"fact${TAB}memory${TAB}transparentHugePages${TAB}live${TAB}value$TAB"*)
			LINE=${LINE#"fact${TAB}memory${TAB}transparentHugePages${TAB}live${TAB}value$TAB"}
			WANTED=$(printf '%s\n' "$KEYS" | awk -F "$US" '$1 == "transparentHugePages" { print $3 }')
			asked transparentHugePages "$WANTED" || VALUE=${LINE%%"$TAB"*}
			fact transparentHugePages live value "$(memory_judge_sizes "${LINE%%"$TAB"*}" "$VALUE")" "$ROOT${LINE#*"$TAB"}"
			;;
		*) printf '%s\n' "$LINE" ;;
		esac
	done
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

# memory_write_sizes WANTED
memory_write_sizes() {
	memory_judge_sizes "${1%%,*}" "$1" change | while read -r SIZE WORD; do
		put "$WORD" "$MEMORY_MM/transparent_hugepage/hugepages-$SIZE/enabled" || complain "memory transparentHugePages: the kernel refused $WORD for $SIZE"
	done
}

memory_write() {
	while IFS=$US read -r KEY STATUS WANTED; do
		[ "$STATUS" = value ] || continue
		if [ "$KEY" = swap ]; then
			memory_write_swap "$WANTED"
		else
			memory_path "$KEY"
			put "${WANTED%%,*}" "$VALUE" || complain "memory $KEY: the kernel refused $WANTED"
			[ "$KEY" != transparentHugePages ] || memory_write_sizes "$WANTED"
		fi
	done
}
