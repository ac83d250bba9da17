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

# build_with_gcc, build_with_clang, build_with_sparse: the module with its self-tests; what the compiler says is on stdout.

# prepare did it.
build_with_gcc()
{
	cat "$GPUPROBE_CACHE/log/gpuprobe-$KERNEL.log" && [ -n "$MODULE_KO" ]
}

# shellcheck disable=SC2016 # the root's shell expands what is quoted
build_with_clang()
{
	build_in_layer clang sh -euc '
		cd "/usr/src/linux-headers-$1/include"
		sed -i -E "/^CONFIG_($2)=/d" config/auto.conf
		sed -i -E "/^#define CONFIG_($2) /d" generated/autoconf.h
		echo "CONFIG_CC_IS_CLANG=y" >>config/auto.conf
		echo "#define CONFIG_CC_IS_CLANG 1" >>generated/autoconf.h
		shift 2
		cd /mnt
		exec "$@"' sh "$KERNEL_VERSION" "$GCC_ANSWERS" "${KERNEL_MAKE[@]}" LLVM=1 CC=clang
}

# Not C=2: newer kernels look for sparse with a script that Debian's headers have not. What older ones of sparse have no word for, they are told.
build_with_sparse()
{
	build_in_layer sparse "${KERNEL_MAKE[@]}" KBUILD_CHECKSRC=2 CF='-D__CHECK_ENDIAN__ -D__typeof_unqual__=__typeof__'
}

# build_in_layer CHECKER COMMAND...
# shellcheck disable=SC2016 # the root's shell expands what is quoted
build_in_layer()
{
	local build=$GPUPROBE_CACHE/checked-$KERNEL status=0 checker=$1
	shift
	rm -rf "$build" && mkdir "$build" && module_copy "$build" || return 1
	in_layer "$CHECKERS_ROOT:$KERNEL_ROOT" "$build:/mnt" -- sh -euc '"$1" --version; shift; exec "$@"' sh "$checker" "$@" GPUPROBE_DEBUG=1 modules || status=$?
	rm -rf "$build"
	return $status
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
