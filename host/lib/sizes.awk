# Values `sha256:HEX BASE64` of an earlier version as `sha256:HEX SIZE`.
{ for (i = 1; i <= NF; i++) if ($i ~ /^sha256:[0-9a-f]+ [A-Za-z0-9+\/]*=*$/ && $i !~ / [0-9]+$/) {
	n = length($i) - index($i, " ")
	pad = sub(/==$/, "", $i) ? 2 : sub(/=$/, "", $i) ? 1 : 0
	sub(/ .*/, "", $i)
	$i = $i " " (n / 4 * 3 - pad)
} print }
