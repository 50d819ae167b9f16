# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# What tests of faults share. Each runs a fault under the in-tree driver and under the driver under test
# and prints a row of the table of faults: "row FAULT | in-tree result | our result | data".
. /harness/lib.sh

now() { cut -d. -f1 /proc/uptime; }

# begin SERIAL [SECONDS]: the disk, with a short time-out of requests and known data on it.
begin() {
	node=$(disk "$1")
	echo "${2:-3}" >"/sys/block/${node#/dev/}/device/timeout"
	dd if=/dev/urandom of=want bs=64k count=32 2>/dev/null
	dd if=want of="$node" bs=64k oflag=direct 2>/dev/null || fail "cannot write before the fault"
	start=$(now)
}

# io: a write and a read beside the known data; says how they ended.
io() {
	if dd if=want of="$node" bs=16k count=16 seek=256 oflag=direct 2>err; then
		say "write ok"
	else
		sed -n 's/^dd: .*: /write: /p' err
	fi
}

# end RESULT..: what has happened, and whether the disk and what it had on it are still there.
end() {
	say "took: $(($(now) - start))"
	if ! dd if=want of="$node" bs=64k seek=64 oflag=direct 2>/dev/null; then
		say "result: $*, disk lost"
		say "data: not there"
		return
	fi
	say "result: $*, disk works"
	{
		dd if="$node" bs=64k count=32 iflag=direct
		dd if="$node" bs=64k count=32 skip=64 iflag=direct
	} 2>/dev/null >have
	if cat want want | cmp -s - have; then say "data: intact"; else say "data: WRONG"; fi
}

# row FAULT [better]: the results of "both"; they must be equal, or ours a working disk with its data.
row() {
	row_native=$(sed -n 's/^result: //p' native.out) row_ours=$(sed -n 's/^result: //p' test.out)
	row_data=$(sed -n 's/^data: //p' test.out)
	say "row $1 | $row_native ($(sed -n 's/^took: //p' native.out) s) | $row_ours ($(sed -n 's/^took: //p' test.out) s) | $row_data"
	if [ -z "$row_native" ] || [ -z "$row_ours" ]; then
		cat native.out test.out
		fail "a driver has not come to a result"
	fi
	case ${2:-same} in
	same) [ "$row_native" = "$row_ours" ] || fail "another result than the in-tree driver's" ;;
	better)
		case $row_ours in
		*'disk works') ;;
		*) fail "the disk is lost" ;;
		esac
		;;
	esac
	[ "$row_data" = intact ] || [ "$row_data" = "$(sed -n 's/^data: //p' native.out)" ] || fail "data: $row_data"
	grep -q WRONG native.out test.out && fail "other data than was written"
	return 0
}
