# SPDX-License-Identifier: GPL-2.0-only
"""Makes a QEMU from Debian's source that has devices which Debian leaves out for this machine.

Which ones, by the names of QEMU's own Kconfig, a machine description says. Nothing else is
different: it is the source of Debian's release, with its patches. Only the program is kept, in
the cache, keyed by what went into it; firmware is taken from the packages of Debian's QEMU.
"""

import os
import shutil

from .common import CACHE, HarnessError, digest, publish, run, stage
from .debian import Apt

TARGET = "x86_64-softmmu"
FIRMWARE = "/usr/share/qemu:/usr/share/seabios:/usr/lib/ipxe/qemu"
CONFIGURE = [f"--target-list={TARGET}", f"--firmwarepath={FIRMWARE}", "--without-default-features", "--enable-system",
             "--enable-tcg", "--enable-kvm", "--enable-fdt=system", "--disable-werror", "--disable-docs", "--disable-tools"]


def program(devices):
    """The path of a qemu-system-x86_64 that has these devices too."""
    apt = Apt(["bookworm", "bookworm-security"], kind="deb-src")
    version = apt.source_version("qemu")
    dest = CACHE / "emulator" / digest(version, *CONFIGURE, *sorted(devices))
    if not dest.is_dir():
        stage(f"building QEMU {version} with {' '.join(devices)} (about 4 minutes)")
        publish(lambda tmp: _build(apt, version, devices, tmp), dest)
    return dest / "qemu-system-x86_64"


def _build(apt, version, devices, tmp):
    missing = [tool for tool in ("ninja", "meson", "pkg-config") if not shutil.which(tool)]
    if missing:
        raise HarnessError(f"{', '.join(missing)} missing, to build QEMU with: run scripts/deps.")
    work = tmp / "work"
    work.mkdir()
    tree = apt.source("qemu", version, work)
    with open(tree / f"configs/devices/{TARGET}/default.mak", "a", encoding="utf-8") as out:
        out.writelines(f"CONFIG_{device}=y\n" for device in devices)
    build = tree / "build-ataport"
    build.mkdir()
    run(["../configure", *CONFIGURE], cwd=build)
    run(["ninja", "-j", str(os.cpu_count()), "qemu-system-x86_64"], cwd=build)
    run(["strip", "-o", tmp / "qemu-system-x86_64", build / "qemu-system-x86_64"])
    shutil.rmtree(work)
