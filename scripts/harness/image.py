# SPDX-License-Identifier: GPL-2.0-only
"""Packs the initramfs a guest runs from, out of what Debian ships.

Two archives, one after the other in one file, which the kernel unpacks in
turn: the base (tools, their libraries, the kernel's own modules; cached, it
changes only with the machine's packages) and a small one per run (init,
modules under test, test scripts), which is written in no time.
"""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile

from .common import CACHE, HarnessError, TOP, digest, file_stamp, publish, run, stage
from .cpio import Cpio
from .kernel import apt_candidate, fetch_deb

# Taken from the machine: scripts/deps sees to it that they are there.
TOOLS = """
bash blkdiscard blkid dash dd debugfs diff dumpe2fs e2fsck eject? fio flock fstrim hdparm kmod lsblk
mkfs.ext4 mount setpriv? sg_dd sg_get_lba_status sg_inq sg_logs sg_luns sg_modes sg_raw
sg_read sg_readcap sg_requests sg_reset sg_sat_identify sg_sat_read_gplog
sg_sat_set_features sg_start sg_sync sg_turs sg_unmap sg_verify sg_vpd
sg_write_same smartctl trace-cmd tune2fs umount
""".split()

# Taken from packages that are unpacked, not installed: the machine itself may
# be a container, where an udev of its own would be out of place.
OVERLAY = ("udev", "pciutils", "libpci3", "pci.ids")
OVERLAY_FILES = """
bin/udevadm lib/udev/ata_id lib/udev/scsi_id lib/udev/cdrom_id usr/bin/lspci usr/bin/setpci
""".split()
RULES = """
50-udev-default 60-block 60-cdrom_id 60-persistent-storage 80-debian-compat
""".split()

# The kernel's own modules that guests load. What is built in, or not there in
# a kernel made for tests, is passed over; a guest that misses one says so.
MODULES = """
libata ahci libahci ata_piix ata_generic sd_mod sg sr_mod cdrom scsi_mod ext4 crc32c_generic
crc32c-intel isofs loop virtio_pci virtio_blk virtio_console virtio-rng null_blk
scsi_debug dm-log-writes dm-mod dm-flakey mq-deadline bfq kyber-iosched aer_inject
""".split()

INTERP = "lib64/ld-linux-x86-64.so.2"


def find_tool(name):
    path = shutil.which(name, path="/usr/sbin:/usr/bin:/sbin:/bin")
    return pathlib.Path(path) if path else None


def overlay():
    """The unpacked packages, one directory for all of them."""
    want = {p: apt_candidate(p) for p in OVERLAY}
    key = digest("overlay", *sorted(want.items()))
    dest = CACHE / "overlay" / key
    if dest.is_dir():
        return dest
    missing = [p for p, v in want.items() if not v]
    if missing:
        raise HarnessError(f"the package lists do not know {', '.join(missing)}: run 'apt-get update' "
                           "(scripts/deps does it).")
    stage(f"fetching {', '.join(OVERLAY)} for the guest")

    def build(tmp):
        for package, version in want.items():
            fetch_deb(package, version, tmp)
    return publish(build, dest)


def libraries(program, extra):
    """The shared libraries of one program, as ldd finds them."""
    env = dict(os.environ, LD_LIBRARY_PATH=":".join(str(p) for p in extra), LC_ALL="C")
    res = subprocess.run(["ldd", str(program)], capture_output=True, text=True, env=env, check=False)
    if "not a dynamic executable" in res.stdout + res.stderr or "statically linked" in res.stdout:
        return []
    if "not found" in res.stdout or res.returncode:
        raise HarnessError(f"{program} misses a shared library; run scripts/deps:\n{res.stdout}{res.stderr}")
    return [pathlib.Path(m) for m in re.findall(r"(/\S+) \(0x", res.stdout)]


def module_closure(kernel):
    """MODULES and all that they depend on, as paths below the module directory."""
    if not kernel.modules:
        return []
    depends = {}
    by_name = {}
    for line in (kernel.modules / "modules.dep").read_text().splitlines():
        path, _, rest = line.partition(":")
        depends[path] = rest.split()
        by_name[pathlib.Path(path).name.split(".")[0].replace("-", "_")] = path
    out = {}
    todo = [by_name[m.replace("-", "_")] for m in MODULES if m.replace("-", "_") in by_name]
    while todo:
        path = todo.pop()
        if path not in out:
            out[path] = True
            todo.extend(depends.get(path, []))
    return sorted(out)


class Tree:
    """A guest file system that is being put together: merged /usr, like Debian's."""

    def __init__(self, cpio):
        self.cpio = cpio
        self.have = set()
        for name in ("dev", "proc", "sys", "run", "tmp", "mnt", "root", "etc", "var/lib", "usr/bin",
                     "usr/sbin", "usr/lib", "usr/lib64"):
            cpio.directory(name)
        for name in ("bin", "sbin", "lib", "lib64"):
            cpio.symlink(name, "usr/" + name)
        cpio.device("dev/console", "c", 5, 1)
        cpio.device("dev/null", "c", 1, 3, 0o666)

    @staticmethod
    def place(path):
        name = str(path).lstrip("/")
        return "usr/" + name if re.match(r"(s?bin|lib(32|64)?)/", name) else name

    def add(self, source, dest, mode=None):
        dest = self.place(dest)
        if dest in self.have:
            return
        self.have.add(dest)
        source = pathlib.Path(source)
        self.cpio.file(dest, source.read_bytes(),
                       mode if mode is not None else source.stat().st_mode & 0o777)

    def link(self, dest, target):
        dest = self.place(dest)
        if dest not in self.have:
            self.have.add(dest)
            self.cpio.symlink(dest, target)


def fill(tree, kernel, over):
    libdirs = [over / "usr/lib/x86_64-linux-gnu", over / "lib/x86_64-linux-gnu"]
    programs = []
    for entry in TOOLS:
        name = entry.rstrip("?")
        path = find_tool(name)
        if path:
            programs.append((path, path))
        elif not entry.endswith("?"):
            raise HarnessError(f"'{name}' is not installed on this machine: run scripts/deps.")
    programs += [(over / f, pathlib.Path("/") / f) for f in OVERLAY_FILES]

    libs = {}
    for source, dest in programs:
        tree.add(source.resolve(), dest, 0o755)
        for lib in libraries(source, libdirs):
            libs[lib] = True
    for lib in sorted(libs):
        # Overlay libraries lose the overlay's own path.
        dest = "/" + str(lib.relative_to(over)) if lib.is_relative_to(over) else str(lib)
        tree.add(lib.resolve(), dest, 0o755)

    tree.link("usr/lib/systemd/systemd-udevd", "../../bin/udevadm")
    for name in ("modprobe", "insmod", "rmmod", "lsmod", "modinfo", "depmod"):
        tree.link(f"usr/sbin/{name}", "../bin/kmod")
    for rule in RULES:
        tree.add(over / f"lib/udev/rules.d/{rule}.rules", f"usr/lib/udev/rules.d/{rule}.rules")
    ids = "usr/share/misc/pci.ids"
    tree.add(over / ids, ids)
    drivedb = pathlib.Path("/var/lib/smartmontools/drivedb/drivedb.h")
    if drivedb.is_file():
        tree.add(drivedb, drivedb)
    tree.cpio.file("etc/passwd", b"root:x:0:0:root:/root:/bin/sh\n")
    tree.cpio.file("etc/group", b"root:x:0:\ndisk:x:6:\ncdrom:x:24:\ntty:x:5:\ndialout:x:20:\nkmem:x:15:\n"
                   b"input:x:101:\nvideo:x:44:\naudio:x:29:\nlp:x:7:\ntape:x:26:\nrender:x:102:\nkvm:x:103:\n"
                   b"sgx:x:104:\nfloppy:x:25:\n")
    tree.cpio.symlink("etc/mtab", "/proc/self/mounts")

    # Not busybox: its shell runs its own applets where Debian's tools are there too.
    tree.link("usr/bin/sh", "dash")
    busybox = find_tool("busybox")
    if not busybox:
        raise HarnessError("'busybox' is not installed on this machine: run scripts/deps.")
    tree.add(busybox, "usr/bin/busybox", 0o755)
    for path in run([busybox, "--list-full"]).split():
        name = pathlib.Path(path).name
        if f"usr/bin/{name}" not in tree.have and f"usr/sbin/{name}" not in tree.have:
            tree.link(f"usr/{'sbin' if 'sbin/' in path else 'bin'}/{name}", "/usr/bin/busybox")

    if kernel.modules:
        with tempfile.TemporaryDirectory() as tmp:
            here = pathlib.Path(tmp) / "lib/modules" / kernel.release
            for path in module_closure(kernel):
                (here / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(kernel.modules / path, here / path)
            for name in ("modules.builtin", "modules.order", "modules.builtin.modinfo"):
                if (kernel.modules / name).is_file():
                    shutil.copyfile(kernel.modules / name, here / name)
            run(["depmod", "-b", tmp, kernel.release])
            for path in sorted(p for p in here.rglob("*") if p.is_file()):
                tree.add(path, f"lib/modules/{kernel.release}/{path.relative_to(here)}", 0o644)


def base(kernel):
    """The cached base archive for this kernel; built when absent."""
    stamps = [file_stamp("/var/lib/dpkg/status"), pathlib.Path(__file__).read_text()]
    key = digest("base", kernel.key, *stamps)
    dest = CACHE / "image" / key
    if not dest.is_dir():
        over = overlay()
        stage(f"packing the guest's initramfs for {kernel.release}")

        def build(tmp):
            with open(tmp / "base.cpio", "wb") as out:
                cpio = Cpio(out)
                fill(Tree(cpio), kernel, over)
                cpio.close()
        publish(build, dest)
        for old in sorted((CACHE / "image").iterdir(), key=lambda p: p.stat().st_mtime)[:-6]:
            shutil.rmtree(old, ignore_errors=True)
    return dest / "base.cpio"


def initramfs(kernel, dest, files):
    """Write base plus files ({guest path: (bytes, mode)}) to dest."""
    shutil.copyfile(base(kernel), dest)
    with open(dest, "ab") as out:
        cpio = Cpio(out)
        for name, (data, mode) in files.items():
            cpio.file(name, data, mode)
        cpio.close()


def guest_files():
    """init and the library, from tests/guest."""
    here = TOP / "tests/guest"
    return {
        "init": ((here / "init").read_bytes(), 0o755),
        "harness/lib.sh": ((here / "lib.sh").read_bytes(), 0o644),
        "usr/bin/host": ((here / "host").read_bytes(), 0o755),
    }
