# The file of an entry -> an entry named metaltune `name` that boots the same kernel with
# ARGUMENTS from the environment. Without a sort key or a version it never sorts as the
# newest.
BEGIN { print "title metaltune: " name }
$1 ~ /^(linux|initrd|devicetree|devicetree-overlay|architecture)$/ { print }
END { print "options " ENVIRON["ARGUMENTS"] }
