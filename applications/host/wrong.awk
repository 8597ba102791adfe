# Lines of compare: `restart` or `beside` for each that a deployment has to fix; threads
# and the next boot are repaired without a restart.

index($2, app) == 1 && $8 !~ /^running, but process / && ($4 == "bad" || $4 == "unreadable" || $5 == "bad") { print ($4 == "ok" || $2 ~ /\.threads\./ ? "beside" : "restart") }
