# fstab -> the lines outside the markers of metaltune.
$0 == begin { ours = 1; next }
$0 == end { ours = 0; next }
!ours { print }
