# The values that the next boot sets: lines `key TAB NAME`, `file TAB PATH` in the order of
# systemd-sysctl, and `rules TAB PATH` of udev -> facts. `root` is the directory of the
# host. With normal.awk.
function pattern(text) {
	gsub(/[.+^$(){}|\\]/, "\\\\&", text)
	gsub(/\*/, "[^/]*", text); gsub(/\?/, "[^/]", text)
	return "^" text "$"
}
function read_sysctls(file,    line, number, name, value, where, at) {
	while ((getline line < file) > 0) {
		number++
		line = trim(line)
		if (line == "" || line ~ /^[#;]/) continue
		sub(/^-[ \t]*/, "", line)
		at = index(line, "=")
		if (at == 0) { excluded[sysctl_path(line)]; continue }
		name = sysctl_path(trim(substr(line, 1, at - 1)))
		value = trim(substr(line, at + 1))
		where = substr(file, length(root) + 1) ":" number
		if (name ~ /[*?\[]/) { glob[++globs] = pattern(name); glob_value[globs] = value; glob_where[globs] = where }
		else { exact[name] = value; exact_where[name] = where; turn[name] = ++turns }
	}
	close(file)
}
# The modules for which systemd-sysctl runs again when they are loaded.
function read_rules(file,    line) {
	while ((getline line < file) > 0) {
		if (line !~ /^ACTION=="add", SUBSYSTEM=="module", KERNEL=="[^"]+"/) continue
		sub(/.*KERNEL=="/, "", line); sub(/".*/, "", line)
		ruled[line] = 1
	}
	close(file)
}
$1 == "rules" { read_rules($2) }
$1 == "key" { keys[++count] = $2 }
$1 == "file" { read_sysctls($2) }
END {
	for (i = 1; i <= count; i++) {
		name = sysctl_path(keys[i])
		found = ""
		if (name in exact) { found = exact_where[name]; value = exact[name] }
		else if (!(name in excluded)) for (g = globs; g > 0 && found == ""; g--) if (name ~ glob[g]) { found = glob_where[g]; value = glob_value[g] }
		value = normal(name, value)
		other = counterpart(name)
		# The later of the two limits is in force.
		if (other in exact && (!(name in turn) || turn[other] > turn[name])) {
			value = "0 while " dotted(other) " is " exact[other]; found = exact_where[other]
		}
		module = module_of(name)
		if (found != "" && module != "" && !(module in ruled)) found = ""
		printf "fact\tsysctl\t%s\tboot\t%s\t%s\t%s\n", keys[i], (found == "" ? "absent" : "value"), (found == "" ? "" : value), (found == "" ? "sysctl.d" : found)
	}
}
