# SPDX-License-Identifier: GPL-2.0-only
"""Packs the initramfs a guest runs from, out of what Debian ships.

Two archives, one after the other in one file, which the kernel unpacks in
turn: the base (tools, their libraries, the kernel's own modules; cached, it
changes only with the machine's packages) and a small one per run (init,
modules under test, test scripts), which is written in no time. The tools of a
guest of another architecture come from that architecture's packages.
"""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile

from .common import CACHE, HarnessError, TOP, clear, digest, file_stamp, publish, run, stage, used
from .cpio import Cpio
from .debian import Apt, apt_candidate, fetch_deb

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
libata ahci libahci ata_piix pata_cmd64x pata_via ata_generic sd_mod sg sr_mod cdrom scsi_mod ext4 crc32c_generic
crc32c-intel isofs loop virtio_pci virtio_blk virtio_console virtio-rng null_blk
kunit scsi_debug dm-log-writes dm-mod dm-flakey mq-deadline bfq kyber-iosched aer_inject
""".split()

# What the tools are taken from where the machine's own are of no use.
PACKAGES = """
bash busybox-static coreutils dash diffutils e2fsprogs eject fdisk fio hdparm kmod mount sg3-utils smartmontools trace-cmd util-linux
""".split() + list(OVERLAY)


def find_tool(name, root=""):
    path = ":".join(f"{root}{p}" for p in ("/usr/sbin", "/usr/bin", "/sbin", "/bin"))
    found = shutil.which(name, path=path)
    return pathlib.Path(found) if found else None


def sysroot(arch):
    """The tools and libraries of another architecture, unpacked in one directory."""
    apt = Apt(["bookworm", "bookworm-security"], arch)
    return apt.fresh(lambda: _sysroot(apt))


def _sysroot(apt):
    arch = apt.arch
    packages = apt.closure(PACKAGES)
    dest = CACHE / "sysroot" / f"{arch}-{digest(*sorted(packages.values()))}"
    if not dest.is_dir():
        stage(f"fetching {len(packages)} packages of {arch} for the guest")
        publish(lambda tmp: apt.download(packages, tmp), dest)
        clear((CACHE / "sysroot").glob(f"{arch}-*"), 1)
    used(dest)
    return dest


def needed(root, programs):
    """The shared libraries of programs below root, by the names in the files: nothing is run."""
    have = {}
    # Those of a subdirectory, which programs find by a path of their own, come after the usual ones.
    for path in sorted((p for d in ("lib", "usr/lib") for p in (root / d).rglob("*.so*")), key=lambda p: len(p.parts)):
        have.setdefault(path.name, path)
    out = {}
    todo = list(programs)
    while todo:
        text = run(["readelf", "-dW", todo.pop()])
        for name in re.findall(r"\(NEEDED\).*\[(.+)\]", text):
            path = have.get(name)
            if not path:
                raise HarnessError(f"no package has {name}, which a guest's tool needs: see PACKAGES in {__file__}")
            if path not in out:
                out[path] = True
                todo.append(path)
    return out


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


def fill(tree, kernel):
    foreign = kernel.arch != "amd64"
    over = sysroot(kernel.arch) if foreign else overlay()
    root = over if foreign else ""
    programs = []
    for entry in TOOLS:
        name = entry.rstrip("?")
        path = find_tool(name, root)
        if path:
            programs.append((path, pathlib.Path("/") / path.relative_to(root) if foreign else path))
        elif not entry.endswith("?"):
            raise HarnessError(f"'{name}' is in none of the packages {' '.join(PACKAGES)}." if foreign else
                               f"'{name}' is not installed on this machine: run scripts/deps.")
    programs += [(over / f, pathlib.Path("/") / f) for f in OVERLAY_FILES]

    libs = needed(over, [source.resolve() for source, _ in programs]) if foreign else {}
    for source, dest in programs:
        tree.add(source.resolve(), dest, 0o755)
        if not foreign:
            for lib in libraries(source, [over / "usr/lib/x86_64-linux-gnu", over / "lib/x86_64-linux-gnu"]):
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
    drivedb = "var/lib/smartmontools/drivedb/drivedb.h"
    if pathlib.Path(f"{root}/{drivedb}").is_file():
        tree.add(f"{root}/{drivedb}", drivedb)
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
    tree.add(find_tool("busybox", root), "usr/bin/busybox", 0o755)
    for path in run([busybox, "--list-full"]).split():
        name = pathlib.Path(path).name
        if f"usr/bin/{name}" not in tree.have and f"usr/sbin/{name}" not in tree.have:
            tree.link(f"usr/{'sbin' if 'sbin/' in path else 'bin'}/{name}", "/usr/bin/busybox")

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
    # Written whenever modules are installed, wherever: those of a kernel of one's own change without its image.
    dep = (kernel.modules / "modules.dep").stat()
    stamps.append(f"{dep.st_size}:{dep.st_mtime_ns}")
    key = digest("base", kernel.key, kernel.arch, *stamps)
    dest = CACHE / "image" / key
    if not dest.is_dir():
        stage(f"packing the guest's initramfs for {kernel.release}")

        def build(tmp):
            with open(tmp / "base.cpio", "wb") as out:
                cpio = Cpio(out)
                fill(Tree(cpio), kernel)
                cpio.close()
        publish(build, dest)
        clear((p for p in (CACHE / "image").iterdir() if p.is_dir()), 6)
    used(dest)
    kernel.in_use()
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
