#!/bin/sh
# applications, host half: the present releases, and the CPUs, memory and limits of each
# application's processes. See applicationSettings.ts; host/deploy.sh deploys.
#
# shellcheck disable=SC2034,SC2153

APPLICATIONS=$ROOT/opt/metaltune
# Just after a unit's program starts, its threads are still being moved.
STARTING='its unit is still starting it; look again'
# Keys whose facts need no look at each thread.
OF_NO_PROCESS="^(release|artifact|unit|files\..*|running|health|loadTest)$TAB"

# applications_at NAME: its paths, in APP, DIRECTORY, SERVICE and SERVICE_FILE.
applications_at() {
	APP=$1
	DIRECTORY=$APPLICATIONS/$1
	SERVICE=metaltune-$1.service
	SERVICE_FILE=$ROOT/etc/systemd/system/$SERVICE
	SERVICE_LINK=$ROOT/etc/systemd/system/multi-user.target.wants/$SERVICE
}

# applications_names < keys: every application that they name.
applications_names() {
	awk -F "[.$TAB$US]" '$0 != "" && !seen[$1]++ { print $1 }'
}

# applications_known NAME: exits unless this host has that application.
applications_known() {
	case ${1-} in
	'' | *[!a-z0-9-]*) ;;
	*)
		applications_at "$1"
		[ ! -h "$DIRECTORY/current" ] || return 0
		;;
	esac
	complain "expected an application of this host, got '${1-}'; there are: $(find "$APPLICATIONS" -mindepth 1 -maxdepth 1 2>/dev/null | sed 's|.*/||' | sort | tr '\n' ' ')"
	exit 64
}

# applications_running: in STATUS and VALUE, `running` when systemd runs the current
# release and no process runs it outside the unit, else the actual state.
applications_running() {
	case $ACTIVE:$SUB in
	active:*)
		RUNNING=running
		release_at current
		[ "$(cat "$DIRECTORY/started" 2>/dev/null)" = "$RELEASE" ] || RUNNING='running since before the last change'
		;;
	activating:start-post)
		STATUS=unreadable VALUE=$STARTING
		return 0
		;;
	activating:*) RUNNING="$ACTIVE ($SUB)" ;;
	*) RUNNING=$ACTIVE ;;
	esac
	strays_find
	STATUS=value VALUE=$RUNNING${STRAY:+, but process $STRAY runs outside of its unit}
}

# applications_artifact: in STATUS and VALUE, the artifact of the current release, and
# whether its files are unchanged.
applications_artifact() {
	STATUS=absent VALUE=''
	[ -f "$DIRECTORY/releases/$RELEASE.sums" ] || return 0
	STATUS=value
	if CHANGED=$(cd "$DIRECTORY/releases/$RELEASE" && sha256sum -c --quiet "$DIRECTORY/releases/$RELEASE.sums" 2>/dev/null); then
		release_value "$RELEASE" artifact
	else
		CHANGED=${CHANGED%%: *}
		VALUE="modified: ${CHANGED#./}"
	fi
}

# applications_file PATH: the location of a release's file, in FILE.
applications_file() {
	case $1 in
	/*) FILE=$ROOT$1 ;;
	*) FILE=$DIRECTORY/current/$1 ;;
	esac
}

# applications_release_facts < keys (`key TAB value`): of all keys but those about
# processes.
applications_release_facts() {
	release_at current
	while IFS=$TAB read -r KEY _; do
		FILE=$DIRECTORY/current STATUS=value VALUE=$RELEASE
		case $KEY in
		release) [ -n "$RELEASE" ] || STATUS=absent ;;
		artifact) applications_artifact ;;
		unit)
			FILE=$SERVICE_FILE
			! guard "$FILE" || content_of_file "$FILE"
			;;
		files.*:mode)
			KEY=${KEY%:mode}
			applications_file "${KEY#files.}"
			KEY=$KEY:mode
			guard "$FILE" || STATUS=unreadable VALUE="not looked at, as $REFUSAL"
			[ "$STATUS" = unreadable ] || ! as_found stat -c %a -- "$FILE" || VALUE=$(printf '%04d' "$VALUE")
			;;
		files.*)
			applications_file "${KEY#files.}"
			guard "$FILE" || STATUS=unreadable VALUE="not looked at, as $REFUSAL"
			[ "$STATUS" = unreadable ] || content_of_file "$FILE"
			;;
		running)
			FILE="systemctl ($SERVICE)"
			VALUE=not-started
			[ "$ENABLED" != enabled ] || VALUE=running
			fact "$APP.running" boot value "$VALUE" "$FILE"
			applications_running
			;;
		*)
			FILE=$ETC/settings.tsv
			recorded "$APP.$KEY"
			;;
		esac
		fact "$APP.$KEY" live "$STATUS" "$VALUE" "$FILE"
	done
}

# applications_no_facts REASON < keys of APP: facts that they are unreadable now.
applications_no_facts() {
	while IFS=$TAB read -r KEY _; do
		fact "$APP.$KEY" live unreadable "$1" "systemctl ($SERVICE)"
	done
}

# applications_facts < keys of APP (`key TAB value`).
applications_facts() {
	OWN=$(cat)
	if ! processes_shown; then
		fold "${SHOWN:-systemctl: not found}"
		printf '%s\n' "$OWN" | applications_no_facts "$VALUE"
		return 0
	fi
	processes_pids
	printf '%s\n' "$OWN" | grep -E "$OF_NO_PROCESS" | applications_release_facts || :
	GOT=$(printf '%s\n' "$OWN" | grep -vE "$OF_NO_PROCESS") || return 0
	if [ "$ACTIVE:$SUB" = activating:start-post ]; then
		printf '%s\n' "$GOT" | applications_no_facts "$STARTING"
		return 0
	fi
	{
		printf '%s\n' "$GOT" | sed "s/^/key$TAB/"
		processes_nodes
		processes_tasks
	} | processes_facts
}

# A dropped key of a declared application needs no fact: the next release omits it. A
# dropped application must be absent.
applications_probe() {
	ASKED_KEYS=$(cat)
	strays_executables
	for APP in $(printf '%s\n' "$ASKED_KEYS" | applications_names); do
		applications_at "$APP"
		DECLARED=$(printf '%s\n' "$ASKED_KEYS" | awk -F "$US" -v OFS='\t' -v app="$APP." 'index($1, app) == 1 && $3 != "-" { print substr($1, length(app) + 1), $3 }')
		if [ -n "$DECLARED" ]; then
			printf '%s\n' "$DECLARED" | applications_facts
			continue
		fi
		STATUS=absent VALUE=''
		[ ! -e "$DIRECTORY" ] && [ ! -e "$SERVICE_FILE" ] || STATUS=value VALUE=deployed
		printf '%s\n' "$ASKED_KEYS" | while IFS=$US read -r KEY _; do
			[ "${KEY%%.*}" != "$APP" ] || fact "$KEY" live "$STATUS" "$VALUE" "$DIRECTORY"
		done
	done
}

# applications_remove: removes all of APP; files that it replaced are restored.
applications_remove() {
	# It may run although its unit's file has been deleted.
	systemctl stop "$SERVICE" 2>/dev/null || [ ! -e "$SERVICE_FILE" ] || return 1
	printf '' | release_restore_outer_files
	rm -f "$SERVICE_LINK"
	deploy_remove_groups
	restore_file "$SERVICE_FILE"
	unit_reload
	rm -rf "$DIRECTORY"
	release_remove_uploads "$APP-"
}

# Handles only dropped keys: `deploy` does the rest.
applications_write() {
	for APP in $(applications_names); do
		applications_at "$APP"
		applications_remove || complain "applications $APP: could not be removed"
	done
}
