# Output of ethtool, as `ethtool_answers` lists it -> `KEY STATUS TEXT MAXIMUM VALUE NIC
# PARTS`.
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
	if (group_of_key(key) != "flowHash") sub(/[.][^.]*$/, "", from)
	if (!(key in now)) {
		if (!(from in failed) || failed[from] ~ /not supported|No private flags/) print key, "unsupported", unsupported_reason(key, nic), "", value, nic
		else print key, "unreadable", "ethtool: " failed[from], "", value, nic
	} else if (now[key] == "n/a" || (maximum[key] == "0" && value != "0")) print key, "unsupported", unsupported_reason(key, nic), "", value, nic
	else if (key in fixed && now[key] != value) print key, "unsupported", "the driver of " nic " fixed it at " now[key], "", value, nic
	else print key, "value", (value == "max" && now[key] == maximum[key] ? "max" : now[key]), maximum[key], value, nic, parts[key]
}
function group_of_key(key,    part, n) { n = split(key, part, "."); return part[n - 1] }
BEGIN {
	n = split("rx-checksumming rx tx-checksumming tx scatter-gather sg tcp-segmentation-offload tso generic-segmentation-offload gso generic-receive-offload gro large-receive-offload lro rx-vlan-offload rxvlan tx-vlan-offload txvlan ntuple-filters ntuple receive-hashing rxhash", name, " ")
	for (i = 1; i < n; i += 2) short[name[i]] = name[i + 1]
	split("L2DA|VLAN tag|L3 proto|IP SA|IP DA|L4 bytes 0 & 1|L4 bytes 2 & 3", field, "|")
}
$1 == "ask" { source = $2; section = said = ""; asked_group = group_of_key(source ($2 ~ /[.]flowHash[.]/ ? "" : ".")); next }
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
}
