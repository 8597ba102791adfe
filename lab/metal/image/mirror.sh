#!/bin/sh
# The mirror that this system's own apt uses; no other mirror is named.

# debian_mirror: sets HOST_SUITE, this system's release, and MIRROR, or fails with a
# sentence.
debian_mirror() {
	HOST_SUITE=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME-}")
	# shellcheck disable=SC2016
	MIRROR=$(apt-get indextargets --format '$(CODENAME) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' |
		sed -n "s/^$HOST_SUITE main //p" | head -n 1)
	if [ -z "$HOST_SUITE" ] || [ -z "$MIRROR" ]; then
		printf 'the image: expected apt to know where Debian packages of %s are, found no such source; add one in /etc/apt/sources.list.d\n' "${HOST_SUITE:-this system}" >&2
		return 1
	fi
}
