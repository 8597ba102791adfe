# Settings of unknown tunables -> facts that nothing can read them.
{ printf "fact\t%s\t%s\tlive\tunreadable\tmetaltune %s does not know the tunable %s\tmetaltune\n", $1, $2, version, $1 }
