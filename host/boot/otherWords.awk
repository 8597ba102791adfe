# Words, one a line -> those that do not set a parameter of `names`.
{
	name = $1
	gsub(/-/, "_", name)
	if (!index(names, " " name " ")) print
}
