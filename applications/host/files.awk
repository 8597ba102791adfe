# Settings of a release: `path TAB content TAB mode` of each of its files.

BEGIN { count = 0 }
index($2, files) != 1 { next }
{ path = substr($2, length(files) + 1) }
sub(/:mode$/, "", path) { mode[path] = $4; next }
{ order[++count] = path; content[path] = $4 }
END { for (i = 1; i <= count; i++) print order[i], content[order[i]], mode[order[i]] }
