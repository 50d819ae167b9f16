# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034
# What the tests of the disk in memory share: loading it with registry values,
# changing them while it is unbound, telling how a read ended.
. /harness/lib.sh

DEV=/sys/module/ataport_fakedisk/parameters/registry

# fake_set VALUE..: "Depth=dword:8" and the like, for the next fake_bind.
fake_set() {
	for fake_value; do
		printf 'Controller0\\Channel0\\%s\n' "$fake_value" >"$DEV"
	done
}

fake_unbind() {
	unbind
	[ -z "$(disks)" ] || fail "disks are left: $(disks)"
}

# fake_bind: the disk comes up; its node is $node, its queue $queue.
fake_bind() {
	echo ataport_fakedisk >"$HBA_DIR/driver_override"
	echo "$HBA" >/sys/bus/pci/drivers/ataport_fakedisk/bind
	node=$(disk FAKE0001)
	queue=/sys/block/${node#/dev/}/queue
}

# fake_up VALUE..: load the modules and bind with these values.
fake_up() {
	unbind
	load_upper
	modprobe libata
	loaded ataport || insmod "$KO/ataport.ko"
	loaded ataport_fakedisk || insmod "$KO/ataport_fakedisk.ko"
	fake_set "$@"
	fake_bind
}

fake_down() {
	fake_unbind
	rmmod ataport_fakedisk
	rmmod ataport
}

# read_sector N FILE: its data; prints "fine" or what the read failed with.
read_sector() {
	if dd if="$node" of="$2" bs=512 skip="$1" count=1 iflag=direct 2>err; then
		[ "$(stat -c %s "$2")" = 512 ] || fail "a read of sector $1 ends early"
		say fine
	else
		sed -n 's/^dd: .*: //p' err
	fi
}

# fake_data: fio verifies what goes to the disk and comes back, by all depths and delays.
fake_data() {
	for depth in 1 8; do
		for delay in 0 100; do
			say "depth $depth, $delay us a request"
			fake_up Depth=dword:$depth Delay=dword:$delay
			[ "$(cat "/sys/block/${node#/dev/}/device/queue_depth")" = $depth ] ||
				fail "the queue depth is $(cat "/sys/block/${node#/dev/}/device/queue_depth")"
			# The longest request in many pieces, single sectors in one, and all between.
			fio_verify --name=mixed --filename="$node" --rw=randrw --bsrange=512-128k --blockalign=512 \
				--size=12m --io_size=8m --iodepth=8
			fio_verify --name=order --filename="$node" --rw=write --bs=64k --size=8m --iodepth=$depth
			fio_verify --name=pages --filename="$node" --rw=randwrite --bs=4k --size=2m --iodepth=8
			dio -a $(($(cat "$queue/dma_alignment" 2>/dev/null || echo 511) + 1)) -m 131072 -r 60 -s $depth "$node"
			fake_unbind
		done
	done
	fake_down
}
