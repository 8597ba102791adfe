# A line of passwd or group -> the name for the number `id`, else the number.
$3 == id && !found { print $1; found = 1 }
END { if (!found) print id }
