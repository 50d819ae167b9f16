# SPDX-License-Identifier: GPL-2.0-only
"""Builds the modules for a described kernel out of a copy of the tree.

The objects of the stock build stay where they are: what another kernel needs is built in
the cache (or in the kernel's root directory, where its compiler lives), one copy for each
tree and kernel, brought up to date file by file so that make has little to do.
"""

import fcntl
import hashlib
import os
import pathlib
import shutil

from .common import CACHE, HarnessError, TOP, clear, digest, run, stage, used

PARTS = ("Kbuild", "Makefile", "ataport", "miniport_sample", "scripts", "tests")
BUILT = (".o", ".ko", ".mod", ".cmd", ".symvers", ".order", ".a", ".d", ".pyc", ".gcno")


def sources():
    """The files of the tree that are no result of a build, by their names below it."""
    for part in PARTS:
        path = TOP / part
        for file in [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file()):
            if file.suffix not in BUILT and not file.name.endswith((".mod.c", "_glue.c")) \
                    or file.name == "linux_glue.c":
                yield file.relative_to(TOP)


def sync(dest):
    """Make dest hold the tree's sources; files that are the same keep their times."""
    have = set()
    for name in sources():
        have.add(name)
        new, old = TOP / name, dest / name
        if old.is_file() and hashlib.sha256(old.read_bytes()).digest() == hashlib.sha256(new.read_bytes()).digest():
            continue
        old.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(new, old)
    for part in PARTS:
        for file in list((dest / part).rglob("*")):
            if file.is_file() and file.suffix in (".c", ".h") and not file.name.endswith((".mod.c", "_glue.c")) \
                    and file.relative_to(dest) not in have:
                file.unlink()
    # Of what is gone, the modules are, too.
    for kbuild in list(dest.rglob("Kbuild")):
        if kbuild.relative_to(dest) not in have:
            shutil.rmtree(kbuild.parent)


def place(kernel, extra):
    name = digest(TOP, *extra)
    if kernel.root:
        return kernel.root / "build" / name
    return CACHE / "build" / f"{kernel.name}-{name}"


def build(kernel, extra=()):
    """The modules for this kernel, as a list of paths. extra: more words for make."""
    dest = place(kernel, extra)
    dest.mkdir(parents=True, exist_ok=True)
    with open(dest.with_suffix(".lock"), "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (dest / "kernel").is_file() and (dest / "kernel").read_text() != kernel.key:
            shutil.rmtree(dest)
            dest.mkdir()
        (dest / "kernel").write_text(kernel.key)
        used(dest)
        clear((p for p in (CACHE / "build").glob("*") if p.is_dir()), 8)
        sync(dest)
        stage(f"building the modules for {kernel.name} ({kernel.release})")
        kdir, top, before = kernel.kdir, dest, []
        if kernel.root:
            if os.getuid():
                raise HarnessError(f"KERNEL={kernel.name}: its modules are built in a root directory of their own: run "
                                   "this as root.")
            kdir, top = (pathlib.Path("/") / p.relative_to(kernel.root) for p in (kdir, dest))
            # Its /proc, which objtool reads, is mounted for as long as that lasts.
            before = ["unshare", "--mount", "sh", "-c",
                      'mount -t proc proc "$0/proc" && mount --bind /dev "$0/dev" && exec chroot "$0" "$@"', kernel.root]
        env = {k: v for k, v in os.environ.items()
               if k not in ("KDIR", "KVER", "KERNEL", "MAKEFLAGS", "MFLAGS", "MAKELEVEL", "V")}
        for words in kernel.cross:
            key, value = words.split("=")
            env[key] = value
        env["LC_ALL"] = "C"
        run([*before, "make", "-s", "-j", str(os.cpu_count()), "-C", top, f"KDIR={kdir}", *extra, "samples", "testports"], env=env)
        found = [dest / "ataport/ataport.ko"]
        for pattern in ("miniport_sample/*/*.ko", "tests/miniports/*/*.ko", "tests/modules/*/*.ko"):
            found += sorted(dest.glob(pattern))
    return found
