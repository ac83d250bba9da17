# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Processes in the background: each is a group of its own, so that it can be ended with all its children, and none outlives this script.

SPAWNED=
SPAWNED_ALL=()

# spawn COMMAND...: starts it, sets SPAWNED to its id.
spawn()
{
	set -m
	"$@" </dev/null &
	SPAWNED=$!
	set +m
	SPAWNED_ALL+=("$SPAWNED")
}

# running PID
running()
{
	kill -0 "$1" 2>/dev/null
}

# pause SECONDS: without a process. Where many wait, those of sleep(1) took a quarter of the machine.
exec {PAUSE}<> <(:)
pause()
{
	read -rt "$1" -u "$PAUSE" || true
}

# await SECONDS PID: true when it ended in time.
await()
{
	local end=$((${EPOCHREALTIME/[.,]/} + $1 * 1000000))
	while running "$2"; do
		[ "${EPOCHREALTIME/[.,]/}" -lt "$end" ] || return 1
		pause 0.05
	done
}

# end PID: its whole group, gently, then not.
end()
{
	kill -TERM -- "-$1" 2>/dev/null || return 0
	await 2 "$1" || kill -KILL -- "-$1" 2>/dev/null || true
}

# forget PID: it has ended and was waited for.
forget()
{
	local pid rest=()
	for pid in "${SPAWNED_ALL[@]}"; do
		[ "$pid" = "$1" ] || rest+=("$pid")
	done
	SPAWNED_ALL=("${rest[@]}")
}

end_all()
{
	local pid
	for pid in "${SPAWNED_ALL[@]}"; do
		end "$pid"
	done
	SPAWNED_ALL=()
}

trap end_all EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
