# SPDX-License-Identifier: GPL-2.0-only
"""Reads the record that QEMU makes of a disk's writes and flushes (machine "logwrites").

It is a file in the format of dm-log-writes: a super block, then per request a header of one
sector and its data.
"""
import os
import struct
import sys

SECTOR = 512
MAGIC = 0x6a736677736872
FLUSH, FUA, DISCARD = 1, 2, 4


def read_log():
    """The requests in their order: (sector, count, flags, data)."""
    path = f"{os.environ['RUN']}/log.img"
    with open(path, "rb") as log:
        data = log.read()
    magic, _, _, sector_size = struct.unpack_from("<QQQI", data, 0)
    if magic != MAGIC:
        sys.exit(f"{path} does not begin with the magic number but with {magic:#x}")
    # The count in the super block is only brought up to date by flushes: walk as far as there is data.
    requests = []
    at = sector_size
    while at + 32 <= len(data):
        sector, count, flags, length = struct.unpack_from("<QQQQ", data, at)
        if (sector, count, flags, length) == (0, 0, 0, 0):
            break
        at += sector_size
        body = b""
        if not flags & (FLUSH | DISCARD):
            body = data[at:at + count * sector_size]
            at += count * sector_size
        requests.append((sector, count, flags, body))
    return requests


def volatile(requests):
    """What a disk with a cache may lose now: {sector: what it had at the last flush, None where nothing was written}."""
    durable, cached = {}, {}
    for sector, count, flags, body in requests:
        if flags & FLUSH:
            durable.update(cached)
            cached = {}
        elif not flags & DISCARD:
            for i in range(count):
                cached[sector + i] = body[i * SECTOR:(i + 1) * SECTOR]
                if flags & FUA:
                    durable[sector + i] = cached.pop(sector + i)
    return {sector: durable.get(sector) for sector in cached}
