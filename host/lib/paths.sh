#!/bin/sh
# Which paths root may write to by itself. In a directory that an account controls, that
# account can replace the path that root writes or reads with a link. Root never acts
# there: the account does, with its own rights.
#
# prefix: guard
# for tunables: guarded roots as_owner as_found
#
# Names set here are used by the files assembled after this one.
# shellcheck disable=SC2034,SC2153,SC2154

# The largest file that an account reads or copies for root.
OWNED_BYTES=16777216
OWNER='' SELF=''
GUARDED=''

# guard PATH: checks every directory above PATH, and follows links as the kernel does.
# OWNER is empty where only root controls all of them, else the UID of the account that
# controls one. Fails with REFUSAL where several accounts do.
guard() {
	OWNER='' REFUSAL=''
	case $1/ in
	"$STATE"/* | "$ETC"/*) return 0 ;;
	*//* | */./* | */../*)
		REFUSAL="its path has //, . or .. in it; write it without"
		return 1
		;;
	esac
	guard_self
	# An ordinary user has no rights that another account could abuse.
	[ "$SELF" = 0 ] || return 0
	if [ "${1%/*}" != "$GUARDED" ]; then
		GUARDED=''
		guard_directories "$1"
		GUARDED=${1%/*} GUARDED_OWNER=$OWNER GUARDED_REFUSAL=$REFUSAL
	fi
	OWNER=$GUARDED_OWNER REFUSAL=$GUARDED_REFUSAL
	[ -z "$REFUSAL" ]
}

# guard_self: the UID of this process, in SELF.
guard_self() {
	SELF=${SELF:-$(id -u)}
}

# guard_directories PATH: OWNER and REFUSAL, as above. Stops at a missing directory: it
# will be created in a checked one. One process looks at all of them where none is a link.
guard_directories() {
	HERE=$ROOT REST=${1#"$ROOT"/}
	set -- "$1"
	while :; do
		case $REST in
		*/*) HERE=$HERE/${REST%%/*} REST=${REST#*/} ;;
		*) break ;;
		esac
		set -- "$@" "$HERE"
	done
	[ "$#" -gt 1 ] || return 0
	REST=$1
	shift
	LOOKS=$(stat -c '%u %g %a %F' -- "$@" 2>/dev/null) || :
	case $LOOKS in
	*'symbolic link'*)
		guard_links "$REST"
		return
		;;
	esac
	while IFS= read -r LOOK && [ -n "$LOOK" ] && [ -z "$REFUSAL" ]; do
		HERE=$1
		shift
		# shellcheck disable=SC2086
		guard_directory $LOOK
	done <<END
$LOOKS
END
}

# guard_links PATH: as guard_directories, one directory after the other, through links.
guard_links() {
	HERE=$ROOT REST=${1#"$ROOT"/} LINKS=0
	while [ -z "$REFUSAL" ]; do
		case $REST in
		*/*) ;;
		*) break ;;
		esac
		PART=${REST%%/*} REST=${REST#*/}
		case $PART in
		'' | .) continue ;;
		..)
			HERE=${HERE%/*}
			continue
			;;
		esac
		LOOK=$(stat -c '%u %g %a %F' -- "$HERE/$PART" 2>/dev/null) || break
		case $LOOK in
		*'symbolic link')
			LINKS=$((LINKS + 1))
			[ "$LINKS" -le 40 ] || REFUSAL='its path has too many links in it'
			TARGET=$(readlink -- "$HERE/$PART") || break
			case $TARGET in
			/*) HERE='' ;;
			esac
			REST=${TARGET#/}/$REST
			;;
		*)
			HERE=$HERE/$PART
			# shellcheck disable=SC2086
			guard_directory $LOOK
			;;
		esac
	done
}

# guard_directory UID GID MODE...: of the directory HERE.
guard_directory() {
	case $3 in
	*[2367])
		REFUSAL="every account can write to ${HERE#"$ROOT"}; let only root, or one account, write there, or choose another place"
		return 0
		;;
	esac
	if [ "$1" = 0 ]; then
		case $2:$OWNER:$3 in
		0:* | *:?*:*) ;;
		*[2367]?) REFUSAL="the group $2 can write to ${HERE#"$ROOT"}; let only root, or one account, write there, or choose another place" ;;
		esac
	elif [ -z "$OWNER" ]; then
		OWNER=$1
	elif [ "$OWNER" != "$1" ]; then
		REFUSAL="the accounts $OWNER and $1 both control directories above it; let only one of them, or choose another place"
	fi
}

# guarded PATH WHAT: as guard, and reports why WHAT is refused.
guarded() {
	guard "$1" && return 0
	complain "${1#"$ROOT"}: $2, as $REFUSAL"
	return 1
}

# roots PATH WHAT: as guarded, for actions that only root may do.
roots() {
	guarded "$1" "$2" || return 1
	[ -n "$OWNER" ] || return 0
	complain "${1#"$ROOT"}: $2, as the account $OWNER controls a directory above it; let only root write there, or choose another place"
	return 1
}

# as_owner COMMAND...: runs as the account that `guard` found, or as root. An account's
# command gets no standard input, and has a time limit.
as_owner() {
	if [ -z "$OWNER" ]; then
		"$@"
	else
		guard_command "$@" </dev/null
	fi
}

# guard_as_owner_fed COMMAND...: the same, with the caller's standard input.
guard_as_owner_fed() {
	if [ -z "$OWNER" ]; then
		"$@"
	else
		guard_command "$@"
	fi
}

guard_command() {
	OWNER_GROUPS=$(awk -F : -v uid="$OWNER" -v passwd="$ROOT/etc/passwd" -v group="$ROOT/etc/group" "$AWK_account_groups" </dev/null)
	timeout 60 setpriv --reuid="$OWNER" --regid="${OWNER_GROUPS% *}" --groups="${OWNER_GROUPS#* }" --no-new-privs -- "$@" 9<&-
}

# as_found COMMAND...: its answer in STATUS and VALUE, as of read_file, run as the account
# that `guard` found.
as_found() {
	STATUS=value
	VALUE=$(as_owner "$@" 2>&1) && return 0
	VALUE=${VALUE##*: } STATUS=unreadable
	case $VALUE in
	'No such file or directory' | 'Not a directory') STATUS=absent VALUE='' ;;
	esac
	return 1
}
