# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# The real NVIDIA driver, built for the guest's kernel: nvidia-kernel-dkms (non-free) and firmware-nvidia-gsp of a release of Debian, fetched as packages into
# the cache and used there only.

DRIVER_SUITE=bookworm
DRIVER_MODULES=
DRIVER_FIRMWARE=

driver_prepare()
{
	local source
	cache_put "driver-source-$DRIVER_SUITE" "$(recipe fetch_driver_source)" "Fetching the NVIDIA driver's package" fetch_driver_source || return 1
	source=$CACHED
	DRIVER_FIRMWARE=$CACHED
	cache_put "driver-modules-$DRIVER_SUITE" "$KERNEL_VERSION-$(basename "$source"/nvidia-current-*)-$(recipe build_driver)" \
		"Building the NVIDIA driver for the guest (once, about 70 s on 2 cores)" build_driver "$source" || return 1
	DRIVER_MODULES=$CACHED
}

fetch_driver_source()
{
	local folder=$1
	# The root is only there for its apt settings; its one small package keeps mmdebstrap content. --extract-hook is the last one of this variant.
	# shellcheck disable=SC2016 # mmdebstrap's shell expands these
	make_root "$folder/root" "$DRIVER_SUITE" mawk --components=main,non-free,non-free-firmware \
		--extract-hook='mkdir "$1/nvidia" && cd "$1/nvidia" &&
			APT_CONFIG=$MMDEBSTRAP_APT_CONFIG apt-get -q -o APT::Sandbox::User=root download nvidia-kernel-dkms firmware-nvidia-gsp' &&
		dpkg-deb -x "$folder"/root/nvidia/nvidia-kernel-dkms_*.deb "$folder/package" &&
		dpkg-deb -x "$folder"/root/nvidia/firmware-nvidia-gsp_*.deb "$folder/package" &&
		mv "$folder"/package/usr/src/nvidia-current-* "$folder/" && mkdir "$folder/lib" &&
		mv "$(find "$folder/package" -path '*lib/firmware')" "$folder/lib/" &&
		rm -rf "$folder/root" "$folder/package"
}

# shellcheck disable=SC2016 # the root's shell expands what is quoted
build_driver()
{
	local folder=$1 source=$2 build=$1.build
	rm -rf "$build" && cp -r "$source"/nvidia-current-* "$build" &&
		in_root "$KERNEL_ROOT" "$build" /mnt sh -c '
			make -j"$(nproc)" modules KERNEL_UNAME="$1" NV_EXCLUDE_KERNEL_MODULES="nvidia-uvm nvidia-peermem" && strip -g -- *.ko' sh "$KERNEL_VERSION" &&
		mv "$build"/{nvidia,nvidia-modeset,nvidia-drm}.ko "$folder/" &&
		rm -rf "$build"
}
