# SPDX-License-Identifier: GPL-2.0-or-later
#
# zsh -f complete.zsh FOLDER LINE: what zsh offers for the line, one a line. FOLDER has
# the completion, as _gpuprobe. A shell on a terminal of its own is sent the line and a
# tab; there, compadd is a function that prints what it is given.

zmodload zsh/zpty
zpty shell zsh -f -i

# Whether the shell has run what it was sent, since it echoes what it is sent as well.
synchronize()
{
	zpty -w shell "print sync''$1"
	zpty -r -m shell discarded "*sync$1*" || exit 1
}

zpty -w shell "PROMPT= TERM=dumb; unsetopt zle_bracketed_paste prompt_sp 2>/dev/null"
zpty -w shell "fpath=($1 \$fpath); autoload -Uz compinit; compinit -D -u; zstyle ':completion:*' verbose no"
zpty -w shell 'compadd() { local -a hits; [[ "$*" == *-[OAD]\ * ]] || { builtin compadd -A hits "$@"; for hit in $hits; do print -r -- "<$hit>"; done; }; builtin compadd "$@"; }'
zpty -w shell 'offer() { compstate[list]=; compstate[insert]=; print; _main_complete; print "<.>"; }'
zpty -w shell "zle -C offer complete-word offer; bindkey '^I' offer"
synchronize 1
zpty -w -n shell "$2"$'\t'
zpty -r -m shell output '*<.>*' || exit 1
zpty -d shell
print -r -- "$output" | tr -d '\r' | sed -n 's/.*<\([^>]*\)>.*/\1/p' | grep -vx '\.' | sort -u
