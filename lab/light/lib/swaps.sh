# Shared by swapon and swapoff.
# shellcheck shell=sh disable=SC2016

# swaps_hold NAME
swaps_hold() {
	awk -v name="$1" 'NR > 1 && $1 == name { found = 1 } END { exit !found }' \
		"$ROOT/proc/swaps"
}

# swap_total: writes the sum of proc/swaps to proc/meminfo.
swap_total() {
	total=$(awk 'NR > 1 { sum += $3 } END { print sum + 0 }' "$ROOT/proc/swaps")
	edit "$ROOT/proc/meminfo" -v total="$total" '
		$1 == "SwapTotal:" || $1 == "SwapFree:" {
			$0 = sprintf("%-16s%8d kB", $1, total)
		}
		{ print }'
}
