# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# One guest from power-on to power-off: a gpusim per simulated GPU, QEMU, and what came out. All files are in the folder of the run; console.log is the first
# serial port, results.tgz the second.

declare -A gpusims

# boot RUN TIMEOUT APPEND [QEMU-ARGUMENT...]: sets boot_error to the reason when the guest did not end well in time. The GPUs are those of ${profiles[@]}.
boot()
{
	local run=$1 timeout=$2 append=$3 gpus=() monitor=() index qemu
	shift 3
	for index in "${!profiles[@]}"; do
		[ -n "$absent" ] || start_gpusims "$run" "$index" || return 1
		place_gpu "$index"
	done
	[ -z "$plug$unplug" ] || start_monitor "$run"
	# tsc=reliable: without it the log's clock jumps by tens of ms between the two emulated processors.
	# no_timer_check: on a busy machine the kernel finds its timer broken otherwise, as too few ticks come in time.
	# cryptomgr.notests: the kernel's tests of its ciphers are half of what it does before user land.
	spawn become_qemu "$run" \
		-nodefaults -no-reboot -display none -machine q35,accel=tcg,memory-backend=memory -cpu max -smp 2 -m "$MEMORY" \
		-object memory-backend-memfd,id=memory,size="$MEMORY",share=on \
		-serial file:console.log -serial file:results.tgz \
		-kernel kernel -initrd initrd \
		-append "console=ttyS0 tsc=reliable no_timer_check cryptomgr.notests loglevel=5 log_buf_len=4M panic=-1$KERNEL_APPEND$append" \
		"${gpus[@]}" "${monitor[@]}" "$@" >"$run/qemu.log" 2>&1
	qemu=$SPAWNED
	if ! await "$timeout" "$qemu"; then
		end "$qemu"
		boot_error="no end after $timeout s; the console's last line: $(console_tail "$run" 1)"
		return 1
	fi
	wait "$qemu" || { boot_error="QEMU failed: $(last_line "$run/qemu.log")"; return 1; }
	end_gpusims "$run"
}

# start_gpusims RUN INDEX: of a GPU and of its second function
start_gpusims()
{
	start_gpusim "$1" "$2" "$PROFILES/${profiles[$2]}" || return 1
	[ -z "${siblings[$2]:-}" ] || start_gpusim "$1" "$2.1" "$PROFILES/${siblings[$2]}"
}

# place_gpu INDEX: adds to boot's gpus. Slots count from 6, as in the field reports.
place_gpu()
{
	local index=$1 bus=pcie.0 slot multifunction=false
	slot=$(printf '%x' $((6 + index)))
	if [ "$place" = port ]; then
		gpus+=(-device "pcie-root-port,id=port$index,chassis=$((1 + index)),addr=$slot.0,$reserve")
		bus=port$index slot=0
	fi
	[ -z "$plug$absent" ] || return 0
	[ -z "${siblings[index]:-}" ] || multifunction=true
	place_function "$index" $slot.0 $multifunction
	[ $multifunction = false ] || place_function "$index.1" $slot.1 false
}

# place_function GPUSIM ADDRESS MULTIFUNCTION(true|false): on place_gpu's bus
place_function()
{
	gpus+=(-device "{$(gpu_device "$1" "$bus" "$2" "$3")}")
}

# gpu_device GPUSIM BUS ADDRESS MULTIFUNCTION(true|false): the members of its JSON object.
gpu_device()
{
	printf '"driver":"vfio-user-pci","id":"gpu%s","bus":"%s","addr":"%s","multifunction":%s,"socket":{"path":"gpu%s.sock","type":"unix"}' "$1" "$2" "$3" "$4" "$1"
}

# start_monitor RUN: adds to boot's monitor. QEMU opens a pipe for both directions, so nobody waits for anybody.
start_monitor()
{
	mkfifo "$1/qmp.in" "$1/qmp.out"
	monitor=(-chardev pipe,id=qmp,path=qmp -mon chardev=qmp,mode=control)
	spawn become_plugger "$1"
}

become_plugger()
{
	local run=$1 index
	exec 3>"$run/qmp.in"
	echo '{"execute":"qmp_capabilities"}' >&3
	if [ -n "$plug" ]; then
		console_says "$run" "$plug"
		for index in "${!profiles[@]}"; do
			printf '{"execute":"device_add","arguments":{%s}}\n' "$(gpu_device "$index" "port$index" 0.0 false)" >&3
		done
	fi
	[ -n "$unplug" ] || return 0
	console_says "$run" "$unplug"
	echo '{"execute":"device_del","arguments":{"id":"gpu0"}}' >&3
}

# console_says RUN TEXT: waits for it.
console_says()
{
	until grep -qsF "$2" "$1/console.log"; do pause 0.1; done
}

# start_gpusim RUN INDEX PROFILE. It works in RUN, as the name of a socket may be no longer than 107 bytes.
start_gpusim()
{
	local run=$1 index=$2 profile=$3 end
	[ -x "$GPUSIM" ] || { boot_error="$GPUSIM is missing"; return 1; }
	spawn become_gpusim "$run" "$index" "$profile"
	gpusims[index]=$SPAWNED
	end=$((${EPOCHREALTIME/[.,]/} + 5000000))
	until [ -S "$run/gpu$index.sock" ]; do
		running "$SPAWNED" || { gpusim_failed "$run" "$index"; return 1; }
		[ "${EPOCHREALTIME/[.,]/}" -lt $end ] || { boot_error="gpusim made no socket in 5 s"; return 1; }
		pause 0.02
	done
}

gpusim_failed()
{
	boot_error="gpusim: $(last_line "$1/gpusim$2.err")"
	[ "$boot_error" != "gpusim: " ] || boot_error="gpusim $2 failed without a word"
}

become_gpusim()
{
	cd "$1" && exec setpriv --pdeathsig KILL "$GPUSIM" --socket="gpu$2.sock" --log="gpusim$2.log" "$3" >"gpusim$2.err" 2>&1
}

# Each ends by itself once QEMU is gone.
end_gpusims()
{
	local run=$1 index
	for index in "${!gpusims[@]}"; do
		await 5 "${gpusims[index]}" || { boot_error="gpusim $index did not end after QEMU had"; return 1; }
		wait "${gpusims[index]}" || { gpusim_failed "$run" "$index"; return 1; }
	done
}

# console_tail RUN LINES: without what a terminal would take for commands.
console_tail()
{
	tr -d '\r' <"$1/console.log" 2>/dev/null | tr -c '[:print:]\n' '?' | grep '[[:alnum:]]' | tail -n "$2" || true
}
