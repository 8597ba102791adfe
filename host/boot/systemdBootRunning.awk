# /proc/cmdline -> the options of the booted entry: systemd-boot prepends initrd= with an
# EFI path for each initrd.
{
	while (sub(/^initrd=\\[^ ]* */, "")) continue
	print
}
