# Lines of a report on what is provisional -> sentences for a person.
$1 == "armed" { print "ON TRIAL (" $2 "): " $5 "; `metaltune confirm " $6 "` keeps it" }
$1 == "rolledback" { print "ROLLED BACK: " $2 }
