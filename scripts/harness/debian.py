# SPDX-License-Identifier: GPL-2.0-only
"""Fetches packages of Debian without installing them.

Packages of the machine's own release come by the machine's apt. Those of another release
or architecture come by an apt of our own: its sources, lists and state are all in the cache,
so that the machine's stay as they are.
"""

import fcntl
import os
import pathlib
import re
import subprocess
import time

from .common import CACHE, HarnessError, note, run, stage

KEYRING = pathlib.Path("/usr/share/keyrings/debian-archive-keyring.gpg")
MIRROR = "http://deb.debian.org"
# Seconds after which lists are fetched again: packages that they name vanish from the mirrors.
LISTS_AGE = 24 * 3600


def apt_candidate(package):
    """The version that 'apt-get download' would fetch, None when the lists have none."""
    return show_field(run_apt_cache([], package), "Version")


def run_apt_cache(options, package):
    return subprocess.run(["apt-cache", *options, "show", "--no-all-versions", package],
                          capture_output=True, text=True, check=False).stdout


def show_field(text, field):
    found = re.search(rf"^{field}: (.+)", text, re.M)
    return found.group(1) if found else None


def machine_settings():
    """How this machine reaches the mirrors: proxies, and whether dated lists are believed."""
    return [line.rstrip(";") for line in run(["apt-config", "dump"]).splitlines()
            if re.match(r'Acquire::(Check-\S+|\S*Proxy\S*) ".+"', line)]


def unpack(deb, dest, keep=None):
    """Unpack a package, or only the file 'keep' of it."""
    if not keep:
        run(["dpkg-deb", "-x", deb, dest])
    else:
        run(["sh", "-c", 'dpkg-deb --fsys-tarfile "$1" | tar -xf - -C "$2" "./$3"', "sh", deb, dest, keep])
    deb.unlink()


def fetch_deb(package, version, dest, keep=None):
    """Download one package by the machine's apt and unpack it into dest; nothing is installed."""
    spec = f"{package}={version}" if version else package
    try:
        run(["apt-get", "-qq", "-o", "APT::Sandbox::User=root", "download", spec], cwd=dest)
    except HarnessError as err:
        raise HarnessError(f"{err}\nPackage lists that are too old name files that are gone: apt-get update.") from err
    debs = list(dest.glob("*.deb"))
    if len(debs) != 1:
        raise HarnessError(f"apt-get download {spec} left {len(debs)} packages in {dest}, not one.")
    unpack(debs[0], dest, keep)


class Apt:
    """An apt of our own for some suites and architectures, of packages or (kind "deb-src") of their sources."""

    def __init__(self, suites, arch="amd64", kind="deb"):
        self.suites = suites
        self.arch = arch
        self.what = arch if kind == "deb" else "sources"
        self.home = CACHE / "apt" / "-".join([*suites, self.what])
        self.updated = False
        if not KEYRING.is_file():
            raise HarnessError(f"{KEYRING} is missing: apt-get install debian-archive-keyring.")
        for name in ("lists/partial", "archives/partial", "parts"):
            (self.home / name).mkdir(parents=True, exist_ok=True)
        (self.home / "status").touch()
        (self.home / "sources.list").write_text("".join(
            f"{kind} [signed-by={KEYRING}] {self.mirror(s)} {s} main\n" for s in suites))
        self.options = [o for pair in {
            "Dir::Etc::SourceList": self.home / "sources.list", "Dir::Etc::SourceParts": self.home / "parts",
            "Dir::Etc::PreferencesParts": self.home / "parts", "Dir::Etc::Preferences": "/dev/null",
            "Dir::State::Lists": self.home / "lists", "Dir::State::status": self.home / "status",
            "Dir::Cache": self.home, "Dir::Cache::Archives": self.home / "archives",
            "APT::Architecture": arch, "APT::Architectures": arch, "APT::Sandbox::User": "root",
            "Acquire::Languages": "none", "Acquire::Retries": "3", "APT::Get::List-Cleanup": "true",
            "APT::Install-Recommends": "false",
        }.items() for o in ("-o", f"{pair[0]}={pair[1]}")]
        stamp = self.home / "updated"
        if not stamp.is_file() or time.time() - stamp.stat().st_mtime > LISTS_AGE:
            try:
                self.update()
            except HarnessError:
                if not stamp.is_file():
                    raise
                note(f"the package lists of {', '.join(suites)} cannot be fetched now: going by older ones")

    @staticmethod
    def mirror(suite):
        return f"{MIRROR}/debian-security" if suite.endswith("-security") else f"{MIRROR}/debian"

    def update(self):
        stage(f"fetching the package lists of {', '.join(self.suites)} ({self.what})")
        with open(self.home / "lock", "w", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            run(["apt-get", *self.options, "-q", "-o", "APT::Update::Error-Mode=any", "update"])
        (self.home / "updated").touch()
        self.updated = True

    def fresh(self, fetch):
        """fetch(), and where that fails once more by lists of now: the mirror may have moved on since they were
        fetched. It begins with asking which versions there are."""
        try:
            return fetch()
        except HarnessError:
            if self.updated:
                raise
            self.update()
            return fetch()

    def show(self, package):
        return run_apt_cache(self.options, package)

    def version(self, package):
        version = show_field(self.show(package), "Version")
        if not version:
            raise HarnessError(f"{', '.join(self.suites)} ({self.arch}) have no package {package}.")
        return version

    def depends(self, package, regex):
        """The packages that a package depends on whose whole names match."""
        text = show_field(self.show(package), "Depends") or ""
        names = [re.split(r"[ :(]", alt.strip())[0] for dep in text.split(",") for alt in dep.split("|")]
        return [n for n in names if re.fullmatch(regex, n)]

    def download(self, packages, dest):
        """Fetch packages and unpack them all into dest."""
        run(["apt-get", *self.options, "-qq", "download", *packages], cwd=dest)
        for deb in list(dest.glob("*.deb")):
            unpack(deb, dest)

    def source_version(self, package):
        """The newest version of a source package."""
        text = run(["apt-get", *self.options, "-qq", "--print-uris", "--only-source", "source", package])
        found = re.search(rf"^'\S+' {re.escape(package)}_(\S+)\.dsc ", text, re.M)
        if not found:
            raise HarnessError(f"{', '.join(self.suites)} have no source of {package}.")
        return found.group(1)

    def source(self, package, version, dest):
        """Fetch a source package, unpacked and patched; returns its directory."""
        run(["apt-get", *self.options, "-qq", "--only-source", "--download-only", "source", package], cwd=dest)
        found = list(dest.glob(f"{package}_{version}.dsc"))
        if len(found) != 1:
            raise HarnessError(f"apt-get source {package} did not fetch version {version} into {dest}.")
        run(["dpkg-source", "--no-check", "-x", found[0].name, "source"], cwd=dest)
        return dest / "source"

    def closure(self, packages):
        """The packages and all that they depend on, as {name: file name, which has the version}."""
        out = run(["apt-get", *self.options, "-qq", "--print-uris", "-o", "Debug::NoLocking=1", "install", *packages])
        return {m.group(2): m.group(1) for m in re.finditer(r"^'\S+' (([^_\s]+)_\S+)", out, re.M)}
