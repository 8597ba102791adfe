#!/bin/sh
# ethtool, host half: asks ethtool once per group and NIC, parses its text, and
# writes what differs in one call per group. See ethtool.ts.

# shellcheck disable=SC2034
ethtool_boot=unit

ethtool_nics() {
	nics_of 2
}

# What was on of each offload that stands for several, when we switched it off:
# `NIC NAME PART...`, spaces between. To go back is to switch on only those.
ETHTOOL_PARTS=$STATE/offloads
# shellcheck disable=SC2034
ethtool_notes=offloads

# ethtool_ask NIC GROUP TYPE
ethtool_ask() {
	case $2 in
	channels) ethtool -l "$1" ;;
	rings) ethtool -g "$1" ;;
	coalescing) ethtool -c "$1" ;;
	offloads) ethtool -k "$1" ;;
	privateFlags) ethtool --show-priv-flags "$1" ;;
	flowHash) ethtool -n "$1" rx-flow-hash "$3" ;;
	esac 2>&1
}

# ethtool_answers: `NIC KEY VALUE` -> the same, then what ethtool says, once per
# group: `ask SOURCE`, its lines, and `failed` when it did not exit 0.
ethtool_answers() {
	GIVEN=$(cat)
	[ -n "$GIVEN" ] || return 0
	printf '%s\n' "$GIVEN"
	printf '%s\n' "$GIVEN" | while IFS=$US read -r NIC KEY _; do
		GROUP=${KEY%.*} GROUP=${GROUP##*.}
		TYPE=''
		[ "$GROUP" != flowHash ] || TYPE=${KEY##*.}
		printf '%s\n' "$NIC $GROUP $TYPE"
	done | sort -u | while read -r NIC GROUP TYPE; do
		printf '%s\n' "ask$US$NIC.$GROUP${TYPE:+.$TYPE}"
		ethtool_ask "$NIC" "$GROUP" "$TYPE" || printf '%s\n' "failed$US"
	done
}

# ethtool_read: `NIC KEY VALUE` -> `KEY STATUS TEXT MAXIMUM VALUE NIC PARTS`, the
# last being what is on of an offload that stands for several.
ethtool_read() {
	ethtool_answers | awk -F "$US" -v OFS="$US" -v root="$ROOT" '
	function value_after_colon(line) {
		sub(/^[^:]*:[ \t]*/, "", line); sub(/[ \t]+$/, "", line)
		return line
	}
	# Sections "Pre-set maximums" and "Current hardware settings" of -l and -g.
	function parse_sizes(line,    name) {
		if (line ~ /^Pre-set maximums/) section = "maximum"
		else if (line ~ /^Current hardware settings/) section = "now"
		else if (line ~ /^(RX|TX|Other|Combined):/) {
			name = source "." tolower(substr(line, 1, index(line, ":") - 1))
			if (section == "now") now[name] = value_after_colon(line)
			else maximum[name] = value_after_colon(line)
		}
	}
	function parse_coalescing(line,    word) {
		if (line ~ /^Adaptive RX:/) {
			split(line, word, /:?[ \t]+/)
			now[source ".adaptiveRx"] = word[3]; now[source ".adaptiveTx"] = word[5]
		} else if (match(line, /^[rt]x-(usecs|frames):/)) {
			word[1] = substr(line, 4, RLENGTH - 4)
			now[source "." substr(line, 1, 2) toupper(substr(word[1], 1, 1)) substr(word[1], 2)] = value_after_colon(line)
		}
	}
	# "name: on", "name: off [fixed]", "name: off [requested on]".
	function parse_offloads(line,    name, state) {
		if (line !~ /^[ \t]*[a-z0-9_-]+: (on|off)/) return
		name = line; sub(/^[ \t]*/, "", name); sub(/:.*/, "", name)
		if (name in short) name = short[name]
		split(value_after_colon(line), state, " ")
		now[source "." name] = state[1]
		if (line ~ /\[fixed\]/) fixed[source "." name]
		if (line !~ /^[ \t]/) whole = source "." name
		else if (line ~ /: on$/) parts[whole] = parts[whole] " " name
	}
	# "name : on", padded to the longest name.
	function parse_private_flags(line,    name) {
		if (line !~ /: (on|off)$/) return
		name = line; sub(/[ \t]*: .*/, "", name)
		now[source "." name] = value_after_colon(line)
	}
	function parse_flow_hash(line,    i) {
		if (line ~ /use these fields/ || line ~ /^None/) now[source] = now[source] ""
		for (i = 1; i <= 7; i++) if (index(line, field[i]) == 1) now[source] = now[source] substr("mvtsdfn", i, 1)
	}
	function unsupported_reason(key, nic,    slaves) {
		if ((getline slaves < (root "/sys/class/net/" nic "/bonding/slaves")) > 0) return nic " is a bond; declare its members instead: " slaves
		return "the driver of " nic " does not have it"
	}
	function judge(key, value, nic,    from) {
		from = key
		if (group(key) != "flowHash") sub(/[.][^.]*$/, "", from)
		if (!(key in now)) {
			if (!(from in failed) || failed[from] ~ /not supported|No private flags/) print key, "unsupported", unsupported_reason(key, nic), "", value, nic
			else print key, "unreadable", "ethtool: " failed[from], "", value, nic
		} else if (now[key] == "n/a" || (maximum[key] == "0" && value != "0")) print key, "unsupported", unsupported_reason(key, nic), "", value, nic
		else if (key in fixed && now[key] != value) print key, "unsupported", "the driver of " nic " fixed it at " now[key], "", value, nic
		else print key, "value", (value == "max" && now[key] == maximum[key] ? "max" : now[key]), maximum[key], value, nic, parts[key]
	}
	function group(key,    part, n) { n = split(key, part, "."); return part[n - 1] }
	BEGIN {
		n = split("rx-checksumming rx tx-checksumming tx scatter-gather sg tcp-segmentation-offload tso generic-segmentation-offload gso generic-receive-offload gro large-receive-offload lro rx-vlan-offload rxvlan tx-vlan-offload txvlan ntuple-filters ntuple receive-hashing rxhash", name, " ")
		for (i = 1; i < n; i += 2) short[name[i]] = name[i + 1]
		split("L2DA|VLAN tag|L3 proto|IP SA|IP DA|L4 bytes 0 & 1|L4 bytes 2 & 3", field, "|")
	}
	$1 == "ask" { source = $2; section = said = ""; asked_group = group(source ($2 ~ /[.]flowHash[.]/ ? "" : ".")); next }
	$1 == "failed" && NF == 2 { failed[source] = said; next }
	NF > 2 { order[++count] = $0; next }
	{
		said = $0
		if (asked_group == "channels" || asked_group == "rings") parse_sizes($0)
		else if (asked_group == "coalescing") parse_coalescing($0)
		else if (asked_group == "offloads") parse_offloads($0)
		else if (asked_group == "privateFlags") parse_private_flags($0)
		else parse_flow_hash($0)
	}
	END {
		for (i = 1; i <= count; i++) {
			split(order[i], given, FS)
			judge(given[2], given[3], given[1])
		}
	}'
}

ethtool_probe() {
	KEYS=$(nic_keys 2)
	printf '%s\n' "$KEYS" | grep "^fact$TAB" || :
	printf '%s\n' "$KEYS" | { grep -v "^fact$TAB" || :; } | if command -v ethtool >/dev/null; then
		ethtool_read
	else
		while IFS=$US read -r _ KEY _ GIVEN; do
			# It has gone with its package, after it put all back.
			[ "$GIVEN" != - ] || ! packages_brought ethtool || continue
			[ -z "$KEY" ] || printf '%s\n' "$KEY${US}unreadable${US}there is no ethtool on this host; install the package ethtool"
		done
	fi | while IFS=$US read -r KEY STATUS TEXT _; do
		fact "$KEY" live "$STATUS" "$TEXT" ethtool
	done
}

# ethtool_plan: what ethtool_read says -> `OPTION NIC ARGUMENTS` in the order in
# which one group can reset the next; or `refuse KEY SENTENCE`.
ethtool_plan() {
	read_record "$ETHTOOL_PARTS"
	{
		[ -z "$BODY" ] || printf '%s\n' "$BODY"
		cat
	} | awk -F "$US" -v OFS="$US" '
	function kebab(name) { sub(/Usecs/, "-usecs", name); sub(/Frames/, "-frames", name); sub(/Rx/, "-rx", name); sub(/Tx/, "-tx", name); return name }
	function add(rank, nic, option, arguments) {
		if (!(nic in nics)) { nics[nic]; nic_at[++nic_count] = nic }
		what[nic, rank] = option
		args[nic, rank] = args[nic, rank] (args[nic, rank] == "" ? "" : " ") arguments
	}
	NF == 1 { n = split($0, part, " "); for (i = 3; i <= n; i++) parts[part[1] " " part[2]] = parts[part[1] " " part[2]] " " part[i] " on"; next }
	$2 != "value" || $3 == $5 { next }
	{
		n = split($1, part, "."); name = part[n]; kind = part[n - 1]
		if ($5 == "max") $5 = $4
		if ($4 ~ /^[0-9]+$/ && $5 + 0 > $4 + 0) { print "refuse", $1, "expected at most " $4 ", the maximum of this NIC, got " $5; next }
		if (kind == "privateFlags") add(0, $6, "--set-priv-flags", name " " $5)
		else if (kind == "channels") add(1, $6, "-L", name " " $5)
		else if (kind == "rings") add(2, $6, "-G", name " " $5)
		else if (kind == "flowHash") add("3" name, $6, "-N", "rx-flow-hash " name " " $5)
		else if (name ~ /^adaptive/) add($5 == "off" ? 4 : 6, $6, "-C", kebab(name) " " $5)
		else if (kind == "coalescing") add(5, $6, "-C", kebab(name) " " $5)
		else if ($5 == "on" && ($6 " " name) in parts) add(7, $6, "-K", substr(parts[$6 " " name], 2))
		else add(7, $6, "-K", name " " $5)
	}
	END {
		ranks = split("0 1 2 3tcp4 3udp4 3sctp4 3tcp6 3udp6 3sctp6 4 5 6 7", rank, " ")
		for (i = 1; i <= nic_count; i++) for (j = 1; j <= ranks; j++)
			if ((nic_at[i], rank[j]) in what) print what[nic_at[i], rank[j]], nic_at[i], args[nic_at[i], rank[j]]
	}'
}

ethtool_refuse() {
	nic_lines 2 2>/dev/null | ethtool_read | ethtool_plan | sed -n "s/^refuse$US//p"
}

# ethtool_keep_parts before|after READ: an offload is noted before it is switched
# off, and forgotten once it is on again. READ is what ethtool_read says then.
ethtool_keep_parts() {
	read_note "$ETHTOOL_PARTS" || :
	NOTED=$BODY
	VALUE=$(printf '%s\n' "$NOTED" "$2" | awk -F "$US" -v when="$1" '
		NF == 1 { split($0, word, " "); noted[word[1] " " word[2]] = $0; next }
		$2 != "value" || $3 != "on" || $1 !~ /[.]offloads[.]/ { next }
		{ n = split($1, part, "."); id = $6 " " part[n] }
		when == "before" && $5 == "off" && $7 != "" && !(id in noted) { noted[id] = id $7 }
		when == "after" && $5 == "on" { delete noted[id] }
		END { for (id in noted) print noted[id] }' | sort)
	if [ -z "$VALUE" ]; then
		remove_record "$ETHTOOL_PARTS"
	elif [ "$VALUE" != "$NOTED" ]; then
		write_record "$ETHTOOL_PARTS" "$VALUE
"
	fi
}

# Some versions exit 0 although they could not; they say so.
ethtool_write() {
	GIVEN=$(nic_lines 2)
	READ=$(printf '%s\n' "$GIVEN" | ethtool_read)
	ethtool_keep_parts before "$READ"
	printf '%s\n' "$READ" | ethtool_plan | while IFS=$US read -r OPTION NIC ARGUMENTS; do
		if [ "$OPTION" = refuse ]; then
			complain "ethtool $NIC: $ARGUMENTS"
			continue
		fi
		STATUS=0
		# shellcheck disable=SC2086
		ANSWER=$(ethtool "$OPTION" "$NIC" $ARGUMENTS 2>&1) || STATUS=$?
		case $STATUS:$ANSWER in
		0:*annot* | [!0]*) fold "$ANSWER" && complain "ethtool $OPTION $NIC $ARGUMENTS: exit $STATUS: $VALUE" ;;
		esac
	done
	[ ! -f "$ETHTOOL_PARTS" ] || ethtool_keep_parts after "$(printf '%s\n' "$GIVEN" | ethtool_read)"
}
