# The file of an entry -> one named metaltune `name` that boots the same kernel with
# ARGUMENTS of the environment. Without a sort key or a version it is never the newest.
BEGIN { print "title metaltune: " name }
$1 ~ /^(linux|initrd|devicetree|devicetree-overlay|architecture)$/ { print }
END { print "options " ENVIRON["ARGUMENTS"] }
