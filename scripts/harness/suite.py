# SPDX-License-Identifier: GPL-2.0-only
"""Runs groups of guest tests and judges them.

A test is an executable tests/guest/GROUP/NNN-name. Comment lines at its top
say what it needs:

  This test will ...    what it is for (required; the first such line is shown on failure)
  machine: NAME         description below tests/guest/machines (default q35)
  append: WORDS         more words for the kernel's command line
  timeout: SECONDS      default 60
  driver: NAME          only makes sense for this driver under test (ataport or native)
  expect: COUNT REGEX   lines of the kernel's log that belong to the test; COUNT is N, N+ or
                        N-M, and another number of them fails the test

A test passes if it leaves with 0 and the kernel said nothing unexpected while
it ran. Tests of a group that want the same machine and command line share a
boot, in the order of their names; after a crash the rest gets a new one. The
last thing in each boot is tests/guest/leftovers. Several guests run at once.
"""

import concurrent.futures
import contextlib
import dataclasses
import fnmatch
import os
import pathlib
import re
import threading

from . import emulator, guest, machine
from .common import CACHE, HarnessError, TOP, VERBOSE, digest, number_from_env, paint, publish, run

TESTS = TOP / "tests/guest"

# A kernel that says one of these has found a mistake, whatever the test thinks.
SPLAT = re.compile(
    r"kernel BUG at|WARNING:|\bBUG: (?!KCSAN)|Oops:|KASAN|UBSAN:|ODEBUG:|DMA-API:|"
    # Other races are the kernel's own: there are some wherever one looks.
    r"KCSAN: .*\[(ataport\w*|libata)\]|"
    r"possible (recursive|circular) locking|inconsistent lock state|suspicious RCU|bad unlock balance|"
    r"held lock freed|sleeping function called|scheduling while atomic|irq \d+: nobody cared|"
    r"blocked for more than|soft lockup|rcu.*detected (expedited )?stall|general protection|refcount_t:|"
    r"list_(add|del) corruption|BUG .* remaining|DMAR: \[|VERIFIER|ataport BUG|"
    r"Unknown symbol|unknown symbol|disagrees about version|swiotlb buffer is full|Call [Tt]race:")
NOISE = re.compile(r"DMA-API: (preallocated|debugging enabled)|KernelAddressSanitizer initialized|"
                   r"kasan: |kcsan: |DMAR: \[Firmware|"
                   # Which channel's error handler runs, libata asks without the lock under which it is noted.
                   r"KCSAN: data-race in ata_(msleep|eh_acquire|eh_release) \[libata\] / ata_(msleep|eh_acquire|eh_release) \[libata\]")
# Of these, what a guest says that stood still with its machine.
LATE = re.compile(r"workqueue lockup|blocked for more than|soft lockup|rcu.*detected (expedited )?stall|Call [Tt]race:")
# Disks in good health do not make libata or the block layer say these.
TROUBLE = re.compile(
    r"exception Emask|failed command:|I/O error|Buffer I/O error|lost interrupt|qc timeout|"
    r"(hard|soft) resetting link|limiting (SATA link )?speed|failed to (IDENTIFY|resume|set xfermode)|"
    r"revalidation failed|critical (medium|target) error|comreset failed|"
    r"EXT4-fs error|JBD2: .*error|ataport\S*: .*(error|invalid|refused)|printk messages dropped")

# A kernel without kmemleak notes who asked for each piece of memory, for tests/guest/leftovers.
LEAKS = ["slub_debug=U,kmalloc-*"]

# How much longer than they say all limits are: scale_for() sets it.
SCALE = 1


def scale_for(kernel):
    """All limits are longer from here on, by TIMESCALE and as far as the kernel's guests are slow."""
    global SCALE                                    # pylint: disable=global-statement
    SCALE = (number_from_env("TIMESCALE", 99) or 1) * kernel.slow


@dataclasses.dataclass
class Test:
    name: str
    path: pathlib.Path
    purpose: str = ""
    machine: str = "q35"
    append: str = ""
    timeout: int = 60
    driver: str = ""
    expect: list = dataclasses.field(default_factory=list)

    @classmethod
    def read(cls, path, name):
        test = cls(name, path)
        for line in path.read_text(errors="replace").splitlines():
            if not line.startswith("#"):
                if line.strip():
                    break
                continue
            text = line.lstrip("#").strip()
            if text.startswith("This test will") and not test.purpose:
                test.purpose = text
            found = re.match(r"(machine|append|timeout|driver|expect): (.+)", text)
            if not found:
                continue
            key, value = found.groups()
            if key == "expect":
                count, _, regex = value.partition(" ")
                low, high = parse_count(count, path)
                test.expect.append((low, high, re.compile(regex), count))
            elif key == "timeout":
                test.timeout = int(value)
            else:
                setattr(test, key, value)
        if not test.purpose:
            raise HarnessError(f"{path}: no line that begins '# This test will'.")
        if not os.access(path, os.X_OK):
            raise HarnessError(f"{path} is not executable: chmod +x it.")
        return test


def parse_count(text, path):
    found = re.fullmatch(r"(\d+)(\+|-(\d+))?", text)
    if not found:
        raise HarnessError(f"{path}: expect: '{text}' is no count like 6, 1+ or 2-8.")
    low = int(found.group(1))
    if found.group(2) == "+":
        return low, None
    return low, int(found.group(3) or low)


@dataclasses.dataclass
class Verdict:
    test: Test
    state: str          # pass, fail, skip
    reason: str = ""
    seconds: float = 0
    output: list = dataclasses.field(default_factory=list)
    log: list = dataclasses.field(default_factory=list)


def find(groups, patterns, root=TESTS):
    """The tests of the groups (all groups if none is named) that a pattern matches (all without one)."""
    have = sorted(d.name for d in root.iterdir() if d.is_dir() and any(d.glob("[0-9]*-*")))
    for name in groups:
        if name not in have:
            raise HarnessError(f"no test group '{name}'; there are: {' '.join(have)}")
    out = []
    idle = set(patterns)
    for group in have:
        if groups and group not in groups:
            continue
        for path in sorted((root / group).glob("[0-9]*-*")):
            name = f"{group}/{path.name}"
            if path.suffix or path.name.endswith("~"):
                continue
            chosen = {p for p in patterns if fnmatch.fnmatch(name, p) or fnmatch.fnmatch(name, p + "*")}
            idle -= chosen
            if chosen or not patterns:
                out.append(Test.read(path, name))
    if idle or not out:
        raise HarnessError("no test matches " + " ".join(sorted(idle) or groups or ["anything"]))
    return out


def tools(arch):
    """tests/guest/tools/*.c, built as static programs; cached by source and compiler."""
    out = {}
    gcc = {"amd64": "gcc", "arm64": "aarch64-linux-gnu-gcc-12"}[arch]
    for source in sorted((TESTS / "tools").glob("*.c")):
        key = digest(source.read_text(), gcc, run([gcc, "-dumpfullversion"]))
        dest = CACHE / "tools" / f"{source.stem}-{key}"
        if not dest.is_dir():
            publish(lambda tmp, src=source: run(
                [gcc, "-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror", "-static", "-pthread",
                 "-o", tmp / src.stem, src]), dest)
        out[f"usr/bin/{source.stem}"] = ((dest / source.stem).read_bytes(), 0o755)
    return out


def guests_at_once(kernel):
    """GUESTS, or three for two processors as far as there is memory for them: much of a guest's time is waiting.

    Checked kernels and other architectures keep the processors busy: one, if not told otherwise.
    """
    number = number_from_env("GUESTS", 99)
    if number:
        return number
    if kernel.slow > 2:
        return 1
    memory = re.search(r"MemAvailable: *(\d+) kB", pathlib.Path("/proc/meminfo").read_text())
    return max(1, min(os.cpu_count() * 3 // 2, int(memory.group(1)) // (3 << 20)))


class Suite:
    def __init__(self, kernel, driver, modules, tests, progress=print, keep=True, guests=1):
        self.kernel = kernel
        self.driver = driver
        self.modules = modules
        self.tests = tests
        self.progress = progress
        self.keep = keep
        self.verdicts = []
        self.boots = 0
        self.second_tries = 0
        self.guests = guests
        self.scale = SCALE
        self.running = set()
        self.stopped = False
        # Held for what several boots share: the counts, the output, what is built for guests.
        self.lock = threading.RLock()
        self.width = max(len(t.name) for t in tests) + 4

    def run(self):
        todo = []
        for test in self.tests:
            if test.driver and test.driver != self.driver:
                self._report(Verdict(test, "skip", f"only for DRIVER={test.driver}"))
            else:
                todo.append(test)
        batches = {}
        for test in todo:
            key = (test.name.split("/")[0], test.machine, test.append)
            batches.setdefault(key, []).append(test)
        # As many as there is work for: limits are wider only where guests slow each other down.
        self.guests = max(1, min(self.guests, len(batches)))
        ordered = list(batches.items())
        if self.guests > 1:
            self.scale = SCALE * 2
            # What takes longest comes first, so that no processor is idle at the end.
            ordered.sort(key=lambda b: -sum(t.timeout for t in b[1]))
        self._build_emulators({mach for _, mach, _ in batches})
        with concurrent.futures.ThreadPoolExecutor(self.guests) as pool:
            boots = [pool.submit(self._batch, *key, tests) for key, tests in ordered]
            try:
                for boot in concurrent.futures.as_completed(boots):
                    boot.result()
            except BaseException:
                self._stop(boots)
                raise
        place = {test.name: n for n, test in enumerate(self.tests)}
        self.verdicts.sort(key=lambda v: place.get(v.test.name, len(place)))
        return self.verdicts

    def _stop(self, boots):
        """End all guests now; what they would still say is no verdict."""
        with self.lock:
            self.stopped = True
            for boot in boots:
                boot.cancel()
            for box in self.running:
                box.given_up.set()

    def _batch(self, group, mach, append, tests):
        while tests and not self.stopped:
            tests = self._boot(group, mach, append, tests)

    def _build_emulators(self, machines):
        """Before the first guest: building uses all processors, and a guest beside it would be slow."""
        for name in sorted(machines):
            with contextlib.suppress(machine.NoMachine):
                devices = machine.Machine(name, self.kernel.arch).emulator
                if devices:
                    emulator.program(devices)

    def overall(self, name, purpose, reason, lines):
        """A verdict on all tests together: not everything was shown."""
        self._report(Verdict(Test(name, TESTS, purpose), "fail", reason, output=lines))
        return self.verdicts.pop()

    def _boot(self, group, mach_name, append, tests):
        """One boot; returns the tests that are still to be run in another one."""
        try:
            mach = machine.Machine(mach_name, self.kernel.arch)
        except machine.NoMachine as err:
            for test in tests:
                self._report(Verdict(test, "skip", str(err)))
            return []
        last = Test.read(TESTS / "leftovers", f"{group}/leftovers")
        files = dict(self.modules)
        with self.lock:
            files.update(tools(self.kernel.arch))
        values = dict(mach.env, DRIVER=self.driver, KERNEL_RELEASE=self.kernel.release, TIMESCALE=self.scale,
                      COVERAGE="yes" if os.environ.get("COVERAGE") else "",
                      **{k: os.environ[k] for k in ("SOAK_SECONDS", "SOAK_SEED") if k in os.environ})
        files["harness/env"] = ("".join(f"{k}='{v}'\n" for k, v in values.items()).encode(), 0o644)
        listed = tests + [last]
        limits = {t.name: t.timeout * self.scale for t in listed}
        for test in listed:
            files[f"harness/tests/{test.name}"] = (test.path.read_bytes(), 0o755)
        # What the tests of a group share, and what those of all faults do.
        for path in {t.path.parent for t in tests} | ({TESTS / "faults"} & set(TESTS.iterdir())):
            for extra in path.iterdir():
                if extra.is_file() and not extra.name[0].isdigit() and not extra.name.endswith("~"):
                    files[f"harness/tests/{path.name}/{extra.name}"] = (extra.read_bytes(), 0o755)
        files["harness/list"] = ("".join(f"{name} {limit}\n" for name, limit in limits.items()).encode(), 0o644)
        files["harness/proof"] = ("".join(f"{p}\n" for p in self.kernel.guest_proofs).encode(), 0o644)

        def show(line):
            if VERBOSE and line.startswith("# "):
                self.progress(f"    {line[2:]}" if self.guests == 1 else f"    {group}: {line[2:]}")
        with self.lock:
            if self.stopped:
                return []
            box = guest.Guest(self.kernel, mach, files, limits, on_line=show,
                              boot_limit=guest.BOOT_LIMIT * self.scale, append=[*LEAKS, *append.split()])
            self.boots += 1
            self.running.add(box)
        try:
            res = box.run()
        except guest.NoGuest as err:
            with self.lock:
                self.running.discard(box)
                for test in tests:
                    self._report(Verdict(test, "fail", f"not run: {err}"))
            return []
        with self.lock:
            self.running.discard(box)
            if self.stopped:
                box.cleanup()
                return []
            rest, bad = self._judge(res, listed)
            if bad and self.keep:
                self.progress(f"    logs of this boot: {res.rundir}")
        box.cleanup(keep=bad and self.keep)
        # The end of the boot is looked at again only together with a test.
        rest = [t for t in rest if t is not last]
        return rest

    def _judge(self, res, listed):
        by_name = {t.name: t for t in listed}
        logs = split_log(res.console)
        first_new = len(self.verdicts)
        current, output, seen = None, [], set()
        for line in res.lines:
            begin = re.fullmatch(r"#@ begin (\S+)", line)
            if begin and begin.group(1) in by_name:
                current, output = by_name[begin.group(1)], []
                continue
            done = re.fullmatch(r"(not )?ok \d+ (\S+) # (.*)", line)
            if done and current and done.group(2) == current.name:
                seen.add(current.name)
                self._report(self._verdict(current, done, output, logs.get(current.name, []), res))
                current = None
            elif current:
                output.append(line[2:] if line.startswith("# ") else line)
        again = [t for t in listed[:-1] if t.name not in seen]
        down = res.state != "done" and not seen and not current
        # What a checker has reported is no fault of the host's, unless it looks at the time alone.
        reports = reported(logs.get(None, []), [])
        if current:
            reports += reported(logs.get(current.name, []), current.expect)
        if again and not self.second_tries and not reports and (down or res.state == "stalled"):
            # An emulated machine on a busy host may lose its timer before the guest is up, or a processor: once a run.
            self.second_tries = 1
            what = "the guest did not come up" if down else "the emulator stood still"
            self.progress(f"    {current.name + ': ' if current else ''}{what} ({res.state}: {res.detail}); "
                          f"once more, logs: {res.rundir}")
            return again, True
        rest = [t for t in listed if t.name not in seen and t is not current]
        if current:
            # It was this test that did not come back. What the kernel said first is the cause, and its log long.
            log = logs.get(current.name, [])
            bad = unexpected(log, current.expect, trouble=False)
            self._report(Verdict(current, "fail", f"{res.state}: {res.detail}"
                                 + (f"; kernel log: {bad[0]}" if bad else ""), output=output,
                                 log=log or res.console.splitlines()[-60:]))
        elif res.state != "done" or rest:
            # Before the first test, between two or after the last: no test's fault that could be named.
            where = listed[0].name.split("/")[0] + "/boot"
            self._report(Verdict(Test(where, TESTS, "This test will boot the guest and end it."), "fail",
                                 f"{res.state}: {res.detail}", log=res.console.splitlines()[-60:]))
            if not seen:
                for test in rest:
                    self._report(Verdict(test, "fail", "not run: the guest did not come up"))
                rest = []
        else:
            outside = unexpected(logs.get(None, []), [], trouble=False)
            reasons = [f"kernel log outside of tests: {outside[0]}"] if outside else []
            # A checker that is not there finds nothing.
            reasons += [f"no line of the kernel's log matches '{p}'" for p in self.kernel.proofs
                        if not re.search(p, res.console)]
            if reasons:
                where = listed[0].name.split("/")[0] + "/boot"
                self._report(Verdict(Test(where, TESTS, "This test will boot the guest and end it."), "fail",
                                     "; ".join(reasons), log=outside))
        return rest, any(v.state == "fail" for v in self.verdicts[first_new:])

    @staticmethod
    def _verdict(test, done, output, log, res):
        seconds = re.search(r"time=(\d+)", done.group(3))
        verdict = Verdict(test, "pass", "", int(seconds.group(1)) if seconds else 0, output, log)
        if done.group(3).startswith("SKIP"):
            verdict.state, verdict.reason = "skip", done.group(3)[4:].strip() or "no reason given"
            if verdict.reason == "no reason given":
                verdict.state = "fail"
        elif done.group(1):
            verdict.state = "fail"
            verdict.reason = re.sub(r"time=\S+ ?", "", done.group(3)).replace("exit=", "exit ")
        reasons = []
        if not log and res.state == "done":
            reasons.append("its part of the kernel log is missing")
        for low, high, regex, text in test.expect:
            count = sum(bool(regex.search(line)) for line in log)
            if verdict.state != "skip" and (count < low or (high is not None and count > high)):
                reasons.append(f"kernel log: {count} lines match '{regex.pattern}', expected {text}")
        bad = unexpected(log, test.expect)
        if bad:
            reasons.append(f"kernel log: {bad[0]}" + (f" (and {len(bad) - 1} more)" if len(bad) > 1 else ""))
        if reasons:
            verdict.state = "fail"
            verdict.reason = "; ".join(([verdict.reason] if verdict.reason else []) + reasons)
        return verdict

    def _report(self, verdict):
        self.verdicts.append(verdict)
        word = {"pass": paint("ok", "32"), "fail": paint("FAILED", "1;31"),
                "skip": paint("skipped", "33")}[verdict.state]
        tail = f" ({verdict.reason})" if verdict.state == "skip" else ""
        self.progress(f"{verdict.test.name} {'.' * (self.width - len(verdict.test.name))} {word}"
                      f"{f' {verdict.seconds} s' if verdict.seconds else ''}{tail}")
        if verdict.state == "fail":
            self.progress(f"  {verdict.test.purpose}")
            self.progress(f"  failed: {verdict.reason}")
            for title, lines in (("output", verdict.output), ("kernel log", verdict.log)):
                if lines:
                    self.progress(f"  --- {title}")
                    if len(lines) > 120:
                        self.progress(f"  | ({len(lines) - 120} lines before these)")
                    for line in lines[-120:]:
                        self.progress("  | " + line)


def split_log(console):
    """Kernel log lines by test; those of no test are below None."""
    out = {None: []}
    current = None
    for line in console.splitlines():
        found = re.search(r"harness: (begin|end) (\S+)$", line)
        if found:
            current = found.group(2) if found.group(1) == "begin" else None
            out.setdefault(current, [])
            if current:
                out[current].append(line)
            continue
        out[current].append(line)
    return out


def unexpected(log, expect, trouble=True):
    return [line for line in log
            if (SPLAT.search(line) or (trouble and TROUBLE.search(line))) and not NOISE.search(line)
            and not any(regex.search(line) for _, _, regex, _ in expect)]


def reported(log, expect):
    """What checkers have said, but for those that look at the time alone."""
    return [line for line in unexpected(log, expect, trouble=False) if not LATE.search(line)]


def rows_of(verdicts):
    """The rows that tests of faults have printed ("row FAULT | in-tree | ours | data")."""
    return [[cell.strip() for cell in line[4:].split("|")]
            for v in verdicts if v.state == "pass" for line in v.output if line.startswith("row ")]


def missing_rows(verdicts):
    """Faults that should have a row, and have none."""
    wanted = [line for line in (TESTS / "faults/rows.txt").read_text(encoding="ascii").splitlines() if line[:1] != "#"]
    have = {row[0] for row in rows_of(verdicts)}
    return [name for name in wanted if name not in have]


def table(verdicts):
    """The rows of the faults as one table."""
    rows = rows_of(verdicts)
    if not rows:
        return ""
    rows.insert(0, ["fault", "in-tree result", "our result", "data"])
    count = max(len(row) for row in rows)
    width = [max(len(row[i]) for row in rows if i < len(row)) for i in range(count)]
    return "\n".join("  ".join(cell.ljust(w) for cell, w in zip(row, width)).rstrip() for row in rows)


def summary(verdicts):
    count = {s: sum(v.state == s for v in verdicts) for s in ("pass", "fail", "skip")}
    return f"{count['pass']} passed, {count['fail']} failed, {count['skip']} skipped"
