# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# A short mix of everything, for the tests that do it on one unusual machine each.
. /harness/lib.sh

io_mix() {
	up
	d0=$(disk D0) d1=$(disk D1) cd=$(cdrom)
	fio_verify --bsrange=512-256k --blockalign=512 --size=16m --iodepth=16 \
		--name=mix0 --filename="$d0" --rw=randwrite --name=mix1 --filename="$d1" --rw=randrw
	dio -a 512 -m 131072 -n 128 -r 40 "$d1"
	have=$(dd if="$cd" bs=64k iflag=direct 2>/dev/null | sha256sum | cut -d' ' -f1)
	[ "$have" = "$(host run hostside/image-sha256 c0 0 "$(blockdev --getsize64 "$cd")")" ] ||
		fail "the CD has other data than its image"
	hdparm -I "$d0" >/run/test/identify 2>&1
	smartctl -H "$d0" | grep -q PASSED || fail "SMART does not say PASSED"
	mkfs.ext4 -q -F "$d0"
	mount "$d0" /mnt
	cp -a /usr/sbin /mnt/copy
	(cd /usr/sbin && find . -type f -exec sha256sum {} + | sort -k 2) >/run/test/sums
	umount /mnt
	e2fsck -fn "$d0"
	down
	up
	mount "$(disk D0)" /mnt
	(cd /mnt/copy && find . -type f -exec sha256sum {} + | sort -k 2) >/run/test/back
	same "the copy of a directory" /run/test/sums /run/test/back
	umount /mnt
	down
}
