# `grubby --info=ALL` -> `line ARGUMENTS` of each entry but the rescue one.
/^kernel=/ { rescue = $0 ~ /-0-rescue-/ }
!rescue && sub(/^args="/, "line ") {
	sub(/"$/, "")
	print
}
