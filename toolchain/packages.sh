#!/bin/sh
# Packages of the distribution, for bin/setup: what is missing is collected,
# named with its purpose, and installed by apt-get or dnf in one go.
# Needs toolchain/steps.sh.
#
# shellcheck disable=SC2034,SC2154

missing=

# need PROGRAM DEBIAN_PACKAGE EL_PACKAGE PURPOSE: adds a package unless PROGRAM,
# a name on PATH or a file, exists. With an empty PROGRAM it is always added.
# EL_PACKAGE is `-` where the RHEL family has none.
need() {
	if [ -n "$1" ] && { command -v "$1" >/dev/null || [ -x "/usr/sbin/$1" ]; }; then
		return
	fi
	if command -v dnf >/dev/null && ! command -v apt-get >/dev/null; then
		package=$3
	else
		package=$2
	fi
	if [ "$package" = - ]; then
		notice "no package for $1 in this distribution ($4); what needs it is skipped by name"
		return
	fi
	missing="$missing $package"
	notice "needs $package: $4"
}

installer() {
	if command -v apt-get >/dev/null; then
		printf 'apt-get install -y --no-install-recommends'
	elif command -v dnf >/dev/null; then
		printf 'dnf install -y'
	else
		return 1
	fi
}

# install_missing: installs all packages that `need` added.
install_missing() {
	if [ -z "$missing" ]; then
		outcome=present
		return
	fi
	command=$(installer) ||
		fail "expected apt-get or dnf to install$missing, found neither; install them and run this again"
	[ "$(id -u)" -eq 0 ] ||
		fail "not installed, because only root may: run \`sudo $command$missing\`, then this again"
	notice "installing by ${command%% *}:$missing"
	DEBIAN_FRONTEND=noninteractive
	export DEBIAN_FRONTEND
	# The machine's package list may be old or missing.
	# shellcheck disable=SC2086
	$command $missing >>"$log" 2>&1 || {
		[ "${command%% *}" = apt-get ] && apt-get update >>"$log" 2>&1 && $command $missing >>"$log" 2>&1
	} || fail "${command%% *} could not install$missing; install them and run this again"
	outcome="installed$missing"
	missing=
}
