#!/bin/sh
# files, host half: content, mode, owner and group of files. See index.ts.
#
# hooks: probe write persist may_cut_login notes

# Keys that may cut the login; see host/rollback.sh.
# shellcheck disable=SC2034,SC2154
files_may_cut_login=.
# shellcheck disable=SC2034
files_notes=files.changed

# Changed paths whose services services.sh still has to restart.
FILES_CHANGED=$STATE/files.changed

# files_name DATABASE: the name for the number in VALUE, if any.
files_name() {
	[ "$STATUS" = value ] || return 0
	VALUE=$(awk -F : -v id="$VALUE" "$AWK_files_account" "$ROOT/etc/$1")
}

# files_default KEY: the default for a file that metaltune created, in DEFAULT.
files_default() {
	case $1 in
	*:mode) DEFAULT=0644 ;;
	*) DEFAULT=root ;;
	esac
}

# files_undeclared KEY: an undeclared aspect of a file that metaltune created counts as
# absent when it has its default.
files_undeclared() {
	files_default "$1"
	[ "$VALUE" = "$DEFAULT" ] && printf '%s\n' "${BASELINE-}" | grep -qF "files$TAB$1${TAB}live${TAB}absent" || return 0
	STATUS=absent VALUE=''
}

# files_nameless KEY: an original owner or group that has lost its name since is the number
# that the file has again.
files_nameless() {
	case $1:$STATUS:$VALUE in
	*:value:*[!0-9]*) return 0 ;;
	*:owner:value:* | *:group:value:*) ;;
	*) return 0 ;;
	esac
	FOUND=$VALUE
	asked "$1" - || VALUE=''
	case $VALUE in
	'' | [0-9]*) VALUE=$FOUND ;;
	esac
}

# files_ask KEY: the present value of FILE, in STATUS and VALUE, after guard.
files_ask() {
	case $1 in
	*:mode) ! as_found stat -c %a -- "$FILE" || VALUE=$(printf '%04d' "$VALUE") ;;
	*:owner) ! as_found stat -c %u -- "$FILE" || files_name passwd ;;
	*:group) ! as_found stat -c %g -- "$FILE" || files_name group ;;
	*) content_of_file "$FILE" ;;
	esac
}

files_probe() {
	while IFS=$US read -r KEY _ WANTED _; do
		FILE=$ROOT${KEY%%:*}
		if [ "${KEY#*:}" = check ]; then
			recorded "$KEY"
			FILE=$ETC/settings.tsv
		elif guard "$FILE"; then
			files_ask "$KEY"
		else
			STATUS=unreadable VALUE="not looked at, as $REFUSAL"
		fi
		if [ "$WANTED" = - ]; then
			files_undeclared "$KEY"
			files_nameless "$KEY"
		fi
		fact "$KEY" live "$STATUS" "$VALUE" "$FILE"
	done
}

# files_mark PATH: records, before the change, that services must restart.
files_mark() {
	[ -f "$ETC/settings.tsv" ] || return 0
	awk -F '\t' -v path="$1" "$AWK_files_last_write" "$ETC/settings.tsv" || return 0
	read_note "$FILES_CHANGED" || :
	write_record "$FILES_CHANGED" "$BODY${BODY:+
}$1
"
}

# files_accepted KEY NEW: whether the file's check, if any, accepts the new file. It runs
# as the account that controls the file.
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
	quietly as_owner $COMMAND </dev/null && return 0
	complain "files $1: refused by its check; the file is unchanged"
	return 1
}

# files_mode KEY: the declared mode, else the file's, else that for a new file, in MODE:
# the new file is created with it.
files_mode() {
	MODE=0644
	recorded "$1:mode"
	if [ "$STATUS" = value ]; then
		MODE=$VALUE
	elif as_found stat -c '%a %F' -- "$ROOT$1"; then
		case $VALUE in
		*' regular'*) MODE=0${VALUE%% *} ;;
		esac
	fi
}

# files_same_owner FILE NEW: gives the new file the owner and group of the old one. An
# account cannot give files away; in its directory they are its own.
files_same_owner() {
	if [ ! -f "$1" ] || [ -h "$1" ]; then
		return 0
	elif [ -z "$OWNER" ]; then
		# Set the group before its permissions.
		chown --reference="$1" "$2" && chmod "$MODE" "$2"
	else
		as_owner chgrp --reference="$1" "$2" 2>/dev/null || :
	fi
}

# files_put KEY VALUE
files_put() {
	FILE=$ROOT$1
	NEW=$FILE.metaltune-new
	if ! content_found "$2"; then
		complain "files $1: its content is not on this host; run \`pulumi up --refresh\`"
		return 1
	fi
	make_directory "${FILE%/*}" && guarded "$FILE" 'not written' || return 1
	files_mode "$1"
	content "$2" | make_file "$NEW" "$MODE" || return 1
	content_of_file "$NEW"
	case "$2 " in
	"${VALUE%% *} "*) ;;
	*) STATUS=absent ;;
	esac
	if [ "$STATUS" != value ] || ! files_accepted "$1" "$NEW"; then
		as_owner rm -f "$NEW"
		return 1
	fi
	files_same_owner "$FILE" "$NEW" || return 1
	keep_original "$FILE" && files_mark "$1" && guard "$FILE" &&
		as_owner sync "$NEW" && as_owner mv -T "$NEW" "$FILE"
}

# files_keep_edited PATH: copies what others wrote into a file of metaltune's since; its
# revert would lose that.
files_keep_edited() {
	OURS=$(printf '%s\n' "$INSTALLED" | awk -F '\t' -v path="$1" '$1 == "files" && $2 == path { print $4 }')
	[ -n "$OURS" ] && kept "$ROOT$1" && guard "$ROOT$1" || return 0
	content_of_file "$ROOT$1"
	[ "$STATUS" = value ] || return 0
	FOUND=${VALUE%% *}
	[ "$FOUND" != "${OURS%% *}" ] || return 0
	[ -e "$ORIGINAL.absent" ] || content_of_file "$ORIGINAL"
	[ "$FOUND" != "${VALUE%% *}" ] || [ -e "$ORIGINAL.absent" ] || return 0
	as_owner cp -P -p "$ROOT$1" "$ROOT$1.metaltune-edited" || return 1
	complain "files $1: it was edited after metaltune wrote it; that text is kept in $1.metaltune-edited"
}

# Dropped files are restored from their copies, with mode and owner.
files_persist() {
	while IFS=$US read -r KEY ORIGIN _; do
		case $KEY:$ORIGIN in
		*:*:baseline | *:declared) continue ;;
		esac
		files_keep_edited "$KEY" || return 1
		! kept "$ROOT$KEY" || files_mark "$KEY"
		restore_file "$ROOT$KEY" || return 1
		[ ! -e "$ROOT$KEY.metaltune-new" ] || as_owner rm -f "$ROOT$KEY.metaltune-new"
	done
}

# files_own KEY OWNER: only root changes owners, and only where no other account can
# replace the file.
files_own() {
	if [ -z "$OWNER" ]; then
		quietly chown -h "$2" "$FILE"
		return
	fi
	as_found stat -c %u -- "$FILE" && files_name passwd
	[ "$VALUE" = "$2" ] ||
		complain "files $1: expected the owner $VALUE, who controls the directory, got $2; declare that owner, or another place"
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
		# files_persist has restored these.
		*:absent) continue ;;
		esac
		guarded "$FILE" 'not written' || continue
		case $KEY in
		*:check) ;;
		*:mode | *:owner | *:group)
			# Its content could not be written, so this is a different file.
			! as_owner test -h "$FILE" || continue
			case $KEY in
			*:mode) quietly as_owner chmod "$WANTED" "$FILE" || : ;;
			*:owner) files_own "$KEY" "$WANTED" || : ;;
			*:group) quietly as_owner chown -h ":$WANTED" "$FILE" || : ;;
			esac
			;;
		*)
			content_of_file "$FILE"
			[ "$VALUE" = "$WANTED" ] || files_put "$KEY" "$WANTED" || complain "files $KEY: could not be written"
			;;
		esac
	done
}
