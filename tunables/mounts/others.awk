# fstab -> the lines that are not between ours.
$0 == begin { ours = 1; next }
$0 == end { ours = 0; next }
!ours { print }
