# How the kernel applies its command line at boot.
# shellcheck shell=sh disable=SC2016,SC2154

# menu_line: the command line of the entry that boots. Joins words with one space, as GRUB
# does.
menu_line() {
	case $(efi_get LoaderInfo) in
	systemd-boot*)
		efi_line "$(efi_directory)"
		return
		;;
	esac
	provisional_step
	if [ -n "$chosen" ]; then
		line=$(awk -v id="$chosen" '
			/^menuentry / { inside = $0 ~ (" --id " id " ") }
			inside && /if \[ "\${initrdfail}" = 1 \]/ { failed = 1 }
			inside && $1 == "else" { failed = 0 }
			inside && !failed && $1 == "linux" { sub(/^[ \t]*linux[ \t]+/, ""); gsub(/\047/, ""); sub(/^\(\$root\)/, "(hd0,gpt2)"); print; exit }' "$custom")
	elif [ -d "$ROOT/boot/loader/entries" ]; then
		id=$(sed -n 's/^saved_entry=//p' "$ROOT/boot/grub2/grubenv")
		entry=$ROOT/boot/loader/entries/$id.conf
		image=$(sed -n 's/^linux[[:space:]]*//p' "$entry")
		line="(hd0,gpt2)$image $(sed -n 's/^options[[:space:]]*//p' "$entry")"
	else
		# A boot that has not failed takes the other branch.
		line=$(awk '
			/if \[ "\${initrdfail}" = 1 \]/ { failed = 1 }
			$1 == "else" { failed = 0 }
			!failed && $1 == "linux" { sub(/^[ \t]*linux[ \t]+/, ""); print; exit }' \
			"$ROOT/boot/grub/grub.cfg")
	fi
	printf 'BOOT_IMAGE=%s\n' "$line" | with_variables | tr -s ' \t' ' ' | sed 's/ $//'
}

# with_variables: expands $NAME as GRUB does, from its configuration or its environment
# block; unknown names are empty.
with_variables() {
	awk -v files="$ROOT/boot/grub/grub.cfg $ROOT/boot/grub2/grubenv" '
		BEGIN {
			n = split(files, file, " ")
			for (i = 1; i <= n; i++) while ((getline line < file[i]) > 0) {
				sub(/^[ \t]*set /, "", line)
				at = index(line, "=")
				text = substr(line, at + 1)
				gsub(/"/, "", text)
				if (at) value[substr(line, 1, at - 1)] = text
			}
		}
		{
			while (match($0, /\$[A-Za-z_]+/)) {
				printf "%s%s", substr($0, 1, RSTART - 1), value[substr($0, RSTART + 1, RLENGTH - 1)]
				$0 = substr($0, RSTART + RLENGTH)
			}
			print
		}'
}

# provisional_step: the effect of the script in custom.cfg on GRUB, if there is one: the entry
# to boot in chosen, and its notes in metaltune.env.
provisional_step() {
	chosen=
	directory=$ROOT/boot/grub
	[ ! -d "$ROOT/boot/loader/entries" ] || directory=$ROOT/boot/grub2
	custom=$directory/custom.cfg
	notes=$directory/metaltune.env
	grep -qs metaltune_provisional "$custom" || return 0
	grep -q custom.cfg "$directory/grub.cfg" || return 0
	case $(sed -n 's/^metaltune_provisional=//p' "$notes" 2>/dev/null) in
	'') ;;
	pending)
		chosen=metaltune-previous
		if [ ! -e "$ROOT/.lab/grub-readonly" ]; then
			chosen=metaltune-provisional
			note booted
		fi
		;;
	*)
		chosen=metaltune-previous
		note fallback
		;;
	esac
	grep -qs " --id $chosen " "$custom" || chosen=
}

# note WORD: in place, as GRUB writes it; the file size stays.
note() {
	noted=$(awk -v word="$1" 'BEGIN {
		text = "# GRUB Environment Block\nmetaltune_provisional=" word "\n"
		while (length(text) < 1024) text = text "#"
		printf "%s", text
	}')
	printf '%s' "$noted" >"$notes"
}

# argument NAME: the value of its last appearance.
argument() {
	tr ' ' '\n' <"$ROOT/proc/cmdline" | sed -n "s/^$1=//p" | tail -n 1
}

# possible LIST: limits it to the CPUs of this machine; empty when invalid.
possible() {
	awk -v list="$1" -v possible="$(cat "$ROOT/sys/devices/system/cpu/possible")" \
		-v without="${2:--1}" -f "$kernel_library/cpulist.awk" \
		-f "$kernel_library/possible.awk" </dev/null
}

# apply_command_line: applies every parameter that the emulated kernel supports.
apply_command_line() {
	cpu=$ROOT/sys/devices/system/cpu
	case " $(cat "$ROOT/proc/cmdline") " in
	*" nosmt=force "*)
		set_smt off
		replace "$cpu/smt/control" forceoff
		;;
	*" nosmt "*) set_smt off ;;
	esac
	isolated=$(argument isolcpus)
	case $isolated in
	*managed_irq,*domain,* | *domain,* | [0-9]*)
		replace "$cpu/isolated" "$(possible "$(printf '%s' "$isolated" |
			sed 's/[a-z_][a-z_]*,//g')")"
		;;
	esac
	# The boot CPU always keeps its tick.
	adaptive=$(possible "$(argument nohz_full)" 0)
	[ -z "$adaptive" ] || replace "$cpu/nohz_full" "$adaptive"
	interrupts=$(argument irqaffinity)
	[ -z "$interrupts" ] || spread_interrupts "$interrupts"
	huge=$(argument transparent_hugepage)
	[ -z "$huge" ] || write_bracketed \
		"$ROOT/sys/kernel/mm/transparent_hugepage/enabled" "$huge" || true
	reserve_pools
}

spread_interrupts() {
	for list in "$ROOT"/proc/irq/*/smp_affinity_list; do
		write_irq "$list" "$1" || true
	done
	mask=$(cat "$ROOT/proc/irq/8/smp_affinity")
	replace "$ROOT/proc/irq/default_smp_affinity" "$mask"
}

# pool_of SIZE: the pool's name for 2M, 2048kB and so on.
pool_of() {
	case $1 in
	2M | 2048k | 2048kB | 2048K) echo hugepages-2048kB ;;
	1G | 1024M | 1048576kB) echo hugepages-1048576kB ;;
	esac
}

# reserve_pools: hugepages= belongs to the hugepagesz= before it. Boot memory is not
# fragmented yet, so gigantic pages can be allocated.
reserve_pools() {
	wanted=$(pool_of "$(argument default_hugepagesz)")
	if [ -n "$wanted" ]; then
		size=${wanted#hugepages-}
		edit "$ROOT/proc/meminfo" -v size="${size%kB}" '
			$1 == "Hugepagesize:" { $0 = sprintf("%-16s%8d kB", $1, size) }
			{ print }'
	fi
	pool=$(default_pool)
	had_gigantic=$([ -e "$ROOT/.lab/gigantic" ] && echo yes || echo no)
	: >"$ROOT/.lab/gigantic"
	words=$(cat "$ROOT/proc/cmdline")
	for word in $words; do
		case $word in
		hugepagesz=*) pool=$(pool_of "${word#*=}") ;;
		hugepages=*) [ -z "$pool" ] || reserve "$pool" "${word#*=}" ;;
		esac
	done
	[ "$had_gigantic" = yes ] || rm "$ROOT/.lab/gigantic"
}

# reserve POOL COUNT, or NODE:COUNT,NODE:COUNT; unknown nodes are ignored.
reserve() {
	case $2 in
	*:*)
		for item in $(printf '%s' "$2" | tr ',' ' '); do
			if [ -d "$ROOT/sys/devices/system/node/node${item%%:*}" ]; then
				set_node_pool "node${item%%:*}" "$1" "${item#*:}"
			fi
		done
		;;
	*) spread_pool "$1" "$2" ;;
	esac
	total_pool "$1"
}
