# Lines `PACKAGE STATE` -> the packages that the file `before` does not list.
BEGIN { while ((getline line < before) > 0) { split(line, f, " "); known[f[1]] = 1 } }
!($1 in known) { print $1 }
