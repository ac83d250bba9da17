# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# The keys that Debian's packages are checked with. On Ubuntu their package can be older than the releases used here; then newer ones are fetched, each
# release's own package of keys checked with those of the release before.

KEYRING=()

keys_prepare()
{
	local keys=/usr/share/keyrings
	[ -e "$keys/debian-archive-keyring.gpg" ] || need_package debian-archive-keyring
	! ls "$keys"/debian-archive-trixie-* >/dev/null 2>&1 || return 0
	cache_put keys "$(recipe make_keys fetch_keys make_root)" "Fetching Debian's newer signing keys" make_keys || return 1
	KEYRING=(--keyring="$CACHED/bookworm/usr/share/keyrings/debian-archive-keyring.gpg")
}

make_keys()
{
	local folder=$1
	fetch_keys "$folder" bookworm && return
	fetch_keys "$folder" bullseye || return 1
	KEYRING=(--keyring="$folder/bullseye/usr/share/keyrings/debian-archive-keyring.gpg")
	fetch_keys "$folder" bookworm
}

fetch_keys()
{
	rm -rf "${1:?}/$2"
	make_root "$1/$2" "$2" debian-archive-keyring
}
