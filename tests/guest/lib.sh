# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# What guest tests share: taking the controller for a driver and giving it
# back, finding disks, comparing. A test starts with ". /harness/lib.sh" and then
# runs under "set -eu". DRIVER (ataport or native) is the driver under test;
# "native" is the in-tree driver, whose behaviour is what ours is held against.
set -eu

KO=/harness/ko
# What drives the controller under test, in the tree and here: the machine's or the test's choice.
NATIVE=${NATIVE:-ahci}
MINIPORT=${MINIPORT:-ataport_ahci}
# The controller under test: the first one of class 0106, or the machine's choice.
HBA=${HBA:-$(for d in /sys/bus/pci/devices/*; do
	case $(cat "$d/class") in 0x0106*) basename "$d"; break ;; esac
done)}
# shellcheck disable=SC2034
HBA_DIR=/sys/bus/pci/devices/$HBA

say() { printf '%s\n' "$*"; }

fail() {
	# Not where a function's answer goes: "node=$(disk D0)" would swallow it.
	printf 'FAIL: %s\n' "$*" >&2
	exit 1
}

# Leave without a verdict, saying why.
skip() {
	printf '%s\n' "$*" >/run/test/skip
	exit 77
}

# Run a command that has to fail.
refused() {
	if "$@"; then fail "'$*' should have been refused"; fi
}

# same WHAT FILE FILE: two files must be equal, else the difference is shown.
same() {
	if ! cmp -s "$2" "$3"; then
		diff -u "$2" "$3" || :
		fail "$1 differs"
	fi
}

# since MAJOR MINOR: is the kernel that one, or a later one?
since() {
	since_have=$(uname -r)
	since_minor=${since_have#*.}
	since_minor=${since_minor%%[!0-9]*}
	[ "${since_have%%.*}" -gt "$1" ] || { [ "${since_have%%.*}" = "$1" ] && [ "$since_minor" -ge "$2" ]; }
}

# Is this 6.1, the oldest kernel? For what Linux itself does otherwise since; of our driver the same is wanted on all.
on_6_1() {
	! since 6 2
}

# prove_locking 0|1: whether lockdep, where it is there, looks at the order of locks. Not while the kernel's own is wrong
# under any driver, for after its first report lockdep is off: as a port falls asleep at run time, libata waits for a scan,
# which may wait for the sleep of other devices. That it is on again is looked at as the boot ends.
prove_locking() {
	[ ! -e /proc/sys/kernel/prove_locking ] || echo "$1" >/proc/sys/kernel/prove_locking
}

# put_to_sleep NODE: a disk that is idle falls asleep at run time, and its port after it; where these are: $sleep_disk, $sleep_port.
put_to_sleep() {
	sleep_disk=$(readlink -f "/sys/block/${1#/dev/}/device")
	sleep_port=${sleep_disk%/host*}
	echo 500 >"$sleep_disk/power/autosuspend_delay_ms"
	echo auto >"$sleep_disk/power/control"
	until_true 20 asleep "$sleep_disk" || fail "the disk does not fall asleep"
	prove_locking 0
	echo auto >"$sleep_port/power/control"
	until_true 10 asleep "$sleep_port" || fail "the port does not fall asleep"
}
# keep_awake: both of them, from now on.
keep_awake() {
	echo on >"$sleep_port/power/control"
	prove_locking 1
	echo on >"$sleep_disk/power/control"
}
asleep() { [ "$(cat "$1/power/runtime_status")" = suspended ]; }

# until_true SECONDS COMMAND..: poll until the command succeeds.
until_true() {
	# One may wait inside of another. All shells of guests have it.
	# shellcheck disable=SC3043
	local ticks
	ticks=$(($1 * 10 * ${TIMESCALE:-1}))
	shift
	until "$@"; do
		ticks=$((ticks - 1))
		[ $ticks -gt 0 ] || return 1
		sleep 0.1
	done
}

loaded() { grep -q "^$1 " /proc/modules; }

# pci_name DRIVER: the name under which a driver is known to the PCI core.
pci_name() {
	case $1 in
	native) say "$NATIVE" ;;
	ataport) say "$MINIPORT" ;;
	*) fail "no driver '$1'" ;;
	esac
}

# Upper layers, without which a disk has no node.
load_upper() { modprobe -a sd_mod sg sr_mod; }

# load_driver DRIVER: load its modules, without any controller if none is meant for it.
load_driver() {
	load_upper
	case $1 in
	native)
		modprobe "$NATIVE"
		;;
	ataport)
		modprobe libata
		loaded ataport || insmod "$KO"/ataport.ko
		loaded "$MINIPORT" || insmod "$KO/$MINIPORT.ko"
		;;
	esac
}

unload_driver() {
	case $1 in
	native)
		! loaded "$NATIVE" || rmmod "$NATIVE"
		! loaded libahci || rmmod libahci
		;;
	ataport)
		! loaded "$MINIPORT" || rmmod "$MINIPORT"
		! loaded ataport || rmmod ataport
		;;
	esac
}

bound_to() {
	if [ -e "/sys/bus/pci/devices/${1:-$HBA}/driver" ]; then
		basename "$(readlink "/sys/bus/pci/devices/${1:-$HBA}/driver")"
	fi
}

# bind DRIVER [CONTROLLER]: the controller goes to this driver, whose it was before.
bind() {
	bind_dev=${2:-$HBA}
	bind_dir=/sys/bus/pci/devices/$bind_dev
	bind_drv=$(pci_name "$1")
	if [ "$(bound_to "$bind_dev")" = "$bind_drv" ]; then return; fi
	unbind "$bind_dev"
	echo "$bind_drv" >"$bind_dir/driver_override"
	load_driver "$1"
	if [ -z "$(bound_to "$bind_dev")" ]; then
		echo "$bind_dev" >"/sys/bus/pci/drivers/$bind_drv/bind" || :
	fi
	[ "$(bound_to "$bind_dev")" = "$bind_drv" ] ||
		fail "$bind_dev did not go to $bind_drv but to '$(bound_to "$bind_dev")'"
}

# unbind [CONTROLLER]: away from its driver, and out of reach of any other.
unbind() {
	unbind_dir=/sys/bus/pci/devices/${1:-$HBA}
	echo none >"$unbind_dir/driver_override"
	if [ -e "$unbind_dir/driver" ]; then
		echo "${1:-$HBA}" >"$unbind_dir/driver/unbind"
	fi
}

# The driver under test.
up() { bind "$DRIVER"; }
down() {
	unbind
	unload_driver "$DRIVER"
}

# memory_balanced COUNT: what the driver allocates while its controller comes, is read from and goes is freed when that has
# gone, and it is at least so many pieces. By the kernel's own events; what may be vmalloc's, whose events do not tell for
# whom it is, by probes.
memory_balanced() {
	mem_tracing=/sys/kernel/tracing
	[ -w $mem_tracing/kprobe_events ] || skip "this kernel has no kprobe events"
	mem_large=$(sed -n 's/^[0-9a-f]* [tT] \(__kvmalloc_node_noprof\|kvmalloc_node\)$/\1/p' /proc/kallsyms)
	# Its modules are here before and after: functions of what is gone have no names.
	up
	unbind
	echo 16384 >$mem_tracing/buffer_size_kb
	# shellcheck disable=SC2016
	printf '%s\n' "r:harness/large $mem_large ptr=\$retval:x64" 'p:harness/large_free kvfree ptr=$arg1:x64' >$mem_tracing/kprobe_events
	mem_events 1
	up
	mem_node=$(disk D0)
	dd if="$mem_node" of=/dev/null bs=64k count=4 iflag=direct 2>/dev/null
	unbind
	# Some of it by a worker, for whoever looks at the disks.
	sleep 1
	mem_events 0
	cat $mem_tracing/trace >mem_trace
	grep -h '^\(overrun\|dropped events\): [1-9]' $mem_tracing/per_cpu/cpu*/stats && fail "the kernel has lost events"
	: >$mem_tracing/kprobe_events
	: >$mem_tracing/trace
	awk -v least="$1" '
		function pointer() { return match($0, /ptr=[^ ]*/) ? substr($0, RSTART + 4, RLENGTH - 4) : "" }
		/ (kmalloc|large): / && /\[ataport/ { total++; held[$0 ~ / large: / ? "large" : "small", pointer()] = $0 }
		/ kfree: / { delete held["small", pointer()] }
		/ large_free: / { delete held["large", pointer()] }
		END {
			print total + 0 " pieces of memory taken"
			for (piece in held) { print "not given back: " held[piece]; bad = 1 }
			exit bad || total < least
		}' mem_trace || fail "the driver's memory is not balanced"
}
mem_events() {
	for mem_event in harness/large harness/large_free kmem/kmalloc kmem/kfree; do
		echo "$1" >"$mem_tracing/events/$mem_event/enable"
	done
}

# disks: names of all SATA disks; block_of SERIAL: the name of one, empty if absent.
disks() {
	for disks_dir in /sys/block/sd*; do
		[ ! -e "$disks_dir" ] || basename "$disks_dir"
	done
}

block_of() {
	for block_dir in /sys/block/sd*; do
		[ -e "$block_dir/device/vpd_pg80" ] || continue
		if tr -cd '[:alnum:]' <"$block_dir/device/vpd_pg80" | grep -q "$1\$" &&
			[ "$(cat "$block_dir/size")" != 0 ] && [ -b "/dev/$(basename "$block_dir")" ]; then
			basename "$block_dir"
			return
		fi
	done
}

has_disk() { [ -n "$(block_of "$1")" ]; }

# disk SERIAL: wait for the disk, print its node.
disk() {
	until_true 30 has_disk "$1" || fail "no disk with serial number $1 has come up: $(disks)"
	say "/dev/$(block_of "$1")"
}

has_cd() { [ -b /dev/sr0 ]; }

cdrom() {
	until_true 30 has_cd || fail "no CD drive has come up"
	say /dev/sr0
}

drop_caches() {
	sync
	echo 3 >/proc/sys/vm/drop_caches
}

udev_settles() {
	udevadm settle --timeout=$((30 * ${TIMESCALE:-1})) || fail "udev does not settle"
}

# udev_start: device links and properties, for the tests that look at them.
udev_start() {
	/usr/lib/systemd/systemd-udevd --daemon >/dev/null 2>&1
	udevadm trigger --action=add
	udev_settles
}

udev_stop() {
	udevadm control --exit 2>/dev/null || :
	until_true 10 sh -c '! pidof systemd-udevd >/dev/null' || fail "udevd does not end"
}

# both COMMAND..: run the command under the in-tree driver and under the driver under
# test, one after the other on the same disks; the outputs are native.out and test.out. The
# command is called with the name of the driver as $1 after its own arguments.
both() {
	rm -f native.out test.out
	for both_drv in native "$DRIVER"; do
		bind "$both_drv"
		both_out=test.out
		[ -e native.out ] || both_out=native.out
		# Not as a condition: there "set -e" would have no effect inside.
		set +e
		(
			set -e
			"$@" "$both_drv"
			unbind
			unload_driver "$both_drv"
		) >$both_out 2>&1
		both_rc=$?
		set -e
		[ $both_rc = 0 ] || {
			cat $both_out
			fail "'$*' failed with $both_rc under $both_drv"
		}
	done
}

# fio_verify OPTIONS..: write, read back and compare with a pattern that knows its place.
fio_verify() {
	fio --ioengine=libaio --direct=1 --verify=crc32c --verify_fatal=1 --verify_dump=0 --do_verify=1 \
		--group_reporting --thread --randrepeat=1 --output=/run/test/fio.out "$@" || {
		cat /run/test/fio.out
		fail "fio $*"
	}
	! grep -q 'verify: bad' /run/test/fio.out || fail "fio found other data than it wrote"
	grep -E 'IOPS=|err=' /run/test/fio.out
}
