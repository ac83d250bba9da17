# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# A scenario in a guest: what it needs, its image, its boot, and what is wrong with its end before anybody looks at the results.

# guest_needs: makes ready what the scenario last read needs. Status 1 with guest_error: not to be had; 2: may be skipped.
guest_needs()
{
	[ -x "$GPUPROBE" ] || { guest_error="$GPUPROBE is missing: run make first"; return 1; }
	[ -x "$POKE" ] || { guest_error="$POKE is missing: run make gpusim first"; return 1; }
	if [ "$needs" = failslab ] && ! grep -qsx CONFIG_FAILSLAB=y "$KERNEL_BUILD/.config"; then
		guest_error='it needs a kernel built with FAILSLAB: --kernel=FOLDER'
		return 2
	fi
	[ "$module" = none ] || [ -n "$MODULE_KO" ] || { guest_error=$MODULE_FAILURE; return 1; }
	[[ " ${not_with[*]} " != *" $KERNEL "* ]] || { guest_error="not with kernel $KERNEL, see the scenario"; return 2; }
	if [ "$driver" = nvidia ]; then
		[ "$DRIVER_WANTED" != skip ] || { guest_error="scenarios with the real driver are switched off"; return 2; }
		[ -n "$DRIVER_MODULES" ] || { guest_error="no NVIDIA driver: $DRIVER_FAILURE"; return 2; }
	fi
}

# guest_run SCENARIO RUN: status 1 with guest_error when the guest did not do its work, or its kernel broke.
guest_run()
{
	local script=$VM/guest/default
	[ ! -e "$1/guest" ] || script=$1/guest
	rm -rf "$2"
	mkdir -p "$2/out"
	printf '%s\n' "$case_columns" >"$2/case"
	[ ! -e "$1/before" ] || guest_before "$1/before" "$2" || return 1
	guest_work "$script" "$2"
}

# guest_before SCRIPT RUN: the same machine without its GPUs; what it leaves comes to out/before.
guest_before()
{
	local absent=yes plug='' unplug=''
	mkdir -p "$2/before/out"
	guest_work "$1" "$2/before" && cp -a "$2/before/out" "$2/out/before"
}

# guest_work SCRIPT RUN
guest_work()
{
	local script=$1 run=$2 found
	guest_image "$script" "$run" || { guest_error="the image cannot be made"; return 1; }
	ln "$KERNEL_IMAGE" "$run/kernel" || cp "$KERNEL_IMAGE" "$run/kernel"
	gpusims=()
	boot "$run" "$timeout" "$append" "${qemu[@]}" || guest_error=$boot_error
	rm -f "$run/initrd" "$run/kernel"
	guest_results "$run"

	printf '%s\n' "${allow[@]}" | sed '/^$/d' >"$run/allowed"
	printf '%s\n' "${allow_reports[@]}" | sed '/^$/d' >"$run/allowed-reports"
	splats "$run/allowed" "$run/allowed-reports" "$run/console.log" "$run/out/dmesg" >"$run/splats"
	# What the kernel said explains a hang better than the hang does.
	found=$(head -n 1 "$run/splats" | tr -d '\r')
	[ -z "$found" ] || guest_error="kernel: $found"
	[ -n "$guest_error" ] || guest_script_status "$run/out"
	[ -z "$guest_error" ]
}

guest_image()
{
	local script=$1 run=$2 tree=$2/tree
	mkdir -p "$tree/gpuprobe"
	cp "$VM/guest/init" "$tree/init" && chmod 755 "$tree/init" &&
		cp "$VM/guest/lib" "$tree/gpuprobe/lib" && cp "$script" "$tree/gpuprobe/guest" &&
		printf '%s\n' "MODULE=$module" "DRIVER=$driver" "COLUMNS=${COLUMNS:-100}" "GUEST_TIMEOUT=$((timeout * 3 / 4))" >"$tree/gpuprobe/settings" &&
		{ [ -z "$MODULE_KO" ] || cp "$MODULE_KO" "${MODULE_KO%/*}/selftest.ko" "$tree/gpuprobe/"; } &&
		image_programs "$tree" && image_firmware "$tree" && image_of "$run"
}

guest_results()
{
	tar -C "$1/out" -xzf "$1/results.tgz" 2>/dev/null && return
	[ -n "$guest_error" ] || guest_error="no results came out; the last line on the console: $(console_tail "$1" 1)"
}

guest_script_status()
{
	local status
	status=$(cat "$1/guest.status" 2>/dev/null || echo none)
	case $status in
	0) ;;
	124 | 143) guest_error="the guest's script did not end in time: $(last_line "$1/guest.log")" ;;
	*) guest_error="the guest's script failed (status $status): $(last_line "$1/guest.log")" ;;
	esac
}
