# fstab -> the lines outside the markers of metaltune. Where others removed the last marker,
# only lines for one of `paths` are of metaltune.
$0 == begin { ours = 1; next }
$0 == end { ours = held = 0; next }
!ours { print; next }
{ text[++held] = $0; path[held] = $2 }
END { for (i = 1; i <= held; i++) if (!index(" " paths " ", " " path[i] " ")) print text[i] }
