# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# clang and sparse as the kernel's suite has them, laid over the kernel's own root for one build.

CHECKERS_ROOT=

checkers_prepare()
{
	cache_put "checkers-$KERNEL" "$(recipe make_checkers kernel_root_of)" "Fetching clang and sparse for $KERNEL" make_checkers "${KERNEL_SUITES[$KERNEL]}" || return 1
	CHECKERS_ROOT=$CACHED
}

make_checkers()
{
	kernel_root_of "$2" "$1" clang,lld,llvm,sparse
}

# What Debian's configuration has from gcc, the kernel's compiler: which one it is, how per-CPU variables are reached, and options that clang, or that suite's
# clang, has not. As the headers come without Kconfig, nothing else can ask clang for its own answers.
GCC_ANSWERS='CC_IS_GCC|GCC_VERSION|CC_HAS_NAMED_AS|USE_X86_SEG_SUPPORT|CC_IMPLICIT_FALLTHROUGH|CC_HAS_MIN_FUNCTION_ALIGNMENT|FTRACE_MCOUNT_USE_CC'
GCC_ANSWERS+='|UBSAN_BOUNDS_STRICT|INIT_STACK_ALL_ZERO|RETHUNK|MITIGATION_RETHUNK|SLS|MITIGATION_SLS'

# checked_by gcc|clang|sparse: that it builds, or CACHE_FAILURE; what it said is in check_log.
checked_by()
{
	if [ "$1" = gcc ]; then
		CACHE_FAILURE=$MODULE_FAILURE
		[ -n "$MODULE_KO" ] # prepare did it
		return
	fi
	cache_put "$1-$KERNEL" "$KERNEL_VERSION-$(module_key)-$(recipe "build_with_$1" build_in_layer make_checkers)" \
		"Building gpuprobe.ko for $KERNEL_VERSION with $1" "build_with_$1"
}

# check_log gcc|clang|sparse
check_log()
{
	echo "$GPUPROBE_CACHE/log/${1/gcc/gpuprobe}-$KERNEL.log"
}

# build_with_clang FOLDER, build_with_sparse FOLDER: the module with its self-tests.

# shellcheck disable=SC2016 # the root's shell expands what is quoted
build_with_clang()
{
	build_in_layer "$1" clang sh -euc '
		cd "/usr/src/linux-headers-$1/include"
		sed -i -E "/^CONFIG_($2)=/d" config/auto.conf
		sed -i -E "/^#define CONFIG_($2) /d" generated/autoconf.h
		echo "CONFIG_CC_IS_CLANG=y" >>config/auto.conf
		echo "#define CONFIG_CC_IS_CLANG 1" >>generated/autoconf.h
		shift 2
		cd /mnt
		exec "$@"' sh "$KERNEL_VERSION" "$GCC_ANSWERS" "${KERNEL_MAKE[@]}" LLVM=1 CC=clang
}

# Not C=2: newer kernels look for sparse with a script that Debian's headers have not. sparse 0.6.4 does not know __typeof_unqual__, nor that the length of a
# string is a constant, which newer kernels assert of each module parameter.
# shellcheck disable=SC2016 # the root's shell expands what is quoted
build_with_sparse()
{
	build_in_layer "$1" sparse sh -euc '
		sed -i "s/__builtin_strlen(info)/(sizeof(info) - 1)/" /usr/src/linux-headers-*-common/include/linux/moduleparam.h
		exec "$@"' sh "${KERNEL_MAKE[@]}" KBUILD_CHECKSRC=2 CF='-D__CHECK_ENDIAN__ -D__typeof_unqual__=__typeof__'
}

# build_in_layer FOLDER CHECKER COMMAND...
# shellcheck disable=SC2016 # the root's shell expands what is quoted
build_in_layer()
{
	local folder=$1 checker=$2
	shift 2
	module_copy "$folder" &&
		in_layer "$CHECKERS_ROOT:$KERNEL_ROOT" "$folder:/mnt" -- sh -euc '"$1" --version; shift; exec "$@"' sh "$checker" "$@" GPUPROBE_DEBUG=1 modules &&
		rm -rf "${folder:?}"/*
}

# version_of gcc|clang|sparse: once it was run.
version_of()
{
	if [ "$1" = gcc ]; then
		sed -n 's/^CONFIG_CC_VERSION_TEXT="[^ ]* ([^)]*) \([0-9.]*\).*"/\1/p' "$KERNEL_ROOT/usr/src/linux-headers-$KERNEL_VERSION/.config"
	else
		sed -n '1s/[^0-9]*\([0-9.]*[0-9]\).*/\1/p' "$(check_log "$1")"
	fi
}
