# What every fake command shares: it acts inside "$ROOT" or not at all, and
# finds the real program of its own name behind itself on PATH.
# shellcheck shell=sh disable=SC2016

# say TEXT: an error in the fake's own name.
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

# inside PATH: prints it absolute with links resolved, or dies when it leaves
# the tree.
inside() {
	resolved=$(realpath -m -- "$1")
	case $resolved in
	"$ROOT"/*) printf '%s\n' "$resolved" ;;
	*) die 125 "refused: $1 is outside ROOT ($ROOT)" ;;
	esac
}

# without_root PATH: the path as the host sees it.
without_root() { printf '/%s\n' "${1#"$ROOT"/}"; }

# real NAME ARGUMENT...: becomes the program that the fake stands in front of.
real() {
	own=$(cd "$(dirname "$0")" && pwd -P)
	others=$(printf '%s' "$PATH" | tr ':' '\n' | while read -r entry; do
		[ "$(cd "$entry" 2>/dev/null && pwd -P)" = "$own" ] ||
			printf ':%s' "$entry"
	done)
	PATH=${others#:}
	export PATH
	exec "$@"
}

# replace FILE TEXT: writes in place, as the kernel changes its own files, the
# read-only ones too.
replace() {
	if [ -w "$1" ]; then
		printf '%s\n' "$2" >"$1"
	else
		chmod u+w "$1"
		printf '%s\n' "$2" >"$1"
		chmod u-w "$1"
	fi
}

# edit FILE AWK_ARGUMENT...: the file through awk, in place.
edit() {
	edited=$1
	shift
	replace "$edited" "$(awk "$@" "$edited")"
}
