# The baseline, then fact lines: fails where the boot layer of a kernel parameter differs
# from the baseline.
$1 == "kernelCommandLine" && $3 == "boot" { before[$2] = $4 FS $5 }
$2 == "kernelCommandLine" && $4 == "boot" && ($3 in before) && before[$3] != $5 FS $6 { changed = 1 }
END { exit changed }
