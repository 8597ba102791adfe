#!/bin/sh
# Deploys applications: builds a release, replaces the previous one in one step, and
# reverts to it if the new one does not come up. release.sh builds a release, health.sh
# checks it.
#
# Every step can be interrupted: a release is complete once its settings are beside it, a
# rename replaces `current`, and `started` and `healthy` are written after what they
# state.
#
# verbs: deploy release-back
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2153,SC2154

# deploy_put_groups: the groups of the hugetlbfs mounts, known only on the host.
deploy_put_groups() {
	release_value "$1" hugetlbfs
	[ -z "$VALUE" ] || processes_hugetlbfs_groups
	case $VALUE in
	'' | -) deploy_remove_groups ;;
	*)
		write_file "$SERVICE_FILE.d/hugetlbfs.conf" "[Service]
SupplementaryGroups=$VALUE
"
		;;
	esac
}

deploy_remove_groups() {
	[ -d "$SERVICE_FILE.d" ] || return 0
	restore_file "$SERVICE_FILE.d/hugetlbfs.conf"
	rmdir "$SERVICE_FILE.d" 2>/dev/null || :
}

# deploy_activate RELEASE: replaces the running release and starts it.
deploy_activate() {
	release_value "$1" unit
	UNIT_VALUE=$VALUE
	release_link "releases/$1" "$DIRECTORY/current" || return 1
	keep_original "$SERVICE_FILE" && content_put "$SERVICE_FILE" "$UNIT_VALUE" 0644 || return 1
	deploy_put_groups "$1"
	release_put_files "$1" || return 1
	unit_reload
	# Retry a unit that reached its start limit.
	systemctl reset-failed "$SERVICE" >/dev/null 2>&1 || :
	systemctl restart "$SERVICE" >/dev/null 2>&1 || :
	replace_file "$DIRECTORY/started" "$1
"
}

# deploy_go_back RELEASE: reverts from WANTED to the release that worked before.
deploy_go_back() {
	if [ -z "$1" ]; then
		systemctl stop "$SERVICE" || :
		complain "applications $APP: stopped, as no release has worked on this host yet"
		return 0
	fi
	deploy_activate "$1"
	if health_await "$1"; then
		complain "applications $APP: returned to release $1, which is up"
	else
		complain "applications $APP: returned to release $1, but that does not come up either"
		health_explain "$1"
	fi
}

deploy_enable() {
	make_directory "${SERVICE_LINK%/*}"
	[ ! -h "$SERVICE_LINK" ] || return 0
	ln -s "../$SERVICE" "$SERVICE_LINK"
	# systemd's state of a known unit is from before the change.
	unit_reload
}

# deploy_application NAME: after observe. Fails when the application did not come up.
deploy_application() {
	applications_at "$1"
	WANTED=$(release_settings | awk -F '\t' -v key="$APP.release" '$2 == key { print $4 }')
	HEALTHY=$(cat "$DIRECTORY/healthy" 2>/dev/null) || HEALTHY=''
	OWN_BAD=$(printf '%s\n' "$JUDGED" | awk -F '\t' -v app="$APP." "$AWK_applications_wrong")
	OWN=$(release_settings)
	RECORD=$DIRECTORY/releases/$WANTED.settings
	if [ -z "$OWN_BAD" ] && [ "$HEALTHY" = "$WANTED" ] && file_same_text "$RECORD" "$OWN
"; then
		return 0
	fi
	metaltune_begin deploy
	# Parts outside the release itself, such as threads, may have changed.
	[ ! -f "$RECORD" ] || replace_file "$RECORD" "$OWN
"
	release_at current
	[ "$ANNOUNCE" = no ] || printf 'applications %s %s -> %s\n' "$APP" "${RELEASE:-absent}" "$WANTED"
	# Moving threads, or a change for the next boot, interrupts no process.
	if [ "$HEALTHY" != "$WANTED" ] || [ "$OWN_BAD" != "${OWN_BAD#*restart}" ]; then
		if ! release_stage; then
			complain "applications $APP: release $WANTED could not be built; the running release is unchanged"
			return 1
		fi
		if ! deploy_activate "$WANTED"; then
			complain "applications $APP: release $WANTED could not be put in its place"
			[ "$HEALTHY" = "$WANTED" ] || deploy_go_back "$HEALTHY"
			return 1
		fi
	fi
	if health_await "$WANTED"; then
		deploy_enable
		# Only a release that was up is the previous one of a release that is up.
		[ -z "$HEALTHY" ] || [ "$HEALTHY" = "$WANTED" ] || release_link "releases/$HEALTHY" "$DIRECTORY/previous"
		[ "$HEALTHY" = "$WANTED" ] || replace_file "$DIRECTORY/healthy" "$WANTED
"
		release_forget
		return 0
	fi
	health_explain "$WANTED"
	[ "$HEALTHY" = "$WANTED" ] || deploy_go_back "$HEALTHY"
	return 1
}

# deploy_await_start NAME: waits for a unit that is just starting it, with a time limit:
# its state is undetermined meanwhile, which is no reason to start it again.
deploy_await_start() {
	applications_at "$1"
	LOOKS=0
	while [ "$LOOKS" -lt 60 ] && processes_shown && [ "$ACTIVE:$SUB" = activating:start-post ]; do
		LOOKS=$((LOOKS + 1))
		sleep 1
	done
}

# verb_deploy [--quiet]: deploys the applications of the applied settings.
verb_deploy() {
	DEPLOYS=yes
	settings_read
	[ "${1-}" != --quiet ] || ANNOUNCE=no
	lock
	content_keep
	settings_text
	if ! record_holds "$ETC/settings.tsv" "$TEXT"; then
		complain 'expected settings that have been applied to this host, got others; run `pulumi up --refresh`'
		exit 64
	fi
	baseline_load
	DROPPED=''
	SETTINGS=$(printf '%s\n' "$SETTINGS" | awk -F '\t' '$1 == "applications"')
	[ -n "$SETTINGS" ] || return 0
	DEPLOYING=$(printf '%s\n' "$SETTINGS" | cut -f 2 | applications_names)
	for NAME in $DEPLOYING; do
		deploy_await_start "$NAME"
	done
	converge_observe
	FAILED=no
	for NAME in $DEPLOYING; do
		deploy_application "$NAME" || FAILED=yes
		strays_none || FAILED=yes
	done
	originals_close_journal
	[ "$FAILED" = no ] || exit 65
	content_forget
}

# verb_release_back NAME: reverts to the previous release, on the operator's request. The
# declaration stays, so a refresh shows the difference, and a deployment reverts it.
verb_release_back() {
	applications_known "${1-}"
	lock
	release_at current
	LEFT=$RELEASE
	release_at previous
	if [ -z "$RELEASE" ] || [ "$RELEASE" = "$LEFT" ]; then
		complain "applications $APP: there is no previous release on this host"
		exit 65
	fi
	WANTED=$RELEASE
	metaltune_begin release-back
	deploy_activate "$WANTED"
	release_link "releases/$LEFT" "$DIRECTORY/previous"
	if ! health_await "$WANTED"; then
		health_explain "$WANTED"
		originals_close_journal
		exit 65
	fi
	deploy_enable
	replace_file "$DIRECTORY/healthy" "$WANTED
"
	originals_close_journal
	printf 'applications %s %s -> %s\n' "$APP" "$LEFT" "$WANTED"
}
