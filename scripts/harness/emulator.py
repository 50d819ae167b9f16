# SPDX-License-Identifier: GPL-2.0-only
"""Makes a QEMU from Debian's source that has devices which Debian leaves out for this machine.

Which ones, by the names of QEMU's own Kconfig, a machine description says. Nothing else is
different but what EDITS says: it is the source of Debian's release, with its patches. Only the
program is kept, in the cache, keyed by what went into it; firmware is taken from the packages of
Debian's QEMU.
"""

import functools
import os
import shutil

from .common import CACHE, HarnessError, clear, digest, publish, run, stage, used
from .debian import Apt

TARGET = "x86_64-softmmu"
FIRMWARE = "/usr/share/qemu:/usr/share/seabios:/usr/lib/ipxe/qemu"
CONFIGURE = [f"--target-list={TARGET}", f"--firmwarepath={FIRMWARE}", "--without-default-features", "--enable-system",
             "--enable-tcg", "--enable-kvm", "--enable-fdt=system", "--disable-werror", "--disable-docs", "--disable-tools"]

# What has to be otherwise for a device to be had on its own: a file, and what is to be replaced there.
EDITS = {
    # VIA's IDE function is a part of south bridges of boards for other processors, and interrupts by those.
    # On its own it is a card in native mode, whose two channels share the card's interrupt.
    "IDE_VIA": ("hw/ide/via.c", {
        "user_creatable = false;": "user_creatable = true;",
        "pci_config_set_prog_interface(pci_conf, 0x8a);": "pci_config_set_prog_interface(pci_conf, 0x8f);",
        "via_isa_set_irq(pci_get_function_0(d), 14 + n, level);":
            "pci_set_irq(d, !!((d->config[0x70] | d->config[0x78]) & 0x80));",
    }),
}


def program(devices):
    """The path of a qemu-system-x86_64 that has these devices too."""
    return _program(tuple(sorted(devices)))


# Which version Debian has is asked once, not for every boot.
@functools.cache
def _program(devices):
    apt = Apt(["bookworm", "bookworm-security"], kind="deb-src")
    return apt.fresh(lambda: _newest(apt, devices))


def _newest(apt, devices):
    version = apt.source_version("qemu")
    dest = CACHE / "emulator" / digest(version, *CONFIGURE, *devices,
                                          *(str(EDITS[name]) for name in devices if name in EDITS))
    if not dest.is_dir():
        stage(f"building QEMU {version} with {' '.join(devices)} (about 4 minutes)")
        publish(lambda tmp: _build(apt, version, devices, tmp), dest)
        clear((p for p in (CACHE / "emulator").iterdir() if p.is_dir()), 2)
    used(dest)
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
    for name in EDITS.keys() & set(devices):
        _edit(tree / EDITS[name][0], EDITS[name][1])
    build = tree / "build-ataport"
    build.mkdir()
    run(["../configure", *CONFIGURE], cwd=build)
    run(["ninja", "-j", str(os.cpu_count()), "qemu-system-x86_64"], cwd=build)
    run(["strip", "-o", tmp / "qemu-system-x86_64", build / "qemu-system-x86_64"])
    shutil.rmtree(work)


def _edit(path, changes):
    text = path.read_text(encoding="utf-8")
    for old, new in changes.items():
        if text.count(old) != 1:
            raise HarnessError(f"QEMU's {path.name} has '{old}' {text.count(old)} times, not once: "
                               "EDITS in scripts/harness/emulator.py does not fit this version.")
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
