# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154	# run defines what is not defined here
#
# Part of run: the line that says what takes long. The log is a pipe that is held
# open until the line is seen, so no time is measured.

# with_pipe COMMAND...: run it in the background with the pipe open for writing as 9.
with_pipe()
{
	rm -f "$work/pipe"
	mkfifo "$work/pipe"
	"$@" </dev/null &
	job=$!
	exec 9>"$work/pipe"
}

finish_pipe()
{
	echo '[    1.000000] NVRM: loading NVIDIA UNIX x86_64 Kernel Module  580.82.07' >&9
	exec 9>&-
	wait "$job" || true
}

# seen TEXT FILE: wait for the text, at most a minute.
seen()
{
	local tries=600
	while [ $tries -gt 0 ]; do
		! grep -qF "$1" "$2" 2>/dev/null || return 0
		tries=$((tries - 1))
		sleep 0.1
	done
	return 1
}

on_a_terminal()
{
	local erase=$'\r\033[K'
	with_pipe env TERM=xterm script -q -f -e -c "$gpuprobe analyze $work/pipe" "$work/typescript" \
		>"$work/shown"
	if ! seen "reading $work/pipe" "$work/shown"; then
		finish_pipe
		fail progress/shown "nothing is shown"
		return
	fi
	finish_pipe
	pass progress/shown
	# What was drawn last, which on a slow machine is a later step, is taken away before the report begins.
	if tr -d '\n' <"$work/shown" | grep -qF "...${erase}NOT CERTAIN"; then
		pass progress/taken-away
	else
		fail progress/taken-away "$(tail -c 300 "$work/shown" | cat -v)"
	fi
}

# not_shown NAME COMMAND...: nothing of it although the pipe is open for a second.
not_shown()
{
	local name=$1
	shift
	with_pipe "$@" >"$work/shown" 2>&1
	sleep 1
	finish_pipe
	if grep -q 'NOT CERTAIN' "$work/shown" && ! grep -q 'reading' "$work/shown"; then
		pass "progress/$name"
	else
		fail "progress/$name" "$(head -c 300 "$work/shown" | cat -v)"
	fi
}

on_a_terminal
not_shown none-in-a-file "$gpuprobe" analyze "$work/pipe"
not_shown none-where-not-wanted env TERM=xterm NO_PROGRESS=1 \
	script -q -f -e -c "$gpuprobe analyze $work/pipe" "$work/typescript"
not_shown none-on-a-dumb-terminal env TERM=dumb \
	script -q -f -e -c "$gpuprobe analyze $work/pipe" "$work/typescript"
