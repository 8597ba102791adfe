# /proc/cmdline -> what the options of the entry were: systemd-boot puts initrd= with
# a path of EFI in front for each of its initrds.
{
	while (sub(/^initrd=\\[^ ]* */, "")) continue
	print
}
