# Settings of unknown tunables -> facts that they are unreadable.
{ printf "fact\t%s\t%s\tlive\tunreadable\tmetaltune %s does not know the tunable %s\tmetaltune\n", $1, $2, version, $1 }
