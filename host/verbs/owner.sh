#!/bin/sh
# Which resource of which stack tunes this host. A machine is identified by its host key,
# and its inventory name can change: the resource of an old name must not revert a host
# that the resource of the new name tunes.
#
# verbs: disown
# shellcheck disable=SC2034,SC2153,SC2154

# `TOKEN STACK NAME`, tabs between, of the resource that tunes this host; below it,
# earlier ones that have not released it.
OWNERS=$STATE/owner.tsv
OWNERS_KEPT=16

# owner_option ARGUMENT: the resource that revert acts for, in ACTS_FOR; empty for an
# operator on the host.
owner_option() {
	ACTS_FOR=''
	case ${1-} in
	--owner=?*) ACTS_FOR=${1#*=} ;;
	esac
}

# owner_known TOKEN: whether that resource tunes this host, or did before.
owner_known() {
	read_record "$OWNERS"
	printf '%s\n' "$BODY" | awk -F '\t' -v token="$1" '$1 == token { found = 1 } END { exit !found }'
}

# owner_give_up TOKEN: the record without it.
owner_give_up() {
	LEFT=$(printf '%s\n' "$BODY" | awk -F '\t' -v token="$1" '$0 != "" && $1 != token')
	put_record "$OWNERS" "$LEFT"
}

# owner_take_line: removes the line of the resource that apply acts for from SETTINGS:
# `TOKEN STACK NAME`, in TAKER; empty for an operator on the host.
owner_take_line() {
	TAKER=''
	case $SETTINGS in
	"owner$TAB"*) ;;
	*) return 0 ;;
	esac
	TAKER=${SETTINGS%%"$NEWLINE"*}
	SETTINGS=${SETTINGS#"$TAKER"}
	SETTINGS=${SETTINGS#"$NEWLINE"}
	TAKER=${TAKER#"owner$TAB"}
	if ! printf '%s\n' "$TAKER" | awk -F '\t' '{ exit !(NF == 3 && $1 ~ /^[0-9a-f]+$/ && $2 != "" && $3 != "") }'; then
		complain 'expected an owner of token, stack and name, nothing was changed'
		exit 64
	fi
}

# owner_take_over: before the first change, so that the previous resource no longer changes this
# host.
owner_take_over() {
	[ -n "$TAKER" ] || return 0
	read_record "$OWNERS"
	OTHERS=$(printf '%s\n' "$BODY" | awk -F '\t' -v token="${TAKER%%"$TAB"*}" -v kept="$OWNERS_KEPT" '$0 != "" && $1 != token && ++count < kept')
	write_record "$OWNERS" "$TAKER$NEWLINE$OTHERS${OTHERS:+$NEWLINE}"
}

# verb_disown: the resource whose token is on stdin releases this host, and changes
# nothing else. Exits 67 when it never tuned this host.
verb_disown() {
	TOKEN=$(cat)
	if [ -z "$TOKEN" ]; then
		complain 'expected the token of an owner, got nothing; was the connection lost? Nothing was changed'
		exit 64
	fi
	lock
	owner_known "$TOKEN" || exit 67
	owner_give_up "$TOKEN"
}

# owner_leave_host: ends a revert for a resource that no longer tunes this host.
owner_leave_host() {
	[ -n "$ACTS_FOR" ] || return 0
	read_record "$OWNERS"
	if [ "$RECORD" = lost ]; then
		complain "${OWNERS#"$ROOT"} is damaged, so it is not known which resource tunes this host; nothing was changed: run \`metaltune revert\` on the host to revert it all the same"
		exit 65
	fi
	case $BODY in
	'' | "$ACTS_FOR$TAB"*) return 0 ;;
	esac
	CURRENT=${BODY%%"$NEWLINE"*}
	complain "this host is ${CURRENT##*"$TAB"} of stack $(printf '%s\n' "$CURRENT" | cut -f 2) now, so it stays as it is"
	owner_give_up "$ACTS_FOR"
	exit 67
}

# owner_line: the owner's line in a report.
owner_line() {
	read_record "$OWNERS"
	[ -z "$BODY" ] || printf 'owner\t%s\n' "${BODY%%"$NEWLINE"*}"
}
