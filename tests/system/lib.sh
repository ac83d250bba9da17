# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Guests that are whole systems. A guest is a folder with the tree of a system and the distribution's packages of the driver, without gpuprobe or with it; its
# disk is a file system made of that. The host reads and writes a disk with debugfs, so that nothing is ever mounted here.

GUEST_WITHOUT=	# gpuprobe
GUEST_WITH=
SYSTEM_TIMEOUT=1800	# seconds, for a boot and what is done after it

# guest_prepare SUITE: sets GUEST_*. Status 1: the driver or its packages cannot be had, DRIVER_FAILURE says why.
guest_prepare()
{
	local suite=$1 key
	need_tool xz xz-utils
	need_tool zstd zstd
	cache_lock
	keys_prepare || die "Debian's signing keys are too old here: $CACHE_FAILURE"
	qemu_prepare || die "no QEMU $QEMU_MINIMUM: $CACHE_FAILURE"
	system_prepare "$suite" || die "the system of $suite cannot be had: $CACHE_FAILURE"
	KERNEL_ROOT=$SYSTEM_ROOT KERNEL_VERSION=$(basename "$SYSTEM_ROOT"/lib/modules/*) DRIVER_SUITE=$suite
	driver_prepare || { DRIVER_FAILURE=$CACHE_FAILURE && return 1; }

	key=$(basename "$SYSTEM_ROOT" "$DRIVER_MODULES" | sha256sum | cut -c1-6)-$(guest_recipe driver)
	cache_put "guest-$suite" "$key" "Making a guest of $suite with the driver" make_guest_without || { DRIVER_FAILURE=$CACHE_FAILURE && return 1; }
	GUEST_WITHOUT=$CACHED
	debs_prepare || die "make deb fails: $CACHE_FAILURE"
	key+=-$(basename "$DEBS" | sha256sum | cut -c1-6)-$(guest_recipe gpuprobe)
	cache_put "installed-$suite" "$key" "Installing gpuprobe in it" make_guest_with || die "gpuprobe cannot be installed: $CACHE_FAILURE"
	GUEST_WITH=$CACHED
	cache_unlock
}

# guest_recipe SCRIPT...: a key that changes with them.
guest_recipe()
{
	(cd "$TOP/tests/system/guest" && cat "$@"; declare -f make_guest_of) | sha256sum | cut -c1-6
}

# shellcheck disable=SC2317 # called by cache_put
# The driver was built for the guest's kernel; Debian's DKMS gives its modules the names that are given here.
make_guest_without()
{
	local DEBS=$1.debs module
	rm -rf "$DEBS" && mkdir "$DEBS" || return 1
	for module in nvidia nvidia-modeset nvidia-drm; do
		cp "$DRIVER_MODULES/$module.ko" "$DEBS/nvidia-current${module#nvidia}.ko" || return 1
	done
	make_guest_of "$SYSTEM_ROOT" driver "$1" && rm -rf "$DEBS"
}

# shellcheck disable=SC2317
make_guest_with()
{
	make_guest_of "$GUEST_WITHOUT" gpuprobe "$1"
}

# make_guest_of ROOT SCRIPT FOLDER: what the script makes of the root.
make_guest_of()
{
	# shellcheck disable=SC2016 # the inner shell expands these
	in_layer_on "$1" sh -ec '
		bash "/mnt/tests/system/guest/$1" >&2
		mkdir /tmp/tree
		mount --bind / /tmp/tree
		tar -C /tmp/tree --exclude=./tmp/tree -c .' sh "$2" | tar -C "$3" -x
}

# disk_make GUEST FILE RUN: status 1 with guest_error.
disk_make()
{
	local files=$3/debs
	mkdir -p "$files"
	cp "$DEBS"/*.deb "$files/" || { guest_error='the packages are gone'; return 1; }
	if ! DEBS=$files in_layer_on "$1" bash /mnt/tests/system/guest/disk "$2" >"$3/disk.log" 2>&1; then
		guest_error="the disk cannot be made: $(last_line "$3/disk.log")"
		return 1
	fi
	mv "$files/disk" "$3/disk" && rm -rf "$files"
}

# disk_get RUN FILE NAME: copies a file of the disk to RUN.
disk_get()
{
	debugfs -R "dump $2 $1/$3" "$1/disk" >>"$1/debugfs.log" 2>&1
	[ -s "$1/$3" ] || { guest_error="there is no $2 on the disk"; return 1; }
}

# disk_boot RUN NUMBER APPEND [QEMU-ARGUMENT...]: boots it, with what its own initramfs is by now; the results go to RUN/out/NUMBER.
disk_boot()
{
	local run=$1 number=$2 append=$3 boot_error=''
	# shellcheck disable=SC2034 # boot() reads these
	local profiles=(tesla-p4-bhyve.yaml) place=root plug='' unplug='' absent=''
	shift 3
	gpusims=()
	rm -f "$run"/*.sock
	disk_get "$run" "/boot/vmlinuz-$KERNEL_VERSION" vmlinuz && disk_get "$run" "/boot/initrd.img-$KERNEL_VERSION" initrd || return 1
	unpack_kernel "$run/vmlinuz" "$run/kernel" || { guest_error="its kernel cannot be unpacked"; return 1; }
	boot "$run" $SYSTEM_TIMEOUT " root=/dev/vda rw $append" -drive file=disk,format=raw,if=virtio,cache=unsafe "$@" || { guest_error=$boot_error; return 1; }
	mv "$run/console.log" "$run/console-$number.log"
	mkdir -p "$run/out"
	debugfs -R "rdump /results/$number $run/out" "$run/disk" >>"$run/debugfs.log" 2>&1
	[ -e "$run/out/$number/journal" ] || { guest_error="no results came out: $(last_line "$run/console-$number.log")"; return 1; }
}
