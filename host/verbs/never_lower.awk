# Lines of the baseline, then settings -> the settings, where `atLeast` asks for no less
# than the original value.
$1 == "baseline" { if ($4 == "live" && $5 == "value") had[$2, $3] = $6; next }
$3 == "atLeast" && at_least(had[$1, $2], $4) { $4 = had[$1, $2] }
{ print }
