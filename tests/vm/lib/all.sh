# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Where things are, and every part of the runner. The sourcing script has set VM to the folder of tests/vm.

TOP=$(cd "$VM/../.." && pwd)
GPUPROBE=${GPUPROBE:-$TOP/build/gpuprobe}
GPUSIM=${GPUSIM:-$TOP/build/gpusim}
POKE=${POKE:-$TOP/build/poke}
PROFILES=${GPUPROBE_PROFILES:-$TOP/tests/gpusim/profiles}
SCENARIOS=${GPUPROBE_SCENARIOS:-$VM/scenarios}
mkdir -p "${GPUPROBE_CACHE:=$TOP/.cache}"
GPUPROBE_CACHE=$(cd "$GPUPROBE_CACHE" && pwd)
export LC_ALL=C.UTF-8

for part in say process need cache keys root qemu kernel driver module image boot splat scenario guest suite prepare; do
	# shellcheck source=/dev/null
	. "$VM/lib/$part.sh"
done
