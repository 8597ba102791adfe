# Values of kernel parameters as the kernel shows them; values.ts is the same for what is
# declared. NAME is the path below /proc/sys.

# A number in base 0 of the kernel as decimal: 0x is hexadecimal, a leading 0 is octal.
# Numbers over 48 bits stay, as an awk would round them.
function decimal(word,    sign, digits, base, i, number) {
	digits = tolower(word)
	sign = sub(/^-/, "", digits) ? "-" : ""
	if (digits ~ /^0x[0-9a-f]+$/) { base = 16; digits = substr(digits, 3) }
	else if (digits ~ /^0[0-7]+$/) { base = 8; digits = substr(digits, 2) }
	else return word
	if (length(digits) > 12) return word
	number = 0
	for (i = 1; i <= length(digits); i++) number = number * base + index("0123456789abcdef", substr(digits, i, 1)) - 1
	return sign sprintf("%.0f", number)
}

# 11211,10050,10051 -> 10050-10051,11211
function ranges(text,    n, part, ends, first, last, i, j, list, start, end) {
	n = split(text, part, ",")
	for (i = 1; i <= n; i++) {
		gsub(/ /, "", part[i])
		if (part[i] !~ /^[0-9]+(-[0-9]+)?$/) return text
		first[i] = part[i] + 0
		last[i] = split(part[i], ends, "-") == 2 ? ends[2] + 0 : first[i]
		if (last[i] < first[i]) return text
		for (j = i; j > 1 && first[j - 1] > first[j]; j--) {
			start = first[j]; first[j] = first[j - 1]; first[j - 1] = start
			end = last[j]; last[j] = last[j - 1]; last[j - 1] = end
		}
	}
	list = ""
	for (i = 1; i <= n; i = j) {
		end = last[i]
		for (j = i + 1; j <= n && first[j] <= end + 1; j++) if (last[j] > end) end = last[j]
		list = list "," first[i] (end > first[i] ? "-" end : "")
	}
	return substr(list, 2)
}

function normal(name, value,    n, word, i, text) {
	if (value == "") return ""
	if (name ~ /^(kernel\/watchdog_cpumask|net\/ipv4\/ip_local_reserved_ports)$/) return ranges(value)
	if (name ~ /^net\/core\/(flow_limit_cpu_bitmap|rps_default_mask)$/) {
		value = tolower(value)
		sub(/^0x/, "", value)
		while (value ~ /^[0,]./) value = substr(value, 2)
		return value
	}
	if (name ~ /^kernel\/(core_pattern|domainname|hostname|hotplug|modprobe|poweroff_cmd|seccomp\/actions_logged)$/) return value
	if (name ~ /^net\/(core\/default_qdisc|ipv4\/tcp_(allowed_congestion_control|congestion_control|fastopen_key)|ipv6\/conf\/.*\/stable_secret)$/) return value
	n = split(value, word, " ")
	text = decimal(word[1])
	for (i = 2; i <= n; i++) text = text " " decimal(word[i])
	return text
}

# The limit that excludes this one: while one is in force, the other reads 0.
function counterpart(name) {
	if (name ~ /^vm\/(dirty|dirty_background)_bytes$/) { sub(/bytes$/, "ratio", name); return name }
	if (name ~ /^vm\/(dirty|dirty_background)_ratio$/) { sub(/ratio$/, "bytes", name); return name }
	if (name == "vm/overcommit_kbytes") return "vm/overcommit_ratio"
	if (name == "vm/overcommit_ratio") return "vm/overcommit_kbytes"
	return ""
}

function dotted(name) {
	gsub(/\//, ".", name)
	return name
}

# The module that brings a key; "" for a key of the kernel itself.
function module_of(name) {
	if (name ~ /^net\/(netfilter\/nf_(conntrack|flowtable)_|nf_conntrack_max$)/) return "nf_conntrack"
	if (name ~ /^net\/bridge\//) return "br_netfilter"
	if (name ~ /^net\/ipv4\/vs\//) return "ip_vs"
	if (name ~ /^net\/(dccp|iw_cm|rdma_ucm|rds|rxrpc|sctp|smc|tipc|x25)\//) { sub(/^net\//, "", name); sub(/\/.*/, "", name); return name }
	if (name ~ /^net\/mpls\//) return "mpls_router"
	if (name ~ /^sunrpc\//) return "sunrpc"
	if (name ~ /^fs\/nfs\/n[ls]m_/) return "lockd"
	if (name ~ /^fs\/nfs\/(idmap|nfs_callback)_/) return "nfsv4"
	if (name ~ /^fs\/nfs\//) return "nfs"
	if (name ~ /^fs\/(xfs|fuse)\//) return name ~ /^fs\/xfs/ ? "xfs" : "fuse"
	if (name ~ /^dev\/raid\//) return "md_mod"
	if (name ~ /^dev\/cdrom\//) return "cdrom"
	return ""
}
