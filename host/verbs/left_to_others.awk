# Lines `own TAB tunable TAB pattern`, facts, and `row TAB LINE` of compare for dropped keys ->
# the lines of compare, as ok where metaltune has no line for the key any more, and `others
# TAB SENTENCE` for each of those.
BEGIN { OFS = "\t" }
$1 == "own" { own[$2] = $3; next }
$1 == "fact" { if ($4 == "boot") { status[$2, $3] = $5; value[$2, $3] = $6; source[$2, $3] = $7 } next }
$1 != "row" { next }
{
	sub(/^row\t/, "")
	$0 = $0
	now = status[$1, $2]
	where = source[$1, $2]
	sentence = ""
	if ($5 == "bad" && ($1 in own)) {
		if (now == "value" && where !~ own[$1]) sentence = where " sets " value[$1, $2] " for the next boot; it is not metaltune\047s, and stays"
		if (now == "absent") sentence = "the line of others that set " $7 " for the next boot is gone"
	}
	if (sentence != "") { print "others", $1 " " $2 ": " sentence; $5 = "ok" }
	print
}
