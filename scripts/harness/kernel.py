# SPDX-License-Identifier: GPL-2.0-only
"""Finds the kernel that a guest boots: image, modules, version, build tree.

KERNEL=stock (the default) is Debian's own kernel of the newest installed
headers. Its image package is unpacked into the cache and never installed, so
that the machine's own boot is left alone. KERNEL=NAME takes the one described
in tests/kernels/NAME, KERNEL=/path/to/bzImage any other image, with its build
tree from KDIR=.

A description has one statement a line, '#' begins a comment:

  source PACKAGE            made from this package of Debian's kernel source (see checked.py) ..
  config FRAGMENT..         .. with these files of tests/kernels/config on top of tinyconfig
  suite NAME..              fetched from these suites of Debian ..
  packages IMAGE HEADERS    .. as what these packages depend on
  chroot PACKAGE..          its modules are built in a root directory of that suite, with these packages
  arch NAME                 Debian's name of its architecture (default amd64)
  needs PACKAGE..           packages that scripts/deps installs for it
  slow N                    guests are N times slower than with the stock kernel; above 2, they run one at a time
  append WORDS              added to its command line
  proof REGEX               a line of every boot's log: the kernel is what it claims to be
  guest COMMAND             the same, a shell command that has to succeed at the end of every boot
"""

import contextlib
import dataclasses
import os
import pathlib
import re
import shutil
import subprocess

from . import checked
from .common import CACHE, HarnessError, TOP, clear, digest, file_stamp, publish, run, stage, used
from .debian import Apt, apt_candidate, fetch_deb, machine_settings

KERNELS = TOP / "tests/kernels"


@dataclasses.dataclass
class Kernel:
    name: str                       # what KERNEL= said
    release: str                    # uname -r of the guest
    image: pathlib.Path             # bzImage
    modules: pathlib.Path           # .../lib/modules/<release>
    kdir: pathlib.Path              # build tree
    key: str                        # what a cache entry made from it depends on
    arch: str = "amd64"
    slow: int = 1
    append: list = dataclasses.field(default_factory=list)
    proofs: list = dataclasses.field(default_factory=list)
    guest_proofs: list = dataclasses.field(default_factory=list)
    root: pathlib.Path | None = None    # build modules in this root directory
    described: bool = False             # by tests/kernels: modules come from a copy of the tree

    def in_use(self):
        """Some run boots it now."""
        for path in (self.image, self.modules, self.kdir):
            with contextlib.suppress(ValueError):
                used(CACHE / "kernels" / path.relative_to(CACHE / "kernels").parts[0])

    @property
    def cross(self):
        """What make needs to be told about the architecture."""
        return {"amd64": [], "arm64": ["ARCH=arm64", "CROSS_COMPILE=aarch64-linux-gnu-"]}[self.arch]


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
    used(dest)
    clear((CACHE / "kernels").glob("linux-image-*"), 2)
    return Kernel("stock", release, dest / f"boot/vmlinuz-{release}",
                  dest / "lib/modules" / release, kdir, f"{release}-{version}")


class Description:
    """tests/kernels/NAME."""

    def __init__(self, path):
        self.name = path.name
        self.source = ""
        self.config = []
        self.suite = []
        self.packages = []
        self.chroot = []
        self.needs = []
        self.arch = "amd64"
        self.slow = 1
        self.append = []
        self.proof = []
        self.guest = []
        for number, line in enumerate(path.read_text().splitlines(), 1):
            word, _, rest = line.strip().partition(" ")
            if not word or word.startswith("#"):
                continue
            have = getattr(self, word, None)
            if have is None or word == "name" or not rest:
                raise HarnessError(f"{path}:{number}: cannot make sense of '{line}'")
            if word in ("proof", "guest"):
                have.append(rest)
            elif isinstance(have, list):
                have += rest.split()
            else:
                setattr(self, word, type(have)(rest))
        if bool(self.source) == bool(self.packages) or (self.packages and len(self.packages) != 2):
            raise HarnessError(f"{path}: needs either 'source' or 'packages IMAGE HEADERS'.")

    def kernel(self):
        found = self._checked() if self.source else self._debian()
        found.arch, found.slow, found.append = self.arch, self.slow, self.append
        found.proofs, found.guest_proofs, found.described = self.proof, self.guest, True
        return found

    def _checked(self):
        tree, key = checked.kernel_tree(self.name, self.source, self.config)
        release = kdir_release(tree)
        return Kernel(self.name, release, tree / "arch/x86/boot/bzImage",
                      tree / "modules_install/lib/modules" / release, tree, f"{self.name}-{key}")

    def _debian(self):
        apt = Apt(self.suite, self.arch)
        return apt.fresh(lambda: self._newest(apt))

    def _newest(self, apt):
        image, headers = self.packages
        release = [apt.depends(p, rf"linux-{w}-[0-9].*") for p, w in ((image, "image"), (headers, "headers"))]
        if not all(len(r) == 1 for r in release) or release[0][0][12:] != release[1][0][14:]:
            raise HarnessError(f"tests/kernels/{self.name}: {image} and {headers} of {', '.join(self.suite)} lead to "
                               f"{release}, not to one release.")
        release = release[0][0][12:]
        version = apt.version(f"linux-image-{release}")
        # Of another package to build with, another root directory.
        made_of = digest(*self.packages, *self.chroot)[:8]
        dest = CACHE / "kernels" / f"{self.name}-{release}_{version}_{made_of}"
        if not dest.is_dir():
            stage(f"fetching the {self.name} kernel {release} {version}")
            publish(lambda tmp: self._fetch(apt, release, tmp), dest)
        used(dest)
        clear((CACHE / "kernels").glob(f"{self.name}-[0-9]*_*"), 1)
        root = dest / "root" if self.chroot else None
        return Kernel(self.name, release, dest / f"boot/vmlinuz-{release}", dest / "lib/modules" / release,
                      (root or dest) / "usr/src" / f"linux-headers-{release}",
                      f"{self.name}-{release}-{version}-{made_of}", root=root)

    def _fetch(self, apt, release, tmp):
        image = f"linux-image-{release}"
        # From 7.0 on the image's parts are packages of their own.
        apt.download([image, *apt.depends(image, rf"linux-(binary|modules)-{re.escape(release)}")], tmp)
        if (tmp / "usr/lib/modules").is_dir() and not (tmp / "lib/modules").is_dir():
            (tmp / "lib").mkdir(exist_ok=True)
            (tmp / "usr/lib/modules").rename(tmp / "lib/modules")
        run(["depmod", "-b", tmp, release])
        boot = tmp / f"boot/vmlinuz-{release}"
        if not boot.is_file():
            boot.parent.mkdir(exist_ok=True)
            (tmp / f"lib/modules/{release}/vmlinuz").rename(boot)
        headers = f"linux-headers-{release}"
        if self.chroot:
            build_root(apt, [headers, *self.chroot], tmp / "root")
            return
        native = apt if self.arch == "amd64" else Apt(self.suite)
        apt.download([headers, *apt.depends(headers, "linux-headers-.*-common.*")], tmp)
        # The tools have to run here, whatever they build for.
        native.fresh(lambda: native.download(apt.depends(headers, "linux-kbuild-.*"), tmp))
        for path in (tmp / "usr/src").glob("*/Makefile"):
            text = path.read_text()
            if "include /usr/src/" in text:
                # Where the cache is once it is published, whatever it is called now.
                path.write_text(text.replace(
                    "include /usr/src/", "include $(dir $(realpath $(lastword $(MAKEFILE_LIST))))../"))


def build_root(apt, packages, dest):
    """A root directory of another release, for its compiler and C library."""
    if os.getuid():
        raise HarnessError("modules for this kernel are built in a root directory of its own release: run this as root.")
    if not shutil.which("mmdebstrap"):
        raise HarnessError("mmdebstrap is not installed: run scripts/deps with this KERNEL.")
    stage(f"making a root directory of Debian {apt.suites[0]} to build in (about 2 minutes)")
    settings = [f"--aptopt={o}" for o in machine_settings()]
    run(["mmdebstrap", "--mode=root", *settings, "--variant=apt", "--architectures=" + apt.arch, "--components=main",
         "--aptopt=APT::Install-Recommends false", "--dpkgopt=path-exclude=/usr/share/doc/*",
         "--dpkgopt=path-exclude=/usr/share/man/*", "--dpkgopt=path-exclude=/usr/share/locale/*",
         "--include=" + ",".join(packages), apt.suites[0], dest, apt.mirror(apt.suites[0])])


def names():
    return sorted(p.name for p in KERNELS.iterdir() if p.is_file())


def select(name=None):
    name = name or os.environ.get("KERNEL") or "stock"
    if (KERNELS / name).is_file() and "/" not in name:
        return Description(KERNELS / name).kernel()
    kdir = default_kdir()
    if name == "stock":
        return stock(kdir)
    image = pathlib.Path(name)
    if not image.is_file():
        raise HarnessError(f"KERNEL={name}: neither 'stock', nor one of tests/kernels ({' '.join(names())}), nor a "
                           "kernel image that exists.")
    if not os.environ.get("KDIR"):
        raise HarnessError(f"KERNEL={name} needs KDIR=, the build tree that image was made in.")
    release = kdir_release(kdir)
    found = image_release(image)
    if found and found != release:
        raise HarnessError(f"KERNEL={name} is a kernel {found}, but KDIR={kdir} is the tree of {release}: "
                           "modules built there would not load. Name the two that belong together.")
    # Modules of the kernel's own: below the build tree, beside /boot as in a package, installed, or only built.
    modules = next((m for m in (kdir / "modules_install/lib/modules" / release,
                                image.resolve().parent.parent / "lib/modules" / release,
                                pathlib.Path("/lib/modules") / release)
                    if (m / "modules.dep").is_file()), None) or own_modules(kdir, release)
    st = image.stat()
    return Kernel(name, release, image, modules, kdir, f"{release}-{st.st_size}-{st.st_mtime_ns}")


def own_modules(kdir, release):
    """The modules of a build tree that nobody has installed, installed into the cache."""
    order = kdir / "modules.order"
    if not order.is_file():
        raise HarnessError(f"KDIR={kdir} has no modules of kernel {release} to put into the guest, nor are they beside "
                           f"the image or below /lib/modules: run 'make modules' there.")
    dest = CACHE / "kernels" / f"own-{digest(str(kdir.resolve()), release, file_stamp(order))}"
    if not dest.is_dir():
        stage(f"installing the modules of {kdir} into the cache")
        publish(lambda tmp: run(["make", "-s", "-C", kdir, f"INSTALL_MOD_PATH={tmp}", "INSTALL_MOD_STRIP=1",
                                 "modules_install"]), dest)
        clear((CACHE / "kernels").glob("own-*"), 2)
    used(dest)
    return dest / "lib/modules" / release
