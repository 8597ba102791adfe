#!/bin/sh
# packages, host half: dpkg and apt-get, or rpm and dnf. See index.ts.
#
# hooks: probe write persist remove_last notes
#
# shellcheck disable=SC2154

# shellcheck disable=SC2034
packages_notes='packages.added packages.before packages.left'

# Packages that metaltune installed, dependencies included, one name per line.
PACKAGES_ADDED=$STATE/packages.added
# Packages installed before a call that may not have finished.
PACKAGES_BEFORE=$STATE/packages.before
# Those of them that other packages need by now, so that they stay.
PACKAGES_LEFT=$STATE/packages.left

# packages_manager: the package manager, in MANAGER, and the distribution, in
# DISTRIBUTION.
packages_manager() {
	MANAGER=none
	if [ -d "$ROOT/var/lib/dpkg" ]; then
		MANAGER=apt
	elif [ -d "$ROOT/var/lib/rpm" ] || [ -d "$ROOT/usr/lib/sysimage/rpm" ]; then
		MANAGER=dnf
	fi
	DISTRIBUTION=$(sed -n 's/^ID=//p' "$ROOT/etc/os-release" 2>/dev/null | tr -d \") || DISTRIBUTION=''
}

# packages_names KEY: this distribution's package names, in NAMES; empty when it has no
# such package.
packages_names() {
	NAMES=$1
	case $MANAGER:$1 in
	apt:flamegraph | dnf:cpufrequtils) NAMES='' ;;
	apt:perf | apt:linux-perf | apt:cpupower | apt:linux-cpupower)
		NAMES=linux-${1#linux-}
		[ "$DISTRIBUTION" != ubuntu ] || NAMES="linux-tools-common linux-tools-$(uname -r)"
		;;
	apt:realtime-tests) NAMES=rt-tests ;;
	apt:bcc-tools) NAMES=bpfcc-tools ;;
	dnf:linux-perf) NAMES=perf ;;
	dnf:cpupower | dnf:linux-cpupower) NAMES=kernel-tools ;;
	dnf:procps) NAMES=procps-ng ;;
	dnf:rt-tests) NAMES=realtime-tests ;;
	dnf:bpfcc-tools) NAMES=bcc-tools ;;
	esac
}

# packages_installed [NAME...]: `name state` of those, or all, that are installed; state
# is `present`, or dpkg's state of an incomplete package. A name that an installed package
# provides, such as its former name, counts as installed.
packages_installed() {
	if [ "$MANAGER" = apt ]; then
		# shellcheck disable=SC2016
		LISTED=$(dpkg-query -W -f='${Package} ${db:Status-Abbrev} ${Architecture} ${Provides}\n' 2>/dev/null) || [ $? -eq 1 ] || return 1
		printf '%s\n' "$LISTED" | awk -v names="$*" "$AWK_packages_dpkg" | sort -u
	else
		if [ $# -eq 0 ]; then
			set -- -a
		fi
		# The exit code counts missing packages; errors have their own message.
		LISTED=$(rpm -q --qf '%{NAME} present\n' "$@" 2>&1) || :
		case "
$LISTED" in
		*'
error: '*) return 1 ;;
		esac
		{
			printf '%s\n' "$LISTED"
			for NAME in "$@"; do
				printf '%s\n' "$LISTED" | grep -qF "package $NAME is not" || continue
				! rpm -q --whatprovides "$NAME" >/dev/null 2>&1 || printf '%s present\n' "$NAME"
			done
		} | awk 'NF == 2 && $2 == "present" { print $1, $2 }' | sort -u
	fi
}

# packages_stay: whether NAMES, of a dropped key, stay for other packages: as LEFT says.
packages_stay() {
	[ -n "$NAMES" ] || return 1
	for NAME in $NAMES; do
		case $LEFT in
		*" $NAME "*) ;;
		*) return 1 ;;
		esac
	done
}

packages_probe() {
	packages_manager
	read_record "$PACKAGES_LEFT"
	fold "$BODY"
	LEFT=" $VALUE "
	WANTED=$(while IFS=$US read -r KEY MATCH GIVEN _; do
		packages_names "$KEY"
		[ "$GIVEN" = - ] && packages_stay && continue
		printf 'want\t%s\t%s\t%s\n' "$KEY" "$NAMES" "$MATCH"
	done)
	ALL=$(printf '%s\n' "$WANTED" | cut -f 3)
	REASON=''
	if [ "$MANAGER" = none ]; then
		REASON='no supported package manager: expected dpkg or rpm'
	elif ! fold "$ALL" || [ -n "$VALUE" ]; then
		# shellcheck disable=SC2086
		THERE=$(packages_installed $VALUE) || REASON="the database of packages cannot be read"
	else
		THERE=''
	fi
	{
		[ -n "$REASON" ] || printf '%s\n' "$THERE"
		printf '%s\n' "$WANTED"
	} | awk -F '\t' -v reason="$REASON" -v manager="$MANAGER" "$AWK_packages_facts"
}

# packages_call VERB NAME...: one call that changes packages, without prompts, and with a
# time limit for another process's lock.
packages_call() {
	CALL=$1
	shift
	if [ "$MANAGER" = dnf ]; then
		case $CALL in
		install) set -- --setopt=install_weak_deps=False install "$@" ;;
		remove) set -- --noautoremove remove "$@" ;;
		esac
		quietly dnf -y -q --setopt=exit_on_lock=True "$@"
		return
	fi
	DEBIAN_FRONTEND=noninteractive
	export DEBIAN_FRONTEND
	[ "$CALL" != install ] || set -- --no-install-recommends --no-remove "$@"
	set -- -y -q -o DPkg::Lock::Timeout=120 "$CALL" "$@"
	OUTPUT=$(apt-get "$@" 2>&1) && return 0
	case $OUTPUT in
	*'Unable to locate package'* | *'no installation candidate'* | *'Failed to fetch'*)
		quietly apt-get -q update || return 1
		OUTPUT=$(apt-get "$@" 2>&1) && return 0
		;;
	esac
	complain "apt-get $CALL: $(printf '%s\n' "$OUTPUT" | sed -n '/^[EW]: /p')"
	return 1
}

# packages_note: records the packages that an install added, dependencies included.
packages_note() {
	read_note "$PACKAGES_BEFORE" || return 0
	[ "$RECORD" != absent ] || return 0
	BEFORE=$BODY
	NOW=$(packages_installed) || return 1
	read_note "$PACKAGES_ADDED" || return 0
	KNOWN=$BODY
	NEW=$({
		printf '%s\n' "$BEFORE" | sed 's/^/before /'
		printf '%s\n' "$NOW"
	} | awk "$AWK_packages_added")
	[ -z "$NEW" ] || write_record "$PACKAGES_ADDED" "$(printf '%s\n%s\n' "$KNOWN" "$NEW" | sed '/^$/d' | sort -u)
" || return 1
	remove_record "$PACKAGES_BEFORE"
}

# packages_install NAME...: together, or one by one when some are unavailable.
packages_install() {
	packages_note
	NOW=$(packages_installed) || return 1
	write_record "$PACKAGES_BEFORE" "$NOW
"
	if ! packages_call install "$@" && [ $# -gt 1 ]; then
		for NAME in "$@"; do
			packages_call install "$NAME" || :
		done
	fi
	packages_note
}

# packages_takes NAME...: whether removing these removes no other package.
packages_takes() {
	if [ "$MANAGER" = dnf ]; then
		rpm -e --test "$@" >/dev/null 2>&1
		return
	fi
	SIMULATED=$(apt-get -s remove "$@" 2>/dev/null) || return 1
	printf '%s\n' "$SIMULATED" | awk -v given=" $* " "$AWK_packages_removed"
}

# packages_remove NAME...: removes those that no other package needs; the names of the
# others in LEFT.
packages_remove() {
	LEFT=$(packages_installed "$@" | cut -d ' ' -f 1) || return 1
	fold "$LEFT"
	LEFT=$VALUE TAKEN=''
	[ -n "$LEFT" ] || return 0
	# shellcheck disable=SC2086
	if packages_takes $LEFT; then
		TAKEN=$LEFT LEFT=''
	else
		packages_free
	fi
	# shellcheck disable=SC2086
	[ -z "$TAKEN" ] || packages_call remove $TAKEN
}

# packages_free: moves removable packages from LEFT to TAKEN, dependents first.
packages_free() {
	MORE=yes
	while [ "$MORE" = yes ]; do
		MORE=no STILL=''
		for NAME in $LEFT; do
			# shellcheck disable=SC2086
			if packages_takes $TAKEN "$NAME"; then
				TAKEN="$TAKEN $NAME" MORE=yes
			else
				STILL="$STILL $NAME"
			fi
		done
		LEFT=$STILL
	done
}

packages_write() {
	packages_manager
	PRESENT='' ABSENT=''
	while IFS=$US read -r KEY STATUS _; do
		packages_names "$KEY"
		case $STATUS in
		value) PRESENT="$PRESENT $NAMES" ;;
		absent) ABSENT="$ABSENT $NAMES" ;;
		esac
	done
	# shellcheck disable=SC2086
	[ -z "$PRESENT" ] || packages_install $PRESENT || complain "packages: could not install$PRESENT"
	[ -n "$ABSENT" ] || return 0
	# shellcheck disable=SC2086
	packages_remove $ABSENT || complain "packages: could not remove$ABSENT"
	[ -z "$LEFT" ] || complain "packages: $LEFT: other packages need them; they stay"
}

# Record what an interrupted run installed before any further install.
packages_persist() {
	packages_manager
	packages_note
}

# Dropping a key also removes the dependencies installed for it, except those that a
# declared key needs.
packages_remove_last() {
	packages_manager
	packages_note
	KEPT='' GONE=''
	while IFS=$US read -r KEY ORIGIN MATCH _; do
		packages_names "$KEY"
		case $ORIGIN:$MATCH in
		*:exact) KEPT="$KEPT $NAMES" ;;
		baseline:absent) GONE=yes ;;
		esac
	done
	[ -n "$GONE" ] && read_note "$PACKAGES_ADDED" || return 0
	OURS=$(printf '%s\n' "$BODY" | awk -v kept="$KEPT " '$0 != "" && !index(kept, " " $1 " ")')
	[ -n "$OURS" ] || return 0
	remove_record "$PACKAGES_LEFT"
	# shellcheck disable=SC2086
	packages_remove $OURS
	[ -n "$LEFT" ] || return 0
	fold "$LEFT"
	complain "packages: $VALUE: other packages need them by now, so they stay"
	# shellcheck disable=SC2086
	write_record "$PACKAGES_LEFT" "$(printf '%s\n' $LEFT)$NEWLINE"
}
