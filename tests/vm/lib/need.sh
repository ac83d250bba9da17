# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Which tools of the host are used, and how they get here: installed by apt where that can be done, else named.

need_root()
{
	[ "$(id -u)" = 0 ] || die "this needs root, for chroot and bind mounts (they stay in a mount namespace of their own): use sudo"
}

# need_package PACKAGE: installs it; dies with one line saying what to do where it cannot.
need_package()
{
	local log=$GPUPROBE_CACHE/log/apt-$1.log
	command -v apt-get >/dev/null || die "$1 is missing: install it with the package manager of this system"
	step "Installing $1" "$log" apt_install "$1" ||
		die "$1 is missing and apt-get cannot install it: $(last_line "$log")"
}

apt_install()
{
	local get=(env DEBIAN_FRONTEND=noninteractive apt-get -q)
	"${get[@]}" install -y --no-install-recommends "$1" ||
		{ "${get[@]}" update && "${get[@]}" install -y --no-install-recommends "$1"; }
}

# need_tool TOOL PACKAGE
need_tool()
{
	command -v "$1" >/dev/null || need_package "$2"
}
