# The changes of an `up`, from Pulumi's output: one line per key and host, old -> new.
# Hosts with the same changes share one line.

/^  metaltune:index:HostState \(.*\):$/ {
	host = $0
	sub(/^.*\(/, "", host)
	sub(/\):$/, "", host)
	# Pulumi lists hosts in the order of their answers.
	for (i = ++hosts; i > 1 && name[i - 1] > host; i--) name[i] = name[i - 1]
	name[i] = host
	next
}
/^    / && host != "" { text[host] = text[host] $0 "\n"; count[host]++; next }
{ host = "" }
END {
	for (i = 1; i <= hosts; i++) {
		host = name[i]
		if (text[host] in shown) {
			print "  " host ": the same " count[host] " as " shown[text[host]]
			continue
		}
		shown[text[host]] = host
		print "  " host ": " count[host] (count[host] == 1 ? " setting" : " settings")
		printf "%s", text[host]
	}
}
