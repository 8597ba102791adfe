#!/bin/sh
# Pulumi and its command plugin, as bin/setup installs them: from the machine,
# else the official ones, else this checkout's own build and stand-in. Needs
# toolchain/steps.sh and toolchain/npm.sh.
#
# shellcheck disable=SC2034,SC2154

official_version=3.255.0
official_bin=$cache/pulumi-$official_version/bin
oldest_minor=220
engine_built=false
stand_in=false

bounded() {
	if command -v timeout >/dev/null; then
		timeout "$@"
	else
		shift
		"$@"
	fi
}

# A server that could not be reached is not tried again for a day.
recently_unreachable() {
	[ -n "$(find "$cache/unreachable.$1" -mmin -1440 2>/dev/null)" ]
}

remember_unreachable() {
	: >"$cache/unreachable.$1"
}

check_pulumi_version() {
	version=$("$1" version)
	minor=${version#v3.}
	minor=${minor%%.*}
	case $minor in
	*[!0-9]* | '') minor=0 ;;
	esac
	[ "$minor" -ge "$oldest_minor" ] ||
		fail "$1 is Pulumi $version, but 3.$oldest_minor or newer is needed; update it, or take it off PATH"
}

# The release's archive, if its checksum is the recorded one. No downloaded
# script is run.
download_pulumi() {
	recently_unreachable pulumi && return 1
	case $(uname -sm) in
	'Linux x86_64') archive=pulumi-v$official_version-linux-x64.tar.gz ;;
	'Linux aarch64') archive=pulumi-v$official_version-linux-arm64.tar.gz ;;
	*) return 1 ;;
	esac
	if ! curl -fsSL --connect-timeout 5 --max-time 600 -o "$cache/$archive" \
		"https://get.pulumi.com/releases/sdk/$archive" >>"$log" 2>&1; then
		remember_unreachable pulumi
		return 1
	fi
	(cd "$cache" && grep " $archive\$" "$root/toolchain/pulumi.sha256" | sha256sum -c -) >>"$log" 2>&1 ||
		fail "$cache/$archive is not the archive whose checksum is in toolchain/pulumi.sha256; it was not unpacked. Remove it and run bin/setup again, or install Pulumi yourself"
	work=$(mktemp -d "$cache/pulumi.XXXXXX")
	mkdir "$work/bin"
	tar -xzf "$cache/$archive" -C "$work/bin" --strip-components=1 >>"$log" 2>&1 ||
		fail "$cache/$archive could not be unpacked; free space there and run bin/setup again"
	chmod 0755 "$work"
	mv -T "$work" "$cache/pulumi-$official_version"
	rm "$cache/$archive"
}

build_pulumi() {
	built=$("$root/toolchain/install" --is-built) || {
		command -v go >/dev/null && notice "Pulumi cannot be downloaded here; building it from source with Go, once: about 3 minutes on 2 cores"
	}
	pulumi_bin=$("$root/toolchain/install" 2>>"$log") ||
		fail "$(tail -n 1 "$log")"
	engine_built=true
	outcome="built from source: pinned Go modules, because the download could not be reached"
	[ -z "$built" ] || outcome="$outcome; built before"
}

engine() {
	pulumi_bin=
	found=$(command -v pulumi || :)
	case $found in
	'' | "$cache"/*)
		if [ -x "$official_bin/pulumi" ] || download_pulumi; then
			pulumi_bin=$official_bin
			outcome="official $official_version"
		else
			build_pulumi
		fi
		PATH=$pulumi_bin:$PATH
		;;
	*)
		check_pulumi_version "$found"
		outcome="$found, $version"
		;;
	esac
	export PATH PULUMI_SKIP_UPDATE_CHECK=1
}

# Prints the real plugin's path: on PATH, installed by Pulumi, or downloaded.
real_command_plugin() {
	if command -v pulumi-resource-command; then
		return
	fi
	installed=${PULUMI_HOME:-$HOME/.pulumi}/plugins/resource-command-v$1/pulumi-resource-command
	if [ ! -x "$installed" ]; then
		recently_unreachable command && return 1
		if ! bounded 60 pulumi plugin install resource command "$1" >>"$log" 2>&1; then
			remember_unreachable command
			return 1
		fi
	fi
	printf '%s\n' "$installed"
}

# Pulumi.yaml names the link, so that Pulumi finds the plugin in one place.
command_plugin() {
	version=$(version_of dependencies @pulumi/command)
	link=$own/plugins/command/pulumi-resource-command
	mkdir -p "$own/plugins/command"
	if real=$(real_command_plugin "$version"); then
		outcome=$real
	else
		stand_in=true
		real=../../../toolchain/commandProvider/pulumi-resource-command
		outcome="the stand-in in toolchain/commandProvider, because plugin $version could not be downloaded"
	fi
	ln -sfn "$real" "$link"
}
