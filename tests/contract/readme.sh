# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154	# run defines what is not defined here
#
# Part of run: README.md shows what there is. Its report is that of a golden case, and
# each line with the program in it is a command that the program knows.

# Lines of the code block that begins so, without the indent and what "[...]" left out.
report_in_readme()
{
	sed -n '/^    FAULT  /,/^## /p' README.md | sed -n 's/^    //p' | grep -v '^\[\.\.\.\]$'
}

check_report()
{
	local expected=tests/golden/cases/p4-no-intpin-driver/expected.txt line
	report_in_readme | while IFS= read -r line; do
		grep -qFx -- "$line" "$expected" || echo "not in $expected: $line"
	done >"$work/differs"
	[ "$(report_in_readme | wc -l)" -gt 20 ] || echo "the report is not there" >>"$work/differs"
	verdict readme/report "$work/differs"
}

# Their --help takes the place of what they would do.
check_commands()
{
	local word options option
	sed -n 's/^    \(sudo \)\?gpuprobe //p' README.md | sed 's/   .*//' | while read -r word options; do
		case $word in
		-* | '') word=report ;;
		esac
		"$gpuprobe" "$word" --help >"$work/help" 2>&1 || echo "there is no command $word"
		for option in $options; do
			case $option in
			-*) grep -qE -- "(^| )${option%%=*}([=, ]|\$)" "$work/help" || echo "$word has no option $option" ;;
			esac
		done
	done >"$work/differs"
	verdict readme/commands "$work/differs"
	"$gpuprobe" --help | sed -n 's/^  \([a-z][a-z-]*\)  .*/\1/p' | while read -r word; do
		grep -qE "^    gpuprobe( $word|  )" README.md || echo "$word is not there"
	done >"$work/differs"
	verdict readme/all-commands "$work/differs"
}

# Files that it points to.
check_links()
{
	grep -oE '\]\([^)#:]+' README.md docs/*.md | sed 's/:](/ /' | while read -r page file; do
		[ -e "$(dirname "$page")/$file" ] || echo "$page: there is no $file"
	done >"$work/differs"
	verdict readme/links "$work/differs"
}

check_report
check_commands
check_links
