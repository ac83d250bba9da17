# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# All that is needed before the first guest boots. What is cached already is not looked at again, and the network is not used.

DRIVER_FAILURE=

# prepare DRIVER(yes|no)
prepare()
{
	need_root
	need_tool mmdebstrap mmdebstrap
	need_tool jq jq
	need_tool kmod kmod
	need_tool xz xz-utils
	need_tool zstd zstd
	cache_lock
	keys_prepare || die "Debian's signing keys are too old here, and newer ones cannot be had: $CACHE_FAILURE"
	qemu_prepare ||
		die "QEMU $QEMU_MINIMUM or newer is needed, the machine has $(qemu_version_of_host), and no newer one can be had: $CACHE_FAILURE"
	kernel_prepare || die "the guest's kernel cannot be had: $CACHE_FAILURE"
	[ "$1" = no ] || [ -n "$KERNEL_BUILD" ] || driver_prepare || DRIVER_FAILURE=$CACHE_FAILURE
	module_prepare || true
	image_base none || die "the guest's base image cannot be made: $CACHE_FAILURE"
	[ -z "$DRIVER_MODULES" ] || image_base nvidia || die "the base image with the driver cannot be made: $CACHE_FAILURE"
	cache_unlock
}
