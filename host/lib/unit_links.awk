# Links `PATH TARGET` -> those of `unit`: by its name, to its file, or its mask.
{ n = split($1, path, "/"); m = split($2, target, "/") }
path[n] == unit || target[m] == unit { print substr($1, length(root) + 1) "\t" $2 }
