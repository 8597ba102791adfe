#!/bin/sh
# Threads with a group of their own: finds those in the wrong place, and moves them.
#
# verbs: threads
#
# shellcheck disable=SC2034,SC2153,SC2154

# threads_wrong < settings of a release: `thread aspect value`, US between, of threads
# that differ from their group, and `- name` of groups without any thread.
threads_wrong() {
	{
		awk -F '\t' -v app="$APP." 'index($2, app "threads.") == 1 { print "key\t" substr($2, length(app) + 1) "\t" $4 }'
		processes_tasks
	} | awk -F '\t' -v us="$US" "$AWK_applications_thread$AWK_applications_moves"
}

# threads_move: moves the threads that have a group of their own. MOVED says whether
# anything was moved, or is still awaited.
threads_move() {
	MOVED=''
	release_at current
	RECORD=$DIRECTORY/releases/$RELEASE.settings
	grep -qF "$TAB$APP.threads." "$RECORD" 2>/dev/null || return 0
	processes_shown && processes_pids
	MOVED=$(threads_wrong <"$RECORD")
	[ -z "$MOVED" ] || printf '%s\n' "$MOVED" | while IFS=$US read -r THREAD ASPECT VALUE; do
		case $THREAD:$ASPECT:$VALUE in
		-:*) ;;
		*:cpus:*) quietly taskset -pc "$VALUE" "$THREAD" || : ;;
		*' '*) quietly chrt "--${VALUE% *}" -p "${VALUE#* }" "$THREAD" || : ;;
		*) quietly chrt "--$VALUE" -p 0 "$THREAD" || : ;;
		esac
	done
}

# verb_threads NAME: the unit calls it once its program has started, even while a
# deployment holds the lock and waits for it. Threads start one by one, so it repeats
# until three passes have moved none.
verb_threads() {
	applications_known "${1-}"
	CALM=0 LOOKS=0
	while [ "$CALM" -lt 3 ] && [ "$LOOKS" -lt 30 ]; do
		threads_move
		CALM=$((CALM + 1)) LOOKS=$((LOOKS + 1))
		[ -z "$MOVED" ] || CALM=0
		[ "$CALM" -ge 3 ] || sleep 1
	done
}
