# Lines of a report about provisional changes -> sentences for the operator.
$1 == "provisional" { print "PROVISIONAL (" $2 "): " $5 "; `metaltune confirm " $6 "` keeps it" }
$1 == "rolledback" { print "ROLLED BACK: " $2 }
