# Output of ethtool, as `ethtool_answers` lists it -> `KEY STATUS TEXT MAXIMUM VALUE NIC
# PARTS`. The parsers return whether they understood the line. A key without a value is
# unsupported only where ethtool, the kernel or the driver says so.
function value_after_colon(line) {
	sub(/^[^:]*:[ \t]*/, "", line)
	return line
}
function learn(key, value, pattern, line) {
	if (value !~ pattern || key in now) { if (!(key in bad)) bad[key] = line }
	else { now[key] = value; answered[source] = 1 }
}
# Rows of -l and -g: the maximum, then what is set. ethtool 6.14 and 6.15 print no headers.
function parse_sizes(line,    name, key, value) {
	if (line ~ /^Pre-set maximums:?$/) return 1
	if (line ~ /^Current hardware settings:?$/) return section = 1
	if (line !~ /^(RX|TX|Other|Combined|RX Mini|RX Jumbo|RX Buf Len|CQE Size|[RT]X Push|TX push buff len|TCP data split|HDS thresh):/) return 0
	name = tolower(substr(line, 1, index(line, ":") - 1))
	if (name !~ /^(rx|tx|other|combined)$/) return 1
	key = source "." name; value = value_after_colon(line)
	if (section || key in maximum) learn(key, value, "^([0-9]+|n/a)$", line)
	else if (value ~ /^([0-9]+|n\/a)$/) { maximum[key] = value; row[key] = line }
	else bad[key] = line
	return 1
}
function parse_coalescing(line,    word, name) {
	if (line ~ /^CQE mode RX:/) return 1
	if (line ~ /^Adaptive RX:/) {
		split(line, word, /:?[ \t]+/)
		learn(source ".adaptiveRx", word[3], "^(on|off|n/a)$", line)
		learn(source ".adaptiveTx", word[5], "^(on|off|n/a)$", line)
		return 1
	}
	# Some versions print tx-aggr-time-usecs without its colon.
	if (line !~ /^[a-z-]+(:|[ \t])[ \t]*[^ \t]+$/) return 0
	if (match(line, /^[rt]x-(usecs|frames):/)) {
		name = substr(line, 4, RLENGTH - 4)
		learn(source "." substr(line, 1, 2) toupper(substr(name, 1, 1)) substr(name, 2), value_after_colon(line), "^([0-9]+|n/a)$", line)
	}
	return 1
}
# "name: on", "name: off [fixed]", "name: off [requested on]"; old versions print spaces
# inside names, and complain about single features.
function feature(name) {
	sub(/^[ \t]*/, "", name); gsub(/ /, "-", name)
	return source "." (name in short ? short[name] : name)
}
function parse_offloads(line,    key, state) {
	if (line ~ /^Cannot get device .* settings: Operation not supported$/) {
		sub(/^Cannot get device /, "", line); sub(/ settings:.*/, "", line)
		refused[feature(line)] = 1
		return 1
	}
	if (line !~ /^[ \t]*[a-z0-9_ -]+: (on|off)( \[[a-z ]+\])?$/) return 0
	key = feature(substr(line, 1, index(line, ":") - 1))
	split(value_after_colon(line), state, " ")
	now[key] = state[1]
	if (line ~ /\[fixed\]/) fixed[key] = 1
	if (line !~ /^[ \t]/) whole = key
	else if (line ~ /: on$/) parts[whole] = parts[whole] " " substr(key, length(source) + 2)
	return listed[source] = 1
}
# "name : on", padded to the longest name.
function parse_private_flags(line,    name) {
	if (line !~ /: (on|off)$/) return 0
	name = line; sub(/[ \t]*: .*/, "", name)
	now[source "." name] = value_after_colon(line)
	return listed[source] = 1
}
function parse_flow_hash(line,    i) {
	if (line ~ /use these fields/ || line ~ /^None/) { now[source] = now[source] ""; return 1 }
	for (i = 1; i <= 7; i++) if (index(line, field[i]) == 1) { now[source] = now[source] substr("mvtsdfn", i, 1); return 1 }
	bad[source] = line
	return 0
}
function understood(line) {
	if (line == "" || line ~ /^[A-Z][A-Za-z ]* for [^ ]+:$/ || line ~ /^For RSS context [0-9]+:$/) return 1
	if (asked_group == "channels" || asked_group == "rings") return parse_sizes(line)
	if (asked_group == "coalescing") return parse_coalescing(line)
	if (asked_group == "offloads") return parse_offloads(line)
	if (asked_group == "privateFlags") return parse_private_flags(line)
	return parse_flow_hash(line)
}
function unsupported_reason(nic,    slaves) {
	if ((getline slaves < (root "/sys/class/net/" nic "/bonding/slaves")) > 0) return nic " is a bond; declare its members instead: " slaves
	return "the driver of " nic " does not have it"
}
function not_understood(line) {
	gsub(/[\001-\037]+/, " ", line)
	return "ethtool printed a line that metaltune does not understand: " substr(line, 1, 200)
}
# Why a key without a value has none: the status, and the reason in `why`.
function missing(key, from, nic) {
	why = unsupported_reason(nic)
	if (key in bad) { why = not_understood(bad[key]); return "unreadable" }
	if (key in refused || (from in declined && !(from in listed) && !(from in answered))) return "unsupported"
	if (from in odd) why = from in failed ? "ethtool: " odd[from] : not_understood(odd[from])
	else if (from in failed) why = "ethtool failed without a message"
	# ethtool prints every feature of the kernel, and every flag of the driver.
	else if (from in listed) return "unsupported"
	else why = key in row ? not_understood(row[key]) : "ethtool printed no value for it"
	return "unreadable"
}
function judge(key, value, nic,    from, status) {
	from = key
	if (group_of_key(key) != "flowHash") sub(/[.][^.]*$/, "", from)
	if (!(key in now) || key in bad) { status = missing(key, from, nic); print key, status, why, "", value, nic }
	else if (now[key] == "n/a" || (maximum[key] == "0" && value != "0") || (value == "max" && maximum[key] == "n/a")) print key, "unsupported", unsupported_reason(nic), "", value, nic
	else if (value == "max" && !(key in maximum)) print key, "unreadable", "ethtool printed no maximum for it", "", value, nic
	else if (key in fixed && now[key] != value) print key, "unsupported", "the driver of " nic " fixed it at " now[key], "", value, nic
	else print key, "value", (value == "max" && now[key] == maximum[key] ? "max" : now[key]), maximum[key], value, nic, parts[key]
}
function group_of_key(key,    part, n) { n = split(key, part, "."); return part[n - 1] }
BEGIN {
	n = split("rx-checksumming rx tx-checksumming tx scatter-gather sg tcp-segmentation-offload tso generic-segmentation-offload gso generic-receive-offload gro large-receive-offload lro rx-vlan-offload rxvlan tx-vlan-offload txvlan ntuple-filters ntuple receive-hashing rxhash", name, " ")
	for (i = 1; i < n; i += 2) short[name[i]] = name[i + 1]
	split("L2DA|VLAN tag|L3 proto|IP SA|IP DA|L4 bytes 0 & 1|L4 bytes 2 & 3", field, "|")
}
$1 == "ask" { source = $2; section = 0; asked_group = group_of_key(source ($2 ~ /[.]flowHash[.]/ ? "" : ".")); next }
$1 == "failed" && NF == 2 { failed[source] = 1; next }
NF > 2 { order[++count] = $0; next }
{
	sub(/[ \t\r]+$/, "")
	if (asked_group != "offloads" && ($0 ~ /Operation not supported$/ || $0 == "No private flags defined")) declined[source] = 1
	else if (asked_group == "offloads" && $0 ~ /^netlink error: Operation not supported$/) declined[source] = 1
	else if (!understood($0) && !(source in odd)) odd[source] = $0
}
END {
	for (i = 1; i <= count; i++) {
		split(order[i], given, FS)
		judge(given[2], given[3], given[1])
	}
}
