# Two lines of mount options, found and wanted: exits 1 where they differ. Of two options
# that contradict each other the later one counts (mount(8)).
BEGIN {
	n = split("rw ro suid nosuid dev nodev exec noexec async sync auto noauto nouser user fail nofail diratime nodiratime", pair, " ")
	for (i = 1; i <= n; i += 2) { group[pair[i]] = group[pair[i + 1]] = pair[i + 1]; is_default[pair[i]] = 1 }
	n = split("relatime norelatime strictatime noatime atime", pair, " ")
	for (i = 1; i <= n; i++) group[pair[i]] = "atime"
	is_default["relatime"] = is_default["atime"] = 1
	while ((getline line < (root "/proc/meminfo")) > 0) if (line ~ /^MemTotal:/) { split(line, f, " "); memory = f[2] * 1024 }
	ids["uid"] = root "/etc/passwd"; ids["gid"] = root "/etc/group"
}
# The kernel rounds a size up to whole pages (mm/shmem.c, shmem_parse_one).
function pages(bytes) { return sprintf("%.0f", int((bytes + 4095) / 4096) * 4096) }
function size_in_bytes(text) {
	if (text ~ /^[0-9]+%$/) return memory == "" ? text : pages(text / 100 * memory)
	return size_bytes(text) == "" ? text : pages(size_bytes(text))
}
# The number of an account, which mount(8) resolves.
function number(file, name,    line, f, found) {
	found = name
	while ((getline line < file) > 0) { split(line, f, ":"); if (f[1] == name) found = f[3] }
	close(file)
	return found
}
function normal(option,    at, key, value) {
	at = index(option, "="); if (at == 0) return option
	key = substr(option, 1, at - 1); value = substr(option, at + 1)
	if (key == "size") return "size=" size_in_bytes(value)
	if (key == "nr_blocks" && size_bytes(value) != "") return "size=" pages(size_bytes(value) * 4096)
	if (key == "nr_inodes" && size_bytes(value) != "") return key "=" size_bytes(value)
	if (key ~ /^[ugo]id$|^mode$/) sub(/^0+/, "", value)
	if (key in ids && value !~ /^[0-9]*$/) value = number(ids[key], value)
	return key "=" value
}
# Options that only mount(8) and systemd read; the kernel never shows them.
function hidden(option) {
	return option ~ /^(auto|noauto|nofail|fail|_netdev|user|nouser|users|owner|group|comment=.*|x-.*|X-.*)$/
}
# tmpfs does not show its default size, and ramfs has none.
function implied(option) {
	return option ~ /^size=/ && (type == "ramfs" || option == "size=" size_in_bytes("50%"))
}
{
	n = split($0, list, ",")
	for (i = 1; i <= n; i++) if (list[i] != "" && list[i] != "defaults") {
		option = normal(list[i])
		key = option in group ? group[option] : option ~ /^size=/ ? "size" : option
		has[NR, key] = option
	}
}
END {
	for (each in has) {
		split(each, p, SUBSEP); option = has[each]
		other = (3 - p[1], p[2]) in has ? has[3 - p[1], p[2]] : ""
		if (option == other || (option in is_default && (other == "" || other in is_default))) continue
		if (layer == "live" && (p[1] == 1 && other == "" || hidden(p[2]) || implied(option) && other == "")) continue
		exit 1
	}
}
