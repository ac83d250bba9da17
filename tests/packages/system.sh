# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Whole systems: unlike the roots of tests/vm/lib/root.sh their packages are configured, so that others can be installed in them. They are used through a
# throw-away layer on top and never change.

SYSTEM_ROOT=
DEBS=

# What the packages depend on is there already, so that no case needs the network.
SYSTEM_PACKAGES=systemd-sysv,udev,kmod,initramfs-tools,zstd,linux-image-amd64,linux-headers-amd64,dkms,gcc,make
# shellcheck disable=SC2054 # lists for --include
declare -A SYSTEM_EXTRA=(
	[bullseye]=''
	[bookworm]=,build-essential,debhelper,dh-dkms,fakeroot,pkg-config,libjson-c-dev,libyaml-dev,libpcre2-dev,libkmod-dev,libpci-dev,libsystemd-dev,zlib1g-dev,lintian
	[trixie]=,libjson-c5,libyaml-0-2,libpcre2-8-0,libkmod2,libpci3,libsystemd0,zlib1g
)

# said FILE KEY: its lines `# KEY: WORDS`
said()
{
	sed -n "s/^# $2: //p" "$1"
}

# system_prepare SUITE: sets SYSTEM_ROOT, or fails with CACHE_FAILURE.
system_prepare()
{
	cache_put "system-$1" "$(recipe make_system)$(sha256sum <<<"$SYSTEM_PACKAGES${SYSTEM_EXTRA[$1]}" | cut -c1-4)" \
		"Making a system of $1" make_system "$1" || return 1
	SYSTEM_ROOT=$CACHED
}

# With an initramfs without the kernel's modules: making that takes longer than all else that a case does with packages. tests/system has the whole one.
make_system()
{
	# shellcheck disable=SC2016 # mmdebstrap's shell expands this
	unshare --mount mmdebstrap --mode=root --variant=minbase --dpkgopt=force-unsafe-io \
		--essential-hook='mkdir -p "$1/etc/initramfs-tools/conf.d" && echo MODULES=list >"$1/etc/initramfs-tools/conf.d/small"' \
		--include="$SYSTEM_PACKAGES${SYSTEM_EXTRA[$2]}" "${KEYRING[@]}" "$2" "$1"
}

# debs_prepare: sets DEBS to a folder with what make deb makes on Debian 12, and with what lintian says of it.
debs_prepare()
{
	local key
	key=$(cd "$TOP" && git ls-files -z Kbuild Makefile dkms.conf debian module packaging po tools docs/man docs/report.schema.json tests/unit/unit.mk | xargs -0 sha256sum 2>/dev/null | sha256sum | cut -c1-12)
	system_prepare bookworm &&
		cache_put debs "$key-$(recipe make_debs)" "Making the packages" make_debs || return 1
	DEBS=$CACHED
}

make_debs()
{
	local DEBS=$1
	# shellcheck disable=SC2016
	in_copy bookworm sh -euc '
		mkdir /tmp/tree
		tar -c --exclude=./.git --exclude=./.cache --exclude="./build*" . | tar -x -C /tmp/tree
		cd /tmp/tree
		packaging/deb
		cp build/deb/*.deb /debs
		lintian --allow-root --info --pedantic --display-info --show-overrides build/deb/*.changes >/debs/lintian.txt 2>&1 || true'
}

# in_copy SUITE COMMAND...: in a copy of the system that ends with it, with the work tree, for reading, in /mnt and $DEBS in /debs.
in_copy()
{
	system_prepare "$1" && in_layer_on "$SYSTEM_ROOT" "${@:2}"
}

# in_layer_on ROOT COMMAND...: the same for any root.
in_layer_on()
{
	in_layer "$1" "$TOP:/mnt:ro" "$DEBS:/debs" -- \
		env LC_ALL=C.UTF-8 HOME=/root DEBIAN_FRONTEND=noninteractive "${@:2}"
}
