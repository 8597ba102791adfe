# Command lines -> `remove NAMES`, with every spelling of the parameters `keys`, and `keep
# WORDS`: grubby removes every hugepagesz= and hugepages= by its name, so those of other
# sizes are added again. Fails where the lines differ in these.
BEGIN {
	n = split(keys, key, " ")
	for (i = 1; i <= n; i++) {
		ours[parameter_key(key[i])] = 1
		if (key[i] ~ /^hugepages\[/) { pairs = 1; key[i] = "hugepages hugepagesz" }
		removed = removed " " key[i]
		gsub(/-/, "_", key[i])
		removed = removed " " key[i]
		gsub(/_/, "-", key[i])
		removed = removed " " key[i]
	}
}
{
	n = split_command_line($0, words, raw)
	parameter_keys(words, n, set, alias)
	kept = ""
	for (i = 1; i <= n && set[i] != ""; i++) {
		if ((set[i] in ours) || (alias[i] in ours)) {
			sub(/=.*/, "", words[i])
			if (!index(removed " ", " " words[i] " ")) removed = removed " " words[i]
		}
		else if (pairs && parameter_name(words[i]) ~ /^hugepagesz?$/) kept = kept " " raw[i]
	}
	if (NR > 1 && kept != before) exit different = 1
	before = kept
}
END {
	if (different) exit 1
	print "remove" removed
	print "keep" before
}
