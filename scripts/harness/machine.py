# SPDX-License-Identifier: GPL-2.0-only
"""Reads machine descriptions (tests/guest/machines/*) and turns them into QEMU arguments.

One statement a line, '#' begins a comment; @RUN@ stands for the directory of
the run, where images and logs are.

  include NAME              take in another description first; a path is one below the top directory
  machine NAME[,OPT..]      -machine (default q35)
  smp N                     processors (default 2)
  memory MiB                (default 1024)
  append WORDS              added to the kernel's command line
  disk ID OPT=VALUE..       a sparse raw image @RUN@/ID.img behind an ide-hd; options: size=
                            (default 256M), bus= (ide.0), serial= (upper case ID), drive= (more
                            options of -drive, commas and all), device= (more of -device)
  cd ID OPT=VALUE..         an ide-cd with an ISO 9660 image of generated files; options: bus=, size= (MiB)
  image ID SIZE             a sparse file @RUN@/ID.img alone, for 'qemu' lines
  qemu WORDS                passed to QEMU as they are
  emulator NAME..           run by a QEMU that is built with these devices, too (names of its Kconfig)
  icount                    the guest's clock counts instructions, one a nanosecond (TCG, one processor)
  env NAME=VALUE            set for the tests in the guest
  on ARCH STATEMENT         this statement only for guests of that architecture
  only ARCH..               there is no such machine for other architectures
"""

import hashlib
import pathlib
import random
import re
import shlex

from .common import CACHE, HarnessError, TOP, digest, publish, run

MACHINES = TOP / "tests/guest/machines"


def parse_size(text):
    found = re.fullmatch(r"(\d+)([KMGT]?)", text)
    if not found:
        raise HarnessError(f"'{text}' is no size like 256M")
    return int(found.group(1)) << {"": 0, "K": 10, "M": 20, "G": 30, "T": 40}[found.group(2)]


def iso(size_mib):
    """A cached ISO 9660 image of generated files with a list of their checksums."""
    dest = CACHE / "iso" / digest("iso-1", size_mib)
    if not dest.is_dir():
        def build(tmp):
            tree = tmp / "tree"
            rng = random.Random(size_mib)
            sums = []
            left = size_mib << 20
            number = 0
            while left > 0:
                data = rng.randbytes(min(left, rng.choice((1, 2047, 2048, 70000, 1 << 20, 3 << 20))))
                name = f"dir{number % 3}/file{number:03d}.bin"
                (tree / name).parent.mkdir(parents=True, exist_ok=True)
                (tree / name).write_bytes(data)
                sums.append(f"{hashlib.sha256(data).hexdigest()}  {name}\n")
                left -= len(data)
                number += 1
            (tree / "sha256sums").write_text("".join(sums))
            run(["xorriso", "-as", "mkisofs", "-quiet", "-r", "-V", "ATAPORT", "-o", tmp / "cd.iso", tree])
        publish(build, dest)
    return dest / "cd.iso"


class NoMachine(Exception):
    """An architecture has no such machine; the text says which have."""


# What stands for the q35 with its AHCI controller, whose buses are ide.0 to ide.5.
BOARDS = {
    "amd64": ("q35", []),
    "arm64": ("virt", ["-cpu", "cortex-a57", "-device", "ich9-ahci,addr=1f.0"]),
}


class Machine:
    def __init__(self, name, arch="amd64"):
        self.name = name
        self.arch = arch
        self.type, board = BOARDS[arch]
        self.smp = 2
        self.memory = 1024
        self.append = []
        self.qemu = list(board)
        self.images = {}        # id -> size
        self.cds = {}           # id -> MiB
        self.env = {}
        self.emulator = []
        self.icount = False
        self.load(name)

    def load(self, name):
        path = pathlib.Path(name) if "/" in name else MACHINES / name
        try:
            text = path.read_text()
        except OSError as err:
            raise HarnessError(f"machine '{name}': {err}") from None
        for number, line in enumerate(text.splitlines(), 1):
            words = shlex.split(line, comments=True)
            if not words:
                continue
            try:
                getattr(self, "do_" + words[0])(*words[1:])
            except (AttributeError, TypeError, ValueError) as err:
                raise HarnessError(f"{path}:{number}: cannot make sense of '{line}' ({err})") from None

    def do_include(self, name):
        self.load(str(TOP / name) if "/" in name else name)

    def do_on(self, arch, word, *words):
        if arch == self.arch:
            getattr(self, "do_" + word)(*words)

    def do_only(self, *archs):
        if self.arch not in archs:
            raise NoMachine(f"machine {self.name} is one of {', '.join(archs)}")

    def do_machine(self, text):
        self.type = text

    def do_smp(self, number):
        self.smp = int(number)

    def do_memory(self, number):
        self.memory = int(number)

    def do_append(self, *words):
        self.append += words

    def do_image(self, ident, size):
        self.images[ident] = parse_size(size)

    def do_qemu(self, *words):
        self.qemu += words

    def do_emulator(self, *devices):
        self.emulator += devices

    def do_icount(self):
        self.icount = True
        self.smp = 1

    def do_env(self, setting):
        key, value = setting.split("=", 1)
        self.env[key] = value

    def do_disk(self, ident, *options):
        opt = {"size": "256M", "bus": "ide.0", "serial": ident.upper(), "drive": "", "device": ""}
        opt.update(self._options(opt, options))
        self.images[ident] = parse_size(opt["size"])
        self.qemu += ["-drive", f"if=none,id={ident},file=@RUN@/{ident}.img,format=raw,cache=unsafe"
                      + ("," + opt["drive"] if opt["drive"] else ""),
                      "-device", f"ide-hd,id=dev-{ident},drive={ident},bus={opt['bus']},serial={opt['serial']}"
                      + ("," + opt["device"] if opt["device"] else "")]

    def do_cd(self, ident, *options):
        opt = {"size": "16", "bus": "ide.1"}
        opt.update(self._options(opt, options))
        self.cds[ident] = int(opt["size"])
        self.qemu += ["-drive", f"if=none,id={ident},media=cdrom,file=@RUN@/{ident}.iso,format=raw,readonly=on",
                      "-device", f"ide-cd,id=dev-{ident},drive={ident},bus={opt['bus']},serial={ident.upper()}"]

    @staticmethod
    def _options(known, options):
        out = {}
        for text in options:
            key, sep, value = text.partition("=")
            if not sep or key not in known:
                raise ValueError(f"no option '{key}'")
            out[key] = value
        return out

    def prepare(self, rundir):
        """Make the images and return QEMU's arguments."""
        for ident, size in self.images.items():
            with open(rundir / f"{ident}.img", "wb") as out:
                out.truncate(size)
        for ident, size in self.cds.items():
            link = rundir / f"{ident}.iso"
            if not link.exists():
                link.symlink_to(iso(size))
        if self.icount:
            self.qemu += ["-icount", "shift=0"]
        words = ["-machine", self.type, "-smp", str(self.smp), "-m", str(self.memory)] + self.qemu
        return [w.replace("@RUN@", str(rundir)) for w in words]
