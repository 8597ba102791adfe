# Output of apt-get -s: exits 1 when it would remove more than `given`.
$1 == "Remv" && !index(given, " " $2 " ") { others = 1 }
END { exit others }
