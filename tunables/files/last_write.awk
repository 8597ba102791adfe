# Settings: exits 0 when a service is restarted for the file `path`.
$1 == "services" && $2 ~ /\.restartOn$/ && index(" " $4 " ", " " path " ") { found = 1 }
END { exit !found }
