# Keys -> facts, from the files below `etc`.
function say(status, text, file) { printf "fact\tusers\t%s\tlive\t%s\t%s\t/etc/%s\n", $0, status, text, file }
BEGIN {
	limit = 999
	while ((getline line < (etc "login.defs")) > 0) { split(line, f, " "); if (f[1] == "SYS_UID_MAX") limit = f[2] + 0 }
	while ((getline line < (etc "passwd")) > 0) { n = split(line, f, ":"); if (n == 7) { uid[f[1]] = f[3]; own[f[1]] = f[4]; home[f[1]] = f[6]; shell[f[1]] = f[7]; some = 1 } }
	while ((getline line < (etc "group")) > 0) {
		split(line, f, ":"); gid[f[1]] = f[3]
		m = split(f[4], who, ","); for (i = 1; i <= m; i++) member[f[1], who[i]]
	}
}
!some { say("unreadable", "no account can be read", "passwd"); next }
{
	split($0, k, "."); file = "passwd"; text = ""
	if (k[1] == "group") { file = "group"; if (k[2] in gid) text = k[3] == "gid" ? gid[k[2]] : "present" }
	else if (!(k[2] in uid)) text = ""
	else if (k[3] == "groups") { file = "group"; if ((k[4], k[2]) in member || ((k[4] in gid) && gid[k[4]] == own[k[2]])) text = "member" }
	else if (k[3] == "uid") text = uid[k[2]]
	else if (k[3] == "system") text = uid[k[2]] + 0 <= limit ? "yes" : "no"
	else if (k[3] == "home") text = home[k[2]]
	else if (k[3] == "shell") text = shell[k[2]]
	else text = "present"
	say(text == "" ? "absent" : "value", text, file)
}
