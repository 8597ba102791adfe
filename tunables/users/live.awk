# Lines `KEY MATCH WANTED` -> facts, from the files below `etc` as their readers take them: an empty
# shell is /bin/sh (passwd(5)), a number may have zeros in front, and on a host where /bin is
# a link, /bin/sh and /usr/bin/sh are one shell. What satisfies WANTED is shown as WANTED.
function say(status, text, file) { printf "fact\tusers\t%s\tlive\t%s\t%s\t/etc/%s\n", $1, status, text, file }
function number(text) { sub(/^0+/, "", text); return text == "" ? "0" : text }
function path(text) {
	gsub(/\/+/, "/", text)
	if (length(text) > 1) sub(/\/$/, "", text)
	if (merged && text ~ /^\/s?bin\//) text = "/usr" text
	return text
}
function same(text) { return path(text) == path($3) ? $3 : text }
BEGIN {
	limit = 999
	while ((getline line < (etc "login.defs")) > 0) { split(line, f, " "); if (f[1] == "SYS_UID_MAX") limit = f[2] + 0 }
	while ((getline line < (etc "passwd")) > 0) { n = split(line, f, ":"); if (n == 7) { uid[f[1]] = number(f[3]); own[f[1]] = number(f[4]); home[f[1]] = f[6]; shell[f[1]] = f[7] == "" ? "/bin/sh" : f[7]; some = 1 } }
	while ((getline line < (etc "group")) > 0) {
		split(line, f, ":"); gid[f[1]] = number(f[3])
		m = split(f[4], who, ","); for (i = 1; i <= m; i++) { sub(/^[ \t]+/, "", who[i]); member[f[1], who[i]] = 1 }
	}
}
!some { say("unreadable", "no account can be read", "passwd"); next }
{
	split($1, k, "."); file = "passwd"; text = ""
	if (k[1] == "group") { file = "group"; if (k[2] in gid) text = k[3] == "gid" ? gid[k[2]] : "present" }
	else if (!(k[2] in uid)) text = ""
	else if (k[3] == "groups") { file = "group"; if ((k[4], k[2]) in member || ((k[4] in gid) && gid[k[4]] == own[k[2]])) text = "member" }
	else if (k[3] == "uid") text = uid[k[2]]
	else if (k[3] == "system") text = uid[k[2]] + 0 <= limit ? "yes" : "no"
	else if (k[3] == "home") text = same(home[k[2]])
	else if (k[3] == "shell") text = same(shell[k[2]])
	else text = "present"
	# A dropped key of an account that others removed has nothing to be reverted.
	if (text != "" || $3 != "-") say(text == "" ? "absent" : "value", text, file)
}
