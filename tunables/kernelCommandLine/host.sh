#!/bin/sh
# kernelCommandLine, host half: /proc/cmdline is the live layer, the boot
# loader's configuration the next boot. See kernelCommandLine.ts.
#
# hooks: probe persist

GRUB_DROP_IN=$ROOT/etc/default/grub.d/zz-metaltune.cfg
GRUB_CFG=$ROOT/boot/grub/grub.cfg
# What update-grub made of the drop-in the last time.
GRUB_CFG_SUM=$STATE/grub.cfg.sha256

# kernelCommandLine_loader: which boot loader writes the command line, in LOADER;
# why there is none, in WHY_NONE.
kernelCommandLine_loader() {
	LOADER=none WHY_NONE='no supported boot loader: expected update-grub or grubby'
	if command -v grubby >/dev/null && [ -d "$ROOT/boot/loader/entries" ]; then
		# Whatever GRUB reads now: what was changed through grubby goes back so.
		# shellcheck disable=SC2046
		if [ "$VERB" = revert ] || grep -qs '^[[:space:]]*blscfg' "$ROOT/boot/grub2/grub.cfg" $(entries_each "$ROOT/boot/efi/EFI" '*/grub.cfg'); then
			LOADER=grubby
		else
			WHY_NONE='GRUB does not read the boot entries that grubby changes; set GRUB_ENABLE_BLSCFG=true in /etc/default/grub and run grub2-mkconfig -o /boot/grub2/grub.cfg'
		fi
	elif command -v update-grub >/dev/null && [ -f "$ROOT/etc/default/grub" ]; then
		LOADER=update-grub
	fi
}

# kernelCommandLine_facts LAYER SOURCE: keys on stdin as `key TAB name`, command
# lines as `line TAB text` -> facts. A repeated parameter yields all its
# different values, so that a second, conflicting one is seen; entries that
# differ are joined by ` | `. hugepages= counts for the hugepagesz= before it
# and is called hugepages[SIZE]. Text after `--` is init's
# (kernel-parameters.rst).
kernelCommandLine_facts() {
	awk -F '\t' -v layer="$1" -v source="$2" '
	function canonical(name) { gsub(/-/, "_", name); return name }
	function add(name, value) {
		if (!(name in seen)) { seen[name]; values[name] = value }
		else if (index(" " values[name] " ", " " value " ") == 0) values[name] = values[name] " " value
	}
	function parse(line,    i, c, quoted, token, n, at, name, value, size) {
		split("", seen); split("", values); size = ""; token = ""; line = line " "
		for (i = 1; i <= length(line); i++) {
			c = substr(line, i, 1)
			if (c == "\"") { quoted = !quoted; continue }
			if (c != " " || quoted) { token = token c; continue }
			if (token == "--") break
			if (token != "") {
				at = index(token, "=")
				name = canonical(at ? substr(token, 1, at - 1) : token)
				value = at ? substr(token, at + 1) : ""
				if (name == "hugepagesz") size = value
				if (name == "hugepages" && size != "") name = "hugepages[" size "]"
				add(name, value)
			}
			token = ""
		}
	}
	$1 == "key" { keys[++count] = $2 }
	$1 == "line" {
		parse($2)
		lines++
		for (k = 1; k <= count; k++) {
			name = canonical(keys[k])
			shown = name in seen ? "value\t" values[name] : "absent\t"
			if (index("\n" all[k] "\n", "\n" shown "\n") == 0) all[k] = all[k] (all[k] == "" ? "" : "\n") shown
		}
	}
	END {
		for (k = 1; k <= count; k++) {
			if (!lines) { status = "unreadable"; text = "no boot entry was found" }
			else if (index(all[k], "\n")) {
				status = "value"; text = all[k]
				gsub(/value\t/, "", text); gsub(/absent\t/, "absent", text); gsub(/\n/, " | ", text)
			}
			else { split(all[k], part, "\t"); status = part[1]; text = substr(all[k], length(part[1]) + 2) }
			printf "fact\tkernelCommandLine\t%s\t%s\t%s\t%s\t%s\n", keys[k], layer, status, text, source
		}
	}'
}

# kernelCommandLine_live_facts: keys on stdin. The text of a parameter is not
# its effect: where the kernel shows the CPUs it really took, those count.
kernelCommandLine_live_facts() {
	read_file "$ROOT/proc/cmdline"
	{
		key_lines
		printf 'line\t%s\n' "$VALUE"
	} | kernelCommandLine_facts live /proc/cmdline | while IFS= read -r LINE; do
		case $LINE in
		fact"$TAB"kernelCommandLine"$TAB"isolcpus"$TAB"live"$TAB"value*)
			kernelCommandLine_effect "$LINE" isolated
			;;
		fact"$TAB"kernelCommandLine"$TAB"nohz_full"$TAB"live"$TAB"value*)
			kernelCommandLine_effect "$LINE" nohz_full
			;;
		fact"$TAB"kernelCommandLine"$TAB"rcu_nocbs"$TAB"live"$TAB"value*)
			kernelCommandLine_callbacks "$LINE"
			;;
		*) printf '%s\n' "$LINE" ;;
		esac
	done
}

# kernelCommandLine_callbacks FACT: the fact itself, unless the kernel's own
# configuration says that it passes rcu_nocbs over; /sys does not show it.
kernelCommandLine_callbacks() {
	read_file "$ROOT/proc/sys/kernel/osrelease"
	FILE=$ROOT/boot/config-$VALUE
	if [ -r "$FILE" ] && ! grep -qx 'CONFIG_RCU_NOCB_CPU=y' "$FILE"; then
		fact rcu_nocbs live absent '' "$FILE (this kernel is built without it)"
	else
		printf '%s\n' "$1"
	fi
}

# kernelCommandLine_effect FACT FILE: the fact itself when the kernel's CPU
# list in /sys agrees with it, else the kernel's list in its place.
kernelCommandLine_effect() {
	SAID=$(printf '%s\n' "$1" | cut -f 6)
	case $SAID in
	# isolcpus= without the domain flag does not show in `isolated`.
	*domain* | [0-9]*) ;;
	*)
		printf '%s\n' "$1"
		return 0
		;;
	esac
	FILE=$ROOT/sys/devices/system/cpu/$2
	KEY=$2
	[ "$2" != isolated ] || KEY=isolcpus
	read_file "$FILE"
	[ "$VALUE" != '(null)' ] || VALUE=''
	CPUS=$(printf '%s\n' "$SAID" | sed 's/[a-z_][a-z_]*,//g')
	case $STATUS:$(printf 'setting\tx\tx\tcpuSet\t%s\tlive\nfact\tx\tx\tlive\tvalue\t%s\t-\n' "$CPUS" "$VALUE" | compare | cut -f 3) in
	value:ok) printf '%s\n' "$1" ;;
	value:*) fact "$KEY" live value "$VALUE" "$FILE" ;;
	absent:*) fact "$KEY" live absent '' "$FILE (this kernel is built without it)" ;;
	*) fact "$KEY" live "$STATUS" "$VALUE" "$FILE" ;;
	esac
}

kernelCommandLine_probe() {
	KEYS=$(cat)
	printf '%s\n' "$KEYS" | kernelCommandLine_live_facts
	kernelCommandLine_loader
	if [ "$LOADER" = none ]; then
		printf '%s\n' "$KEYS" | while IFS=$US read -r KEY _; do
			fact "$KEY" boot unreadable "$WHY_NONE" -
		done
		return 0
	fi
	SOURCE=/boot/grub/grub.cfg
	[ "$LOADER" != grubby ] || SOURCE='grubby --info=ALL'
	if ! ROWS=$(entries_lines); then
		printf '%s\n' "$KEYS" | while IFS=$US read -r KEY _; do
			fold "${ROWS##*: }"
			fact "$KEY" boot unreadable "$VALUE" "$SOURCE"
		done
		return 0
	fi
	{
		printf '%s\n' "$KEYS" | key_lines
		[ -z "$ROWS" ] || printf '%s\n' "$ROWS" | sed "s/^/line$TAB/"
	} | kernelCommandLine_facts boot "$SOURCE"
}

# kernelCommandLine_tokens KEY VALUES: the parameter as it is written, once per
# value, each with a leading space.
kernelCommandLine_tokens() {
	PREFIX=''
	NAME=$1
	case $1 in
	hugepages\[*) PREFIX=" hugepagesz=${1#*\[}" PREFIX=${PREFIX%\]} NAME=hugepages ;;
	esac
	if [ -z "$2" ]; then
		printf ' %s' "$NAME"
	else
		for VALUE in $2; do
			printf '%s %s=%s' "$PREFIX" "$NAME" "$VALUE"
		done
	fi
}

# kernelCommandLine_patterns: names, one per line -> a `case` pattern. Kernel
# parameter names treat - and _ alike.
kernelCommandLine_patterns() {
	sed 's/[-_]/[-_]/g; s/^hugepages\[\(.*\)\]$/hugepages\\[\1\\]/' | awk '{ printf "%s%s", (NR > 1 ? " | " : ""), $0 }'
}

# kernelCommandLine_drop_in: declared settings on stdin -> the drop-in. It is
# sourced by grub-mkconfig after all files of the distribution (C locale, zz-),
# removes what others set for our parameters, and appends ours to the
# variable that recovery entries do not use.
kernelCommandLine_drop_in() {
	NAMES='' TOKENS=''
	while IFS=$US read -r KEY ORIGIN MATCH WANTED _; do
		[ "$ORIGIN" = declared ] || continue
		case $KEY$WANTED in
		# The drop-in is shell text: nothing that could become code goes in.
		*[!][A-Za-z0-9_.,:/=@%+^\ -]*)
			complain "kernelCommandLine $KEY: refusing a value that is not plain text"
			return 1
			;;
		esac
		NAMES="$NAMES$KEY
"
		[ "$MATCH" = absent ] || TOKENS=$TOKENS$(kernelCommandLine_tokens "$KEY" "$WANTED")
	done
	[ -n "$NAMES" ] || return 0
	PATTERNS=$(printf '%s' "$NAMES" | kernelCommandLine_patterns)
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

# kernelCommandLine_names < lines that begin with keys: the names that entries
# have for them, with _, in one line.
kernelCommandLine_names() {
	sed "s/$US.*//; s/\[.*/ hugepagesz/; s/-/_/g" | tr '\n' ' '
}

# kernelCommandLine_grubby: brings every entry to the wanted values with one
# call; entries of kernels installed later take them from /etc/kernel/cmdline,
# which grubby keeps too. Parameters are removed in both spellings.
kernelCommandLine_grubby() {
	REMOVE='' ARGS='' OWN=''
	TUNED=''
	if entries_each "$ENTRIES" '*.conf' | xargs grep -qs '[$]tuned_params'; then
		TUNED=$(sed -n 's/^tuned_params=//p' "$ROOT/boot/grub2/grubenv")
	fi
	while IFS=$US read -r KEY ORIGIN MATCH WANTED _; do
		case $KEY in
		hugepages\[*) REMOVE="$REMOVE hugepagesz hugepages" ;;
		*) REMOVE="$REMOVE $KEY $(printf '%s' "$KEY" | tr _ -) $(printf '%s' "$KEY" | tr - _)" ;;
		esac
		TOKENS=$([ "$MATCH" = absent ] || kernelCommandLine_tokens "$KEY" "$WANTED")
		case "$ORIGIN:$WANTED: $TUNED " in
		# Entries that differed before us.
		baseline:*' | '*:*) OWN=$OWN$(printf '%s\n' "$KEY" | kernelCommandLine_names) ;;
		# What TuneD adds is in no entry.
		baseline:*:*"$TOKENS "*) ;;
		*) ARGS=$ARGS$TOKENS ;;
		esac
		case "$ORIGIN: $TUNED " in
		declared:*" $KEY "* | declared:*" $KEY="*) complain "kernelCommandLine $KEY: TuneD adds it to every boot too; take it out of the active profile, or run tuned-adm off" ;;
		esac
	done
	entries_keep || return 1
	entries_put_rescue_by || return 1
	DONE=0
	quietly grubby --update-kernel=ALL --remove-args="${REMOVE# }" ${ARGS:+--args="${ARGS# }"} || DONE=1
	[ -z "$OWN" ] || entries_give "$OWN" || DONE=1
	entries_leave_rescue
	return "$DONE"
}

# kernelCommandLine_grub_cfg_sum: identifies the present grub.cfg, in VALUE.
kernelCommandLine_grub_cfg_sum() {
	VALUE=$(sha256sum "$GRUB_CFG")
	VALUE=${VALUE%% *}
}

kernelCommandLine_update_grub() {
	keep_original "$GRUB_CFG" || return 1
	quietly update-grub || return 1
	kernelCommandLine_grub_cfg_sum
	replace_file "$GRUB_CFG_SUM" "$VALUE
"
}

# kernelCommandLine_leave_grub: nothing is declared any more. As long as nobody
# has generated grub.cfg since, the original comes back byte for byte, also
# where it did not say what /etc/default/grub says.
kernelCommandLine_leave_grub() {
	restore_file "$GRUB_DROP_IN"
	[ -f "$STATE/files${GRUB_CFG#"$ROOT"}" ] || return 0
	kernelCommandLine_grub_cfg_sum
	if cmp -s "$GRUB_CFG" "$STATE/files${GRUB_CFG#"$ROOT"}" || same_text "$GRUB_CFG_SUM" "$VALUE
"; then
		restore_file "$GRUB_CFG"
	else
		quietly update-grub || return 1
		rm "$STATE/files${GRUB_CFG#"$ROOT"}"
	fi
}

kernelCommandLine_grub() {
	DROP_IN=$(kernelCommandLine_drop_in)
	if [ -z "$DROP_IN" ]; then
		kernelCommandLine_leave_grub
		return
	fi
	write_file "$GRUB_DROP_IN" "$DROP_IN
"
	[ "$1$CHANGED" = no ] || kernelCommandLine_update_grub
}

# $1 is `stale` when an entry does not yet say what is wanted.
kernelCommandLine_persist() {
	kernelCommandLine_loader
	case $LOADER in
	grubby)
		KEYS=$(cat)
		entries_leave_rescue
		[ "$1" != stale ] || printf '%s\n' "$KEYS" | kernelCommandLine_grubby || return 1
		case $KEYS in
		*"${US}declared$US"*) ;;
		*) entries_restore "$(printf '%s\n' "$KEYS" | kernelCommandLine_names)" ;;
		esac
		;;
	update-grub) kernelCommandLine_grub "$1" ;;
	none) ;;
	esac
}
