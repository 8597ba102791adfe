# The original of a file, then the file -> the file, with the original values of `names`
# at the end of the lines that match `where`.
FNR == 1 { file++ }
$0 !~ where {
	if (file == 2) print
	next
}
file == 1 {
	gsub(/"/, " ")
	for (i = 1; i <= NF; i++) {
		name = $i
		sub(/=.*/, "", name)
		gsub(/-/, "_", name)
		if (index(names, " " name " ")) own = own " " $i
	}
	next
}
{
	end = sub(/"$/, "") ? "\"" : ""
	print $0 own end
}
