# Idle states of CPUs -> `STATE NAME 0|1` of the states of `cpu` to change.
$1 == cpu {
	wanted = index(names, "," $3 ",") ? 1 : 0
	if (wanted != ($4 != "0")) print $2, $3, wanted
}
