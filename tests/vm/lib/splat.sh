# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# What the guest's kernel says when something in it is broken. Whatever the scenario was about, such a line fails it.

SPLAT_PATTERNS=(
	'BUG:' 'WARNING:' 'Oops' 'Call Trace' 'Kernel panic' 'general protection fault' 'unable to handle'
	'possible circular locking' 'possible recursive locking' 'inconsistent lock state' 'suspicious RCU' 'invalid wait context'
	'soft lockup' 'hard LOCKUP' 'hung task' 'blocked for more than' 'detected stalls' 'self-detected stall'
	'KASAN' 'UBSAN' 'KCSAN' 'kmemleak: [0-9]+ new' 'refcount_t:' 'list_add corruption' 'list_del corruption' 'nobody cared'
	'sleeping function called' 'scheduling while atomic' 'bad unlock balance'
)

# splats ALLOWED FILE...: the lines of the files that match and hold none of the texts, one a line, of file ALLOWED.
splats()
{
	local allowed=$1 pattern
	shift
	pattern=$(IFS='|' && echo "${SPLAT_PATTERNS[*]}")
	cat -- "$@" 2>/dev/null | grep -aE "$pattern" | grep -avF -f "$allowed" || true
}
