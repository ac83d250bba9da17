# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# A scenario: a folder with `scenario` (lines KEY=VALUE, # starts a comment line), `check` (see check.sh) and, when the usual one will not do, `guest`, a
# script for the guest (see ../guest). With a file `cases` it is one scenario a line of that: NAME | KEY=VALUE... | and more columns, which the check finds
# in ../case, one a line. With `before`, another script for the guest, the machine boots without its GPUs first and runs that; what it leaves comes to the
# folder before of the results. Keys:
#	profile=FILE	a simulated GPU, below tests/gpusim/profiles; once per GPU
#	sibling=FILE	the second function of the slot of the GPU above
#	driver=none|nvidia	the driver to load in the guest
#	firmware=FILE	that driver's file for the GPU's system processor (GSP), such as gsp_tu10x.bin; once per file
#	module=first|late|none	gpuprobe.ko before the driver, after it, or not at all
#	append=WORDS	for the kernel's command line
#	place=root|port	GPUs on the root bus, as on bhyve, or each behind a PCIe root port with hot-plug
#	reserve=WORDS	what each root port sets aside for hot-plug (pref64-reserve=1G; needs place=port)
#	plug=TEXT	put the GPUs in only once the console says TEXT (QMP device_add; needs place=port)
#	unplug=TEXT	take the first GPU away (QMP device_del; needs place=port) once the console says TEXT
#	qemu=WORDS	further arguments of QEMU, split at blanks; a later -cpu or -machine overrides
#	timeout=SECONDS	for the whole guest
#	not-with=VERSION	a kernel (--kernel) that cannot run it; say why in a comment above it
#	needs=failslab	only with a kernel of one's own that was built with it (--kernel=FOLDER)
#	allow=TEXT	a line of the kernel log with this text is no reason to fail; say why in a comment above it
#	allow-report=TEXT	nor is a whole report (of lockdep, KASAN, ...) with this text

# scenario_names NAME: itself, or NAME/CASE of each case.
scenario_names()
{
	local name
	[ -e "$SCENARIOS/$1/cases" ] || { echo "$1"; return; }
	while IFS='| 	' read -r name _; do
		[[ -z $name || $name == '#'* ]] || echo "$1/$name"
	done <"$SCENARIOS/$1/cases"
}

# scenario_read FOLDER [/CASE]
scenario_read()
{
	local file=$1/scenario line key value number=0
	profiles=() siblings=() driver=none module=first append='' qemu=() timeout=$((120 * PATIENCE)) allow=() allow_reports=() needs='' not_with=()
	place=root reserve=pref64-reserve=1G plug='' unplug='' absent='' case_columns='' firmware=()
	[ -r "$file" ] || { scenario_error="$file cannot be read"; return 1; }
	while IFS= read -r line || [ -n "$line" ]; do
		number=$((number + 1))
		[[ -n $line && $line != '#'* ]] || continue
		key=${line%%=*} value=${line#*=}
		scenario_key "$key" "$value" || { scenario_error="scenario line $number: '$line' is not understood"; return 1; }
	done <"$file"
	[ -z "${2:-}" ] || case_read "$1/cases" "${2#/}"
}

# case_read FILE NAME
case_read()
{
	local line words word columns
	line=$(grep -E "^$2[[:blank:]]*\|" "$1")
	IFS='|' read -ra columns <<<"$line"
	read -ra words <<<"${columns[1]}"
	for word in "${words[@]}"; do
		scenario_key "${word%%=*}" "${word#*=}" || { scenario_error="case $2: '$word' is not understood"; return 1; }
	done
	case_columns=$(printf '%s\n' "${columns[@]:2}" | sed 's/^[[:blank:]]*//; s/[[:blank:]]*$//')
}

scenario_key()
{
	local words
	case $1=$2 in
	profile=?*) profiles+=("$2") ;;
	sibling=?*) [ ${#profiles[@]} -gt 0 ] && siblings[${#profiles[@]}-1]=$2 ;;
	driver=none | driver=nvidia) driver=$2 ;;
	firmware=gsp*.bin) firmware+=("$2") ;;
	module=first | module=late | module=none) module=$2 ;;
	append=?*) append+=" $2" ;;
	place=root | place=port) place=$2 ;;
	reserve=?*) reserve=$2 ;;
	plug=?*) plug=$2 ;;
	unplug=?*) unplug=$2 ;;
	qemu=?*) read -ra words <<<"$2" && qemu+=("${words[@]}") ;;
	timeout=[1-9]*) timeout=$(($2 * PATIENCE)) ;;
	not-with=?*) not_with+=("$2") ;;
	needs=failslab) needs=$2 ;;
	allow=?*) allow+=("$2") ;;
	allow-report=?*) allow_reports+=("$2") ;;
	*) return 1 ;;
	esac
}
