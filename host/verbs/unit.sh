#!/bin/sh
# metaltune.service, which applies at boot what no other file persists, and the hooks that
# run it when a NIC appears.
#
# shellcheck disable=SC2016,SC2034,SC2153,SC2154

UNIT_LINK=${UNIT%/*}/multi-user.target.wants/metaltune.service
# Starts after TuneD, which the RHEL family enables and which writes many of the same
# values. Each declared NIC that comes up restarts the service. The program's identity
# omits comments and blank lines, so this text has none.
UNIT_TEXT='[Unit]
Description=metaltune: latency settings that do not survive a boot
After=local-fs.target swap.target systemd-sysctl.service network.target tuned.service
ConditionPathExists=|/etc/metaltune/settings.tsv
ConditionPathExists=|/var/lib/metaltune/settings.tsv
StartLimitIntervalSec=0
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/local/sbin/metaltune boot
[Install]
WantedBy=multi-user.target
'

unit_installed() {
	file_same_text "$UNIT" "$UNIT_TEXT" && [ -h "$UNIT_LINK" ]
}

# unit_install: metaltune.service, enabled the way `systemctl enable` does it.
unit_install() {
	! unit_installed || return 0
	write_file "$UNIT" "$UNIT_TEXT"
	make_directory "${UNIT_LINK%/*}"
	[ -h "$UNIT_LINK" ] || ln -s ../metaltune.service "$UNIT_LINK"
	unit_reload
}

# Runs when a declared NIC appears or comes up again, since the kernel then resets its
# settings: udev on every host, and the distribution's network manager. A container host
# has hundreds of other interfaces that come and go.
NIC_RULE=$ROOT/etc/udev/rules.d/99-metaltune.rules
NIC_HOOKS='network/if-up.d/metaltune NetworkManager/dispatcher.d/90-metaltune networkd-dispatcher/routable.d/90-metaltune'

# unit_nics: the NICs that SETTINGS name, one per line; `*` is any physical one.
unit_nics() {
	NAMED=''
	for TUNABLE in $TUNABLES; do
		! lib_defines "${TUNABLE}_nics" || NAMED="$NAMED $TUNABLE"
	done
	printf '%s\n' "$SETTINGS" | settings_each nics "$NAMED" | sort -u
}

# unit_nic_texts: the rule and the hooks for the NICs that SETTINGS name, in NIC_RULE_TEXT and
# NIC_HOOK_TEXT; empty without any.
unit_nic_texts() {
	NIC_RULE_TEXT='' NIC_HOOK_TEXT=''
	NICS=$(unit_nics)
	[ -n "$NICS" ] || return 0
	NAMES=$(printf '%s\n' "$NICS" | awk '$0 != "*" { printf "%s%s", (n++ ? "|" : ""), $0 }')
	ADDED='ACTION=="add|move", SUBSYSTEM=="net", '
	RESTART='RUN+="/bin/systemctl --no-block restart metaltune.service"
'
	NIC_RULE_TEXT="# Written by metaltune: a NIC that appears has none of its settings.
${NAMES:+${ADDED}KERNEL==\"$NAMES\", $RESTART}"
	OTHERS=':'
	case $NICS in
	'*'*)
		NIC_RULE_TEXT="$NIC_RULE_TEXT$ADDED${NAMES:+KERNEL!=\"$NAMES\", }DEVPATH!=\"/devices/virtual/*\", $RESTART"
		OTHERS='[ ! -e "${ROOT-}/sys/class/net/$1/device" ] || return 0'
		;;
	esac
	# NetworkManager passes the NIC and the event. The others run this only when an
	# interface is up, with its name in IFACE. networkd reports only interfaces on top of
	# a NIC, such as a bond or a VLAN.
	NIC_HOOK_TEXT="#!/bin/sh
$COMMENT Written by metaltune: a NIC that comes up starts over with its settings.
[ \"\${2-up}\" = up ] || exit 0
unit_names_nic() {
	case \"|$NAMES|\" in *\"|\$1|\"*) return 0 ;; esac
	$OTHERS
	for LOWER in \"\${ROOT-}/sys/class/net/\$1\"/lower_*; do
		[ ! -e \"\$LOWER\" ] || ! unit_names_nic \"\${LOWER##*/lower_}\" || return 0
	done
	return 1
}
NIC=\${1:-\${IFACE-}}
[ -n \"\$NIC\" ] && unit_names_nic \"\$NIC\" || exit 0
exec systemctl --no-block restart metaltune.service
"
}

# unit_nic_hooks_right: whether they exist exactly when they are needed.
unit_nic_hooks_right() {
	unit_nic_texts
	if [ -z "$NIC_RULE_TEXT" ]; then
		for HOOK in udev/rules.d/99-metaltune.rules $NIC_HOOKS; do
			[ ! -e "$STATE/files/etc/$HOOK" ] && [ ! -e "$STATE/files/etc/$HOOK.absent" ] || return 1
		done
		return 0
	fi
	file_same_text "$NIC_RULE" "$NIC_RULE_TEXT" || return 1
	for HOOK in $NIC_HOOKS; do
		HOOK=$ROOT/etc/$HOOK
		[ ! -d "${HOOK%/*}" ] || { [ -x "$HOOK" ] && file_same_text "$HOOK" "$NIC_HOOK_TEXT"; } || return 1
	done
}

# unit_install_nic_hooks: only where settings of NICs are declared.
unit_install_nic_hooks() {
	! unit_nic_hooks_right || return 0
	if [ -z "$NIC_RULE_TEXT" ]; then
		unit_remove_nic_hooks
		return 0
	fi
	write_file "$NIC_RULE" "$NIC_RULE_TEXT"
	for HOOK in $NIC_HOOKS; do
		HOOK=$ROOT/etc/$HOOK
		[ -d "${HOOK%/*}" ] || continue
		write_file "$HOOK" "$NIC_HOOK_TEXT"
		[ -x "$HOOK" ] || chmod 0755 "$HOOK"
	done
}

unit_remove_nic_hooks() {
	restore_file "$NIC_RULE"
	for HOOK in $NIC_HOOKS; do
		restore_file "$ROOT/etc/$HOOK"
	done
}

unit_reload() {
	[ ! -d "$ROOT/run/systemd/system" ] || systemctl daemon-reload
}
