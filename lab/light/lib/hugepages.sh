# The huge page pools: per node, total, sysctl and the two meminfo views change together.
# A request beyond the memory is reduced silently.
# shellcheck shell=sh disable=SC2016,SC2154

# default_pool: the pool of sysctl and meminfo.
default_pool() {
	awk '$1 == "Hugepagesize:" { print "hugepages-" $2 "kB" }' \
		"$ROOT/proc/meminfo"
}

# write_huge_pages PATH TEXT
write_huge_pages() {
	case $2 in
	'' | *[!0-9]*) return "$EINVAL" ;;
	esac
	case $1 in
	"$ROOT"/sys/devices/system/node/node*)
		pool=$(basename "$(dirname "$1")")
		node=$(basename "$(dirname "$(dirname "$(dirname "$1")")")")
		set_node_pool "$node" "$pool" "$2"
		;;
	"$ROOT"/proc/sys/vm/nr_hugepages)
		pool=$(default_pool)
		spread_pool "$pool" "$2"
		;;
	*)
		pool=$(basename "$(dirname "$1")")
		spread_pool "$pool" "$2"
		;;
	esac
	total_pool "$pool"
}

# set_node_pool NODE POOL COUNT
set_node_pool() {
	directory=$ROOT/sys/devices/system/node/$1/hugepages/$2
	meminfo=$ROOT/sys/devices/system/node/$1/meminfo
	size=${2#hugepages-}
	size=${size%kB}
	before=$(cat "$directory/nr_hugepages")
	after=$3
	free=$(awk '$3 == "MemFree:" { print $4 }' "$meminfo")
	most=$((before + free / size))
	# The buddy allocator has no contiguous gigabyte left once booted.
	if [ "$size" = 1048576 ] && [ ! -e "$ROOT/.lab/gigantic" ]; then
		most=$before
	fi
	[ "$after" -le "$most" ] || after=$most
	replace "$directory/nr_hugepages" "$after"
	replace "$directory/free_hugepages" "$(($(cat \
		"$directory/free_hugepages") + after - before))"
	pages=0
	[ "$2" != "$(default_pool)" ] || pages=$((after - before))
	node_meminfo "$meminfo" "$(((after - before) * size))" "$pages"
}

# node_meminfo FILE KILOBYTES PAGES: moves memory from free into the pool.
node_meminfo() {
	edit "$1" -v kilobytes="$2" -v pages="$3" '
		$3 == "MemFree:" { sub(/ *[0-9]+ kB/, sprintf("%16d kB", $4 - kilobytes)) }
		$3 == "MemUsed:" { sub(/ *[0-9]+ kB/, sprintf("%16d kB", $4 + kilobytes)) }
		/HugePages_(Total|Free):/ {
			sub(/ *[0-9]+$/, sprintf("%" (22 - length($3)) "d", $4 + pages))
		}
		{ print }'
}

# spread_pool POOL COUNT: evenly, then to any node with room.
spread_pool() {
	nodes=0
	for directory in "$ROOT"/sys/devices/system/node/node[0-9]*; do
		nodes=$((nodes + 1))
	done
	left=$2
	for directory in "$ROOT"/sys/devices/system/node/node[0-9]*; do
		share=$(((left + nodes - 1) / nodes))
		node=${directory##*/}
		set_node_pool "$node" "$1" "$share"
		left=$((left - $(cat "$ROOT/sys/devices/system/node/$node/hugepages/$1/nr_hugepages")))
		nodes=$((nodes - 1))
	done
	[ "$left" -gt 0 ] || return 0
	node=node0
	own=$(cat "$ROOT/sys/devices/system/node/$node/hugepages/$1/nr_hugepages")
	set_node_pool "$node" "$1" $((own + left))
}

sum_of() { cat "$@" | awk '{ sum += $1 } END { print sum + 0 }'; }

# total_pool POOL: the machine's total from its nodes.
total_pool() {
	total=$ROOT/sys/kernel/mm/hugepages/$1
	for name in nr_hugepages free_hugepages; do
		replace "$total/$name" "$(sum_of \
			"$ROOT"/sys/devices/system/node/node*/hugepages/"$1"/"$name")"
	done
	pages=$(cat "$total/nr_hugepages")
	replace "$total/nr_hugepages_mempolicy" "$pages"
	if [ "$1" = "$(default_pool)" ]; then
		replace "$ROOT/proc/sys/vm/nr_hugepages" "$pages"
		replace "$ROOT/proc/sys/vm/nr_hugepages_mempolicy" "$pages"
	fi
	machine_meminfo
}

machine_meminfo() {
	default=$ROOT/sys/kernel/mm/hugepages/$(default_pool)
	taken=$(for pool in "$ROOT"/sys/kernel/mm/hugepages/hugepages-*; do
		size=${pool##*-}
		echo $((${size%kB} * $(cat "$pool/nr_hugepages")))
	done | awk '{ sum += $1 } END { print sum }')
	edit "$ROOT/proc/meminfo" -v total="$(cat "$default/nr_hugepages")" \
		-v unused="$(cat "$default/free_hugepages")" -v taken="$taken" '
		FNR == NR { if ($1 == "Hugetlb:") moved = taken - $2; next }
		function put(value) {
			$0 = sprintf("%-16s%8d%s", $1, value, NF > 2 ? " kB" : "")
		}
		$1 == "MemFree:" || $1 == "MemAvailable:" { put($2 - moved) }
		$1 == "HugePages_Total:" { put(total) }
		$1 == "HugePages_Free:" { put(unused) }
		$1 == "Hugetlb:" { put(taken) }
		{ print }' "$ROOT/proc/meminfo"
}
