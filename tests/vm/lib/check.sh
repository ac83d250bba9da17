#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# check.sh FILE: runs a scenario's check, in the folder of its results. The first thing that is not as wanted ends it, and its last line of output is the reason.
# The folder holds what the guest left in /out; the folder above it console.log, gpusim*.log and the rest.
set -euo pipefail

wrong()
{
	printf '%s\n' "$*"
	exit 1
}

# json EXPRESSION EXPECTED [FILE]: jq's answer is EXPECTED.
json()
{
	local got
	got=$(jq -r "$1" "${3:-report.json}" 2>&1) || wrong "${3:-report.json}: $1: $got"
	[ "$got" = "$2" ] || wrong "${3:-report.json}: $1 is '$got', not '$2'"
}

# json_true EXPRESSION [FILE]
json_true()
{
	jq -e "$1" "${2:-report.json}" >/dev/null 2>&1 || wrong "${2:-report.json}: not true: $1"
}

# contains FILE TEXT, lacks FILE TEXT
contains()
{
	[ -e "$1" ] || wrong "there is no $1"
	grep -qF -- "$2" "$1" || wrong "$1 lacks '$2'"
}

lacks()
{
	[ -e "$1" ] || wrong "there is no $1"
	! grep -qF -- "$2" "$1" || wrong "$1 has '$2'"
}

# same FILE FILE
same()
{
	cmp -s "$1" "$2" || wrong "$1 and $2 differ: $(diff "$1" "$2" | sed -n 2,3p | tr '\n' ' ')"
}

# predicted FILE: what preflight said there of each memory window is what the kernel then did with it.
predicted()
{
	local bar result got
	while read -r bar result; do
		got=$(jq -r ".gpus[0].facts.bar$bar" report.json)
		case $result-$got in
		fits-assigned) ;;
		does-not-fit-assigned | fits-*) wrong "preflight said of BAR$bar: $result, but it is $got" ;;
		does-not-fit-*) ;;
		*) wrong "preflight said of BAR$bar: $result" ;;
		esac
	done <<<"$(jq -r '.gpus[0].windows[] | "\(.bar) \(.result)"' "$1")"
}

# exit_status N [NAME]: of every run of the tool, or of the one whose output is NAME.
exit_status()
{
	local name status seen=
	[ -e status ] || wrong "the tool was never run"
	while read -r name status; do
		[ -z "${2:-}" ] || [ "$name" = "$2" ] || continue
		seen=1
		[ "$status" = "$1" ] || wrong "$name: exit status $status, not $1$(sed -n '1s/^/: /p' "$name.err")"
	done <<<"$(cat status)"
	[ -n "$seen" ] || wrong "no run of the tool left '${2:-anything}'"
}

trap 'echo "check, line $LINENO: $BASH_COMMAND"' ERR
# shellcheck source=/dev/null
. "$1"
