# Lines of compare and of provisional changes -> the exit code of `check`.
$3 == "unreadable" { unknown = 1 }
$1 == "rolledback" { drift = 1 }
$3 ~ /^(liveDrift|bootDrift|pendingReboot)$/ { drift = 1 }
END { exit unknown ? 1 : drift ? 2 : 0 }
