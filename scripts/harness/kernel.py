# SPDX-License-Identifier: GPL-2.0-only
"""Finds the kernel that a guest boots: image, modules, version, build tree.

KERNEL=stock (the default) is Debian's own kernel of the newest installed
headers. Its image package is unpacked into the cache and never installed, so
that the machine's own boot is left alone. KERNEL=/path/to/bzImage takes any
other image, with its build tree from KDIR=.
"""

import dataclasses
import os
import pathlib
import re
import subprocess

from .common import CACHE, HarnessError, publish, run, stage


@dataclasses.dataclass
class Kernel:
    name: str                       # what KERNEL= said
    release: str                    # uname -r of the guest
    image: pathlib.Path             # bzImage
    modules: pathlib.Path | None    # .../lib/modules/<release>, None: all built in
    kdir: pathlib.Path              # build tree
    key: str                        # what a cache entry made from it depends on


def version_key(release):
    return [int(p) if p.isdigit() else p for p in re.split(r"(\d+)", release)]


def kdir_release(kdir):
    # Not include/config/kernel.release: Debian's headers have the bare version there.
    path = kdir / "include/generated/utsrelease.h"
    try:
        return re.search(r'"(.+)"', path.read_text()).group(1)
    except (OSError, AttributeError):
        raise HarnessError(f"{kdir} is no prepared kernel build tree (no {path}). Give KDIR= one that is, or "
                           "install linux-headers-amd64.") from None


def image_release(image):
    """uname -r of a bzImage, from its setup header; None for what is no bzImage."""
    with open(image, "rb") as data:
        head = data.read(0x10000)
    if len(head) < 0x210 or head[0x202:0x206] != b"HdrS":
        return None
    at = int.from_bytes(head[0x20e:0x210], "little") + 0x200
    return head[at:at + 256].split(b" ")[0].decode(errors="replace") or None


def default_kdir():
    """The build tree that the Makefile uses too: KDIR, else KVER, else the newest 6.1.0-*-amd64."""
    if os.environ.get("KDIR"):
        return pathlib.Path(os.environ["KDIR"])
    if os.environ.get("KVER"):
        return pathlib.Path("/lib/modules") / os.environ["KVER"] / "build"
    found = [p for p in pathlib.Path("/lib/modules").glob("6.1.0-*-amd64/build") if p.is_dir()]
    if not found:
        raise HarnessError("no kernel headers below /lib/modules/6.1.0-*-amd64/build: run scripts/deps, "
                           "or 'apt-get install linux-headers-amd64'.")
    return max(found, key=lambda p: version_key(p.parent.name))


def dpkg_version(package):
    res = subprocess.run(["dpkg-query", "-W", "-f", "${db:Status-Abbrev} ${Version}", package],
                         capture_output=True, text=True, check=False)
    status, _, version = res.stdout.partition(" ")
    return version.strip() if status.startswith("ii") else None


def apt_candidate(package):
    """The version that 'apt-get download' would fetch, None when the lists have none."""
    res = subprocess.run(["apt-cache", "show", "--no-all-versions", package],
                         capture_output=True, text=True, check=False)
    found = re.search(r"^Version: (\S+)", res.stdout, re.M)
    return found.group(1) if found else None


def fetch_deb(package, version, dest):
    """Download one package and unpack it into dest; nothing is installed."""
    spec = f"{package}={version}" if version else package
    run(["apt-get", "-qq", "-o", "APT::Sandbox::User=root", "download", spec], cwd=dest)
    debs = list(dest.glob("*.deb"))
    if len(debs) != 1:
        raise HarnessError(f"apt-get download {spec} left {len(debs)} packages in {dest}, not one.")
    run(["dpkg-deb", "-x", debs[0], dest])
    debs[0].unlink()


def stock(kdir):
    release = kdir_release(kdir)
    installed = pathlib.Path(f"/boot/vmlinuz-{release}")
    modules = pathlib.Path("/lib/modules") / release
    if installed.is_file() and (modules / "modules.dep").is_file():
        return Kernel("stock", release, installed, modules, kdir,
                      f"{release}-installed-{installed.stat().st_mtime_ns}")

    package = f"linux-image-{release}"
    want = dpkg_version(f"linux-headers-{release}")
    have = apt_candidate(package)
    if not have and not want:
        raise HarnessError(f"{kdir} is the tree of kernel {release}, which Debian has no image package for. "
                           f"Give the image itself: KERNEL=/path/to/bzImage KDIR={kdir}.")
    version = want or have
    dest = CACHE / "kernels" / f"{package}_{version}"
    if not dest.is_dir():
        if have != version:
            raise HarnessError(
                f"headers of {release} are version {version}, but the package lists offer "
                f"{package} {have or 'in no version'}. Run 'apt-get update && apt-get install "
                "linux-headers-amd64' to get matching ones, or name an older tree with KVER=.")
        stage(f"fetching guest kernel {package} {version}")

        def build(tmp):
            fetch_deb(package, version, tmp)
            run(["depmod", "-b", tmp, release])
        publish(build, dest)
    return Kernel("stock", release, dest / f"boot/vmlinuz-{release}",
                  dest / "lib/modules" / release, kdir, f"{release}-{version}")


def select(name=None):
    name = name or os.environ.get("KERNEL") or "stock"
    kdir = default_kdir()
    if name == "stock":
        return stock(kdir)
    image = pathlib.Path(name)
    if not image.is_file():
        raise HarnessError(f"KERNEL={name}: neither 'stock' nor a kernel image that exists.")
    if not os.environ.get("KDIR"):
        raise HarnessError(f"KERNEL={name} needs KDIR=, the build tree that image was made in.")
    release = kdir_release(kdir)
    found = image_release(image)
    if found and found != release:
        raise HarnessError(f"KERNEL={name} is a kernel {found}, but KDIR={kdir} is the tree of {release}: "
                           "modules built there would not load. Name the two that belong together.")
    # Modules of the kernel's own: below the build tree, beside /boot as in a package, installed, or none.
    modules = next((m for m in (kdir / "modules_install/lib/modules" / release,
                                image.resolve().parent.parent / "lib/modules" / release,
                                pathlib.Path("/lib/modules") / release)
                    if (m / "modules.dep").is_file()), None)
    st = image.stat()
    return Kernel(name, release, image, modules, kdir, f"{release}-{st.st_size}-{st.st_mtime_ns}")
