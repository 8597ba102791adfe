# Keys and files of limits in the order of pam_limits(8) -> facts: what PAM makes of a line
# (Linux-PAM, modules/pam_limits/pam_limits.c: parse_config_file, process_limit,
# setup_limits). Type, item and value have any letter case; of two lines for a domain the
# later one wins; a line with only a domain and `-` ends all limits of that domain.
BEGIN {
	while ((getline line < (etc "passwd")) > 0) { split(line, f, ":"); uid[f[1]] = f[3] }
	sizes = " as core data fsize memlock rss stack "
}

# From this text on, strtoull or the factor of the item (1024 bytes, 60 seconds) make it infinite.
function infinite(item) {
	if (index(sizes, " " item " ")) return "18014398509481983"
	return item == "cpu" ? "307445734561825860" : "18446744073709551615"
}

# The value as PAM reads it; "" where it skips the line.
function pam_value(item, text,    digits) {
	if (item == "nice" || item == "priority") {
		if (text !~ /^[-+]?[0-9]/) return ""
		digits = text + 0
		return digits > 19 ? 19 : digits < -20 ? -20 : digits
	}
	if (text ~ /^(-|-1|unlimited|infinity)$/) return "unlimited"
	if (text !~ /^\+?[0-9]/) return text ~ /^-[0-9]/ ? text : ""
	sub(/^\+/, "", text); sub(/[^0-9].*/, "", text); sub(/^0+/, "", text)
	if (text == "") return "0"
	return at_least(text, infinite(item)) ? "unlimited" : text
}

# Whether a line for `domain` is one for the user `name`: by name, or by a range of UIDs.
function covers(domain, name,    ends) {
	if (domain == name) return 1
	if (domain !~ /^[0-9]*:[0-9]*$/ || !(name in uid)) return 0
	split(domain, ends, ":")
	if (ends[1] == "") return ends[2] != "" && uid[name] + 0 == ends[2] + 0
	return uid[name] + 0 >= ends[1] + 0 && (ends[2] == "" || uid[name] + 0 <= ends[2] + 0)
}

function set_limits(domain, type, item, value, where,    name) {
	if (type !~ /^(soft|hard|-)$/ || (value = pam_value(item, value)) == "") return
	for (name in domains) if (covers(domain, name)) {
		if (type != "soft" || item == "priority") { limit[name, item, "hard"] = value; place[name, item, "hard"] = where }
		if (type != "hard" || item == "priority") { limit[name, item, "soft"] = value; place[name, item, "soft"] = where }
	}
}

function read_file(file,    line, number, f, n, state, where, name) {
	while ((state = (getline line < file)) > 0) {
		where = substr(file, length(root) + 1) ":" (++number)
		sub(/#.*/, "", line); gsub(/[\r\f\v]/, " ", line)
		n = split(line, f, " ")
		if (n == 2 && f[2] ~ /^-/) { for (name in domains) if (covers(f[1], name) && !(name in none)) none[name] = where }
		if (n >= 4) set_limits(f[1], tolower(f[2]), tolower(f[3]), tolower(f[4]), where)
	}
	close(file)
	if (state < 0) unread = unread == "" ? substr(file, length(root) + 1) : unread
}

# Whether PAM lowers the soft limit to the hard one.
function above(item, soft, hard) {
	if (item == "nice") return soft + 0 < hard + 0
	if (item == "priority" || hard == "unlimited" || soft ~ /^-/ || hard ~ /^-/) return 0
	return soft == "unlimited" || !at_least(hard, soft)
}

function say(status, value, where) { printf "fact\tlimits\t%s\tlive\t%s\t%s\t%s\n", key, status, value, where }

function answer(domain, item, type,    holder) {
	if (unread != "") { say("unreadable", "cannot be read", unread); return }
	if (domain in none) { say("absent", "", none[domain]); return }
	if (!((domain, item, type) in limit)) { say("absent", "", "/etc/security/limits.d"); return }
	holder = (domain, item, "hard") in limit ? domain : domain == "root" ? "" : "*"
	if (type == "soft" && (holder, item, "hard") in limit && above(item, limit[domain, item, type], limit[holder, item, "hard"]))
		say("value", limit[holder, item, "hard"] " (lowered to the hard limit)", place[holder, item, "hard"])
	else say("value", limit[domain, item, type], place[domain, item, type])
}

$1 == "key" { keys[++count] = $2; split($2, part, "."); domains[part[1]] = domains["*"] = 1 }
$1 == "file" { read_file($2) }
END {
	for (k = 1; k <= count; k++) { key = keys[k]; split(key, part, "."); answer(part[1], part[2], part[3]) }
}
