# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# gpuprobe.ko for the guest's kernel, built from a copy of the sources, so that the work tree stays as it is.

MODULE_KO=
MODULE_FAILURE=

# Sets MODULE_KO, or MODULE_FAILURE to the reason.
module_prepare()
{
	local log=$GPUPROBE_CACHE/log/gpuprobe-$KERNEL.log
	[ -e "$TOP/Kbuild" ] || { MODULE_FAILURE="there is no $TOP/Kbuild"; return 1; }
	if ! cache_put "gpuprobe-$KERNEL" "$KERNEL_VERSION-$(module_key)-$(recipe build_module build_in)" "Building gpuprobe.ko for $KERNEL_VERSION" build_module; then
		MODULE_FAILURE="gpuprobe.ko does not build: $CACHE_FAILURE"
		return 1
	fi
	grep -sE '^[^ ]+\.[ch]:.*warning:' "$log" >&2 || true
	MODULE_KO=$CACHED/gpuprobe.ko
}

# What was made by a build for another kernel must not come along.
module_sources()
{
	(cd "$TOP" && find Kbuild module -type f ! -name '*.o' ! -name '*.ko' ! -name '*.mod' ! -name '*.mod.c' ! -name '.*' ! -name '*.order' -print0 | sort -z)
}

module_key()
{
	module_sources | (cd "$TOP" && xargs -0 sha256sum) | sha256sum | cut -c1-12
}

# module_copy FOLDER
module_copy()
{
	module_sources | tar -C "$TOP" --null -T - -cf - | tar -C "$1" -xf -
}

build_module()
{
	local folder=$1 build=$1.build
	rm -rf "$build" && mkdir "$build" && module_copy "$build" &&
		{ [ -n "$KERNEL_BUILD" ] || { build_in "$build" && mv "$build/gpuprobe.ko" "$folder/"; }; } &&
		build_in "$build" GPUPROBE_DEBUG=1 && mv "$build/gpuprobe.ko" "$folder/selftest.ko" && rm -rf "$build" &&
		# Where the kernel watches itself, the self-tests run at each load.
		{ [ -e "$folder/gpuprobe.ko" ] || cp "$folder/selftest.ko" "$folder/gpuprobe.ko"; }
}

# build_in FOLDER [WORD...]
build_in()
{
	local folder=$1
	shift
	if [ -n "$KERNEL_BUILD" ]; then
		make -j2 -C "$KERNEL_BUILD" M="$folder" W=1 KBUILD_MODPOST_WARN=1 "$@" modules
		return
	fi
	in_root "$KERNEL_ROOT" "$folder" /mnt "${KERNEL_MAKE[@]}" "$@" modules
}
