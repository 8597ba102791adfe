# Shared by every fake command: it acts only inside "$ROOT", and finds the real program of
# its name behind itself on PATH.
# shellcheck shell=sh disable=SC2016

# say TEXT: an error message in the name of the fake.
say() { printf '%s: %s\n' "${0##*/}" "$1" >&2; }

# die STATUS TEXT
die() {
	say "$2"
	exit "$1"
}

# Makes ROOT absolute and free of links, so that a prefix test means "inside".
require_root() {
	[ -n "${ROOT:-}" ] || die 125 'refused: ROOT is empty, this is a fake'
	[ -d "$ROOT" ] || die 125 "refused: ROOT is no directory: $ROOT"
	ROOT=$(cd "$ROOT" && pwd -P)
	[ "$ROOT" != / ] || die 125 'refused: ROOT is the real root directory'
}

# inside PATH: prints it absolute with links resolved, or dies when it is outside the
# tree. Most paths are in a directory that exists, and no program is needed for those.
inside() {
	case $1 in
	*/ | */. | */..) resolved= ;;
	/*) resolved=$(cd "${1%/*}/" 2>/dev/null && pwd -P)/${1##*/} ;;
	*) resolved= ;;
	esac
	if [ -L "$1" ] || [ "$resolved" = "/${1##*/}" ] || [ -z "$resolved" ]; then
		resolved=$(realpath -m -- "$1")
	fi
	case $resolved in
	"$ROOT"/*) printf '%s\n' "$resolved" ;;
	*) die 125 "refused: $1 is outside ROOT ($ROOT)" ;;
	esac
}

# without_root PATH: the path as the host sees it.
without_root() { printf '/%s\n' "${1#"$ROOT"/}"; }

# real NAME ARGUMENT...: executes the program that the fake hides on PATH.
real() {
	own=${0%/*}
	others=
	IFS=:
	for entry in $PATH; do
		# shellcheck disable=SC3013
		[ "$entry" -ef "$own" ] || others=$others:$entry
	done
	unset IFS
	PATH=${others#:}
	export PATH
	exec "$@"
}

# replace FILE TEXT: writes in place, as the kernel changes its own files, including
# read-only ones.
replace() {
	if [ -w "$1" ]; then
		printf '%s\n' "$2" >"$1"
	else
		chmod u+w "$1"
		printf '%s\n' "$2" >"$1"
		chmod u-w "$1"
	fi
}

# edit FILE AWK_ARGUMENT...: edits the file in place with awk.
edit() {
	edited=$1
	shift
	replace "$edited" "$(awk "$@" "$edited")"
}
