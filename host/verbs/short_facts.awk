# Facts -> the same, truncated to the limit of the report reader.
length($6) > 100000 { $6 = "a text of " length($6) " bytes, which is too long to report"; $5 = "unreadable" }
{ print }
