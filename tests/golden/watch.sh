# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# For the golden cases of gpuprobe watch: it runs in the background, on a log that grows, and what it tells goes to the file told.

kmsg=root/dev/kmsg

# watch_start OPTION...: returns when it has looked at what was there.
watch_start()
{
	: >told
	"$GPUPROBE" watch "$@" >told 2>told.err &
	watcher=$!
	# It takes the signals for itself just before its first look.
	until grep -qs 'SigBlk:.*4002$' "/proc/$watcher/status"; do sleep 0.05; done
}

# watch_told TEXT [TIMES]: waits until it was told so often.
watch_told()
{
	local n=0
	until [ "$(grep -cF -- "$1" told)" -ge "${2:-1}" ]; do
		sleep 0.05
		n=$((n + 1))
		[ $n -lt 600 ] || { echo "not told: $1"; break; }
	done
}

# watch_end SIGNAL: prints all that was told, and the status.
watch_end()
{
	local status=0
	kill -"$1" "$watcher"
	wait "$watcher" || status=$?
	cat told told.err
	echo "status $status"
}

# driver_fails SECOND: as nvidia.ko does where there is no interrupt.
driver_fails()
{
	cat >>"$kmsg" <<-LINES
	6,$1,${1}000000,-;nvidia-nvlink: Nvlink Core is being initialized, major device number 240
	3,$1,${1}100000,-;NVRM: Can't find an IRQ for your NVIDIA card!
	3,$1,${1}100001,-;NVRM: Please check your BIOS settings.
	3,$1,${1}100002,-;NVRM: [Plug & Play OS] should be set to NO
	3,$1,${1}100003,-;NVRM: [Assign IRQ to VGA] should be set to YES
	4,$1,${1}100004,-;nvidia: probe of 0000:00:06.0 failed with error -1
	3,$1,${1}100005,-;NVRM: The NVIDIA probe routine failed for 1 device(s).
	3,$1,${1}100006,-;NVRM: None of the NVIDIA devices were initialized.
	LINES
}
