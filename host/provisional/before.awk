# What is provisional already, and the settings to go back to, without the kinds that
# are recorded anew; all of it is part of `change` from now on.
$1 == "# live" && live != "" || $1 == "# boot" && boot != "" { next }
/^# / { $5 = change }
{ print }
