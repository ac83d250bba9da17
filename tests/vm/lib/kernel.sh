# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# The guest's kernel, Debian 12's, and what builds modules for it, in one private root: the same on every machine.

KERNEL_ROOT=
KERNEL_VERSION=

kernel_prepare()
{
	cache_put kernel "$(recipe make_kernel_root)" "Fetching the guest's kernel and its compiler" make_kernel_root || return 1
	KERNEL_ROOT=$CACHED
	KERNEL_VERSION=$(basename "$KERNEL_ROOT"/lib/modules/*)
}

# Perl is for the kernel's check of comments, a part of W=1.
make_kernel_root()
{
	local folder=$1
	make_root "$folder" bookworm \
		linux-image-amd64,linux-headers-amd64,make,perl,bash,coreutils,dash,sed,grep,gawk,findutils,kmod,busybox-static &&
		ln -sf gawk "$folder/usr/bin/awk" &&
		# A third of the room, and no guest here has such hardware.
		rm -rf "$folder"/lib/modules/*/kernel/{net,sound,drivers/{net,media,infiniband,staging,scsi,usb}} "$folder"/usr/share/{doc,man,locale} &&
		chroot "$folder" depmod "$(basename "$folder"/lib/modules/*)"
}
