# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# shellcheck disable=SC2034 # the cases use what is set here
# For the cases: what they ask, and the modules that they play with.

kernel=$(basename /lib/modules/*)
version=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' /mnt/dkms.conf)

wrong()
{
	echo "wrong: $*"
	exit 1
}

# contains FILE TEXT, lacks FILE TEXT
contains()
{
	grep -qF -- "$2" "$1" || wrong "$1 lacks '$2': $(tail -n 3 "$1" | tr '\n' '|')"
}

lacks()
{
	! grep -qF -- "$2" "$1" || wrong "$1 has '$2'"
}

# gives STATUS FILE COMMAND...: its output goes to FILE.
gives()
{
	local want=$1 file=$2 status=0
	shift 2
	"$@" >"$file" 2>&1 || status=$?
	[ "$status" = "$want" ] || wrong "'$*' ended with status $status, not $want: $(tail -n 3 "$file" | tr '\n' '|')"
}

# files [PATTERN...]: what there is, save for what others keep of their own accord: DKMS its keys, man-db its index with a tag in each folder, Python what it has compiled. PATTERNs name more.
files()
{
	local pattern without=()
	for pattern in '/proc' '/dev' '/mnt' '/debs' '/tmp' '/var/lib/dkms/mok.*' '/var/cache/man/*' '*/__pycache__' "$@"; do
		without+=(-path "$pattern" -prune -o)
	done
	find / -xdev "${without[@]}" -print | sort
}

# same BEFORE AFTER: nothing is left behind, nor gone.
same()
{
	diff "$1" "$2" >/tmp/left || wrong "left behind: $(tr '\n' ' ' </tmp/left)"
}

# tiny_module NAME: the sources of a module that does nothing, for DKMS.
tiny_module()
{
	mkdir -p "/usr/src/$1-1.0"
	printf '%s\n' '#include <linux/module.h>' 'MODULE_LICENSE("GPL");' >"/usr/src/$1-1.0/$1.c"
	echo "obj-m := $1.o" >"/usr/src/$1-1.0/Makefile"
	printf '%s\n' "PACKAGE_NAME=\"$1\"" 'PACKAGE_VERSION="1.0"' "BUILT_MODULE_NAME[0]=\"$1\"" \
		'DEST_MODULE_LOCATION[0]="/updates/dkms"' 'AUTOINSTALL="yes"' >"/usr/src/$1-1.0/dkms.conf"
	dkms add "$1/1.0"
}

is_installed()
{
	modinfo -k "$kernel" "$1" >/dev/null 2>&1
}

# newer DEB: the same as a later version, in /tmp.
newer()
{
	local tree=/tmp/newer
	rm -rf $tree && dpkg-deb -R "$1" $tree
	sed -i "s/$version/$version+1/g" $tree/DEBIAN/* $tree/usr/src/*/dkms.conf 2>/dev/null || true
	[ ! -d "$tree/usr/src/gpuprobe-$version" ] || mv "$tree/usr/src/gpuprobe-$version" "$tree/usr/src/gpuprobe-$version+1"
	rm -f $tree/DEBIAN/md5sums
	dpkg-deb -b $tree "/tmp/newer-$(basename "$1")"
}
