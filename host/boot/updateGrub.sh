#!/bin/sh
# GRUB on Debian and Ubuntu: a drop-in in /etc/default/grub.d, from which update-grub
# makes grub.cfg. loader.sh describes the functions.
#
# Names set here are used by the files assembled after this one.
# shellcheck disable=SC2016,SC2034,SC2153,SC2154

updateGrub_family=GRUB
# shellcheck disable=SC2034
updateGrub_changes=/boot/grub/grub.cfg
GRUB_DROP_IN=$ROOT/etc/default/grub.d/zz-metaltune.cfg
GRUB_CFG=$ROOT/boot/grub/grub.cfg
# grub.cfg as update-grub last made it from the drop-in.
GRUB_CFG_SUM=$STATE/grub.cfg.sha256

updateGrub_detect() {
	command -v update-grub >/dev/null && [ -f "$ROOT/etc/default/grub" ] && ! grubby_installed || return 1
	[ "$VERB" = revert ] || [ ! -s "$ROOT/etc/kernel/proxmox-boot-uuids" ] || {
		WHY='GRUB reads its menu from the EFI system partitions of proxmox-boot-tool, not from /boot/grub, and metaltune does not change those'
		return 1
	}
}

updateGrub_changed() {
	kept "$GRUB_DROP_IN" || kept "$GRUB_CFG"
}

# updateGrub_entries: of every entry but the recovery ones. Only the section of this
# system's own kernels counts, not memory testers or other installed systems.
updateGrub_entries() {
	LISTED=$(cat "$GRUB_CFG" 2>&1) || {
		printf '%s\n' "$LISTED"
		return 1
	}
	SAVED=$(sed -n 's/^saved_entry=//p' "$ROOT/boot/grub/grubenv" 2>/dev/null) || :
	LISTED=$(printf '%s\n' "$LISTED" | awk -v saved="$SAVED" "$AWK_grubMenu")
	# A revert takes metaltune's parameters out, whichever entry boots.
	case "$VERB:$NEWLINE$LISTED" in
	revert:*) ;;
	*"${NEWLINE}other "*)
		printf '%s\n' "$LISTED" | sed -n "s/^other \\(.*\\)/GRUB boots \\1 by default, which update-grub does not make from \\/etc\\/default\\/grub; set GRUB_DEFAULT to an entry of a kernel of this system/p"
		return 1
		;;
	esac
	printf '%s\n' "$LISTED" | grub_expanded
}

# updateGrub_decides < keys: which file of grub-mkconfig's sources each has its value from.
updateGrub_decides() {
	set +f
	set -- "$ROOT/etc/default/grub" "$ROOT"/etc/default/grub.d/*.cfg
	set -f
	[ -e "$2" ] || set -- "$1"
	awk -F '\t' -v root="$ROOT" "$AWK_command_line$AWK_grubDecides" - "$@"
}

# updateGrub_refuse < rows of NAME_refuse: 10_linux itself sets some parameters after all
# others, on the line of the first try without an initrd.
updateGrub_refuse() {
	FIXED=$(awk "$AWK_grubMenu" "$GRUB_CFG" | sed -n 's/^fixed //p')
	while IFS=$US read -r KEY STATUS WANTED; do
		for WORD in $FIXED; do
			[ "${WORD%%=*}" = "$KEY" ] || continue
			[ "$STATUS:$WORD" = "value:$KEY=$WANTED" ] || printf '%s%s%s\n' "$KEY" "$US" "GRUB_FORCE_PARTUUID makes GRUB add $WORD after all parameters when it first boots without an initrd; set GRUB_DISABLE_INITRDLESS_BOOT=true in /etc/default/grub.d and run update-grub, or leave this parameter out"
		done
	done
}

# updateGrub_drop_in: declared settings on stdin -> the drop-in. grub-mkconfig sources it
# after all files of the distribution (C locale, zz-). It removes other values of
# metaltune's parameters, and appends metaltune's to the variable that recovery entries do
# not use. Both variables are one line, so that hugepages= follows its hugepagesz=.
updateGrub_drop_in() {
	KEYS='' TOKENS=''
	while IFS=$US read -r KEY ORIGIN MATCH WANTED _; do
		[ "$ORIGIN" = declared ] || continue
		case $KEY$WANTED in
		# The drop-in is shell text: refuse anything that could become code.
		*[!][A-Za-z0-9_.,:/=@%+^\ -]*)
			complain "kernelCommandLine $KEY: refusing a value that is not plain text"
			return 1
			;;
		esac
		KEYS="$KEYS $KEY"
		[ "$MATCH" = absent ] || TOKENS=$TOKENS$(parameters_tokens "$KEY" "$WANTED")
	done
	[ -n "$KEYS" ] || return 0
	cat <<-END
		$COMMENT Written by metaltune; changes are overwritten.
		metaltune_line=\$(printf '%s\n' "\$GRUB_CMDLINE_LINUX metaltune:default \$GRUB_CMDLINE_LINUX_DEFAULT" |
		  awk -v keys='${KEYS# }' -v added='${TOKENS# }' '$AWK_command_line$AWK_parametersSet') &&
		  GRUB_CMDLINE_LINUX=\${metaltune_line%metaltune:default*} &&
		  GRUB_CMDLINE_LINUX_DEFAULT=\${metaltune_line##*metaltune:default}
		GRUB_CMDLINE_LINUX=\${GRUB_CMDLINE_LINUX% }
		GRUB_CMDLINE_LINUX_DEFAULT=\${GRUB_CMDLINE_LINUX_DEFAULT# }
	END
}

# updateGrub_sum: identifies the present grub.cfg, in VALUE.
updateGrub_sum() {
	VALUE=$(sha256sum "$GRUB_CFG")
	VALUE=${VALUE%% *}
}

# updateGrub_set stale|'': the drop-in must be complete even if no entry is stale.
updateGrub_set() {
	entries_readable || return 1
	DROP_IN=$(updateGrub_drop_in) || return 1
	write_file "$GRUB_DROP_IN" "$DROP_IN
" || return 1
	[ "$1$CHANGED" != no ] || return 0
	keep_original "$GRUB_CFG" || return 1
	quietly update-grub || return 1
	updateGrub_sum
	replace_file "$GRUB_CFG_SUM" "$VALUE
"
}

# updateGrub_restore: if grub.cfg was not generated again since, restores the original
# byte for byte, even where it differed from /etc/default/grub.
updateGrub_restore() {
	restore_file "$GRUB_DROP_IN"
	[ -f "$STATE/files${GRUB_CFG#"$ROOT"}" ] || return 0
	updateGrub_sum
	if cmp -s "$GRUB_CFG" "$STATE/files${GRUB_CFG#"$ROOT"}" || file_same_text "$GRUB_CFG_SUM" "$VALUE
"; then
		restore_file "$GRUB_CFG"
	else
		quietly update-grub || return 1
		rm "$STATE/files${GRUB_CFG#"$ROOT"}"
	fi
}

updateGrub_entry_file() {
	GRUB_FILE=$GRUB_CFG
}

updateGrub_hindrance() {
	grub_hindrance "$ROOT/boot/grub" grub-probe
	# The provisional entry boots the first entry, with the new line.
	OTHER=$(sed -n 's/^[ \t]*set default="\{0,1\}\([^"]*\)"\{0,1\}$/\1/p' "$GRUB_CFG" 2>/dev/null | grep -vxF -e 0 -e '${next_entry}' | head -n 1) || :
	[ -z "$OTHER" ] || WHY="GRUB boots $OTHER by default, not the first entry of its menu"
}

updateGrub_set_provisional() {
	grub_set_provisional "$ROOT/boot/grub" "$@"
}

updateGrub_provisional_state() {
	grub_provisional_state "$ROOT/boot/grub"
}

updateGrub_clear_provisional() {
	grub_clear_provisional "$ROOT/boot/grub"
}
