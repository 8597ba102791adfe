# Words, one a line -> those that set no parameter of `names`.
{
	name = $1
	gsub(/-/, "_", name)
	if (!index(names, " " name " ")) print
}
