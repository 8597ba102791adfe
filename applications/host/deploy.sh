#!/bin/sh
# Deploys applications: a release is put together, takes the place of the one
# before it in one step, and goes back when it does not come up. What a release
# is made of is in release.sh, how its processes are judged in processes.sh.
#
# Every step can be cut short: a release counts once its settings are beside
# it, `current` is replaced by a rename, `started` and `healthy` are written
# after what they say is true.
#
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2153,SC2154

# How long a release without a health check may take to come up.
SETTLE_SECONDS=30

# put_groups: the groups of the hugetlbfs mounts, which only the host knows.
put_groups() {
	of_release "$1" hugetlbfs
	[ -z "$VALUE" ] || hugetlbfs_groups
	case $VALUE in
	'' | -) remove_groups ;;
	*)
		write_file "$SERVICE_FILE.d/hugetlbfs.conf" "[Service]
SupplementaryGroups=$VALUE
"
		;;
	esac
}

remove_groups() {
	[ -d "$SERVICE_FILE.d" ] || return 0
	restore_file "$SERVICE_FILE.d/hugetlbfs.conf"
	rmdir "$SERVICE_FILE.d" 2>/dev/null || :
}

# activate RELEASE: it takes the place of what runs, and is started.
activate() {
	of_release "$1" unit
	UNIT_VALUE=$VALUE
	link_to "releases/$1" "$DIRECTORY/current" || return 1
	keep_original "$SERVICE_FILE" && put_content "$SERVICE_FILE" "$UNIT_VALUE" 0644 || return 1
	put_groups "$1"
	put_files "$1" || return 1
	reload_units
	# One that gave up is given another try.
	systemctl reset-failed "$SERVICE" >/dev/null 2>&1 || :
	systemctl restart "$SERVICE" >/dev/null 2>&1 || :
	replace_file "$DIRECTORY/started" "$1
"
}

# thread_moves < settings of a release: `thread aspect value`, US between, of
# threads that are not where their group belongs, and `- name` of groups without
# any thread.
thread_moves() {
	{
		awk -F '\t' -v app="$APP." 'index($2, app "threads.") == 1 { print "key\t" substr($2, length(app) + 1) "\t" $4 }'
		service_tasks
	} | awk -F '\t' -v us="$US" "$THREAD_AWK"'
		function belongs(aspect, got,    p) {
			p = group_of(comm, aspect)
			if (p == "") return
			found[p]
			if (got != wanted["threads." p "." aspect]) print tid us aspect us wanted["threads." p "." aspect]
		}
		$1 == "key" { ask_for($2, $3); next }
		read_thread($2) { belongs("cpus", cpus); belongs("scheduler", scheduler) }
		END { for (p in pattern) if (!(p in found)) print "-" us p us }'
}

# group_threads: moves the threads that have a group of their own. MOVED says
# whether there was anything to do, or something to wait for.
group_threads() {
	MOVED=''
	release_at current
	RECORD=$DIRECTORY/releases/$RELEASE.settings
	grep -qF "$TAB$APP.threads." "$RECORD" 2>/dev/null || return 0
	service_shown && service_pids
	MOVED=$(thread_moves <"$RECORD")
	[ -z "$MOVED" ] || printf '%s\n' "$MOVED" | while IFS=$US read -r THREAD ASPECT VALUE; do
		case $THREAD:$ASPECT:$VALUE in
		-:*) ;;
		*:cpus:*) quietly taskset -pc "$VALUE" "$THREAD" || : ;;
		*' '*) quietly chrt "--${VALUE% *}" -p "${VALUE#* }" "$THREAD" || : ;;
		*) quietly chrt "--$VALUE" -p 0 "$THREAD" || : ;;
		esac
	done
}

# listens PORT: whether a socket listens there, by the kernel's own table.
listens() {
	PORT=$(printf ':%04X' "$1")
	for LINE in tcp tcp6; do
		[ -f "$ROOT/proc/net/$LINE" ] || continue
		awk -v port="$PORT" '$4 == "0A" && substr($2, length($2) - 4) == port { found = 1 } END { exit !found }' "$ROOT/proc/net/$LINE" && return 0
	done
	return 1
}

# passes CHECK WORDS...: whether the health check does; WHY when it does not.
passes() {
	WHY=''
	case ${1-} in
	'') ;;
	tcp)
		WHY="nobody listens on port $2"
		listens "$2" || return 1
		;;
	http)
		WHY="curl, which asks for $3, is not installed"
		command -v curl >/dev/null || return 1
		GOT=$(curl -s -o /dev/null --max-time 5 -w '%{http_code}' "$3") || :
		WHY="$3 answered $GOT, expected $2"
		[ "$GOT" = "$2" ] || return 1
		;;
	command)
		shift
		WHY=$(cd "$DIRECTORY/current" && timeout 10 "$@" 2>&1 </dev/null) && return 0
		WHY="$* failed${WHY:+: $WHY}"
		return 1
		;;
	esac
}

# judged_release RELEASE: what its own settings make of what runs: the lines of
# compare that are not right, in BAD_KEYS. The next boot is not its matter, nor
# is a process beside its unit, which no other release would end.
judged_release() {
	BAD_KEYS=$(
		{
			sed "s/^/setting$TAB/" "$DIRECTORY/releases/$1.settings"
			facts_of <"$DIRECTORY/releases/$1.settings"
		} | compare | awk -F '\t' '$2 !~ /\.(health|loadTest)$/ && $8 !~ /^running, but process / && ($4 == "bad" || $4 == "unreadable")'
	)
}

# uptime_now: seconds since the boot, in UPTIME. The time of day may be set, also
# by hours, while a host synchronises its clock.
uptime_now() {
	read_file "$ROOT/proc/uptime"
	UPTIME=${VALUE%%.*}
	UPTIME=${UPTIME:-0}
}

# await RELEASE: until all of it is right and its check passes, twice with the
# same process, as a program that crashes is up between two crashes.
await() {
	of_release "$1" health
	CHECK='' TIMEOUT=$SETTLE_SECONDS
	[ -z "$VALUE" ] || CHECK=${VALUE#* } TIMEOUT=${VALUE%% *}
	uptime_now
	END=$((UPTIME + TIMEOUT))
	SAME='' LOOKS=0
	while :; do
		group_threads
		judged_release "$1"
		service_shown || ACTIVE='' MAIN_PID=''
		WHY=''
		# shellcheck disable=SC2086
		if [ -z "$BAD_KEYS" ] && passes $CHECK; then
			[ "$SAME" != "$MAIN_PID" ] || return 0
			# The first look that is good is followed by another one, however late.
			if [ -z "$SAME" ]; then
				SAME=$MAIN_PID
				sleep 1
				continue
			fi
			WHY='it was started again by itself'
		fi
		SAME=''
		[ "$ACTIVE" != failed ] || return 1
		uptime_now
		[ "$UPTIME" -le "$END" ] || return 1
		# As many seconds have passed at least, where uptime stands still.
		[ "$LOOKS" -le "$TIMEOUT" ] || return 1
		LOOKS=$((LOOKS + 1))
		sleep 1
	done
}

# explain_failure RELEASE: why it is not up, and what it said last, in bounds
# and without anything that a terminal would obey.
explain_failure() {
	complain "applications $APP: release $1 did not come up within $TIMEOUT s${WHY:+: $(printf '%s' "$WHY" | head -c 500)}"
	[ -z "$BAD_KEYS" ] || printf '%s\n' "$BAD_KEYS" | table >&2
	printf 'last lines of %s:\n' "$SERVICE" >&2
	journalctl -u "$SERVICE" -n 20 --no-pager -o cat 2>&1 | tail -c 4000 | inert 16000 | sed 's/^/  /' >&2
}

# go_back RELEASE: to the one that worked before WANTED.
go_back() {
	if [ -z "$1" ]; then
		systemctl stop "$SERVICE" || :
		complain "applications $APP: stopped, as no release has worked on this host yet"
		return 0
	fi
	activate "$1"
	if await "$1"; then
		complain "applications $APP: back to release $1, which is up"
	else
		complain "applications $APP: back to release $1, but that does not come up either"
		explain_failure "$1"
	fi
}

enable_service() {
	make_directory "${SERVICE_LINK%/*}"
	[ ! -h "$SERVICE_LINK" ] || return 0
	ln -s "../$SERVICE" "$SERVICE_LINK"
	# What it says of a unit that it knows is from before.
	reload_units
}

# forget_releases: all but the current and the previous one, and artifacts that
# neither of them is made of.
forget_releases() {
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
		of_release "$RELEASE" artifact
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

# deploy_application NAME: after observe. Fails when it did not come up.
deploy_application() {
	application "$1"
	WANTED=$(own_settings | awk -F '\t' -v key="$APP.release" '$2 == key { print $4 }')
	HEALTHY=$(cat "$DIRECTORY/healthy" 2>/dev/null) || HEALTHY=''
	OWN_BAD=$(printf '%s\n' "$JUDGED" | awk -F '\t' -v app="$APP." '
		index($2, app) == 1 && $8 !~ /^running, but process / && ($4 == "bad" || $4 == "unreadable" || $5 == "bad") { print ($4 == "ok" || $2 ~ /\.threads\./ ? "beside" : "restart") }')
	OWN=$(own_settings)
	RECORD=$DIRECTORY/releases/$WANTED.settings
	if [ -z "$OWN_BAD" ] && [ "$HEALTHY" = "$WANTED" ] && same_text "$RECORD" "$OWN
"; then
		return 0
	fi
	begin deploy
	# What is no part of the release itself, such as its threads, may be new.
	[ ! -f "$RECORD" ] || replace_file "$RECORD" "$OWN
"
	release_at current
	[ "$ANNOUNCE" = no ] || printf 'applications %s %s -> %s\n' "$APP" "${RELEASE:-absent}" "$WANTED"
	# Moving threads, or the next boot, interrupts nobody.
	if [ "$HEALTHY" != "$WANTED" ] || [ "$OWN_BAD" != "${OWN_BAD#*restart}" ]; then
		if ! stage; then
			complain "applications $APP: release $WANTED could not be put together; what runs stays"
			return 1
		fi
		if ! activate "$WANTED"; then
			complain "applications $APP: release $WANTED could not be put in its place"
			[ "$HEALTHY" = "$WANTED" ] || go_back "$HEALTHY"
			return 1
		fi
	fi
	if await "$WANTED"; then
		enable_service
		# Only what was up, and is followed by what is up, is the one before.
		[ -z "$HEALTHY" ] || [ "$HEALTHY" = "$WANTED" ] || link_to "releases/$HEALTHY" "$DIRECTORY/previous"
		[ "$HEALTHY" = "$WANTED" ] || replace_file "$DIRECTORY/healthy" "$WANTED
"
		forget_releases
		return 0
	fi
	explain_failure "$WANTED"
	[ "$HEALTHY" = "$WANTED" ] || go_back "$HEALTHY"
	return 1
}

# alone: whether the program of APP runs in its unit only. What somebody has
# started by hand, nobody else may end; what is there for one look only, as a tool
# of the release is, has ended by itself.
alone() {
	TUNABLE=applications
	SEEN=''
	for LOOK in 1 2 3; do
		[ -z "$SEEN" ] || sleep 3
		service_shown || return 0
		service_pids
		executables
		stray
		[ -n "$STRAY" ] || return 0
		if [ "$STRAY" = "$SEEN" ]; then
			complain "applications $APP: process $STRAY runs its program outside of $SERVICE, where nothing pins it; end it"
			return 1
		fi
		SEEN=$STRAY
	done
}

# application_remove: all of APP; what it had replaced comes back.
application_remove() {
	# It may run although somebody took its unit's file away.
	systemctl stop "$SERVICE" 2>/dev/null || [ ! -e "$SERVICE_FILE" ] || return 1
	printf '' | restore_outer_files
	rm -f "$SERVICE_LINK"
	remove_groups
	restore_file "$SERVICE_FILE"
	reload_units
	rm -rf "$DIRECTORY"
	remove_uploads "$APP-"
}

# await_start NAME: waits for a unit that is just starting it, but not for ever:
# nothing can be told of it then, which is no reason to start it once more.
await_start() {
	application "$1"
	LOOKS=0
	while [ "$LOOKS" -lt 60 ] && service_shown && [ "$ACTIVE:$SUB" = activating:start-post ]; do
		LOOKS=$((LOOKS + 1))
		sleep 1
	done
}

# verb_deploy [--quiet]: the applications of settings that have been applied.
verb_deploy() {
	DEPLOYS=yes
	read_settings
	[ "${1-}" != --quiet ] || ANNOUNCE=no
	lock
	keep_contents
	settings_text
	if ! holds_record "$ETC/settings.tsv" "$TEXT"; then
		complain 'expected settings that have been applied to this host, got others; run `pulumi up --refresh`'
		exit 64
	fi
	load_baseline
	DROPPED=''
	SETTINGS=$(printf '%s\n' "$SETTINGS" | awk -F '\t' '$1 == "applications"')
	[ -n "$SETTINGS" ] || return 0
	DEPLOYED=$(printf '%s\n' "$SETTINGS" | cut -f 2 | application_names)
	for NAME in $DEPLOYED; do
		await_start "$NAME"
	done
	observe
	FAILED=no
	for NAME in $DEPLOYED; do
		deploy_application "$NAME" || FAILED=yes
		alone || FAILED=yes
	done
	close_journal
	[ "$FAILED" = no ] || exit 65
	forget_contents
}

# known_application NAME: exits unless it is one of this host.
known_application() {
	case ${1-} in
	'' | *[!a-z0-9-]*) ;;
	*)
		application "$1"
		[ ! -h "$DIRECTORY/current" ] || return 0
		;;
	esac
	complain "expected an application of this host, got '${1-}'; there are: $(find "$APPLICATIONS" -mindepth 1 -maxdepth 1 2>/dev/null | sed 's|.*/||' | sort | tr '\n' ' ')"
	exit 64
}

# verb_release_back NAME: the release before the current one, by hand. What is
# declared does not change, so a refresh shows it, and a deployment undoes it.
verb_release_back() {
	known_application "${1-}"
	lock
	release_at current
	LEFT=$RELEASE
	release_at previous
	if [ -z "$RELEASE" ] || [ "$RELEASE" = "$LEFT" ]; then
		complain "applications $APP: there is no previous release on this host"
		exit 65
	fi
	WANTED=$RELEASE
	begin release-back
	activate "$WANTED"
	link_to "releases/$LEFT" "$DIRECTORY/previous"
	if ! await "$WANTED"; then
		explain_failure "$WANTED"
		close_journal
		exit 65
	fi
	enable_service
	replace_file "$DIRECTORY/healthy" "$WANTED
"
	close_journal
	printf 'applications %s %s -> %s\n' "$APP" "$LEFT" "$WANTED"
}

# verb_threads NAME: called by the unit once its program has started, also while
# a deployment waits for that and holds the lock. Threads come one by one: it
# looks until three looks have found nothing to do.
verb_threads() {
	known_application "${1-}"
	CALM=0 LOOKS=0
	while [ "$CALM" -lt 3 ] && [ "$LOOKS" -lt 30 ]; do
		group_threads
		CALM=$((CALM + 1)) LOOKS=$((LOOKS + 1))
		[ -z "$MOVED" ] || CALM=0
		[ "$CALM" -ge 3 ] || sleep 1
	done
}

# verb_load_test NAME: what is declared for it, on this terminal.
verb_load_test() {
	known_application "${1-}"
	TUNABLE=applications
	recorded "$APP.loadTest"
	if [ "$STATUS" = absent ]; then
		complain "applications $APP: no loadTest is declared"
		exit 64
	fi
	cd "$DIRECTORY/current" || exit 65
	# shellcheck disable=SC2086
	exec $VALUE
}
