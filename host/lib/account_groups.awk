# The group ids of the account `uid`: its primary group, then all, separated by commas.
BEGIN {
	while ((getline < passwd) > 0) if ($3 == uid && name == "") { name = $1; own = $4 }
	if (name == "") { print uid, uid; exit }
	list = own
	while ((getline < group) > 0) if (index("," $4 ",", "," name ",")) list = list "," $3
	print own, list
}
