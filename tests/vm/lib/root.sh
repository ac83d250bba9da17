# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Private roots: packages of another distribution, unpacked into a folder and used through chroot. They are unpacked only, never configured, which is what makes
# them quick, so nothing in them may depend on a package's installation script. No mirror is named: mmdebstrap and the machine's apt settings know one.

# make_root FOLDER SUITE PACKAGES [MMDEBSTRAP-OPTION...]
make_root()
{
	local folder=$1 suite=$2 packages=$3
	shift 3
	# A mount namespace of its own, so that whatever interrupts it leaves nothing mounted.
	unshare --mount mmdebstrap --mode=root --variant=extract --include="$packages" "${KEYRING[@]}" "$@" "$suite" "$folder"
}

# in_root ROOT OUTSIDE INSIDE COMMAND...: runs COMMAND in ROOT, in its folder INSIDE, which shows the folder OUTSIDE.
# The mounts are seen by COMMAND alone and end with it.
in_root()
{
	(become_in_root "$@")
}

# The same, but replaces this shell, so that a signal to it reaches COMMAND; COMMAND ends when the shell's parent does.
become_in_root()
{
	local root=$1 outside=$2 inside=$3
	shift 3
	# shellcheck disable=SC2016 # the inner shell expands these
	exec setpriv --pdeathsig KILL unshare --mount -- sh -c '
		root=$1 outside=$2 inside=$3
		shift 3
		mkdir -p "$root/dev" "$root/proc" "$root$inside" &&
		mount --bind "$outside" "$root$inside" &&
		mount --bind /dev "$root/dev" &&
		mount -t proc proc "$root/proc" &&
		exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C unshare --root="$root" --wd="$inside" -- "$@"' in_root "$root" "$outside" "$inside" "$@"
}

# in_layer ROOTS BIND... -- COMMAND...: runs COMMAND in ROOTS (paths with colons between, the first one on top), whose files it may change as it likes: that ends
# with it. Each BIND is OUTSIDE:INSIDE or OUTSIDE:INSIDE:ro; COMMAND starts in the first one. For one at a time.
in_layer()
{
	# shellcheck disable=SC2016 # the inner shell expands these
	unshare --mount -- sh -euc '
		layer=$1 roots=$2 inside=${3#*:}
		root=$layer/root
		shift 2
		mkdir -p "$layer"
		mount -t tmpfs layer "$layer"
		mkdir "$layer/up" "$layer/work" "$root"
		mount -t overlay -o "lowerdir=$roots,upperdir=$layer/up,workdir=$layer/work" layer "$root"
		for bind; do
			shift
			[ "$bind" != -- ] || break
			outside=${bind%%:*} rest=${bind#*:}
			mkdir -p "$root${rest%:ro}"
			mount --bind "$outside" "$root${rest%:ro}"
			[ "$rest" = "${rest%:ro}" ] || mount -o remount,bind,ro "$root${rest%:ro}"
		done
		mkdir -p "$root/dev" "$root/proc"
		mount --bind /dev "$root/dev"
		mount -t proc proc "$root/proc"
		exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C unshare --root="$root" --wd="${inside%:ro}" -- "$@"' in_layer "$GPUPROBE_CACHE/layer" "$@"
}
