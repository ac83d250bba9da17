# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# What is said on the way. Progress goes to stderr, one line a step: on a terminal it is rewritten each second, elsewhere it appears when the step is over.

now_ms()
{
	local t=${EPOCHREALTIME/[.,]/}
	echo $((t / 1000))
}

seconds_since()
{
	local ms=$(($(now_ms) - $1))
	printf '%d.%d' $((ms / 1000)) $((ms % 1000 / 100))
}

say()
{
	printf '%s\n' "$*" >&2
}

# die WHY: the whole run cannot go on. One line, counted as one failure by whoever reads the output.
die()
{
	printf 'FAIL: vm: %s\n' "$*"
	exit 1
}

# step TEXT LOG COMMAND...: runs COMMAND with its output in LOG; returns its status.
step()
{
	local text=$1 log=$2 start now last=-1 pid status=0
	shift 2
	start=$(now_ms)
	mkdir -p "$(dirname "$log")"
	spawn "$@" >"$log" 2>&1
	pid=$SPAWNED
	while [ -t 2 ] && running "$pid"; do
		now=$((($(now_ms) - start) / 1000))
		[ $now = $last ] || printf "\r%s ... %d s " "$text" $now >&2
		last=$now
		pause 0.1
	done
	wait "$pid" || status=$?
	forget "$pid"
	[ ! -t 2 ] || printf '\r\033[K' >&2
	printf '%s ... %s (%s s)\n' "$text" "$([ $status = 0 ] && echo ready || echo failed)" "$(seconds_since "$start")" >&2
	return $status
}

# last_line LOG: its last line with words in it.
last_line()
{
	grep '[[:alnum:]]' "$1" 2>/dev/null | tail -n 1 || true
}

# first_error LOG: the line that says why a step failed: the first complaint, as later ones follow from it.
first_error()
{
	grep -m 1 -E '^E: |[Ee]rror:|not found|cannot |No space left' "$1" 2>/dev/null || last_line "$1"
}

# The width of the user's terminal, wherever stdout goes.
terminal_columns()
{
	local size
	size=$(stty size 2>/dev/null </dev/tty) || size="0 100"
	[ "${size#* }" -gt 0 ] 2>/dev/null || size="0 100"
	echo "${COLUMNS:-${size#* }}"
}
