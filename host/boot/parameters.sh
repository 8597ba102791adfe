#!/bin/sh
# Kernel parameters as the boot loaders' files have them.
#
# shellcheck disable=SC2154

# parameters_tokens KEY VALUES: the parameter as words of a command line, one per value,
# each with a leading space.
parameters_tokens() {
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

# parameters_names < lines that begin with keys: their parameter names, with _ for -, in
# one line.
parameters_names() {
	sed "s/$US.*//; s/\[.*/ hugepagesz/; s/-/_/g" | tr '\n' ' '
}

# parameters_other NAMES: the words of standard input that set none of these parameters.
# NAMES are spelled with _; the order of words does not matter.
parameters_other() {
	tr -s ' \t"' '\n' | awk -F = -v names=" $1 " "$AWK_otherWords" | sort
}
