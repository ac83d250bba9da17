# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# A QEMU that has the device vfio-user-pci, from 10.1 on: the machine's own, or one from Debian's backports in a private root.

QEMU_MINIMUM=10.1
QEMU_ROOT=

qemu_prepare()
{
	! qemu_of_host_will_do || return 0
	cache_put qemu "$(recipe make_qemu_root)" "Fetching QEMU (the machine has $(qemu_version_of_host), $QEMU_MINIMUM is needed)" make_qemu_root || return 1
	QEMU_ROOT=$CACHED
}

qemu_of_host_will_do()
{
	local version
	version=$(qemu_version_of_host)
	[ "$version" != none ] || return 1
	printf '%s\n' "$QEMU_MINIMUM" "$version" | sort -V -C || return 1
	# Distributions ship QEMU's devices in packages of their own.
	qemu-system-x86_64 -device help 2>/dev/null | grep -q '"vfio-user-pci"'
}

qemu_version_of_host()
{
	local version
	version=$(qemu-system-x86_64 --version 2>/dev/null | sed -n '1s/.*version \([0-9.]*\).*/\1/p')
	echo "${version:-none}"
}

make_qemu_root()
{
	local folder=$1
	# shellcheck disable=SC2016 # mmdebstrap's shell expands $1
	make_root "$folder" trixie base-files,qemu-system-x86 \
		--aptopt='APT::Default-Release "trixie-backports"' \
		--setup-hook='sed -n "s/ trixie main.*/ trixie-backports main/p" "$1/etc/apt/sources.list" >"$1/etc/apt/sources.list.d/backports.list"' &&
		chroot "$folder" qemu-system-x86_64 --version &&
		chroot "$folder" qemu-system-x86_64 -device help | grep '"vfio-user-pci"'
}

# become_qemu RUN ARGUMENT...: replaces this shell by QEMU, in folder RUN; files among the arguments are relative to it.
become_qemu()
{
	local run=$1
	shift
	[ -z "$QEMU_ROOT" ] || become_in_root "$QEMU_ROOT" "$run" /mnt qemu-system-x86_64 "$@"
	cd "$run" && exec setpriv --pdeathsig KILL qemu-system-x86_64 "$@"
}
