# Lines `before PACKAGE STATE`, then `PACKAGE STATE` -> the packages that are new.
NF == 3 { known[$2] = 1; next }
NF == 2 && !($1 in known) { print $1 }
