# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# What tests of faults share. Each runs a fault under the in-tree driver and under the driver under test
# and prints a row of the table of faults: "row FAULT | in-tree result | our result | data".
. /harness/lib.sh

now() { cut -d. -f1 /proc/uptime; }

# is_back: the controller is there, and for drivers to take: who enumerates holds the lock that a rescan takes until it is.
is_back() { [ -e "$HBA_DIR" ] && echo 1 >/sys/bus/pci/rescan && [ -e "$HBA_DIR" ]; }

# begin SERIAL [SECONDS]: the disk, with a short time-out of requests and known data on it.
begin() {
	node=$(disk "$1")
	echo "${2:-3}" >"/sys/block/${node#/dev/}/device/timeout"
	dd if=/dev/urandom of=want bs=64k count=32 2>/dev/null
	put bs=64k 2>/dev/null || fail "cannot write before the fault"
	head -c 262144 /dev/urandom >during
	: >written
	wrote want 0
	start=$(now)
}

# wrote FILE KIB: this write to KIB of the disk was acknowledged; "end" looks whether it is there.
wrote() { say "$@" >>written; }

# The node of a disk that is gone must not come into being as a file, in the way of the next disk's.
put() { dd if=want of="$node" oflag=direct conv=nocreat "$@"; }

# io: a write beside the known data; says how it ended.
io() {
	if dd if=during of="$node" bs=16k seek=256 oflag=direct conv=nocreat,notrunc 2>err; then
		wrote during 4096
		say "write ok"
	else
		sed -n 's/^dd: .*: /write: /p' err
	fi
}

# end RESULT..: what has happened, and whether the disk and what it had on it are still there.
end() {
	say "took: $(($(now) - start))"
	# Not over anything that was written during the fault.
	if ! put bs=64k seek=896 2>/dev/null; then
		say "result: $*, disk lost"
		say "data: not there"
		return
	fi
	say "result: $*, disk works"
	wrote want 57344
	end_data=intact
	while read -r end_file end_at; do
		dd if="$node" bs=4k skip=$((end_at / 4)) count=$(($(wc -c <"$end_file") / 4096)) iflag=direct 2>/dev/null |
			cmp - "$end_file" || end_data=WRONG
	done <written
	say "data: $end_data"
}

# fio_ends PID NODE: fio, with one job that is a process, is told to end, and does; else a request to NODE does not come
# back without anybody having noticed, and what is known of it is said. Ended from outside, it leaves with 128 whatever
# it has seen.
fio_ends() {
	kill -TERM "$1" 2>/dev/null || :
	if ! until_true 60 fio_ended "$1"; then
		fio_queue=/sys/kernel/debug/block/${2#/dev/}
		for fio_file in "/sys/block/${2#/dev/}/inflight" "$fio_queue"/requeue_list "$fio_queue"/hctx*/state \
			"$fio_queue"/hctx*/busy "$fio_queue"/hctx*/dispatch /sys/kernel/debug/ataport/*/* \
			"/proc/$(fio_job "$1")/syscall" "/proc/$(fio_job "$1")/stack"; do
			say "$fio_file:"
			cat "$fio_file" || :
		done
		# It is in a session of its own and would outlast the test.
		kill -KILL "$(fio_job "$1")" || :
		fail "fio does not end"
	fi
	wait "$1" || :
}
fio_job() { grep -l "^PPid:[^0-9]*$1\$" /proc/[0-9]*/status 2>/dev/null | sed 's|^/proc/||; s|/status$||'; }
# When a sleep interrupts its wait for the last requests of a round (with libaio), fio 3.33 waits for as many again,
# some of which it has been told of. What it lacks it is told of, too, when it is interrupted the next time.
fio_ended() {
	grep -q '^State:.[^Z]' "/proc/$1/status" 2>/dev/null || return 0
	for fio_its in $(fio_job "$1"); do kill -STOP "$fio_its" && kill -CONT "$fio_its"; done 2>/dev/null
	return 1
}

in_flight_write() { [ "$(awk '{ print $2 }' "/sys/block/${node#/dev/}/inflight")" != 0 ]; }

# put_off: a queued write, whose end nobody hears of now, and a flush that waits in libata for it and times out
# without ever having been issued; says how they ended.
put_off() {
	head -c 4096 during >late
	dd if=late of="$node" bs=4k seek=16384 oflag=direct conv=nocreat,notrunc 2>/dev/null &
	until_true 10 in_flight_write || fail "the write is not issued"
	sleep 0.2
	if dd if=/dev/null of="$node" count=0 conv=fsync,nocreat,notrunc 2>err; then
		put_off_how="flush ok"
	else
		put_off_how=$(sed -n 's/^dd: .*: /flush: /p' err)
	fi
	if wait $!; then wrote late 65536; else put_off_how="$put_off_how, write failed"; fi
	say "$put_off_how"
}

# writes NODE: how many have been done; has_written NODE COUNT: more than these?
writes() { awk '{ print $5 }' "/sys/block/${1#/dev/}/stat"; }
has_written() { [ "$(writes "$1")" -gt "$2" ]; }

# ledger_begin [OPTIONS..]: 32 writes and reads in flight, each of which is accounted for.
ledger_begin() {
	rm -f ledger
	ledger run "$@" ledger "$node" >ledger.out 2>&1 &
	ledger_pid=$!
	ledger_writes=$(writes "$node")
	until_true 10 has_written "$node" "$ledger_writes" || fail "the load does not begin: $(cat ledger.out)"
	sleep 1
	[ -d /proc/$ledger_pid ] || fail "the load has not come to the fault: $(cat ledger.out)"
}

# ledger_ended: wait for the load to meet an error, and say what it has seen.
ledger_ended() {
	wait "$ledger_pid" || fail "$(cat ledger.out)"
	cat ledger.out
}

# ledger_stop: the load ends now, unless it has met errors.
ledger_stop() {
	kill -TERM "$ledger_pid" 2>/dev/null || :
	ledger_ended
}

# ledger_result: in words that do not tell how much there was.
ledger_result() { if grep -q ', 0 requests failed' ledger.out; then say "no request fails"; else say "requests fail"; fi; }

# ledger_check: the disk has each write that was acknowledged, and nothing else.
ledger_check() {
	if ! ledger check ledger "$node" 2>&1; then say "data: WRONG"; fi
}

# deep_sleep: the machine really sleeps, and is woken; fails if it did not. The firmware loses where the
# registers of power management are: without them the machine would neither sleep again nor power off.
deep_sleep() {
	deep_base=$(setpci -s 00:1f.0 40.L) deep_control=$(setpci -s 00:1f.0 44.B)
	echo deep >/sys/power/mem_sleep
	host run hostside/wake
	echo mem >/sys/power/state
	setpci -s 00:1f.0 40.L="$deep_base"
	setpci -s 00:1f.0 44.B="$deep_control"
	host event WAKEUP >/dev/null
}

# row FAULT [better]: the results of "both"; they must be equal, or ours a working disk with its data where the
# in-tree driver has an error, without which the fault was none. Both have been measured in this boot.
row() {
	[ "$NATIVE" = ahci ] || set -- "$1 ($NATIVE)" "${2:-same}"
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
		case $row_native in
		*lost* | *fail* | *error*) ;;
		*) fail "the in-tree driver has not noticed the fault" ;;
		esac
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

# same_but_time WHAT: all that "both" have said, but for how long it took.
same_but_time() {
	for same_out in native test; do grep -v '^took: ' $same_out.out >$same_out.cmp; done
	same "$1" native.cmp test.cmp
}
