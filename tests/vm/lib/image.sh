# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# The guest's user land: an initramfs of two archives one after the other, as the kernel allows. The first, with busybox and the kernel's modules (and the driver's),
# is kept; the second, with the tool, gpuprobe.ko and the scenario, is made for each run.

declare -A IMAGE_BASES

# image_base DRIVER: sets IMAGE_BASES[DRIVER] to the first archive.
image_base()
{
	local key
	key=$KERNEL_VERSION-$(recipe make_image_base base_index base_modules pack)
	[ "$1" != nvidia ] || key+=-$(basename "$DRIVER_MODULES" | sha256sum | cut -c1-8)
	cache_put "image-$1-$KERNEL" "$key" "Making the guest's base image (driver: $1)" make_image_base "$1" || return 1
	IMAGE_BASES[$1]=$CACHED/base.cpio
}

make_image_base()
{
	local folder=$1 driver=$2 tree=$1.tree
	local modules=$tree/lib/modules/$KERNEL_VERSION
	rm -rf "$tree" && mkdir -p "$tree"/{bin,dev,etc,proc,sys,tmp,run,root,out} "$modules" &&
		cp "$KERNEL_ROOT/bin/busybox" "$tree/bin/" &&
		printf '%s\n' 'root:x:0:0:root:/root:/bin/sh' 'user:x:1000:1000:user:/tmp:/bin/sh' >"$tree/etc/passwd" &&
		printf '%s\n' 'root:x:0:' 'user:x:1000:' >"$tree/etc/group" &&
		base_index "$modules" &&
		{ [ -n "$KERNEL_BUILD" ] || base_modules "$tree" pci-stub; } &&
		if [ "$driver" = nvidia ]; then
			base_modules "$tree" drm_kms_helper video wmi &&
				mkdir -p "$modules/updates/dkms" && cp "$DRIVER_MODULES"/*.ko "$modules/updates/dkms/"
		fi &&
		in_root "$KERNEL_ROOT" "$tree" /mnt depmod -b /mnt "$KERNEL_VERSION" &&
		pack "$tree" >"$folder/base.cpio" && rm -rf "$tree"
}

# base_index MODULES: what kmod knows a kernel's modules by.
base_index()
{
	if [ -n "$KERNEL_BUILD" ]; then
		cp "$KERNEL_BUILD"/modules.{builtin,builtin.modinfo} "$1/" && : >"$1/modules.order"
	else
		cp "$KERNEL_ROOT/lib/modules/$KERNEL_VERSION"/modules.{builtin,builtin.modinfo,order} "$1/"
	fi
}

# base_modules TREE NAME...: copies these modules of the kernel and what they need.
base_modules()
{
	local tree=$1 name
	shift
	for name in "$@"; do
		chroot "$KERNEL_ROOT" modprobe --set-version "$KERNEL_VERSION" --show-depends "$name" || return 1
	done | sed -n 's/^insmod \([^ ]*\).*/\1/p' | sort -u | (cd "$KERNEL_ROOT" && sed 's,^/,,' | xargs cp --parents -t "$tree")
}

# pack TREE: the archive on stdout. The kernel wants names without a leading dot-slash only for /init.
pack()
{
	local busybox=$KERNEL_ROOT/bin/busybox
	(cd "$1" && find . -mindepth 1 -printf '%P\n' | LC_ALL=C sort | "$busybox" cpio -o -H newc 2>/dev/null)
}

# image_of RUN: makes RUN/initrd from the driver's base and RUN/tree.
image_of()
{
	{ cat "${IMAGE_BASES[$driver]}" && pack "$1/tree"; } >"$1/initrd" && rm -rf "$1/tree"
}

# image_programs TREE: puts in the tool and, as the guest loads modules with it, kmod.
image_programs()
{
	local tree=$1 link file
	image_program "$tree" "$GPUPROBE" bin/gpuprobe && image_program "$tree" "$POKE" bin/poke &&
		image_program "$tree" "$(command -v kmod)" kmod/kmod || return 1
	for link in insmod rmmod modprobe; do
		ln -s kmod "$tree/kmod/$link"
	done
	for file in /usr/share/misc/pci.ids /usr/lib/locale/C.utf8; do
		[ ! -e "$file" ] || cp --parents -rL -t "$tree" "$file" || return 1
	done
}

# image_firmware TREE: the scenario's files, where the driver asks for them.
image_firmware()
{
	local file
	for file in "${firmware[@]}"; do
		(cd "$DRIVER_FIRMWARE" && cp --parents -t "$1" lib/firmware/nvidia/*/"$file") || return 1
	done
}

# image_program TREE FILE NAME: a program of this machine, as NAME, with the libraries it needs, at their places.
image_program()
{
	install -D "$2" "$1/$3" || return 1
	# One linked statically has none, and ldd says so by its status.
	{ ldd "$2" 2>/dev/null || true; } | sed -n 's/^[^/]*\(\/[^ ]*\) (0x.*/\1/p' | xargs -r cp --parents -L -t "$1"
}
