# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# A scenario: a folder with `scenario` (lines KEY=VALUE, # starts a comment line), `check` (see check.sh) and, when the usual one will not do, `guest`, a
# script for the guest (see ../guest). Keys:
#	profile=FILE	a simulated GPU, below tests/gpusim/profiles; once per GPU
#	driver=none|nvidia	the driver to load in the guest
#	module=first|late|none	gpuprobe.ko before the driver, after it, or not at all
#	append=WORDS	for the kernel's command line
#	place=root|port	GPUs on the root bus, as on bhyve, or each behind a PCIe root port with hot-plug
#	unplug=TEXT	take the first GPU away (QMP device_del; needs place=port) once the console says TEXT
#	qemu=WORDS	further arguments of QEMU, split at blanks; a later -cpu or -machine overrides
#	timeout=SECONDS	for the whole guest
#	not-with=VERSION	a kernel (--kernel) that cannot run it; say why in a comment above it
#	allow=TEXT	a line of the kernel log with this text is no reason to fail; say why in a comment above it

scenario_read()
{
	local file=$1/scenario line key value number=0
	profiles=() driver=none module=first append='' qemu=() timeout=120 allow=() place=root unplug='' not_with=()
	[ -r "$file" ] || { scenario_error="$file cannot be read"; return 1; }
	while IFS= read -r line || [ -n "$line" ]; do
		number=$((number + 1))
		[[ -n $line && $line != '#'* ]] || continue
		key=${line%%=*} value=${line#*=}
		scenario_key "$key" "$value" || { scenario_error="scenario line $number: '$line' is not understood"; return 1; }
	done <"$file"
}

scenario_key()
{
	local words
	case $1=$2 in
	profile=?*) profiles+=("$2") ;;
	driver=none | driver=nvidia) driver=$2 ;;
	module=first | module=late | module=none) module=$2 ;;
	append=?*) append+=" $2" ;;
	place=root | place=port) place=$2 ;;
	unplug=?*) unplug=$2 ;;
	qemu=?*) read -ra words <<<"$2" && qemu+=("${words[@]}") ;;
	timeout=[1-9]*) timeout=$2 ;;
	not-with=?*) not_with+=("$2") ;;
	allow=?*) allow+=("$2") ;;
	*) return 1 ;;
	esac
}
