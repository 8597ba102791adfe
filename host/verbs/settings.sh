#!/bin/sh
# Settings as the program receives them, and as it finds them installed.
#
# Names set here are used by the files assembled after this one.
# shellcheck disable=SC2016,SC2034,SC2153,SC2154

# settings_read: settings on stdin -> SETTINGS, or exit 64 with every problem. A broken
# connection looks like the end of the input, so a list is valid only with its closing
# line, and empty input is an error. A probe reports a tunable unknown to this version as
# unreadable, and judges a key once for every line that names it.
settings_read() {
	SETTINGS=$(grep -v '^#' || :)
	owner_take_line
	content_take
	case $SETTINGS in
	'')
		complain 'no settings arrived, not even the line that closes them, so nothing was changed; was the connection lost? To give them by hand, write a line per setting and then `end COUNT SHA256`, tabs between'
		exit 64
		;;
	"wanted$TAB"*) settings_wanted ;;
	*) settings_closed ;;
	esac
	if ! PROBLEMS=$(printf '%s\n' "$SETTINGS" | awk -F '\t' -v known=" $ANSWERED " -v verb="$VERB" "$AWK_settings_problems" && printf .) || [ "$PROBLEMS" != . ]; then
		complain "malformed settings, nothing was changed: ${PROBLEMS%.}"
		exit 64
	fi
}

# settings_wanted: `wanted TAB HASH` stands for the settings that `want` stored; the hash
# proves that they are those, and complete.
settings_wanted() {
	WANTED_HASH=${SETTINGS#*"$TAB"}
	# Read once, so that the hashed text is the text used.
	WANTED=$([ ! -f "$STATE/wanted.tsv" ] || cat "$STATE/wanted.tsv" && printf .)
	WANTED=${WANTED%.}
	HASH=$(printf '%s' "$WANTED" | sha256sum)
	if [ "${#WANTED_HASH}" -eq 64 ] && [ -f "$STATE/wanted.tsv" ] && [ "$WANTED_HASH" = "${HASH%% *}" ]; then
		SETTINGS=${WANTED%"$NEWLINE"}
		return 0
	fi
	# A repeated apply may find its settings already applied.
	settings_installed
	settings_hash
	if [ "$WANTED_HASH" != "$HASH" ]; then
		complain 'the settings that were announced are not on this host; run `pulumi up --refresh`'
		exit 64
	fi
}

# settings_closed: SETTINGS without their last line, which must be `end COUNT
# SHA256` of the lines before it.
settings_closed() {
	CLOSING=${SETTINGS##*"$NEWLINE"}
	case $SETTINGS in
	*"$NEWLINE""end$TAB"*) SETTINGS=${SETTINGS%"$NEWLINE"*} ;;
	"end$TAB"*) SETTINGS='' ;;
	*) CLOSING='' ;;
	esac
	settings_text
	HASH=$(printf '%s' "$TEXT" | sha256sum)
	COUNT=$(printf '%s' "$TEXT" | wc -l)
	EXPECTED="end$TAB$((COUNT))$TAB${HASH%% *}"
	[ "$CLOSING" != "$EXPECTED" ] || return 0
	if [ -z "$CLOSING" ]; then
		complain "the settings may have been truncated, as the line that closes them is missing, so nothing was changed; if the $((COUNT)) lines that arrived are all, add this one, with its tabs: $EXPECTED"
	else
		complain "the settings are not as their closing line says, so nothing was changed: expected $CLOSING, got $EXPECTED; send them again"
	fi
	exit 64
}

# The settings applied last, while a run replaces or removes them.
INSTALLED=''

# settings_replaced: keeps the settings applied last in INSTALLED.
settings_replaced() {
	read_record "$ETC/settings.tsv"
	INSTALLED=$BODY
}

# settings_installed: the settings applied last -> SETTINGS.
settings_installed() {
	if [ -d "$ETC" ] && [ ! -x "$ETC" ]; then
		complain "only root may read ${ETC#"$ROOT"}, as files are declared there; run it with sudo"
		exit 64
	fi
	read_record "$ETC/settings.tsv"
	SETTINGS=$(printf '%s' "$BODY" | content_sizes)
}

SETTINGS_LOST='the settings applied last are missing or damaged, and so is their copy; run `pulumi up --refresh`'

# settings_lost: after baseline_find and settings_installed: whether settings are missing.
# An interrupted run may not have written them yet, or has removed them.
settings_lost() {
	case $RECORD:$BASELINE in
	lost:*) ;;
	absent:?*) [ ! -f "$STATE/journal" ] ;;
	*) return 1 ;;
	esac
}

# settings_hash: after settings_installed, their SHA-256 in HASH; - without any.
settings_hash() {
	HASH=-
	case $RECORD in
	absent | lost) return 0 ;;
	esac
	record_lines
	HASH=$(printf '%s' "$LINES_OF_RECORD" | sha256sum)
	HASH=${HASH%% *}
}

# settings_of TUNABLE < settings: `key match value effect`, US between.
settings_of() {
	awk -F '\t' -v OFS="$US" -v tunable="$1" '$1 == tunable { print $2, $3, $4, $5 }'
}

# settings_each HOOK TUNABLES < settings: calls NAME_HOOK for each of these tunables that
# has any, with `key match value effect`, US between. One process sorts them for all.
settings_each() {
	awk -F '\t' -v OFS="$US" -v tunables="$2" "$AWK_by_tunable" | {
		ROWS=''
		while IFS= read -r LINE; do
			case $LINE in
			*"$US"*) ROWS=$ROWS$LINE$NEWLINE ;;
			*)
				TUNABLE=$LINE
				printf '%s' "$ROWS" | "${TUNABLE}_$1"
				ROWS=''
				;;
			esac
		done
	}
}

settings_lines() {
	[ -z "$SETTINGS" ] || printf '%s\n' "$SETTINGS" | sed "s/^/setting$TAB/"
}

# settings_unknown LINES: settings of tunables that only another version of this program
# supports.
settings_unknown() {
	printf '%s\n' "$1" | awk -F '\t' -v known=" $ANSWERED " '$0 != "" && !index(known, " " $1 " ")'
}

# settings_text: SETTINGS in the file's format, in TEXT.
settings_text() {
	TEXT=''
	[ -z "$SETTINGS" ] || TEXT="$SETTINGS
"
}

# settings_name_tunable TUNABLE LINES: whether one of the lines begins with its name.
settings_name_tunable() {
	case "
$2" in
	*"
$1$TAB"*) ;;
	*) return 1 ;;
	esac
}
