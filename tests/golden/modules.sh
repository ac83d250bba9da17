# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
# For scripts of cases: kernel modules in the folder $modules of the kernel $release below root/, and the keys by which they are checked.

# module NAME LINE...: NAME.ko with these lines of modinfo.
module()
{
	local file=$modules/updates/dkms/$1.ko
	shift
	mkdir -p "${file%/*}"
	printf '%s\0' "$@" >modinfo
	gcc -c -x c -o "$file" /dev/null
	objcopy --add-section .modinfo=modinfo "$file"
	/sbin/depmod -b root "$release" 2>/dev/null
}

# sign NAME KEY: that module carries a signature by KEY, in the form that names the signer beside it.
sign()
{
	printf '%s0123456789abcdef\1\4\1'"\\$(printf %o ${#2})"'\0\0\0\0\0\0\0\20~Module signature appended~\n' "$2" \
		>>"$modules/updates/dkms/$1.ko"
}

# keys NAME...: what the kernel trusts, and a key of another kind.
keys()
{
	local name
	echo '02f4e1a3 I--Q---     1 perm 3f030000     0     0 user      DKMS module signing key: 4' >root/proc/keys
	for name; do
		echo "1a38c8e2 I------     1 perm 1f030000     0     0 asymmetri $name: a71c: X509.rsa a71c []"
	done >>root/proc/keys
}
