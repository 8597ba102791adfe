# Settings, facts, and `installed` settings -> facts of what metaltune.service persists.
$1 == "installed" { value[$2, $3] = $5; next }
$1 == "fact" { if ($4 == "boot") answered[$2, $3] = 1; next }
!index(units, " " $1 " ") { next }
{ tunable[++count] = $1; key[count] = $2 }
END {
	for (i = 1; i <= count; i++) {
		if ((tunable[i], key[i]) in answered) continue
		found = (tunable[i], key[i]) in value
		printf "fact\t%s\t%s\tboot\t%s\t%s\t%s\n", tunable[i], key[i], (found ? "value" : "absent"), value[tunable[i], key[i]], (found ? "/etc/metaltune/settings.tsv" : "metaltune.service")
	}
}
