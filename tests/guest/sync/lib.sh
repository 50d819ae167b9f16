# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# What the tests of callbacks share: the AHCI sample inside a miniport that watches the port
# driver (ataport_synctest), its orders and counters, I/O for interrupts.
. /harness/lib.sh

PARAM=/sys/module/ataport_synctest/parameters

# The bits of the load, as in the miniport's halves.h.
ALL=0xbf FULL=0x40

# sync_up MODE [PARAMETER..]: SyncWithIsr 0 or 1; the disks come up.
sync_up() {
	sync_mode=$1
	shift
	unbind
	load_upper
	modprobe libata
	loaded ataport || insmod "$KO/ataport.ko"
	# A test that failed leaves it loaded.
	! loaded ataport_synctest || rmmod ataport_synctest
	echo ataport_synctest >"$HBA_DIR/driver_override"
	insmod "$KO/ataport_synctest.ko" \
		"registry=Controller0\\SyncWithIsr=dword:$sync_mode;Controller1\\SyncWithIsr=dword:$sync_mode" "$@"
	node=$(disk D0)
	d1=$(disk D1)
}

sync_down() {
	unbind
	rmmod ataport_synctest
}

order() { echo "$*" >$PARAM/cmd; }

# counter NAME..: their sum
counter() {
	counter_sum=0
	for counter_name; do
		counter_one=$(sed -n "s/^$counter_name //p" $PARAM/results)
		[ -n "$counter_one" ] || fail "no counter '$counter_name'"
		counter_sum=$((counter_sum + counter_one))
	done
	say $counter_sum
}

runs() { counter immediate deferred controller-sync; }

# clean: nothing went wrong so far; says what was counted.
clean() {
	grep -v '^wrong.* 0$' $PARAM/results | tr '\n' ';' | sed 's/;$//; s/;/, /g'
	echo
	[ "$(counter wrong)" = 0 ] || fail "SyncWithIsr $sync_mode: $(grep '^wrong-.* [1-9]' $PARAM/results | tr '\n' ' ')"
}

still_clean() {
	still=$(clean) || {
		say "$still"
		exit 1
	}
}

# load_start BITS, load_stop: with the end all must add up.
load_start() {
	echo "$1" >$PARAM/load
	order start
}

load_stop() {
	order stop
	clean
}

# io SECONDS: random reads and writes on two disks, as many interrupts as there can be.
io() {
	fio --ioengine=libaio --direct=1 --bs=4k --iodepth=2 --rw=randrw --thread --group_reporting \
		--time_based --runtime="$1" --size=48m --output=/run/test/fio.out \
		--name=one --filename="$node" --name=two --filename="$d1" || {
		cat /run/test/fio.out
		fail "fio"
	}
}

# busy_channels: how many have had interrupts since the file "before" was made.
busy_channels() {
	awk 'NR == FNR { old[$1] = $2; next } $2 >= old[$1] + 20 { n++ } END { print n + 0 }' before $PARAM/claimed
}

# Interrupts that a verdict needs. Four processors of a slow machine, which the host has not, pass the lock on when
# the host lets the next of them run, and the interrupt waits its turn: some of a second for each.
ENOUGH=300
[ "${TIMESCALE:-1}" -lt 3 ] || [ "$(nproc)" -lt 4 ] || ENOUGH=100

# io_enough SECONDS [CHANNELS]: I/O in turns of so long, until there were enough interrupts for a verdict, and
# on so many channels; a checked kernel with one processor or many and a busy host takes a few.
io_enough() {
	turns=0
	while [ $turns -lt 10 ]; do
		io "$1"
		turns=$((turns + 1))
		[ "$(counter interrupts)" -ge $ENOUGH ] || continue
		[ -z "${2:-}" ] || [ "$(busy_channels)" -ge "$2" ] || continue
		break
	done
}

at_least() {
	[ "$2" -ge "$3" ] || fail "only $2 $1, at least $3 are needed for a verdict"
	say "$1: $2"
}

# exclusion: everybody at once, in both modes; the miniport looks for lost updates, torn pairs,
# requests that are run twice, never, late or out of turn.
exclusion() {
	for mode in 1 0; do
		sync_up $mode
		load_start $ALL
		io_enough "${1:-6}"
		load_stop
		at_least "synchronized runs" "$(runs)" 5000
		at_least interrupts "$(counter interrupts)" $ENOUGH
		for what in workers timers deferred controller-sync re-armed cancelled; do
			at_least $what "$(counter $what)" 20
		done
		[ "$(counter refused)" = 0 ] || fail "requests were refused"
		sync_down
	done
}

ordering() {
	for mode in 1 0; do
		sync_up $mode
		order order
		cat $PARAM/results | grep -E '^(queue:|chain of|workers: )'
		order stop
		clean
		# The same from the interrupt handler: more than fits, every now and then.
		load_start $((ALL | FULL))
		io_enough "${1:-3}"
		load_stop
		at_least "refused because the queue was full" "$(counter full)" 20
		at_least deferred "$(counter deferred)" 500
		sync_down
	done
}

# milliseconds COMMAND..
milliseconds() {
	ms_start=$(cut -d' ' -f1 /proc/uptime | tr -d .)
	"$@" >/dev/null 2>&1 || fail "'$*' failed"
	say $((($(cut -d' ' -f1 /proc/uptime | tr -d .) - ms_start) * 10))
}

spin() {
	spin_n=0
	while [ $spin_n -lt 20000 ]; do spin_n=$((spin_n + 1)); done
}

self_asking() {
	for mode in 1 0; do
		sync_up $mode
		# As beside the routine, no processor of the guest's is idle: where the host has fewer, each is slower then.
		busy=
		for _ in $(seq 2 "$(nproc)"); do
			(while :; do :; done) &
			busy="$busy $!"
		done
		alone=$(milliseconds spin)
		# shellcheck disable=SC2086
		[ -z "$busy" ] || { kill $busy; wait $busy || :; }
		alone_io=$(milliseconds dd if="$node" of=/dev/null bs=4k count=200 iflag=direct)
		order self 1
		beside=$(milliseconds spin)
		beside_io=$(milliseconds dd if="$node" of=/dev/null bs=4k count=200 iflag=direct)
		order self 0
		say "a user process: $alone ms alone, $beside ms beside; I/O: $alone_io ms alone, $beside_io ms beside"
		order stop
		clean
		at_least "runs of the routine" "$(counter self-asking)" 1000
		# 64 in a hold, and what one interrupt may add to that before it ends.
		[ "$(counter longest-hold)" -le 256 ] || fail "$(counter longest-hold) runs with interrupts off"
		# Half of one processor is fair; half of that, for a machine that is busy anyway.
		[ "$beside" -le $((alone * 8 + 2000)) ] || fail "a user process got next to no time"
		[ "$beside_io" -le $((alone_io * 20 + 5000)) ] || fail "I/O got next to no time"
		sync_down
	done
}

levels() {
	for mode in 1 0; do
		sync_up $mode
		load_start $ALL
		io 2
		# The error handler's part.
		for host in /sys/class/scsi_host/host*; do
			[ "$(cat "$host/proc_name")" = sata_ataport ] || continue
			echo '- - -' >"$host/scan"
		done
		sleep 1
		load_stop
		# A start and a stop in this mode, for the rows that have no other.
		unbind
		echo ataport_synctest >"$HBA_DIR/driver_override"
		echo "$HBA" >/sys/bus/pci/drivers/ataport_synctest/bind
		disk D0 >/dev/null
		cat $PARAM/levels
		if grep WRONG $PARAM/levels; then fail "not as the table wants it"; fi
		clean
		want=FALSE
		[ $mode = 0 ] || want=TRUE
		for row in HwBuildIo HwInitialize HwStartIo HwReset HwInterrupt 'HwControl(Start)' 'HwControl(Stop)' \
			synchronized controller-sync timer worker; do
			awk -v row="$row" -v mode=$want '$1 == row && $2 == mode { found = 1 } END { exit !found }' \
				$PARAM/levels || fail "$row was never seen with SyncWithIsr $want"
		done
		for row in DriverEntry 'AdapterControl(Start)' 'AdapterControl(Stop)' ChannelEnabled ChannelInit; do
			awk -v row="$row" '$1 == row { found = 1 } END { exit !found }' $PARAM/levels ||
				fail "$row was never seen"
		done
		sync_down
	done
}

# Reads as long as a file is there.
reading() {
	while [ -e /run/test/reading ]; do
		dd if="$1" of=/dev/null bs=16k count=100 iflag=direct 2>/dev/null || return 1
	done
}

controller_sync() {
	for mode in 1 0; do
		sync_up $mode
		cd=$(cdrom)
		cat $PARAM/claimed >before
		# Threads, interrupts and controller-sync only: nothing that makes room for them.
		load_start 0xa1
		: >/run/test/reading
		readers=
		for what in "$cd" $(disks | sed 's|^|/dev/|'); do
			case $what in "$node" | "$d1") continue ;; esac
			reading "$what" &
			readers="$readers $!"
		done
		io_enough 4 $(($(disks | wc -l) + 1))
		rm /run/test/reading
		for what in $readers; do
			wait "$what" || fail "a disk or the CD could not be read"
		done
		load_stop
		at_least "controller-sync runs" "$(counter controller-sync)" 1000
		at_least interrupts "$(counter interrupts)" $ENOUGH
		at_least "channels with interrupts" "$(busy_channels)" $(($(disks | wc -l) + 1))
		sync_down
	done
}

timers() {
	for mode in 1 0; do
		sync_up $mode
		order timers 60
		grep '^timer of' $PARAM/results
		order stop
		clean
		sync_down
	done
}

# Endless reads that end with the disk.
reader() {
	while [ -b "$1" ] && dd if="$1" of=/dev/null bs=16k count=2000 iflag=direct 2>/dev/null; do :; done
}

# removal ROUNDS: unbind and bind, every third time rmmod and insmod, with all in flight.
removal() {
	for mode in 1 0; do
		stops=0
		sync_up $mode fire=1 load=$ALL
		round=1
		while [ $round -le "$1" ]; do
			reader "$node" &
			one=$!
			reader "$d1" &
			two=$!
			# Each time at another moment of its life.
			sleep 0.$((round * 37 % 50 + 10))
			if [ $((round % 3)) = 0 ]; then
				rmmod ataport_synctest 2>/dev/null || {
					# Open disks pin the module.
					unbind
					still_clean
					stops=$((stops + $(counter stops)))
					wait $one $two || :
					rmmod ataport_synctest
				}
				wait $one $two || :
				sync_up $mode fire=1 load=$ALL
			else
				unbind
				still_clean
				wait $one $two || :
				echo ataport_synctest >"$HBA_DIR/driver_override"
				echo "$HBA" >/sys/bus/pci/drivers/ataport_synctest/bind
				node=$(disk D0)
				d1=$(disk D1)
			fi
			round=$((round + 1))
		done
		order stop
		clean
		at_least "channels stopped" $((stops + $(counter stops))) "$1"
		sync_down
	done
}

# soak RUNS INTERRUPTS: until there were so many, or something went wrong.
soak() {
	load_start $((ALL | FULL))
	while [ "$(counter wrong)" = 0 ]; do
		io 10
		if [ "$(runs)" -ge "$1" ] && [ "$(counter interrupts)" -ge "$2" ]; then break; fi
	done
	load_stop
}
