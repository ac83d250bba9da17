# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# The guest's kernel, one of Debian's, and what builds modules for it, each in a private root with its own compiler: the same on every machine.

KERNEL=${GPUPROBE_KERNEL:-6.1}
KERNEL_ROOT=
KERNEL_VERSION=
KERNEL_IMAGE=	# what QEMU starts
KERNEL_MAKE=()	# builds, in that root, the module in /mnt
KERNEL_BUILD=	# of one that somebody built: where
KERNEL_APPEND=	# words for its command line
MEMORY=1G
PATIENCE=1	# the timeouts of scenarios, times this

# Where each comes from. When Debian moves on to another, this table is the place to say so.
declare -A KERNEL_SUITES=(
	[5.10]=bullseye
	[6.1]=bookworm
	[6.12]=trixie
	[7.2]=sid
	[7.3]=trixie-backports
)

kernel_names()
{
	printf '%s\n' "${!KERNEL_SUITES[@]}" | sort -V
}

# kernel_own FOLDER: a kernel built there by "make bzImage modules_prepare", with all that the scenarios need built in (pci-stub, PCI hot-plug). It may be slow
# and large, as one with sanitizers is. Debian's root serves it for all else.
kernel_own()
{
	KERNEL_BUILD=$1 KERNEL_IMAGE=$1/arch/x86/boot/bzImage
	[ -s "$KERNEL_IMAGE" ] || { CACHE_FAILURE="$1 holds no arch/x86/boot/bzImage"; return 1; }
	KERNEL=own-$(sha256sum "$1/.config" | cut -c1-8)
	KERNEL_VERSION=$(cat "$1/include/config/kernel.release")
	# Or KASAN takes good memory for bad in an interrupt while identify_cpu() has the processor's features cleared, LA57 among them, and is silent from then on.
	KERNEL_APPEND=' no5lvl'
	MEMORY=2G PATIENCE=5
	DRIVER_FAILURE='the driver is built for kernels of Debian only'
}

kernel_prepare()
{
	local own=
	[ "${KERNEL#/}" = "$KERNEL" ] || { own=$KERNEL && KERNEL=6.1; }
	kernel_of_debian || return 1
	[ -z "$own" ] || kernel_own "$own"
}

kernel_of_debian()
{
	local suite=${KERNEL_SUITES[$KERNEL]-}
	[ -n "$suite" ] || { CACHE_FAILURE="there is no kernel '$KERNEL', only $(kernel_names | tr '\n' ' ')"; return 1; }
	cache_put "kernel-$KERNEL" "$(recipe make_kernel_root kernel_root_of)" "Fetching the guest's kernel $KERNEL and its compiler" make_kernel_root "$suite" || return 1
	KERNEL_ROOT=$CACHED
	KERNEL_VERSION=$(basename "$KERNEL_ROOT"/lib/modules/*)
	KERNEL_MAKE=(make -j2 -C "/lib/modules/$KERNEL_VERSION/build" M=/mnt W=1)
	KERNEL_IMAGE=$KERNEL_ROOT/boot/vmlinuz-$KERNEL_VERSION
	# Where newer packages have it; theirs copy it to /boot when they are configured.
	[ -e "$KERNEL_IMAGE" ] || KERNEL_IMAGE=$KERNEL_ROOT/lib/modules/$KERNEL_VERSION/vmlinuz
	cache_put "vmlinux-$KERNEL" "$KERNEL_VERSION-$(recipe unpack_kernel kernel_payload)" "Unpacking the guest's kernel $KERNEL" make_vmlinux "$KERNEL_IMAGE" || return 1
	KERNEL_IMAGE=$CACHED/vmlinux
}

make_vmlinux()
{
	unpack_kernel "$2" "$1/vmlinux"
}

# unpack_kernel BZIMAGE FILE: what QEMU can start of it. That is the ELF file in it, where the kernel has an entry for it (PVH): an emulated processor takes
# longer to unpack it than to boot it. Else it is a copy.
unpack_kernel()
{
	if kernel_has PVH && kernel_has KERNEL_XZ; then
		kernel_payload "$1" | xz -dc >"$2"
	elif kernel_has PVH && kernel_has KERNEL_ZSTD; then
		kernel_payload "$1" | zstd -dc >"$2"
	else
		cp "$1" "$2"
	fi
}

# kernel_payload BZIMAGE: see boot.rst of the kernel for its header: setup_sects, payload_offset, and payload_length, which counts four bytes more.
kernel_payload()
{
	dd if="$1" bs=1M iflag=skip_bytes,count_bytes status=none \
		skip=$((($(number_at "$1" 0x1f1 1) + 1) * 512 + $(number_at "$1" 0x248 4))) count=$(($(number_at "$1" 0x24c 4) - 4))
}

# kernel_has OPTION: whether its configuration has it built in.
kernel_has()
{
	grep -qsx "CONFIG_$1=y" "$KERNEL_ROOT/usr/src/linux-headers-$KERNEL_VERSION/.config"
}

# number_at FILE OFFSET BYTES
number_at()
{
	od -An -v -t "u$3" -j "$2" -N "$3" "$1"
}

# Perl is for the kernel's check of comments, a part of W=1.
make_kernel_root()
{
	local folder=$1 suite=$2
	kernel_root_of "$suite" "$folder" \
		linux-image-amd64,linux-headers-amd64,binutils,make,perl,bash,coreutils,dash,sed,grep,gawk,findutils,kmod,busybox-static &&
		ln -sf gawk "$folder/usr/bin/awk" &&
		# A third of the room, and no guest here has such hardware.
		rm -rf "$folder"/lib/modules/*/kernel/{net,sound,drivers/{net,media,infiniband,staging,scsi,usb}} "$folder"/usr/share/{doc,man,locale} &&
		chroot "$folder" depmod "$(basename "$folder"/lib/modules/*)"
}

# kernel_root_of SUITE FOLDER PACKAGES: backports come on top of the release that they are for. A mirror that has stood still is as good: what it holds is signed.
kernel_root_of()
{
	local release=${1%-backports}
	# shellcheck disable=SC2016 # mmdebstrap's shell expands $1
	[ "$release" = "$1" ] || set -- "$@" --aptopt="APT::Default-Release \"$1\"" \
		--setup-hook="sed -n \"s/ $release main.*/ $1 main/p\" \"\$1/etc/apt/sources.list\" >\"\$1/etc/apt/sources.list.d/backports.list\""
	make_root "$2" "$release" "${@:3}" --aptopt='Acquire::Check-Valid-Until "false"'
}
