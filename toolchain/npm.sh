#!/bin/sh
# Node.js and npm packages, as bin/setup installs them. Needs toolchain/steps.sh.
#
# shellcheck disable=SC2034,SC2154

oldest_node=22
node_bin=
extras=
develop_packages=false

# extra NAME: adds an optional package to install; @pulumi/aws comes first.
extra() {
	case " $extras " in
	*" $1 "*) return ;;
	esac
	case $1 in
	@pulumi/aws) extras="$1${extras:+ $extras}" ;;
	*) extras="${extras:+$extras }$1" ;;
	esac
}

# version_of KIND NAME: the version that package.json pins.
version_of() {
	(cd "$root" && node -p 'require("./package.json")[process.argv[1]][process.argv[2]]' "$1" "$2")
}

node_js() {
	{ command -v npm && command -v node; } >/dev/null ||
		fail "found no Node.js with npm on PATH; install Node.js 22 or newer, or your distribution's nodejs and npm, and run bin/setup again"
	own_node=$(node --version)
	major=${own_node#v}
	if [ "${major%%.*}" -ge "$oldest_node" ]; then
		outcome="$own_node"
		# Found through an earlier setup's environment, if that is in effect; the next
		# environment must name it again.
		found=$(command -v node)
		case $found in
		"$cache"/*) node_bin=${found%/*} ;;
		esac
		return
	fi
	node_bin=$("$root/toolchain/node/install" 2>>"$log") ||
		fail "$(tail -n 1 "$log")"
	PATH=$node_bin:$PATH
	outcome="$(node --version) from npm, because $own_node is older than $oldest_node"
}

# npm_does WORDS...: runs npm without install scripts. No package here needs
# one, and some of them download files.
npm_does() {
	(cd "$root" && npm "$@" --ignore-scripts --no-audit --no-fund --no-update-notifier) >>"$log" 2>&1 ||
		fail "npm could not install what package-lock.json lists"
}

# Optional packages keep the version and checksum of package-lock.json.
install_runtime() {
	npm_does ci --omit=dev
	[ -n "$extras" ] || return 0
	wanted=
	for name in $extras; do
		wanted="$wanted $name@$(version_of peerDependencies "$name")"
	done
	# shellcheck disable=SC2086
	npm_does install --no-save --save-prod --omit=dev $wanted
}

# Keeps the packages of an earlier setup; the stamp records which set it had.
node_packages() {
	stamp=$root/node_modules/.metaltune-setup
	lock=$(sha256sum "$root/package-lock.json" | cut -d ' ' -f 1)
	had_lock='' had=''
	[ ! -f "$stamp" ] || read -r had_lock had <"$stamp"
	[ "$had" != develop ] || develop_packages=true
	if [ "$develop_packages" = true ]; then
		wanted_set=develop
	else
		for name in $had; do
			extra "$name"
		done
		wanted_set=$extras
	fi
	if [ "$had_lock" = "$lock" ] && [ "$had" = "$wanted_set" ]; then
		outcome="as in package-lock.json"
		return
	fi
	rm -f "$stamp"
	if [ "$develop_packages" = true ]; then
		npm_does ci --include=dev
	else
		install_runtime
	fi
	printf '%s %s\n' "$lock" "$wanted_set" >"$stamp"
	outcome="installed from package-lock.json"
}
