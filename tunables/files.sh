#!/bin/sh
# files, host half: content, mode, owner and group of files. See files.ts.

# Keys that can cut the login; see host/rollback.sh.
# shellcheck disable=SC2034
files_cuts=.

# Paths that changed and whose services services.sh has yet to restart.
FILES_CHANGED=$STATE/files.changed

# files_ask COMMAND...: its answer in STATUS and VALUE, as of read_file.
files_ask() {
	STATUS=value
	VALUE=$("$@" 2>&1) && return 0
	VALUE=${VALUE##*: } STATUS=unreadable
	case $VALUE in
	'No such file or directory' | 'Not a directory') STATUS=absent VALUE='' ;;
	esac
	return 1
}

# files_content FILE: `sha256:HEX BASE64`, without the latter when it is empty
# or larger than a setting may be.
files_content() {
	files_ask sha256sum "$1" || return 0
	VALUE=sha256:${VALUE%% *}
	SIZE=$(stat -L -c %s "$1")
	[ "$SIZE" -eq 0 ] || [ "$SIZE" -gt 8192 ] || VALUE="$VALUE $(base64 -w 0 "$1")"
}

# files_name DATABASE: the name of the number in VALUE, if it has one.
files_name() {
	[ "$STATUS" = value ] || return 0
	VALUE=$(awk -F : -v id="$VALUE" '
		$3 == id && !found { print $1; found = 1 }
		END { if (!found) print id }' "$ROOT/etc/$1")
}

# files_default KEY: what a file that we made has where nothing is declared, in
# DEFAULT.
files_default() {
	case $1 in
	*:mode) DEFAULT=0644 ;;
	*) DEFAULT=root ;;
	esac
}

# files_undeclared KEY: an aspect that is no longer declared, of a file that is
# there because of us, counts as absent when it is what it would have been.
files_undeclared() {
	files_default "$1"
	[ "$VALUE" = "$DEFAULT" ] && printf '%s\n' "${BASELINE-}" | grep -qF "files$TAB$1${TAB}live${TAB}absent" || return 0
	STATUS=absent VALUE=''
}

files_probe() {
	while IFS=$US read -r KEY _ WANTED _; do
		FILE=$ROOT${KEY%%:*}
		case $KEY in
		*:mode)
			! files_ask stat -L -c %a "$FILE" || VALUE=$(printf '%04d' "$VALUE")
			;;
		*:owner)
			! files_ask stat -L -c %u "$FILE" || files_name passwd
			;;
		*:group)
			! files_ask stat -L -c %g "$FILE" || files_name group
			;;
		*:check)
			recorded "$KEY"
			FILE=$ETC/settings.tsv
			;;
		*) files_content "$FILE" ;;
		esac
		[ "$WANTED" != - ] || files_undeclared "$KEY"
		fact "$KEY" live "$STATUS" "$VALUE" "$FILE"
	done
}

# files_mark PATH: remembers, before the change, that services must restart.
files_mark() {
	[ -f "$ETC/settings.tsv" ] || return 0
	awk -F '\t' -v path="$1" '
		$1 == "services" && $2 ~ /\.restartOn$/ && index(" " $4 " ", " " path " ") { found = 1 }
		END { exit !found }' "$ETC/settings.tsv" || return 0
	MARKED=''
	[ ! -f "$FILES_CHANGED" ] || MARKED=$(cat "$FILES_CHANGED")
	replace_file "$FILES_CHANGED" "$MARKED${MARKED:+
}$1
"
}

# files_accepted KEY NEW: whether the check that belongs to it, if any, is
# content with the new file.
files_accepted() {
	recorded "$1:check"
	[ "$STATUS" = value ] || return 0
	COMMAND=''
	for WORD in $VALUE; do
		case $WORD in
		*'{}'*) WORD=${WORD%%'{}'*}$2${WORD#*'{}'} ;;
		esac
		COMMAND="$COMMAND $WORD"
	done
	# shellcheck disable=SC2086
	quietly $COMMAND </dev/null && return 0
	complain "files $1: refused by its check; the file stays as it was"
	return 1
}

# files_put KEY VALUE
files_put() {
	FILE=$ROOT$1 CONTENT=''
	case $2 in
	*' '*) CONTENT=${2#* } ;;
	esac
	NEW=$FILE.metaltune-new
	make_directory "${FILE%/*}"
	printf '%s' "$CONTENT" | base64 -d | tee "$NEW" >/dev/null
	files_content "$NEW"
	if [ "$VALUE" != "$2" ] || ! files_accepted "$1" "$NEW"; then
		rm -f "$NEW"
		return 1
	fi
	if [ -e "$FILE" ]; then
		chmod --reference="$FILE" "$NEW" && chown --reference="$FILE" "$NEW" || return 1
	fi
	keep_original "$FILE" && files_mark "$1" && sync "$NEW" && mv "$NEW" "$FILE"
}

# What is no longer declared comes back from its copy, with mode and owner.
files_persist() {
	while IFS=$US read -r KEY ORIGIN _; do
		case $KEY:$ORIGIN in
		*:*:baseline | *:declared) continue ;;
		esac
		ORIGINAL=$STATE/files$KEY
		if [ -e "$ORIGINAL" ] || [ -h "$ORIGINAL" ] || [ -e "$ORIGINAL.absent" ]; then
			files_mark "$KEY"
		fi
		restore_file "$ROOT$KEY" || return 1
		[ ! -e "$ROOT$KEY.metaltune-new" ] || rm "$ROOT$KEY.metaltune-new"
	done
}

files_write() {
	while IFS=$US read -r KEY STATUS WANTED; do
		FILE=$ROOT${KEY%%:*}
		case $KEY:$STATUS in
		*:*:absent)
			[ -e "$FILE" ] || continue
			files_default "$KEY"
			WANTED=$DEFAULT
			;;
		# files_persist has put these back.
		*:absent) continue ;;
		esac
		case $KEY in
		*:check) ;;
		*:mode) quietly chmod "$WANTED" "$FILE" || : ;;
		*:owner) quietly chown "$WANTED" "$FILE" || : ;;
		*:group) quietly chown ":$WANTED" "$FILE" || : ;;
		*)
			files_content "$FILE"
			[ "$VALUE" = "$WANTED" ] || files_put "$KEY" "$WANTED" || complain "files $KEY: could not be written"
			;;
		esac
	done
}
