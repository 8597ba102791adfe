#!/bin/sh
# Contents of files. Settings and facts carry only `sha256:HEX SIZE`, since they end up in
# reports, logs and state. The content travels only to the host, in separate lines, and
# stays in files that only root can read.
#
# prefix: content
#
# Names set here are used by the files assembled after this one.
# shellcheck disable=SC2034,SC2153,SC2154

CONTENTS=$STATE/contents
# Lines `content HEX BASE64` that came with the settings.
GIVEN_CONTENTS=''

# content_take: moves these lines out of SETTINGS.
content_take() {
	case $SETTINGS in
	"content$TAB"* | *"
content$TAB"*) ;;
	*) return 0 ;;
	esac
	GIVEN_CONTENTS=$(printf '%s\n' "$SETTINGS" | grep "^content$TAB")
	SETTINGS=$(printf '%s\n' "$SETTINGS" | grep -v "^content$TAB" || :)
}

# content_keep: keeps the given contents until no settings name them.
content_keep() {
	content_tighten
	[ -n "$GIVEN_CONTENTS" ] || return 0
	printf '%s\n' "$GIVEN_CONTENTS" | while IFS=$TAB read -r _ HEX TEXT_OF_CONTENT; do
		case $HEX in
		*[!0-9a-f]* | '') exit 1 ;;
		esac
		! content_has_hash "$CONTENTS/$HEX" "$HEX" || continue
		make_directory "$CONTENTS" || exit 1
		printf '%s' "$TEXT_OF_CONTENT" | base64 -d | make_file "$CONTENTS/$HEX.new" 0600 || exit 1
		if ! content_has_hash "$CONTENTS/$HEX.new" "$HEX"; then
			rm -f "$CONTENTS/$HEX.new"
			exit 1
		fi
		mv "$CONTENTS/$HEX.new" "$CONTENTS/$HEX"
	done || {
		complain 'the contents of files could not be kept; nothing was changed'
		exit 65
	}
}

# content_forget: deletes contents that no settings on this host name.
content_forget() {
	[ -d "$CONTENTS" ] || return 0
	find "$CONTENTS" -type f | while IFS= read -r FILE; do
		grep -qsF "sha256:${FILE##*/}" "$ETC/settings.tsv" "$STATE/wanted.tsv" "$STATE/provisional.tsv" && continue
		[ ! -d "$ROOT/opt/metaltune" ] || [ -z "$(find "$ROOT/opt/metaltune" -mindepth 3 -maxdepth 3 -name '*.settings' -exec grep -lF "sha256:${FILE##*/}" {} +)" ] || continue
		rm -f "$FILE"
	done
}

# content_has_hash FILE HEX
content_has_hash() {
	[ -f "$1" ] || return 1
	HASH=$(sha256sum "$1")
	[ "${HASH%% *}" = "$2" ]
}

# content_found VALUE: whether the content that a setting names is known. An earlier
# version of this program put it into the setting, `sha256:HEX BASE64`.
content_found() {
	HEX=${1#sha256:}
	[ -f "$CONTENTS/${HEX%% *}" ] && return 0
	case $1 in
	*' '*[!0-9]* | *' 0' | sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855) ;;
	*) return 1 ;;
	esac
}

# content VALUE: the content, after content_found.
content() {
	HEX=${1#sha256:}
	if [ -f "$CONTENTS/${HEX%% *}" ]; then
		cat "$CONTENTS/${HEX%% *}"
	else
		case $1 in
		*' '*[!0-9]*) printf '%s' "${1#* }" | base64 -d ;;
		esac
	fi
}

# content_sizes < lines with such values: converts those of an earlier version. There,
# `sha256:HEX` alone was an empty content, or one larger than a setting may be.
content_sizes() {
	awk -F '\t' -v OFS='\t' "$AWK_sizes"
}

# content_of_file FILE: `sha256:HEX SIZE` in STATUS and VALUE, as of read_file. `guard`
# must have checked FILE. A link is not followed: it differs from the declaration, and may
# lead to a file that its owner cannot read.
content_of_file() {
	as_found stat -c '%s %F' -- "$1" || return 0
	SIZE=${VALUE%% *}
	case $VALUE in
	*' regular'*) ;;
	*'symbolic link')
		VALUE='a symbolic link'
		return 0
		;;
	*)
		STATUS=unreadable VALUE="it is no file but a ${VALUE#* }"
		return 0
		;;
	esac
	if [ "$SIZE" -gt "$OWNED_BYTES" ]; then
		VALUE="larger than $OWNED_BYTES bytes: $SIZE"
		return 0
	fi
	as_found sha256sum -- "$1" || return 0
	VALUE="sha256:${VALUE%% *} $SIZE"
}

# content_put FILE VALUE MODE: writes a new file, then renames it over FILE.
content_put() {
	if ! content_found "$2"; then
		complain "${1#"$ROOT"}: its content is not on this host; run \`pulumi up --refresh\`"
		return 1
	fi
	make_directory "${1%/*}" && guarded "$1" 'not written' || return 1
	content "$2" | make_file "$1.metaltune-new" "$3" || return 1
	as_owner mv -T "$1.metaltune-new" "$1"
}

# content_tighten: restricts files that an earlier version of this program left readable.
content_tighten() {
	for PRIVATE in "$STATE" "$ETC"; do
		[ -d "$PRIVATE" ] || continue
		[ "$(stat -c %a "$PRIVATE")" != 700 ] || continue
		chmod 0700 "$PRIVATE"
		find "$PRIVATE" -type f -perm /077 ! -path "$STATE/files/*" -exec chmod go= {} +
	done
	[ ! -d "$ROOT/opt/metaltune" ] || find "$ROOT/opt/metaltune" -mindepth 2 -maxdepth 3 -perm /077 \
		\( -type f \( -name '*.settings' -o -name '*.sums' \) -o -type d -name artifacts \) -exec chmod go= {} +
}
