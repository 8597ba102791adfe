#!/bin/sh
# The load test of an application, on the operator's terminal.
#
# verbs: load-test
#
# shellcheck disable=SC2034,SC2153,SC2154

# verb_load_test NAME: runs its declared load test on this terminal.
verb_load_test() {
	applications_known "${1-}"
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
