# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154	# run defines what is not defined here
#
# Part of run: the manual pages say what the program, the module and the schema do.

commands()
{
	"$gpuprobe" --help | sed -n 's/^  \([a-z][a-z-]*\)  .*/\1/p'
}

# Options of a help text: -x and --word, where a line begins with them.
options_of_help()
{
	sed -n 's/^ \{2,6\}\(-.*\)/\1/p' | sed 's/  .*//' | grep -oE -- '--?[A-Za-z][a-z-]*' | sort -u
}

# The same of one part of gpuprobe.8, from its .It lines.
options_of_page()
{
	awk -v part="$1" '
		/^\.S[hs] / { inside = ($0 == part) }
		inside && /^\.It Fl/ {
			gsub(/Fl Fl /, "--"); gsub(/Fl /, "-")
			print
		}' docs/man/gpuprobe.8 | grep -oE -- ' --?[A-Za-z][a-z-]*' | tr -d ' ' | sort -u
}

# all_in FILE: each word of standard input is in the page, as a word; those that are not.
all_in()
{
	local word
	while read -r word; do
		grep -qE "(^|[^A-Za-z_-])$word([^A-Za-z0-9_-]|\$)" "$1" || echo "$word is not in $1"
	done
}

check_options()
{
	local command
	diff <("$gpuprobe" --help | options_of_help) <(options_of_page '.Sh DESCRIPTION') >"$work/differs" || true
	verdict manual/options "$work/differs"
	for command in $(commands); do
		diff <("$gpuprobe" "$command" --help | options_of_help) \
			<(options_of_page ".Ss $command") >"$work/differs" || true
		verdict "manual/options-$command" "$work/differs"
	done
	diff <(commands | sort) <(sed -n 's/^\.Ss //p' docs/man/gpuprobe.8 | sort) >"$work/differs" || true
	verdict manual/commands "$work/differs"
}

# Numbers of the help texts, and of the names from sysexits.h that the sources use.
statuses()
{
	local command
	for command in $(commands); do
		"$gpuprobe" "$command" --help | sed -n '/^Exit status/,$p' | grep -oE '\b[0-9]+\b'
	done
	grep -rohE '\bEX_[A-Z]+' tools --include='*.c' --include='*.h' | sort -u | while read -r name; do
		printf '#include <sysexits.h>\n%s\n' "$name" | cc -E -P - | tail -n 1
	done
}

check_statuses()
{
	comm -3 <(statuses | sort -u) <(sed -n '/^\.Sh EXIT STATUS/,/^\.Sh/s/^\.It //p' docs/man/gpuprobe.8 | sort -u) \
		>"$work/differs"
	verdict manual/exit-status "$work/differs"
}

check_lint()
{
	# Which pages a machine has, and how old its index of them is, says nothing of these.
	mandoc -Tlint docs/man/* 2>&1 | grep -v 'referenced manual not found\|outdated mandoc.db' >"$work/differs" || true
	verdict manual/lint "$work/differs"
}

check_module()
{
	grep -ohE '^module_param(_named)?\(\w+' module/*.c | sed 's/.*(//' | all_in docs/man/gpuprobe.4 >"$work/differs"
	verdict manual/parameters "$work/differs"
	grep -oE '\bGPUPROBE_(RECORD|ITEM|TRIGGER|IOC)_[A-Z0-9_]+' module/uapi/gpuprobe.h | sort -u |
		grep -vx 'GPUPROBE_IOC_MAGIC' | all_in docs/man/gpuprobe.4 >"$work/differs"
	verdict manual/records "$work/differs"
}

# Keys of the YAML that a site may write: those that the loader's tables have.
check_rules()
{
	sed -n '/_fields\[\]/,/^}/p' tools/knowledge/{rules,messages,fixes,samples}.c |
		grep -oE '(_FIELD\(|\{ ")[a-z-]+' | sed 's/.*[("]//' | sort -u |
		all_in docs/man/gpuprobe-rules.5 >"$work/differs"
	verdict manual/rules "$work/differs"
}

check_case()
{
	jq -r '.properties, .definitions.finding.properties, .definitions.case.properties | keys[]' \
		docs/report.schema.json | all_in docs/man/gpuprobe-case.5 >"$work/differs"
	verdict manual/case "$work/differs"
}

check_lint
check_options
check_statuses
check_module
check_rules
check_case
