# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Many scenarios, several at a time, and what is said of each.

JOBS=$(nproc)

# side_by_side FUNCTION NAME...: the function for each name in a process of its own, $JOBS at a time. Their lines come in the order of the names; status 1: one failed.
side_by_side()
{
	local function=$1 name lines begun=() ended=() shown=0 failed=0
	shift
	lines=$(mktemp -d)
	for name in "$@"; do
		until show_ended && [ $((${#begun[@]} - ${#ended[@]})) -lt "$JOBS" ]; do pause 0.1; done
		spawn become_one "$function" "$name" >"$lines/${#begun[@]}" 2>"$lines/${#begun[@]}.err"
		begun+=("$SPAWNED")
	done
	until show_ended && [ "$shown" = $# ]; do pause 0.1; done
	rm -r "$lines"
	return $failed
}

# show_ended: for side_by_side: takes the status of each that has ended, and shows them up to the first that has not.
show_ended()
{
	local index
	for ((index = shown; index < ${#begun[@]}; index++)); do
		[ -z "${ended[index]-}" ] || continue
		running "${begun[index]}" || take_status "$index"
	done
	while [ -n "${ended[shown]-}" ]; do
		cat "$lines/$shown"
		cat "$lines/$shown.err" >&2
		shown=$((shown + 1))
	done
}

# take_status INDEX: for show_ended, and at once: bash forgets the status of a process as soon as another of its children gets that number, which takes
# minutes where processes come and go as fast as in a compile (pid_max is 32768).
take_status()
{
	ended[$1]=0
	wait "${begun[$1]}" || { ended[$1]=$?; failed=1; }
	forget "${begun[$1]}"
}

# become_one FUNCTION NAME: what it starts ends with it.
become_one()
{
	SPAWNED_ALL=()
	trap end_all EXIT
	trap 'exit 143' TERM
	"$1" "$2"
}

# run_scenario NAME: prints its one line; its status says whether it passed or was skipped.
run_scenario()
{
	local name=$1 folder=$SCENARIOS/${1%%/*} run=$GPUPROBE_CACHE/runs/$KERNEL/$1 start status=0 lock
	start=$(now_ms)
	guest_error=''
	mkdir -p "$(dirname "$run")"
	exec {lock}>"$run.lock"
	flock "$lock"
	rm -rf "$run"
	if ! scenario_read "$folder" "${name#"${name%%/*}"}"; then
		guest_error=$scenario_error
		status=1
	else
		guest_needs || status=$?
		[ $status != 0 ] || guest_run "$folder" "$run" || status=1
		[ $status != 0 ] || check "$folder/check" "$run" || status=1
	fi
	exec {lock}>&-
	verdict "$name" "$status" "$start" "$run"
}

check()
{
	(cd "$2/out" && bash "$VM/lib/check.sh" "$1") >"$2/check.log" 2>&1 && return
	guest_error=$(last_line "$2/check.log")
	return 1
}

verdict()
{
	local name=$1 status=$2 start=$3 run=$4
	[ "$status" != 2 ] || [ "$DRIVER_WANTED" != require ] || status=1
	case $status in
	0) echo "PASS: vm/$name ($(seconds_since "$start") s)" ;;
	2) echo "SKIP: vm/$name: $guest_error" ;;
	*)
		echo "FAIL: vm/$name: $guest_error"
		failure_details "$run"
		return 1
		;;
	esac
}

# failure_details RUN: where to look, and the console when it did not come to a check.
failure_details()
{
	[ -s "$1/console.log" ] || return 0
	say "  see $1"
	[ -e "$1/check.log" ] || console_tail "$1" 12 | sed "s/^/  | /" >&2
}
