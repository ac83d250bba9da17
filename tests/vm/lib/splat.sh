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

# splats ALLOWED REPORTS FILE...: the lines of the files that match, hold none of the texts, one a line, of file ALLOWED, and are in no report that holds one of
# file REPORTS.
splats()
{
	local allowed=$1 reports=$2 pattern
	shift 2
	pattern=$(IFS='|' && echo "${SPLAT_PATTERNS[*]}")
	cat -- "$@" 2>/dev/null | without_reports "$reports" | grep -aE "$pattern" | grep -avF -f "$allowed" || true
}

# without_reports TEXTS: copies stdin but for the reports, from their line of = to the end of their trace, that hold one of the texts, one a line, of file TEXTS.
without_reports()
{
	LC_ALL=C awk -v file="$1" '
		function pass_on() { if (!known) printf "%s", report; report = ""; known = 0 }
		BEGIN { while ((getline text < file) > 0) texts[text] }
		/=======/ && report == "" { report = $0 "\n"; next }
		report == "" { print; next }
		{ report = report $0 "\n"; for (text in texts) known += index($0, text) > 0 }
		/<\/TASK>/ { pass_on() }
		END { pass_on() }'
}
