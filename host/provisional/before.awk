# The pending provisional change, and the settings to revert to, without the kinds that
# are recorded anew; all of it becomes part of `change`.
$1 == "# live" && live != "" || $1 == "# boot" && boot != "" { next }
/^# / { $5 = change }
{ print }
