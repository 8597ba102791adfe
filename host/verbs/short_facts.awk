# Facts -> the same, none longer than the reader of a report takes.
length($6) > 100000 { $6 = "a text of " length($6) " bytes, which is too long to report"; $5 = "unreadable" }
{ print }
