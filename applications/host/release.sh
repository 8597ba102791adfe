#!/bin/sh
# Builds a release of an application from the upload and the declaration, and installs its
# files. For deploy.sh.
#
# shellcheck disable=SC2016,SC2030,SC2031,SC2153,SC2154

# The upload directory for artifacts: the start directory of an SFTP session.
UPLOADS=${UPLOADS-${HOME-}}

# release_link TARGET LINK: replaces LINK atomically.
release_link() {
	rm -f "$2.new"
	ln -s "$1" "$2.new" && mv -T "$2.new" "$2"
}

# release_at LINK: the name of the release it points to, in RELEASE.
release_at() {
	RELEASE=$(readlink "$DIRECTORY/$1") || RELEASE=''
	RELEASE=${RELEASE##*/}
}

# release_value RELEASE KEY: the key's value in its settings, in VALUE.
release_value() {
	VALUE=''
	[ ! -f "$DIRECTORY/releases/$1.settings" ] ||
		VALUE=$(awk -F '\t' -v key="$APP.$2" '$2 == key { print $4 }' "$DIRECTORY/releases/$1.settings")
}

# release_settings: the lines of SETTINGS that belong to APP.
release_settings() {
	printf '%s\n' "$SETTINGS" | awk -F '\t' -v app="$APP." '$1 == "applications" && index($2, app) == 1'
}

# release_fetch HEX: copies the uploaded artifact to ARTIFACT, a file of metaltune's.
release_fetch() {
	ARTIFACT=$DIRECTORY/artifacts/$1
	UPLOAD=$UPLOADS/.metaltune-$APP-$1
	if ! content_has_hash "$ARTIFACT" "$1"; then
		guarded "$UPLOAD" 'not taken' || return 1
		if ! as_owner test -f "$UPLOAD" || as_owner test -h "$UPLOAD"; then
			complain "applications $APP: its artifact $1 is neither in /opt/metaltune/$APP nor uploaded to ${UPLOADS#"$ROOT"}; run \`pulumi up --refresh\`, which uploads it again"
			return 1
		fi
		make_directory "${ARTIFACT%/*}" || return 1
		guard "$UPLOAD" || return 1
		as_owner cat "$UPLOAD" | (umask 077 && tee "$ARTIFACT.new" >/dev/null) || return 1
		if ! content_has_hash "$ARTIFACT.new" "$1"; then
			complain "applications $APP: the uploaded artifact has the SHA-256 ${HASH%% *}, expected $1"
			rm -f "$ARTIFACT.new"
			return 1
		fi
		sync "$ARTIFACT.new" || return 1
		mv "$ARTIFACT.new" "$ARTIFACT" || return 1
	fi
	! guard "$UPLOAD" || as_owner rm -f "$UPLOAD"
}

# release_remove_uploads START: deletes uploads that never became a release.
release_remove_uploads() {
	[ -d "$UPLOADS" ] && guard "$UPLOADS/.metaltune-" || return 0
	as_owner find "$UPLOADS" -maxdepth 1 -name ".metaltune-$1*" -exec rm -f {} +
}

# release_unpack ARTIFACT INTO: refuses members that leave the directory, by name or by
# link, and those that are neither file, directory nor link.
release_unpack() {
	NAMES=$(tar -tf "$1") || return 1
	OUTSIDE=$(printf '%s\n' "$NAMES" | grep -E '^/|(^|/)\.\.(/|$)' | head -n 1) || :
	if [ -n "$OUTSIDE" ]; then
		complain "applications $APP: refused: the archive holds $OUTSIDE, which is outside of it"
		return 1
	fi
	quietly tar -xopf "$1" -C "$2" || return 1
	OUTSIDE=$(find "$2" -mindepth 1 ! -type f ! -type d ! -type l -print | head -n 1)
	[ -n "$OUTSIDE" ] || OUTSIDE=$(find "$2" -type l -print | while IFS= read -r LINE; do
		case $(readlink -f "$LINE") in
		"$(readlink -f "$2")"/*) ;;
		*) printf '%s\n' "$LINE" ;;
		esac
	done | head -n 1)
	if [ -n "$OUTSIDE" ]; then
		complain "applications $APP: refused: ${OUTSIDE#"$2"/} in the archive is a device, or a link to something outside of it"
		return 1
	fi
	# Only root may change a release, and none of its files is setuid. A file that only
	# its owner could read in the archive is readable only by the application here.
	find "$2" -mindepth 1 ! -type l ! -perm /077 -exec chmod u=rwX,go= {} +
	find "$2" -mindepth 1 ! -type l -perm /077 -exec chmod u=rwX,go=rX {} +
	release_unit_group
	[ -z "$VALUE" ] || find "$2" -mindepth 1 ! -type l ! -perm /077 -exec chown -h ":$VALUE" {} + -exec chmod g=u,g-w {} +
}

# release_unit_group: the GID that the application WANTED runs as, in VALUE; empty when
# that group is root's or does not exist.
release_unit_group() {
	VALUE=$(release_settings | awk -F '\t' -v key="$APP.unit" '$2 == key { print $4 }')
	VALUE=$(content "$VALUE" | awk -F = -v etc="$ROOT/etc/" "$AWK_applications_unitGroup")
}

# fill_release sha256:HEX KIND EXECUTABLE: the artifact's part of the release.
release_fill() {
	case $1 in
	sha256:*) ;;
	*)
		complain "applications $APP: expected a binary that is built, got '$*'"
		return 1
		;;
	esac
	release_fetch "${1#sha256:}" || return 1
	case $2 in
	archive) release_unpack "$ARTIFACT" "$DIRECTORY/releases/$WANTED" || return 1 ;;
	*)
		make_directory "$(dirname "$DIRECTORY/releases/$WANTED/$3")" || return 1
		quietly cp "$ARTIFACT" "$DIRECTORY/releases/$WANTED/$3" || return 1
		chmod 0755 "$DIRECTORY/releases/$WANTED/$3" || return 1
		;;
	esac
	if [ ! -f "$DIRECTORY/releases/$WANTED/$3" ] || [ ! -x "$DIRECTORY/releases/$WANTED/$3" ]; then
		complain "applications $APP: expected an executable $3 in the archive, found none"
		return 1
	fi
}

# release_files < settings of a release: `path TAB content TAB mode`.
release_files() {
	awk -F '\t' -v OFS='\t' -v files="$APP.files." "$AWK_applications_files"
}

# release_put_inner_files RELEASE < settings: its files inside the release directory.
release_put_inner_files() {
	release_files | while IFS=$TAB read -r PLACE CONTENT_TEXT MODE; do
		[ "${PLACE#/}" != "$PLACE" ] || content_put "$DIRECTORY/releases/$1/$PLACE" "$CONTENT_TEXT" "$MODE" || return 1
	done
}

# release_sums RELEASE < settings: of the artifact's files; settings cover the others.
release_sums() {
	release_files | {
		awk -F '\t' '{ print "own\t./" $1 }'
		(cd "$DIRECTORY/releases/$1" && find . -type f -exec sha256sum {} +) | sort -k 2
	} | awk '/^own\t/ { own[substr($0, 5)]; next } !(substr($0, 67) in own)'
}

# release_stage: builds the release WANTED completely, beside the running one.
release_stage() {
	STAGED=$DIRECTORY/releases/$WANTED
	if [ -f "$STAGED.settings" ]; then
		(cd "$STAGED" && sha256sum -c --status "$STAGED.sums" 2>/dev/null) && return 0
		[ -s "$STAGED.sums" ] || return 0
	fi
	rm -rf "$STAGED" "$STAGED.settings"
	make_directory "${STAGED%/*}" || return 1
	# Private until every file has its permissions.
	mkdir -m 0700 "$STAGED" || return 1
	TEXT=$(release_settings)
	VALUE=$(printf '%s\n' "$TEXT" | awk -F '\t' -v key="$APP.artifact" '$2 == key { print $4 }')
	# shellcheck disable=SC2086
	[ -z "$VALUE" ] || release_fill $VALUE || return 1
	printf '%s\n' "$TEXT" | release_put_inner_files "$WANTED" || return 1
	SUMS=$(printf '%s\n' "$TEXT" | release_sums "$WANTED")
	replace_file "$STAGED.sums" "$SUMS${SUMS:+
}" || return 1
	chmod 0755 "$STAGED" && sync || return 1
	replace_file "$STAGED.settings" "$TEXT
"
}

# release_names: every complete release.
release_names() {
	find "$DIRECTORY/releases" -mindepth 1 -maxdepth 1 -name '*.settings' 2>/dev/null | sed 's|.*/||; s/\.settings$//' | sort
}

# release_outer_files RELEASE...: absolute paths of their files.
release_outer_files() {
	for RELEASE in "$@"; do
		release_files <"$DIRECTORY/releases/$RELEASE.settings" | awk -F '\t' '/^\// { print $1 }'
	done
}

# release_restore_outer_files: restores the originals of all but those on stdin.
release_restore_outer_files() {
	KEPT=$(cat)
	# shellcheck disable=SC2046
	release_outer_files $(release_names) | sort -u | while IFS= read -r PLACE; do
		printf '%s\n' "$KEPT" | grep -qxF -- "$PLACE" || restore_file "$ROOT$PLACE"
	done
}

# release_put_files RELEASE: installs its configuration, and restores files that only
# other releases have.
release_put_files() {
	release_put_inner_files "$1" <"$DIRECTORY/releases/$1.settings" || return 1
	release_files <"$DIRECTORY/releases/$1.settings" | while IFS=$TAB read -r PLACE CONTENT_TEXT MODE; do
		[ "${PLACE#/}" != "$PLACE" ] || continue
		keep_original "$ROOT$PLACE" && content_put "$ROOT$PLACE" "$CONTENT_TEXT" "$MODE" || return 1
	done || return 1
	release_outer_files "$1" | release_restore_outer_files
}

# release_forget: deletes all but the current and the previous release, and artifacts that
# neither of them uses.
release_forget() {
	release_at previous
	KEPT="$WANTED $RELEASE"
	for RELEASE in $(release_names); do
		case " $KEPT " in
		*" $RELEASE "*) continue ;;
		esac
		rm -rf "$DIRECTORY/releases/$RELEASE.settings" "$DIRECTORY/releases/$RELEASE.sums" "$DIRECTORY/releases/$RELEASE"
	done
	[ -d "$DIRECTORY/artifacts" ] || return 0
	USED=''
	for RELEASE in $KEPT; do
		release_value "$RELEASE" artifact
		VALUE=${VALUE#sha256:}
		USED="$USED ${VALUE%% *}"
	done
	find "$DIRECTORY/artifacts" -type f | while IFS= read -r ARTIFACT; do
		case " $USED " in
		*" ${ARTIFACT##*/} "*) ;;
		*) rm -f "$ARTIFACT" ;;
		esac
	done
}
