# SPDX-License-Identifier: GPL-2.0-only
"""What every part of the harness needs: places, messages, child processes.

Kept apart so that the parts (kernel, image, machine, guest, suite) do not
import each other for trifles.
"""

import contextlib
import fcntl
import hashlib
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

TOP = pathlib.Path(__file__).resolve().parents[2]
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or
                     pathlib.Path.home() / ".cache") / "ataport"
# Not everybody's PATH has where Debian keeps depmod and mke2fs.
os.environ["PATH"] = os.environ.get("PATH", os.defpath) + ":/usr/sbin:/sbin"
VERBOSE = os.environ.get("V", "") not in ("", "0")
KEEP = os.environ.get("KEEP", "") not in ("", "0")


class HarnessError(Exception):
    """Something outside the guest is wrong; the text says what, where and the cure."""


def number_from_env(name, most):
    """A number from 1 that the environment says; None where it says nothing."""
    text = os.environ.get(name)
    if not text:
        return None
    if not text.isdecimal() or not 1 <= int(text) <= most:
        raise HarnessError(f"{name}={text}: not a number from 1 to {most}.")
    return int(text)


def paint(text, code, stream=sys.stdout):
    if os.environ.get("NO_COLOR") or not stream.isatty():
        return text
    return f"\033[{code}m{text}\033[0m"


def stage(text):
    """One line that says what the next seconds are spent on."""
    print(paint("==> ", "1;34", sys.stderr) + text, file=sys.stderr, flush=True)


def note(text):
    print("    " + text, file=sys.stderr, flush=True)


def run(argv, **kwargs):
    """Run a command; its output is shown only if it fails."""
    try:
        res = subprocess.run([str(a) for a in argv], stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                             text=True, errors="replace", check=False, **kwargs)
    except FileNotFoundError as err:
        raise HarnessError(f"{err.filename} is missing: scripts/deps installs what this machine lacks.") from err
    if res.returncode:
        raise HarnessError(f"'{' '.join(str(a) for a in argv)}' exited with "
                           f"{res.returncode}:\n{res.stdout}")
    return res.stdout


def digest(*parts):
    h = hashlib.sha256()
    for p in parts:
        h.update(str(p).encode())
        h.update(b"\0")
    return h.hexdigest()[:16]


def file_stamp(path):
    st = os.stat(path)
    return f"{path}:{st.st_size}:{st.st_mtime_ns}"


# Seconds for which what was used is not cleared away: some other run may be at it, which says so with each boot.
IN_USE = 3 * 3600


def used(dest):
    """This cache entry is wanted now; see clear()."""
    os.utime(dest)


def clear(entries, keep):
    """Of these cache entries all go but the 'keep' used last, and what was used a short while ago."""
    ages = []
    for path in entries:
        with contextlib.suppress(FileNotFoundError):
            ages.append((path.stat().st_mtime, path))
    for when, path in sorted(ages)[:-keep]:
        if time.time() - when > IN_USE:
            shutil.rmtree(path, ignore_errors=True)


def publish(build, dest):
    """Call build(tmpdir) and rename its result to dest, so that a cache entry
    is there whole or not at all. Of two runs at once, one builds and the other waits for it."""
    dest.parent.mkdir(parents=True, exist_ok=True)
    path = dest.parent / f".{dest.name}.lock"
    with open(path, "w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            note(f"another run is making {dest}: waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        if not dest.is_dir():
            # Of runs that were killed.
            for old in dest.parent.glob(f"{dest.name}.{'?' * 8}"):
                shutil.rmtree(old, ignore_errors=True)
            tmp = pathlib.Path(tempfile.mkdtemp(prefix=dest.name + ".", dir=dest.parent))
            try:
                build(tmp)
                tmp.rename(dest)
            finally:
                shutil.rmtree(tmp, ignore_errors=True)
        # Only now: who waits for a lock that failed builds once more, and alone.
        path.unlink(missing_ok=True)
    return dest


def answer(main):
    """Call main() of a program; its status, and for what is wrong outside of it a message in place of a traceback."""
    # Ended from outside as by ^C: guests and what they wrote are cleared away.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        return main()
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Nobody reads on; and nothing is left to say at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except (HarnessError, OSError) as err:
        print(f"error: {err}", file=sys.stderr)
        return 2
