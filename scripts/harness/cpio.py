# SPDX-License-Identifier: GPL-2.0-only
"""A writer for the "newc" archives that the kernel unpacks as initramfs.

Done here and not by cpio(1), so that owners, modes and device nodes come out
right without being root, and the same input gives the same bytes.
"""

import os
import stat


class Cpio:
    def __init__(self, out):
        self.out = out
        self.ino = 0
        self.seen = set()

    def _entry(self, name, mode, data=b"", rdev=(0, 0)):
        self.ino += 1
        raw = name.encode() + b"\0"
        head = "070701" + "".join(f"{v:08x}" for v in (
            self.ino, mode, 0, 0, 1, 0, len(data), 0, 0, rdev[0], rdev[1], len(raw), 0))
        self.out.write(head.encode() + raw)
        self.out.write(b"\0" * (-(len(head) + len(raw)) % 4))
        self.out.write(data)
        self.out.write(b"\0" * (-len(data) % 4))

    def directory(self, name, mode=0o755):
        name = name.strip("/")
        if not name or name in self.seen:
            return
        self.directory(os.path.dirname(name))
        self.seen.add(name)
        self._entry(name, stat.S_IFDIR | mode)

    def _parents(self, name):
        name = name.strip("/")
        self.directory(os.path.dirname(name))
        self.seen.add(name)
        return name

    def file(self, name, data, mode=0o644):
        self._entry(self._parents(name), stat.S_IFREG | mode, data)

    def symlink(self, name, target):
        self._entry(self._parents(name), stat.S_IFLNK | 0o777, target.encode())

    def device(self, name, kind, major, minor, mode=0o600):
        fmt = stat.S_IFCHR if kind == "c" else stat.S_IFBLK
        self._entry(self._parents(name), fmt | mode, rdev=(major, minor))

    def close(self):
        self._entry("TRAILER!!!", 0)
        # Concatenated archives must start at a multiple of four bytes.
        self.out.write(b"\0" * (-self.out.tell() % 512))
