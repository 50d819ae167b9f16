# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034
# What the tests of parallel ATA share. The machine says which controller, in-tree driver and miniport.
. /harness/lib.sh

# What firmware would have written to the controller's configuration space.
if [ -n "${FIRMWARE:-}" ]; then setpci -s "$HBA" "$FIRMWARE"; fi

IDE_REGISTRY=/sys/module/$MINIPORT/parameters/registry

# ide_up [pio]: the driver under test; "pio" has the sample do without its bus master.
ide_up() {
	unbind
	load_driver "$DRIVER"
	if [ -w "$IDE_REGISTRY" ]; then
		[ "${1:-dma}" = pio ] && force=1 || force=0
		printf 'Controller0\\ForcePio=dword:%s\n' "$force" >"$IDE_REGISTRY"
	fi
	bind "$DRIVER"
}

# ata_dev SERIAL: the directory of a disk in libata's own class.
ata_dev() {
	ata_dev_sdev=$(readlink -f "/sys/block/$(block_of "$1")/device")
	ata_dev_id=$(basename "$ata_dev_sdev" | cut -d: -f3)
	ata_dev_port=$(echo "$ata_dev_sdev" | sed 's,.*/ata\([0-9]*\)/.*,\1,')
	say "/sys/class/ata_device/dev$ata_dev_port.$ata_dev_id"
}

# irq_count NUMBER: how often an interrupt has come.
irq_count() {
	awk -v irq="$1:" '$1 == irq { for (i = 2; $i ~ /^[0-9]+$/; i++) count += $i } END { print count + 0 }' /proc/interrupts
}

# ide_fill DISK DIRECTORY: make a file system, fill it with files of all sizes, note their checksums.
ide_fill() {
	# Blocks are discarded by DMA alone: not for PIO. A large disk would get a journal of a gigabyte, to be zeroed.
	mkfs.ext4 -q -F -E nodiscard -J size=16 "$1"
	mkdir -p "$2"
	mount "$1" "$2"
	ide_n=0
	while [ $ide_n -lt 80 ]; do
		mkdir -p "$2/d$((ide_n % 7))"
		head -c $((ide_n * 1733 % 90000 + 1)) /dev/urandom >"$2/d$((ide_n % 7))/f$ide_n"
		ide_n=$((ide_n + 1))
	done
	head -c 4000000 /dev/urandom >"$2/random"
	sync "$2/random"
	(cd "$2" && find . -type f -exec sha256sum {} + | sort -k 2) >"$2.sums"
	umount "$2"
}

# ide_check DISK DIRECTORY: the file system is whole and has what ide_fill wrote.
ide_check() {
	e2fsck -fn "$1" >"$2.fsck" 2>&1 || {
		cat "$2.fsck"
		return 1
	}
	mount "$1" "$2"
	(cd "$2" && find . -type f -exec sha256sum {} + | sort -k 2) >"$2.back"
	umount "$2"
	cmp "$2.sums" "$2.back"
}
