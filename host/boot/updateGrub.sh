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
	command -v update-grub >/dev/null && [ -f "$ROOT/etc/default/grub" ] && ! grubby_installed
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
	printf '%s\n' "$LISTED" | awk "$AWK_grubMenu" | grub_expanded
}

# updateGrub_patterns: names, one per line -> a `case` pattern. The kernel treats - and _
# in parameter names alike.
updateGrub_patterns() {
	sed 's/[-_]/[-_]/g; s/^hugepages\[\(.*\)\]$/hugepages\\[\1\\]/' | awk '{ printf "%s%s", (NR > 1 ? " | " : ""), $0 }'
}

# updateGrub_drop_in: declared settings on stdin -> the drop-in. grub-mkconfig sources it
# after all files of the distribution (C locale, zz-). It removes other values of
# metaltune's parameters, and appends metaltune's to the variable that recovery entries do
# not use.
updateGrub_drop_in() {
	NAMES='' TOKENS=''
	while IFS=$US read -r KEY ORIGIN MATCH WANTED _; do
		[ "$ORIGIN" = declared ] || continue
		case $KEY$WANTED in
		# The drop-in is shell text: refuse anything that could become code.
		*[!][A-Za-z0-9_.,:/=@%+^\ -]*)
			complain "kernelCommandLine $KEY: refusing a value that is not plain text"
			return 1
			;;
		esac
		NAMES="$NAMES$KEY
"
		[ "$MATCH" = absent ] || TOKENS=$TOKENS$(parameters_tokens "$KEY" "$WANTED")
	done
	[ -n "$NAMES" ] || return 0
	PATTERNS=$(printf '%s' "$NAMES" | updateGrub_patterns)
	cat <<-END
		$COMMENT Written by metaltune; changes are overwritten.
		metaltune_without() {
		  set -f
		  metaltune_kept= metaltune_size=
		  for metaltune_token in \$1; do
		    metaltune_name=\${metaltune_token%%=*}
		    case \$metaltune_name in
		    hugepagesz) metaltune_size=\${metaltune_token#*=} ;;
		    esac
		    case \$metaltune_name:\$metaltune_size in
		    hugepages:?* | hugepagesz:*) metaltune_name="hugepages[\$metaltune_size]" ;;
		    esac
		    case \$metaltune_name in
		    $PATTERNS) ;;
		    *) metaltune_kept="\$metaltune_kept \$metaltune_token" ;;
		    esac
		  done
		  printf '%s' "\${metaltune_kept# }"
		}
		GRUB_CMDLINE_LINUX="\$(metaltune_without "\$GRUB_CMDLINE_LINUX")"
		GRUB_CMDLINE_LINUX_DEFAULT="\$(metaltune_without "\$GRUB_CMDLINE_LINUX_DEFAULT")$TOKENS"
	END
}

# updateGrub_sum: identifies the present grub.cfg, in VALUE.
updateGrub_sum() {
	VALUE=$(sha256sum "$GRUB_CFG")
	VALUE=${VALUE%% *}
}

# updateGrub_set stale|'': the drop-in must be complete even if no entry is stale.
updateGrub_set() {
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
	GRUB_FILE=$GRUB_DIR/grub.cfg
}

updateGrub_hindrance() {
	GRUB_DIR=$ROOT/boot/grub
	grub_hindrance grub-probe
	# The trial boots the first entry, with the new line.
	OTHER=$(sed -n 's/^[ \t]*set default="\{0,1\}\([^"]*\)"\{0,1\}$/\1/p' "$GRUB_DIR/grub.cfg" 2>/dev/null | grep -vxF -e 0 -e '${next_entry}' | head -n 1) || :
	[ -z "$OTHER" ] || WHY="GRUB boots $OTHER by default, not the first entry of its menu"
	[ ! -s "$ROOT/etc/kernel/proxmox-boot-uuids" ] || WHY='GRUB reads its menu from the EFI system partitions of proxmox-boot-tool, not from /boot/grub'
}

updateGrub_arm_trial() {
	GRUB_DIR=$ROOT/boot/grub
	grub_arm_trial "$@"
}

updateGrub_trial_state() {
	GRUB_DIR=$ROOT/boot/grub
	grub_trial_state
}

updateGrub_clear_trial() {
	GRUB_DIR=$ROOT/boot/grub
	grub_clear_trial
}
