# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What the project's scripts share: messages, the top of the tree, the cache.

TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export TOP
# Not everybody's PATH has where Debian keeps depmod and losetup.
PATH=$PATH:/usr/sbin:/sbin
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

# mistaken MISTAKE: its file, with the mistake made. Each of its expressions has to find its place, once.
mistaken() {
	local file changed
	file=$(sed -n 's/^# file: //p' "$1")
	changed=$(mktemp)
	if perl -0 -pe "$(awk '/^#/ { next } NF { print "(" $0 ") == 1 or die \"line " NR " finds no place\\n\";" }' "$1")" \
		"$file" >"$changed" && ! cmp -s "$file" "$changed"; then
		cat "$changed"
		rm -f "$changed"
	else
		rm -f "$changed"
		echo "the mistake does not apply to $file any more: mend $1" >&2
		return 1
	fi
}

# What runs several suites counts them here: "suite" runs one, "counted" ends the script.
passed=0 failed=0 skipped=0 failures=()

# suite NAME COMMAND..: its last line of counts joins ours. It has to be right about that and about its status.
suite() {
	local name=$1 status=0 out start=$SECONDS
	shift
	stage "$name"
	out=$(mktemp)
	suite_outs+=("$out")
	grouped shown "$out" "$@"
	wait $! || status=$?
	unset "suite_groups[$!]"
	judge "$name" $status "$out" $((SECONDS - start))
	rm -f "$out"
}
shown() {
	local out=$1
	shift
	"$@" </dev/null 2>&1 | tee "$out"
}

# grouped COMMAND..: runs beside this script, in a process group of its own, so that all of it ends with this script.
suite_groups=() suite_outs=()
grouped() {
	trap end_suites EXIT
	set -m
	"$@" &
	set +m
	suite_groups[$!]=1
}
end_suites() {
	local group
	for group in "${!suite_groups[@]}"; do kill -- "-$group" 2>/dev/null || :; done
	[ ${#suite_outs[@]} = 0 ] || rm -f "${suite_outs[@]}" "${suite_outs[@]/%/.status}"
}

# beside NAME COMMAND..: a suite that begins now, and whose output "all_beside" shows; for those that run no guest and
# do not get into each other's way. There are as many at once as processors.
beside_names=() beside_outs=() beside_jobs=()
beside() {
	local name=$1 out
	shift
	while [ "$(jobs -pr | wc -l)" -ge "$(nproc)" ]; do wait -n || :; done
	stage "$name"
	out=$(mktemp)
	suite_outs+=("$out")
	grouped timed "$out" "$@"
	beside_names+=("$name") beside_outs+=("$out") beside_jobs+=($!)
}
timed() {
	local out=$1 start=$SECONDS status=0
	shift
	"$@" </dev/null >"$out" 2>&1 || status=$?
	echo "$status $((SECONDS - start))" >"$out.status"
}

all_beside() {
	local i out status seconds
	for i in "${!beside_names[@]}"; do
		wait "${beside_jobs[i]}" || :
		unset "suite_groups[${beside_jobs[i]}]"
		out=${beside_outs[i]}
		[ ${#beside_names[@]} = 1 ] || stage "${beside_names[i]}:"
		cat "$out"
		read -r status seconds <"$out.status" || status=255 seconds=0
		judge "${beside_names[i]}" "$status" "$out" "$seconds"
		rm -f "$out" "$out.status"
	done
	beside_names=() beside_outs=() beside_jobs=()
}

# judge NAME STATUS OUTPUT SECONDS: what a suite that has ended adds to the counts.
judge() {
	local name=$1 status=$2 out=$3 seconds=$4 counts
	counts=$(grep -E '^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$' "$out" | tail -n 1 || :)
	[ "$status" = 0 ] || mapfile -t -O ${#failures[@]} failures < <(awk '
		# What a test has said comes with it, its complaints and the last: it says why.
		function said() {
			for (i = 0; i < n; i++)
				if (i >= n - 6 || (tail[i] ~ /^  \| FAIL/ && told++ < 10)) print tail[i]
			n = told = 0
		}
		/^  --- output/ { output = 1; next }
		output && /^  \| / { tail[n++] = $0; next }
		{ said(); output = 0 }
		/(^| )FAILED|^  failed: / { print }
		END { said() }' "$out")
	if [ -z "$counts" ]; then
		unfit "$name: ended with status $status and without its line of counts"
		return
	fi
	# shellcheck disable=SC2086
	set -- $counts
	passed=$((passed + $1)) failed=$((failed + $3)) skipped=$((skipped + $5))
	if [ $((status != 0)) != $(($3 != 0)) ]; then
		unfit "$name: '$counts' but status $status"
	fi
	stage "$name: $seconds s"
}

# unfit NAME: WHY..: a suite failed otherwise than by its counts.
unfit() {
	failed=$((failed + 1))
	failures+=("FAILED $1")
	echo "FAILED $1"
}

# counted: what failed, once more and each test once, where the end of a long log is read; then the sum.
counted() {
	if [ ${#failures[@]} != 0 ]; then
		echo "what failed:"
		printf '%s\n' "${failures[@]}" | awk '!seen[$0]++'
	fi
	echo "$passed passed, $failed failed, $skipped skipped"
	exit $((failed > 0))
}
