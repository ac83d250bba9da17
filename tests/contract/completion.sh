# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154	# run defines what is not defined here
#
# Part of run: what three shells offer for the same lines.

# complete_in_SHELL LINE: what is offered, one a line.

complete_in_bash()
{
	# "=" is a word of its own, as readline has it.
	local words=${1//=/ = }
	bash -c '
		. "$1"
		read -ra COMP_WORDS <<<"$2"
		case $2 in *" ") COMP_WORDS+=("") ;; esac
		COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
		_gpuprobe
		printf "%s\n" "${COMPREPLY[@]}"' _ "$work/gpuprobe.bash" "$words" |
		sed '/^$/d'
}

complete_in_zsh()
{
	zsh -f "$contract/complete.zsh" "$work" "$1"
}

complete_in_fish()
{
	HOME=$work fish --no-config -c "source $work/gpuprobe.fish; complete -C '$1'" | cut -f 1 | sed 's/^--[a-z]*=//'
}

# offers NAME LINE WORD...: exactly these, in every shell; "=" at the end of an option,
# the options that fish keeps apart, and the order aside.
offers()
{
	local name=$1 line=$2 shell
	shift 2
	for shell in bash zsh fish; do
		diff <(printf '%s\n' "$@" | sort) \
			<("complete_in_$shell" "$line" | sed 's/=$//' | sort -u) >"$work/differs" || true
		verdict "completion/$name-$shell" "$work/differs"
	done
}

for shell in bash zsh fish; do
	packaging/completion/table "$gpuprobe" | packaging/completion/generate "$shell" >"$work/gpuprobe.$shell"
done
cp "$work/gpuprobe.zsh" "$work/_gpuprobe"
mkdir "$work/files"
touch "$work/files/kernel.log" "$work/files/kernel.txt"

cd "$work/files" || exit
# shellcheck disable=SC2046
offers commands 'gpuprobe ' $("$gpuprobe" --help | sed -n 's/^  \([a-z][a-z-]*\)  .*/\1/p')
offers command 'gpuprobe coll' collect
offers option 'gpuprobe report --form' --format
offers option-without-command 'gpuprobe --form' --format
offers option-of-command 'gpuprobe fix --a' --apply
offers value 'gpuprobe report --format=ma' markdown
offers values 'gpuprobe analyze --color=' auto always never
offers values-explained 'gpuprobe watch --format=' text json
offers words 'gpuprobe fix ' intx
offers files 'gpuprobe analyze kernel' kernel.log kernel.txt
offers file-of-option 'gpuprobe collect -o kernel.l' kernel.log
cd "$top" || exit
