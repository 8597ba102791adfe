# A kernel command line -> its words as GRUB reads them, without the name of the kernel.
# Fails where a word contains a single quote, which GRUB cannot quote.
{
	line = $0 " "
	for (i = 1; i <= length(line); i++) {
		c = substr(line, i, 1)
		if (c == "\"") { quoted = !quoted; continue }
		if (c != " " || quoted) { token = token c; continue }
		if (token ~ /\047/) exit 1
		if (token ~ /[^A-Za-z0-9_.,:\/=@%+^-]/) token = "\047" token "\047"
		if (token !~ /^\047?BOOT_IMAGE=/) text = text " " token
		token = ""
	}
	print substr(text, 2)
}
