# Lines of the baseline -> rows of NAME_persist for dropped keys of `tunable`,
# from the boot layer where there is one.
$1 == tunable && ($3 == "boot" || !($2 in line)) { line[$2] = $2 OFS "baseline" OFS ($4 == "absent" ? "absent" : "exact") OFS $5 OFS "live" }
END { for (key in line) print line[key] }
