# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# What was fetched or built once is kept: a folder per thing, named NAME-KEY. It appears by a rename when it is whole, so that what is there can be trusted
# after any interruption. One run at a time builds; another one waits.

CACHED=
CACHE_FAILURE=

cache_lock()
{
	mkdir -p "$GPUPROBE_CACHE"
	exec 9>"$GPUPROBE_CACHE/lock"
	flock -n 9 || { say "Waiting for another run that is filling $GPUPROBE_CACHE"; flock 9; }
}

cache_unlock()
{
	exec 9>&-
}

# recipe FUNCTION...: a short key that changes when the code of one of them does, comments aside.
recipe()
{
	declare -f "$@" | sha256sum | cut -c1-8
}

# cache_put NAME KEY TEXT FUNCTION [ARGUMENT...]: makes sure that folder NAME-KEY exists, by FUNCTION FOLDER ARGUMENT... if it does not; older keys of NAME go.
# Sets CACHED to the folder, or fails with CACHE_FAILURE. FUNCTION runs where errexit does not hold, so it must chain its commands.
cache_put()
{
	local name=$1 key=$2 text=$3 function=$4
	shift 4
	CACHED=$GPUPROBE_CACHE/$name-$key
	[ ! -d "$CACHED" ] || return 0
	rm -rf "$GPUPROBE_CACHE/$name"-*
	mkdir "$CACHED.tmp"
	step "$text" "$GPUPROBE_CACHE/log/$name.log" "$function" "$CACHED.tmp" "$@" || {
		CACHE_FAILURE=$(first_error "$GPUPROBE_CACHE/log/$name.log")
		return 1
	}
	mv "$CACHED.tmp" "$CACHED"
}
