# SPDX-License-Identifier: GPL-2.0-only
"""Makes kernels that check themselves, from Debian's kernel source and configurations of ours.

tinyconfig and the fragments that a description names; a fragment's line that does not
survive Kconfig fails the build, because a checker that dropped out in silence would let
everything pass. Source and results are in the cache, keyed by what went into them.
"""

import os
import re
import shutil
import subprocess
import time

from .common import CACHE, HarnessError, TOP, VERBOSE, clear, digest, note, publish, run, stage, used
from .debian import apt_candidate, fetch_deb

CONFIGS = TOP / "tests/kernels/config"
# Kconfig wants all its files; the code of what is never built is left out.
UNUSED = ("arch/[!x]*", "drivers/gpu/drm", "drivers/net/*", "drivers/media", "drivers/staging",
          "drivers/infiniband", "drivers/iio", "tools/perf", "tools/testing", "Documentation")
# tinyconfig and these are all it takes; the package's own tools must be there.
TOOLS = {"bc": "bc", "bison": "bison", "flex": "flex", "xz": "xz-utils", "make": "make"}


def source(package):
    """The unpacked source of Debian's package, as (directory, version)."""
    version = apt_candidate(package)
    if not version:
        raise HarnessError(f"the package lists do not know {package}: run 'apt-get update' (scripts/deps does it).")
    dest = CACHE / "source" / f"{package}_{version}-{digest(*UNUSED)}"
    if not dest.is_dir():
        stage(f"fetching and unpacking {package} {version} (1 to 2 minutes)")

        def build(tmp):
            fetch_deb(package, version, tmp, keep=f"usr/src/{package}.tar.xz")
            excludes = [f"--exclude=*/{u}/*.{e}" for u in UNUSED for e in ("[chS]", "dts*", "rst", "json", "svg")]
            run(["tar", "-xJf", tmp / f"usr/src/{package}.tar.xz", "-C", tmp, "--strip-components=1", *excludes])
            shutil.rmtree(tmp / "usr/src")
        publish(build, dest)
        # What was made of older ones is not asked for again.
        clear((CACHE / "source").glob(f"{package}_*"), 1)
    used(dest)
    return dest, version


def make(src, out, *words, progress=None):
    """make for a kernel; the whole log is the error's text. What is built is told once a minute."""
    argv = ["make", "-C", src, f"O={out}", "KBUILD_BUILD_TIMESTAMP=", "KBUILD_BUILD_USER=ataport",
            "KBUILD_BUILD_HOST=ataport", *words]
    env = {k: v for k, v in os.environ.items() if k not in ("KDIR", "KVER", "KERNEL", "V", "MAKEFLAGS", "MFLAGS", "ARCH")}
    log = []
    with subprocess.Popen([str(a) for a in argv], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors="replace", env=env) as proc:
        last = time.monotonic()
        for line in proc.stdout:
            log.append(line)
            if VERBOSE:
                note(line.rstrip())
            elif progress and time.monotonic() - last > 60:
                last = time.monotonic()
                note(f"{progress}: {sum(bool(re.match('  CC ', t)) for t in log)} files compiled")
    if proc.returncode:
        raise HarnessError(f"'{' '.join(str(a) for a in argv)}' failed:\n{''.join(log)}")


def check_tools():
    absent = [p for t, p in TOOLS.items() if not shutil.which(t)]
    if absent:
        raise HarnessError(f"a kernel cannot be built without {', '.join(absent)}: run scripts/deps.")


def configure(src, out, fragments, *words):
    """tinyconfig, the fragments, and proof that each of their lines is in force."""
    text = "".join(f.read_text() for f in fragments)
    make(src, out, *words, "tinyconfig")
    with open(out / ".config", "a", encoding="utf-8") as config:
        config.write(text)
    make(src, out, *words, "olddefconfig")
    have = set((out / ".config").read_text().splitlines())
    lost = []
    for line in text.splitlines():
        want = re.fullmatch(r"(CONFIG_\w+)=.*|# (CONFIG_\w+) is not set", line)
        if not want:
            continue
        name = want.group(1) or want.group(2)
        # What is off may as well be unknown.
        if line not in have and not (want.group(2) and not any(h.startswith(name + "=") for h in have)):
            lost.append(line)
    if lost:
        raise HarnessError("these lines of tests/kernels/config have no effect, something that they depend on is "
                           "missing:\n  " + "\n  ".join(lost))


def kernel_tree(name, package, fragments):
    """Build, or find in the cache; returns the directory (a build tree with bzImage and modules) and its key."""
    src, version = source(package)
    paths = [CONFIGS / f for f in fragments]
    missing = [p for p in paths if not p.is_file()]
    if missing:
        raise HarnessError(f"tests/kernels/{name}: no configuration {missing[0]}")
    key = digest("checked-1", version, *(p.read_text() for p in paths), run(["gcc", "--version"]))
    dest = CACHE / "kernels" / f"{name}-{key}"
    if dest.is_dir():
        used(dest)
        return dest, key
    check_tools()
    stage(f"building the {name} kernel from {package} {version} (about 10 minutes on 2 quiet processors)")
    start = time.monotonic()

    def build(tmp):
        configure(src, tmp, paths)
        make(src, tmp, f"LOCALVERSION=-{name}", "-j", str(os.cpu_count()), "bzImage", "modules", progress=name)
        release = (tmp / "include/config/kernel.release").read_text().strip()
        make(src, tmp, f"LOCALVERSION=-{name}", f"INSTALL_MOD_PATH={tmp}/modules_install", "modules_install")
        for link in ("build", "source"):
            (tmp / "modules_install/lib/modules" / release / link).unlink(missing_ok=True)
        # Modules need none of these, and they are most of it.
        for path in tmp.rglob("*"):
            if path.suffix in (".o", ".a", ".cmd", ".mod", ".ko", ".order") and path.is_file() \
                    and not path.is_relative_to(tmp / "modules_install") and not path.is_relative_to(tmp / "scripts"):
                path.unlink()
    publish(build, dest)
    note(f"the {name} kernel took {time.monotonic() - start:.0f} s")
    prune(name)
    return dest, key


def prepared_tree(package, compiler):
    """A build tree for another compiler, made as far as modules need it to be compiled, not linked."""
    if not shutil.which(compiler):
        raise HarnessError(f"{compiler} is not installed: run scripts/deps.")
    src, version = source(package)
    base = CONFIGS / "base"
    key = digest("prepared-1", version, base.read_text(), run([compiler, "--version"]))
    dest = CACHE / "kernels" / f"{compiler}-{key}"
    if not dest.is_dir():
        check_tools()
        stage(f"preparing a build tree for {compiler} from {package} {version} (about a minute)")

        def build(tmp):
            configure(src, tmp, [base], f"CC={compiler}")
            make(src, tmp, f"CC={compiler}", "-j", str(os.cpu_count()), "modules_prepare", progress=compiler)
        publish(build, dest)
        prune(compiler)
    used(dest)
    return dest


def prune(name):
    """Builds of the same kernel go, but for this one and another."""
    clear((CACHE / "kernels").glob(f"{name}-????????????????"), 2)
