# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154	# run defines what is not defined here
#
# Part of run: reports of all golden cases, and of the public field reports where
# these lie next to the checkout. Each fits its schema; redaction changes names
# and nothing else; a report that is read again says the same.

# The words that make a report of the prepared case in the current folder, in words.
report_words()
{
	words=()
	[ ! -e args ] || eval "words=($(cat args))"
	case ${words[0]-} in
	report | collect | analyze | --*) ;;
	*) words=() ;;
	esac
	[ ${#words[@]} -gt 0 ] || [ ! -e root ] || words=(report --root=root)
	case " ${words[*]} " in
	*' --help '* | *' --version '*) words=() ;;
	esac
}

# gp FILE WORD...: a report into FILE. False if there is none, with the reason in err.
gp()
{
	local file=$1 input=/dev/null
	shift
	[ ! -e stdin ] || input=stdin
	"$gpuprobe" "$@" <"$input" >"$file" 2>err || [ $? -le 2 ]
}

# Text and JSON of the live run, and from the report that it wrote.
round_trip()
{
	gp live.txt "${words[@]}" --format=text -v
	gp again.txt analyze -v raw.json
	cmp live.txt again.txt
	gp live.txt "${words[@]}" --format=text -v --redact
	gp again.txt analyze -v --redact redacted.json
	cmp live.txt again.txt
	gp again.json analyze --format=json --no-redact raw.json
	cmp raw.json again.json
	gp again.json analyze --format=json redacted.json
	cmp redacted.json again.json
}

# check_reports NAME: of the words in words, in the current folder.
check_reports()
{
	gp raw.json "${words[@]}" --format=json --no-redact || return 0
	gp redacted.json "${words[@]}" --format=json
	"$contract/same-but-for-names" raw.json redacted.json >differs 2>&1 || true
	verdict "redaction/$1" differs
	# A site's rules do not travel with a report, so it reads otherwise elsewhere.
	if ! jq -e .site_rules raw.json >/dev/null; then
		(set -e; round_trip) >differs 2>&1 || echo "see above" >>differs
		verdict "round-trip/$1" differs
	fi
	reports+=("$PWD/raw.json" "$PWD/redacted.json")
	gp diff.json diff --format=json raw.json "${reports[0]}"
	diffs+=("$PWD/diff.json")
}

check_golden()
{
	local name
	mkdir "$work/golden"
	tests/golden/run --prepare "$work/golden" >/dev/null
	for name in $(cd tests/golden/cases && echo *); do
		cd "$work/golden/$name"
		if grep -v ' --help' args 2>/dev/null | grep -q '^preflight '; then
			eval "words=($(cat args))"
			! gp preflight.json "${words[@]}" --format=json || preflights+=("$PWD/preflight.json")
			continue
		fi
		report_words
		[ ${#words[@]} = 0 ] || check_reports "$name"
	done
	cd "$top"
}

check_corpus()
{
	local file kind
	mkdir "$work/corpus"
	for file in "$top"/../shared/corpus/*.json; do
		cd "$work/corpus"
		mkdir "$(basename "$file" .json)"
		cd "$(basename "$file" .json)"
		words=(analyze)
		for kind in log lspci; do
			jq -r ".$kind // [] | .[]" "$file" >"$kind"
			[ ! -s "$kind" ] || words+=("$kind")
		done
		check_reports "corpus-$(basename "$file" .json)"
	done
	cd "$top"
}

# check_schema SCHEMA FILE...
check_schema()
{
	local schema=$1 path problem name
	shift
	"$contract/validate" "docs/$schema.schema.json" "$@" >"$work/validated" || true
	if [ $# = 0 ] || [ "$(wc -l <"$work/validated")" -lt $# ]; then
		fail "schema/$schema" "the validator ended early"
	fi
	while IFS=$'\t' read -r path problem; do
		name=${path#"$work"/*/}
		if [ -z "$problem" ]; then
			pass "schema/${name%.json}"
		else
			fail "schema/${name%.json}" "$problem"
		fi
	done <"$work/validated"
}

# A case in which every member has a value, those too that no golden case has.
check_full_case()
{
	if make -s build/tests/unit/test_case_json >"$work/build.log" 2>&1 &&
	   TEST_FULL_CASE=$work/full.json build/tests/unit/test_case_json >"$work/build.log"; then
		"$contract/validate" --case docs/report.schema.json "$work/full.json" >"$work/full" || true
		sed -i "s|^$work/full.json\$||; s|^$work/full.json\t||; /^\$/d" "$work/full"
	else
		cp "$work/build.log" "$work/full"
	fi
	verdict schema/full-case "$work/full"
}

reports=()
preflights=()
diffs=()		# each from the first of all
check_golden
[ ! -d ../shared/corpus ] || check_corpus
check_schema report "${reports[@]}"
check_schema preflight "${preflights[@]}"
check_schema diff "${diffs[@]}"
check_full_case
