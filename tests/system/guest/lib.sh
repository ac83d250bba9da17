# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
# For the changes that variants make.

# built_before DEB: DKMS's compile of gpuprobe.ko from this package takes minutes under emulation, so it is done here, and make hands out what came of it there.
built_before()
{
	local sources=/tmp/sources
	rm -rf $sources
	dpkg-deb -x "$1" $sources
	make -j"$(nproc)" -C "/lib/modules/$kernel/build" M="$(echo $sources/usr/src/gpuprobe-*)" modules
	mv $sources/usr/src/gpuprobe-*/gpuprobe.ko /root/
	rm -r $sources
	printf '%s\n' '#!/bin/sh' "case \$* in *modules) cp /root/gpuprobe.ko . ;; esac" >/usr/bin/make
}

# unpack_module: sets module to the gpuprobe.ko that DKMS has installed, as a plain file: Debian 13's compresses it.
unpack_module()
{
	module=/lib/modules/$kernel/updates/dkms/gpuprobe.ko
	[ ! -e "$module.xz" ] || unxz "$module.xz"
}

# other_init CODE: a gpuprobe.ko that does this when it is loaded, and nothing else.
other_init()
{
	local build=/tmp/build
	mkdir $build
	printf '%s\n' '#include <linux/delay.h>' '#include <linux/module.h>' "static int __init other(void) { $1 }" 'module_init(other);' 'MODULE_LICENSE("GPL");' >$build/gpuprobe.c
	echo 'obj-m := gpuprobe.o' >$build/Makefile
	make -C "/lib/modules/$kernel/build" M=$build modules
	unpack_module
	cp $build/gpuprobe.ko "$module"
	rm -r $build
	depmod "$kernel"
}
