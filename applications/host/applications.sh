#!/bin/sh
# applications, host half: what releases are there, and what the processes of
# each application have got. See applications.ts; host/deploy.sh deploys.
#
# shellcheck disable=SC2034,SC2153

APPLICATIONS=$ROOT/opt/metaltune
# While a unit's program has just started, its threads are being put in place.
STARTING='its unit is still starting it; look again'
# Keys that are answered without looking at what each thread has got.
OF_NO_PROCESS="^(release|artifact|unit|files\..*|running|health|loadTest)$TAB"

# application NAME: where it is, in APP, DIRECTORY, SERVICE and SERVICE_FILE.
application() {
	APP=$1
	DIRECTORY=$APPLICATIONS/$1
	SERVICE=metaltune-$1.service
	SERVICE_FILE=$ROOT/etc/systemd/system/$SERVICE
	SERVICE_LINK=$ROOT/etc/systemd/system/multi-user.target.wants/$SERVICE
}

# application_names < keys: every application that they speak of.
application_names() {
	awk -F "[.$TAB$US]" '$0 != "" && !seen[$1]++ { print $1 }'
}

# release_at LINK: the name of the release it points to, in RELEASE.
release_at() {
	RELEASE=$(readlink "$DIRECTORY/$1") || RELEASE=''
	RELEASE=${RELEASE##*/}
}

# of_release RELEASE KEY: what its settings say, in VALUE.
of_release() {
	VALUE=''
	[ ! -f "$DIRECTORY/releases/$1.settings" ] ||
		VALUE=$(awk -F '\t' -v key="$APP.$2" '$2 == key { print $4 }' "$DIRECTORY/releases/$1.settings")
}

# running_text: in STATUS and VALUE, `running` when systemd runs the release that
# is current and nobody else runs it, else what is so instead.
running_text() {
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
	stray
	STATUS=value VALUE=$RUNNING${STRAY:+, but process $STRAY runs outside of its unit}
}

# artifact_text: in STATUS and VALUE, what the current release was made of, and
# whether its files still are as they were.
artifact_text() {
	STATUS=absent VALUE=''
	[ -f "$DIRECTORY/releases/$RELEASE.sums" ] || return 0
	STATUS=value
	if CHANGED=$(cd "$DIRECTORY/releases/$RELEASE" && sha256sum -c --quiet "$DIRECTORY/releases/$RELEASE.sums" 2>/dev/null); then
		of_release "$RELEASE" artifact
	else
		CHANGED=${CHANGED%%: *}
		VALUE="modified: ${CHANGED#./}"
	fi
}

# installed_file PATH: where a file of a release is, in FILE.
installed_file() {
	case $1 in
	/*) FILE=$ROOT$1 ;;
	*) FILE=$DIRECTORY/current/$1 ;;
	esac
}

# release_facts < keys (`key TAB value`): of everything but processes.
release_facts() {
	release_at current
	while IFS=$TAB read -r KEY _; do
		FILE=$DIRECTORY/current STATUS=value VALUE=$RELEASE
		case $KEY in
		release) [ -n "$RELEASE" ] || STATUS=absent ;;
		artifact) artifact_text ;;
		unit)
			FILE=$SERVICE_FILE
			! guard "$FILE" || content_of_file "$FILE"
			;;
		files.*:mode)
			KEY=${KEY%:mode}
			installed_file "${KEY#files.}"
			KEY=$KEY:mode
			guard "$FILE" || STATUS=unreadable VALUE="not looked at, as $REFUSAL"
			[ "$STATUS" = unreadable ] || ! as_found stat -c %a -- "$FILE" || VALUE=$(printf '%04d' "$VALUE")
			;;
		files.*)
			installed_file "${KEY#files.}"
			guard "$FILE" || STATUS=unreadable VALUE="not looked at, as $REFUSAL"
			[ "$STATUS" = unreadable ] || content_of_file "$FILE"
			;;
		running)
			FILE="systemctl ($SERVICE)"
			VALUE=not-started
			[ "$ENABLED" != enabled ] || VALUE=running
			fact "$APP.running" boot value "$VALUE" "$FILE"
			running_text
			;;
		*)
			FILE=$ETC/settings.tsv
			recorded "$APP.$KEY"
			;;
		esac
		fact "$APP.$KEY" live "$STATUS" "$VALUE" "$FILE"
	done
}

# no_facts REASON < keys of APP: that they cannot be told now.
no_facts() {
	while IFS=$TAB read -r KEY _; do
		fact "$APP.$KEY" live unreadable "$1" "systemctl ($SERVICE)"
	done
}

# application_facts < keys of APP (`key TAB value`).
application_facts() {
	OWN=$(cat)
	if ! service_shown; then
		fold "${SHOWN:-systemctl: not found}"
		printf '%s\n' "$OWN" | no_facts "$VALUE"
		return 0
	fi
	service_pids
	printf '%s\n' "$OWN" | grep -E "$OF_NO_PROCESS" | release_facts || :
	GOT=$(printf '%s\n' "$OWN" | grep -vE "$OF_NO_PROCESS") || return 0
	if [ "$ACTIVE:$SUB" = activating:start-post ]; then
		printf '%s\n' "$GOT" | no_facts "$STARTING"
		return 0
	fi
	{
		printf '%s\n' "$GOT" | sed "s/^/key$TAB/"
		node_lines
		service_tasks
	} | process_facts
}

# What is dropped while its application is declared needs no answer: it is part
# of the next release. An application that is dropped as a whole must not be
# there at all.
applications_probe() {
	ASKED_KEYS=$(cat)
	executables
	for APP in $(printf '%s\n' "$ASKED_KEYS" | application_names); do
		application "$APP"
		DECLARED=$(printf '%s\n' "$ASKED_KEYS" | awk -F "$US" -v OFS='\t' -v app="$APP." '
			index($1, app) == 1 && $3 != "-" { print substr($1, length(app) + 1), $3 }')
		if [ -n "$DECLARED" ]; then
			printf '%s\n' "$DECLARED" | application_facts
			continue
		fi
		STATUS=absent VALUE=''
		[ ! -e "$DIRECTORY" ] && [ ! -e "$SERVICE_FILE" ] || STATUS=value VALUE=deployed
		printf '%s\n' "$ASKED_KEYS" | while IFS=$US read -r KEY _; do
			[ "${KEY%%.*}" != "$APP" ] || fact "$KEY" live "$STATUS" "$VALUE" "$DIRECTORY"
		done
	done
}

# Only what is dropped comes here: `deploy` does the rest.
applications_write() {
	for APP in $(application_names); do
		application "$APP"
		application_remove || complain "applications $APP: could not be removed"
	done
}
