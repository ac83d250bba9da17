# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154,SC2016	# run defines what is not defined here
#
# Part of run: the languages. Each catalogue is complete and fits, and no text that a person reads
# is left out of the catalogues.

# texts_of FILE: "msgid<TAB>msgstr" of each entry of a catalogue, one a line.
texts_of()
{
	msgattrib --translated --no-obsolete --no-wrap "$1" | awk '
		/^msgid "/ { id = substr($0, 8, length($0) - 8); in_id = 1; next }
		/^msgid_plural|^msgctxt/ { in_id = 0; next }
		/^msgstr(\[0\])? "/ { sub(/^msgstr(\[0\])? "/, ""); text = substr($0, 1, length($0) - 1); in_id = 0; next }
		/^"/ { if (in_id) id = id substr($0, 2, length($0) - 2); else text = text substr($0, 2, length($0) - 2); next }
		/^$/ { if (id != "") print id "\t" text; id = ""; text = "" }
		END { if (id != "") print id "\t" text }'
}

# Placeholders of the rules, "{fact}", that one side of a translation has and the other has not.
lost_placeholders()
{
	texts_of "$1" | awk -F '\t' '
		function names(text,  list) {
			list = ""
			while (match(text, /\{[a-z][a-z0-9._-]*\}/)) {
				list = list substr(text, RSTART, RLENGTH)
				text = substr(text, RSTART + RLENGTH)
			}
			return list
		}
		names($1) != names($2) { print "placeholders differ: " $1 }'
}

catalogue_is_complete()
{
	local language=$1 merged=$work/$1.po
	msgmerge --quiet -o "$merged" "$top/po/$language.po" "$top/build/po/gpuprobe.pot"
	{
		msgattrib --no-obsolete --untranslated "$merged" | sed -n 's/^msgid "\(..*\)"$/not translated: \1/p'
		msgattrib --no-obsolete --only-fuzzy "$merged" | sed -n 's/^msgid "\(..*\)"$/has changed: \1/p'
		msgfmt --check -o /dev/null "$merged" 2>&1
		lost_placeholders "$merged"
	} >"$work/$language.problems" || true
	verdict "languages/$language" "$work/$language.problems"
}

# A catalogue that puts every text between two signs: what stands outside of them in a
# report was never marked for translation.
make_marking_language()
{
	mkdir -p "$work/locale/zh_CN/LC_MESSAGES"
	msgen "$top/build/po/gpuprobe.pot" |
		msgfilter --keep-header sed -e '1s/^/⟦/' -e '$s/$/⟧/' 2>/dev/null |
		msgfmt -o "$work/locale/zh_CN/LC_MESSAGES/gpuprobe.mo" -
}

# in_language LOCALEDIR WORDS...: gpuprobe in what stands there for Chinese.
in_language()
{
	local folder=$1
	shift
	GPUPROBE_LOCALEDIR=$folder LANGUAGE=zh_CN COLUMNS=1000 "$gpuprobe" "$@" 2>/dev/null || [ $? -le 2 ]
}

# What is left of a report without what was marked, quoted log lines, and names.
# "What to do" quotes the beginning of a text: its second sign is not there.
unmarked()
{
	perl -CSD -Mutf8 -0777 -pe '1 while s/⟦[^⟦⟧]*⟧//g; s/⟦.*?(?=\n\s*\n)//gs; s/^ *\|.*\n//gm;
		s/^  \S+( \(?\S+)? *$//gm; s/0x[0-9a-f]+|\d+ [KMGT]iB|BAR\d|ROM//g; s/[\w.]+(-[\w.]+)+//g' |
		grep -E '[A-Za-z]{3,} +[a-z]{2,}' || true
}

all_is_marked()
{
	local case
	for case in "$@"; do
		(cd "$work/cases/$case" &&
			in_language "$work/locale" report -v --root=root | unmarked | sed "s/^/$case: not marked: /")
	done >"$work/unmarked"
	verdict languages/all-is-marked "$work/unmarked"
}

json_is_english()
{
	local case=$1
	(cd "$work/cases/$case" && { "$gpuprobe" report --format=json --root=root || [ $? -le 2 ]; }) >"$work/english.json"
	(cd "$work/cases/$case" && in_language "$top/build/locale" report --format=json --root=root) >"$work/other.json"
	{ cmp "$work/english.json" "$work/other.json" 2>&1 || true; } >"$work/json.problems"
	verdict languages/json-is-english "$work/json.problems"
}

speaks()
{
	local case=$1
	(cd "$work/cases/$case" && in_language "$top/build/locale" report --root=root) >"$work/chinese"
	: >"$work/speech"
	grep -q '^故障' "$work/chinese" || head -n 3 "$work/chinese" >"$work/speech"
	verdict languages/speaks-chinese "$work/speech"
}

make -s -C "$top" build/po/gpuprobe.pot catalogues >/dev/null
for file in "$top"/po/*.po; do
	catalogue_is_complete "$(basename "$file" .po)"
done
mkdir -p "$work/cases"
language_cases=(p4-no-intpin-driver-verbose p4-no-vbios two-gpus-one-sick no-module-user p10-does-not-fit hyperv-no-intpin)
"$top/tests/golden/run" --prepare "$work/cases" "${language_cases[@]}" >/dev/null
make_marking_language
all_is_marked "${language_cases[@]}"
json_is_english p4-no-vbios
speaks p4-no-vbios
