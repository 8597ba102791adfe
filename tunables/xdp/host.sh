#!/bin/sh
# xdp, host half: attaches one program per NIC, and identifies it later. See index.ts.
#
# hooks: probe write nics boot notes

# shellcheck disable=SC2034,SC2154
xdp_boot=unit
# shellcheck disable=SC2034
xdp_notes=xdp.tsv

xdp_nics() {
	nics_of 1
}

# The programs that metaltune attached: NIC, program id (`pending` until known), boot id,
# SHA-256 of the object, and the declared value, spaces between.
XDP_ATTACHED=$STATE/xdp.tsv

# xdp_hash VALUE: SHA-256 of the object it names, `-` when there is none, in HASH.
xdp_hash() {
	HASH=${1#* }
	HASH=$(sha256sum "$ROOT${HASH% *}" 2>/dev/null) || HASH=-
	HASH=${HASH%% *}
}

# xdp_look NIC: MODE, ID and NAME of the attached program, MODE empty without one; OURS,
# the declared value if metaltune attached it in this boot, and HASH_THEN, its object's
# hash then. Fails with the reason in VALUE.
xdp_look() {
	MODE='' ID='' NAME='' OURS='' HASH_THEN=''
	VALUE=$(ip -d link show dev "$1" 2>&1) || return 1
	VALUE=$(printf '%s\n' "$VALUE" | awk "$AWK_xdp_attached")
	[ -n "$VALUE" ] || return 0
	MODE=${VALUE%% *} NAME=${VALUE#* }
	ID=${NAME%% *} NAME=${NAME#* }
	read_record "$XDP_ATTACHED"
	[ -n "$BODY" ] || return 0
	read_file "$ROOT/proc/sys/kernel/random/boot_id"
	OURS=$(printf '%s\n' "$BODY" | awk -v nic="$1" -v id="$ID" -v boot="$VALUE" '$1 == nic && $3 == boot && ($2 == id || $2 == "pending")')
	[ -n "$OURS" ] || return 0
	OURS=${OURS#* * * }
	HASH_THEN=${OURS%% *} OURS=${OURS#* }
}

xdp_probe() {
	while IFS=$US read -r KEY _ WANTED _; do
		NIC=${KEY%.*}
		if [ ! -e "$ROOT/sys/class/net/$NIC" ]; then
			STATUS=absent VALUE=''
		elif ! command -v ip >/dev/null; then
			STATUS=unreadable VALUE='there is no ip on this host; install the package iproute2'
		elif ! xdp_look "$NIC"; then
			STATUS=unreadable
		elif [ -z "$MODE" ]; then
			STATUS=absent VALUE=''
		else
			STATUS=value VALUE="$NAME in $MODE mode, not attached by metaltune"
			if [ -n "$OURS" ]; then
				VALUE="$MODE ${OURS#* }"
				xdp_hash "$OURS"
				[ "$HASH" = "$HASH_THEN" ] || VALUE="$VALUE, from another version of the file"
			fi
		fi
		# A revert only detaches metaltune's program.
		if [ "$WANTED" != - ] || [ "$STATUS" != value ] || [ -n "$OURS" ]; then
			[ "$WANTED:$STATUS" = -:absent ] || fact "$KEY" live "$STATUS" "$VALUE" ip
		fi
	done
}

# xdp_remember NIC [ID VALUE]: records the program attached there; without ID, none.
xdp_remember() {
	read_note "$XDP_ATTACHED" || :
	ROWS=$(printf '%s\n' "$BODY" | awk -v nic="$1" '$0 != "" && $1 != nic')
	if [ $# -eq 3 ]; then
		read_file "$ROOT/proc/sys/kernel/random/boot_id"
		BOOT_ID=$VALUE
		xdp_hash "$3"
		ROWS="$ROWS${ROWS:+
}$1 $2 $BOOT_ID $HASH $3"
	fi
	put_record "$XDP_ATTACHED" "$ROWS"
}

# xdp_option MODE: ip's word for it, in VALUE.
xdp_option() {
	case $1 in
	native) VALUE=xdpdrv ;;
	*) VALUE=xdp$1 ;;
	esac
}

# xdp_set NIC VALUE: detaches metaltune's program, and attaches the one in VALUE, if that
# is a declared one. Fails after a message.
xdp_set() {
	xdp_look "$1" || return 0
	OBJECT=${2#* } SECTION=${2##* }
	OBJECT=${OBJECT% *}
	case $2 in
	"generic /"* | "native /"* | "offload /"*)
		[ -f "$ROOT$OBJECT" ] || {
			complain "xdp $1: the object $OBJECT is not on this host"
			return 1
		}
		;;
	*) OBJECT='' ;;
	esac
	if [ -n "$MODE" ]; then
		[ -n "$OURS" ] || {
			complain "xdp $1: $NAME is attached in $MODE mode, but not by metaltune; detach it first"
			return 1
		}
		xdp_option "$MODE"
		quietly ip link set dev "$1" "$VALUE" off || return 1
	fi
	[ -n "$OBJECT" ] || {
		xdp_remember "$1"
		return 0
	}
	# Recorded before it exists, so that after a crash it is not taken for a foreign one.
	xdp_remember "$1" pending "$2"
	xdp_option "${2%% *}"
	if quietly ip link set dev "$1" "$VALUE" obj "$ROOT$OBJECT" sec "$SECTION"; then
		xdp_look "$1"
		xdp_remember "$1" "$ID" "$2"
	else
		xdp_remember "$1"
		return 1
	fi
}

xdp_write() {
	while IFS=$US read -r KEY _ WANTED; do
		NIC=${KEY%.*}
		if [ ! -e "$ROOT/sys/class/net/$NIC" ]; then
			complain "xdp $KEY: there is no interface $NIC on this host"
		else
			xdp_set "$NIC" "$WANTED" || :
		fi
	done
}
