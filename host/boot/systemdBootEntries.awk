# Files of Boot Loader Specification entries -> `FILE TAB ARGUMENTS` of those that boot
# a kernel of the system `machine`, without rescue entries and those of metaltune.
function flush() {
	if (kernel && (owner == "" || owner == machine) && file !~ /(-0-rescue|\/metaltune-(previous|provisional))([+][0-9-]*)?[.]conf$/)
		printf "%s\t%s\n", file, substr(line, 2)
	kernel = 0
	owner = line = ""
}
FNR == 1 {
	flush()
	file = FILENAME
}
$1 == "linux" { kernel = 1 }
$1 == "machine-id" { owner = $2 }
$1 == "options" {
	sub(/^options[ \t]+/, "")
	gsub(/\t/, " ")
	line = line " " $0
}
END { flush() }
