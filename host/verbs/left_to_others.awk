# Lines `own TAB tunable TAB pattern`, facts, and `row TAB LINE` of compare for dropped keys of
# one layer -> the lines of compare, as ok where metaltune has no line for the key any more,
# and `others TAB SENTENCE` for each of those. A live value is only judged by its source
# where that is a file of configuration.
BEGIN { OFS = "\t"; after = layer == "live" ? "" : " for the next boot" }
$1 == "own" { own[$2] = $3; next }
$1 == "fact" { if ($4 == layer) { status[$2, $3] = $5; value[$2, $3] = $6; source[$2, $3] = $7 } next }
$1 != "row" { next }
{
	sub(/^row\t/, "")
	$0 = $0
	now = status[$1, $2]
	where = source[$1, $2]
	sentence = ""
	state = layer == "live" ? 4 : 5
	if ($state == "bad" && ($1 in own) && where !~ own[$1] && (layer == "boot" || where ~ /^\/etc\//)) {
		if (now == "value") sentence = where " sets " value[$1, $2] after "; it is not metaltune\047s, and stays"
		if (now == "absent") sentence = "the line of others that set " $7 after " is gone"
	}
	if (sentence != "") { print "others", $1 " " $2 ": " sentence; $state = "ok" }
	print
}
