# A menu entry metaltune-`id`, made from the entry of grub.cfg that boots `image`, or from
# the first one if that is empty; or from a file *.conf of the Boot Loader Specification.
# ARGUMENTS, from the environment, replace those of the entry.
function arguments(own) {
	if (ENVIRON["ARGUMENTS"] != "") own = ENVIRON["ARGUMENTS"]
	return own (panic == "" || own ~ /(^| )panic=/ ? "" : " " panic)
}
function done(text) {
	printf "menuentry \047metaltune: %s\047 --id metaltune-%s --unrestricted {\n%s}\n", id, id, text
	found = 1
	exit
}
FNR == 1 { entry = FILENAME ~ /[.]conf$/ }
entry && $1 == "linux" { kernel = $2 }
entry && $1 == "initrd" { for (i = 2; i <= NF; i++) initrd = initrd " " ($i ~ /^\// ? "($root)" : "") $i }
entry && $1 == "options" {
	sub(/^options[ \t]+/, "")
	options = $0
}
entry { next }
/^[ \t]*menuentry / {
	inside = 1
	body = ""
	matches = 0
	next
}
!inside { next }
/^[ \t]*}[ \t]*$/ {
	if (matches) done(body)
	inside = 0
	next
}
/^[ \t]*savedefault/ { next }
/^[ \t]*linux(efi|16)?[ \t]/ {
	matches = image == "" || $2 == image
	command = $1 " " $2
	line = $0
	sub(/^[ \t]*[^ \t]+[ \t]+[^ \t]+[ \t]*/, "", line)
	$0 = "\t" command " " arguments(line)
}
{ body = body $0 "\n" }
END {
	if (found) exit
	if (kernel == "") exit 1
	done("\tlinux ($root)" kernel " " arguments(options) "\n" (initrd == "" ? "" : "\tinitrd" initrd "\n"))
}
