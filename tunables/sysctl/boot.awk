# The values that the next boot sets: lines `key TAB NAME` and `file TAB PATH`, files in
# the order of systemd-sysctl -> facts. `root` is the directory of the host.
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
		else { exact[name] = value; exact_where[name] = where }
	}
	close(file)
}
$1 == "key" { keys[++count] = $2 }
$1 == "file" { read_sysctls($2) }
END {
	for (i = 1; i <= count; i++) {
		name = sysctl_path(keys[i])
		found = ""
		if (name in exact) { found = exact_where[name]; value = exact[name] }
		else if (!(name in excluded)) for (g = globs; g > 0 && found == ""; g--) if (name ~ glob[g]) { found = glob_where[g]; value = glob_value[g] }
		printf "fact\tsysctl\t%s\tboot\t%s\t%s\t%s\n", keys[i], (found == "" ? "absent" : "value"), (found == "" ? "" : value), (found == "" ? "sysctl.d" : found)
	}
}
