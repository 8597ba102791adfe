#!/bin/sh
# users, host half: shadow-utils. See index.ts.
#
# hooks: probe write persist may_cut_login

# Keys that may cut the login; see host/rollback.sh.
# shellcheck disable=SC2034,SC2154
users_may_cut_login=.

USERS_FILES='passwd shadow group gshadow subuid subgid'

users_probe() {
	MERGED=''
	[ ! -h "$ROOT/bin" ] || MERGED=yes
	awk -F "$US" -v etc="$ROOT/etc/" -v merged="$MERGED" "$AWK_users_live"
}

# users_has DATABASE NAME: whether passwd or group has an entry of this name.
users_has() {
	awk -F : -v name="$2" '$1 == name { found = 1 } END { exit !found }' "$ROOT/etc/$1"
}

# users_without_ours FILE KIND: a file's lines without metaltune's own changes: accounts
# and groups that it added, and declared memberships, shells and home directories.
users_without_ours() {
	printf '%s\n' "$BASELINE" | awk -F '\t' -v file="$1" -v kind="$2" "$AWK_users_others_lines"
}

# users_only_ours: whether only metaltune has changed accounts since its first change.
users_only_ours() {
	for FILE in $USERS_FILES; do
		ORIGINAL=$STATE/files/etc/$FILE
		if [ -e "$ORIGINAL" ]; then
			BEFORE=$(users_without_ours "$ORIGINAL" "$FILE")
		elif [ -e "$ORIGINAL.absent" ]; then
			BEFORE=''
		else
			continue
		fi
		[ "$(users_without_ours "$ROOT/etc/$FILE" "$FILE")" = "$BEFORE" ] || return 1
	done
}

# users_home NAME DIRECTORY: sets the owner of a home directory that metaltune created.
users_home() {
	GUARDED=''
	if [ -d "$ROOT$2" ] && [ ! -h "$ROOT$2" ] && guard "$ROOT$2" && [ -z "$OWNER" ] && users_has passwd "$1" && grep -qxF -- "$2" "$STATE/directories"; then
		chmod 0750 "$ROOT$2"
		chown -h "$1:" "$ROOT$2"
	fi
}

users_persist() {
	DECLARED=''
	while IFS=$US read -r KEY ORIGIN _ WANTED _; do
		[ "$ORIGIN" = declared ] || continue
		DECLARED=yes NAME=${KEY#user.}
		case $KEY in
		user.*.home) users_home "${NAME%%.*}" "$WANTED" || complain "users $KEY: could not be removed" ;;
		esac
	done
	if [ -n "$DECLARED" ] || ! users_only_ours; then
		return 0
	fi
	for FILE in $USERS_FILES; do
		restore_file "$ROOT/etc/$FILE" && restore_file "$ROOT/etc/$FILE-" || return 1
	done
}

# users_add NAME: with every aspect in ROWS.
users_add() {
	NAME=$1 NEW_HOME=''
	set -- -M
	while IFS=$US read -r ASPECT STATUS VALUE; do
		case $ASPECT:$STATUS:$VALUE in
		"user.$NAME.uid:value:"*) set -- "$@" -u "$VALUE" ;;
		"user.$NAME.shell:value:"*) set -- "$@" -s "$VALUE" ;;
		"user.$NAME.system:value:yes") set -- "$@" -r ;;
		"user.$NAME.home:value:"*)
			set -- "$@" -d "$VALUE"
			NEW_HOME=$VALUE
			;;
		esac
	done <<-END
		$ROWS
	END
	if users_has group "$NAME"; then
		set -- "$@" -g "$NAME"
	else
		set -- "$@" -U
	fi
	if [ -n "$NEW_HOME" ]; then
		roots "$ROOT$NEW_HOME" 'not made' && make_directory "$ROOT$NEW_HOME" || return 1
	fi
	quietly useradd "$@" "$NAME" || return 1
	[ -z "$NEW_HOME" ] || users_home "$NAME" "$NEW_HOME"
}

# users_set KEY STATUS VALUE: one aspect of an existing account.
users_set() {
	NAME=${1#user.}
	NAME=${NAME%%.*}
	users_has passwd "$NAME" || return 0
	users_probe_one "$1" "$3"
	[ "$VALUE" != "$3" ] || return 0
	case $1:$2 in
	*.groups.*:value) quietly usermod -a -G "${1##*.}" "$NAME" || : ;;
	*.groups.*:absent) quietly gpasswd -d "$NAME" "${1##*.}" || : ;;
	*.shell:value) quietly usermod -s "$3" "$NAME" || : ;;
	*.home:value) quietly usermod -d "$3" "$NAME" || : ;;
	*.uid:value | *.system:value)
		complain "users $1: is $VALUE; the number of an account that is there is never changed, as its files would not follow"
		;;
	esac
}

# users_probe_one KEY WANTED: its present value, in VALUE.
users_probe_one() {
	VALUE=$(printf '%s\n' "$1$US$US$2" | users_probe | cut -f 6)
}

# users_group KEY VALUE
users_group() {
	NAME=${1#group.}
	NAME=${NAME%.gid}
	if users_has group "$NAME"; then
		users_probe_one "$1" "$2"
		[ "$VALUE" = "$2" ] || complain "users $1: is $VALUE; the number of a group that is there is never changed, as its files would not follow"
	elif [ "$2" = present ]; then
		quietly groupadd "$NAME" || :
	else
		quietly groupadd -g "$2" "$NAME" || :
	fi
}

# users_delete KEY: an account or group that metaltune added.
users_delete() {
	NAME=${1#*.}
	case $1 in
	user.*) ! users_has passwd "$NAME" || quietly userdel "$NAME" || : ;;
	group.*)
		NAME=${NAME%.gid}
		! users_has group "$NAME" || quietly groupdel "$NAME" || :
		;;
	esac
}

# users_pass NUMBER: one of five ordered passes: add groups, add accounts, set aspects,
# delete accounts, delete groups.
users_pass() {
	printf '%s\n' "$ROWS" | while IFS=$US read -r KEY STATUS WANTED; do
		case $1:$KEY:$STATUS in
		1:group.*:value) users_group "$KEY" "$WANTED" ;;
		2:user.*.*:*) ;;
		2:user.*:value) users_has passwd "${KEY#user.}" || users_add "${KEY#user.}" || complain "users $KEY: could not be added" ;;
		3:user.*.*:*) users_set "$KEY" "$STATUS" "$WANTED" ;;
		4:user.*.*:*) ;;
		4:user.*:absent | 5:group.*:absent) users_delete "$KEY" ;;
		esac
	done
}

users_write() {
	ROWS=$(cat)
	for FILE in $USERS_FILES; do
		keep_original "$ROOT/etc/$FILE" && keep_original "$ROOT/etc/$FILE-" || return 1
	done
	for PASS in 1 2 3 4 5; do
		users_pass "$PASS"
	done
}
