# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What the project's scripts share: messages, the top of the tree, the cache.

TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export TOP
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/ataport
export CACHE

if [ -t 2 ] && [ -z "${NO_COLOR:-}" ]; then
	_blue=$'\033[1;34m' _red=$'\033[1;31m' _plain=$'\033[0m'
else
	_blue='' _red='' _plain=''
fi

# stage TEXT: says what the next seconds are spent on.
stage() { printf '%s==>%s %s\n' "$_blue" "$_plain" "$*" >&2; }

die() {
	printf '%serror:%s %s\n' "$_red" "$_plain" "$*" >&2
	exit 1
}

# quietly COMMAND..: its output is shown only if it fails (or with V=1).
quietly() {
	local log status=0
	if [ "${V:-0}" != 0 ]; then
		"$@"
		return
	fi
	log=$(mktemp)
	"$@" >"$log" 2>&1 </dev/null || status=$?
	[ "$status" = 0 ] || cat "$log" >&2
	rm -f "$log"
	return "$status"
}
