#!/bin/sh
# irqbalance, host half: the daemon's unit, its environment file, and the
# environment it runs with. See index.ts.
#
# hooks: probe write persist

IRQBALANCE=irqbalance.service
IRQBALANCE_LINE='^[[:space:]]*IRQBALANCE_BANNED_CPU[A-Z]*='

# irqbalance_unit: LOADED, ACTIVE, ENABLED and PID of the unit; fails with a
# reason in VALUE.
irqbalance_unit() {
	LOADED='' ACTIVE='' ENABLED='' PID=0
	VALUE=$(systemctl show -p LoadState -p ActiveState -p UnitFileState -p MainPID "$IRQBALANCE" 2>&1) || {
		fold "$VALUE"
		return 1
	}
	while IFS='=' read -r NAME WORD; do
		case $NAME in
		LoadState) LOADED=$WORD ;;
		ActiveState) ACTIVE=$WORD ;;
		UnitFileState) ENABLED=$WORD ;;
		MainPID) PID=$WORD ;;
		esac
	done <<END
$VALUE
END
}

# irqbalance_file: its environment file on this distribution, in FILE.
irqbalance_file() {
	FILE=$ROOT/etc/default/irqbalance
	if [ ! -e "$FILE" ] && [ -d "$ROOT/etc/sysconfig" ]; then
		FILE=$ROOT/etc/sysconfig/irqbalance
	fi
}

# irqbalance_banned < assignments: the CPUs they ban, in STATUS and VALUE. Reads both
# spellings, since versions differ in the one they use.
irqbalance_banned() {
	ROWS=$(grep "$IRQBALANCE_LINE" | tr -d "\"' " || :)
	STATUS=absent VALUE=''
	[ -n "$ROWS" ] || return 0
	STATUS=value
	cpus_of "$(printf '%s\n' "$ROWS" | sed -n 's/^IRQBALANCE_BANNED_CPUS=//p' | tail -n 1)"
	MASK=$VALUE
	VALUE=$(printf '%s\n' "$ROWS" | sed -n 's/^IRQBALANCE_BANNED_CPULIST=//p' | tail -n 1)
	case $VALUE:$MASK in
	:*) VALUE=$MASK ;;
	*: | "$MASK:$MASK") ;;
	*) VALUE="$VALUE, and $MASK by IRQBALANCE_BANNED_CPUS" ;;
	esac
}

# irqbalance_probe_banned WANTED: the file, for the next start, and the environment of the
# running daemon; a stopped one would start with the file. For a dropped key (`-`) only
# the file counts, since the running daemon may have read an earlier one.
irqbalance_probe_banned() {
	irqbalance_file
	if [ "$LOADED" = not-found ] && [ "$1" != - ]; then
		fact bannedCpus boot unreadable 'irqbalance is not installed; install it, or declare irqbalance: off' "$FILE"
		return
	fi
	for PLACE in "boot $FILE" "live $ROOT/proc/$PID/environ"; do
		[ "$PLACE$1" != "live $ROOT/proc/$PID/environ-" ] || continue
		FROM=${PLACE#* }
		[ "$PLACE" != "live $ROOT/proc/0/environ" ] || FROM=$FILE
		if [ ! -e "$FROM" ]; then
			STATUS=absent VALUE=''
		elif [ ! -r "$FROM" ]; then
			STATUS=unreadable VALUE='Permission denied'
		else
			irqbalance_banned <<END
$(tr '\0' '\n' <"$FROM")
END
		fi
		fact bannedCpus "${PLACE%% *}" "$STATUS" "$VALUE" "$FROM"
	done
}

irqbalance_probe() {
	KEYS=$(cat)
	STATUS=value
	irqbalance_unit || STATUS=unreadable
	case $STATUS:$LOADED:$ENABLED in
	value:not-found:* | value:*:masked) ENABLED=off ;;
	unreadable:*) ACTIVE=$VALUE ENABLED=$VALUE ;;
	esac
	case $ACTIVE in
	inactive | failed) ACTIVE=off ;;
	esac
	printf '%s\n' "$KEYS" | while IFS=$US read -r KEY _ WANTED _; do
		case $KEY:$STATUS:$LOADED$WANTED in
		# A unit that is gone has nothing to be reverted.
		service:value:not-found-) ;;
		service:*)
			fact service live "$STATUS" "$ACTIVE" "$IRQBALANCE"
			fact service boot "$STATUS" "$ENABLED" "$IRQBALANCE"
			;;
		*:value:*) irqbalance_probe_banned "$WANTED" ;;
		*) fact "$KEY" boot "$STATUS" "$VALUE" "$IRQBALANCE" ;;
		esac
	done
}

irqbalance_write() {
	while IFS=$US read -r KEY STATUS WANTED; do
		case $KEY:$WANTED in
		service:off) quietly systemctl stop "$IRQBALANCE" || : ;;
		service:*)
			irqbalance_unit || :
			if [ "$LOADED" = not-found ]; then
				complain 'irqbalance: it is not installed any more, so it was not started'
			else
				quietly systemctl start "$IRQBALANCE" || :
			fi
			;;
		*) quietly systemctl try-restart "$IRQBALANCE" || : ;;
		esac
	done
}

# irqbalance_rest FILE: every line that metaltune does not set.
irqbalance_rest() {
	[ ! -f "$1" ] || grep -v "$IRQBALANCE_LINE" "$1" || :
}

# irqbalance_ban LIST: in both spellings, after the file's other lines.
irqbalance_ban() {
	irqbalance_file
	REST=$(irqbalance_rest "$FILE")
	mask_of "$1"
	write_file "$FILE" "$REST${REST:+
}IRQBALANCE_BANNED_CPULIST=$1
IRQBALANCE_BANNED_CPUS=$VALUE
"
}

# irqbalance_unban: restores the original file, or only removes metaltune's lines when
# others have changed meanwhile.
irqbalance_unban() {
	irqbalance_file
	KEPT=$STATE/files${FILE#"$ROOT"}
	if [ ! -f "$KEPT" ] || [ "$(irqbalance_rest "$FILE")" = "$(irqbalance_rest "$KEPT")" ]; then
		restore_file "$FILE"
		return
	fi
	REST=$(irqbalance_rest "$FILE")
	REST="$REST${REST:+
}$(grep "$IRQBALANCE_LINE" "$KEPT" || :)"
	CHANGED=yes
	replace_file "$FILE" "${REST%
}
"
	rm -f "$KEPT"
}

# irqbalance_unmask ENABLED: restores the unit file's state.
irqbalance_unmask() {
	[ "$ENABLED" != masked ] || quietly systemctl unmask "$IRQBALANCE"
	irqbalance_unit
	case $1:$ENABLED in
	enabled:disabled) quietly systemctl enable "$IRQBALANCE" ;;
	disabled:enabled) quietly systemctl disable "$IRQBALANCE" ;;
	esac
}

# Masking alone prevents a start, survives upgrades, and keeps the links that enable the
# unit.
irqbalance_persist() {
	while IFS=$US read -r KEY ORIGIN _ WANTED _; do
		irqbalance_unit || continue
		case $KEY:$ORIGIN:$WANTED in
		service:*:off)
			[ "$ENABLED" = masked ] || [ "$LOADED" = not-found ] || quietly systemctl mask "$IRQBALANCE" || :
			;;
		service:*) irqbalance_unmask "$WANTED" || : ;;
		bannedCpus:declared:*) [ "$LOADED" = not-found ] || irqbalance_ban "$WANTED" ;;
		*)
			irqbalance_unban
			[ "$CHANGED" = no ] || quietly systemctl try-restart "$IRQBALANCE" || :
			;;
		esac
	done
}
