# SPDX-License-Identifier: GPL-2.0-only
"""Boots one guest and watches it to its end.

Three lines lead out of the guest: the console (a file), the verdict (KTAP,
read here as it comes) and requests to the host. A fourth one, QMP, leads in.
How the guest ended is told from all of them together, because each alone can
lie: a panic ends QEMU with status 0, a killed QEMU leaves a console that looks
fine, a guest that powers off early says nothing wrong.
"""

import base64
import contextlib
import dataclasses
import fcntl
import functools
import json
import os
import pathlib
import queue
import re
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

from . import emulator, image
from .common import CACHE, HarnessError, KEEP, TOP, digest, note, stage

PANIC = re.compile(r"Kernel panic - not syncing|---\[ end Kernel panic|Oops: |kernel BUG at")
# Seconds from the start of QEMU to the first test, and beyond what a test is allowed.
BOOT_LIMIT = 90
MARGIN = 30

KVM = ["-accel", "kvm", "-cpu", "host"]
TRIAL = threading.Lock()

# How a guest of each architecture is run: program, console, the lines of verdict and host, and what
# makes these two where the board has not enough serial lines of its own.
LINES = {
    "amd64": ("qemu-system-x86_64", "ttyS0,115200", "ttyS1", "ttyS2", None),
    "arm64": ("qemu-system-aarch64", "ttyAMA0", "ttyS0", "ttyS1", "pci-serial"),
}


def emulation(kernel, thread="multi"):
    """Arguments for TCG.

    Without an instruction for random numbers the kernel finds its randomness to be enough some ten seconds
    after the boot, under load, and patches code for it that ends every disk request. QEMU before 8.1 may keep
    a translation of the breakpoint of such a patch, which a processor then runs for ever.
    """
    return ["-accel", f"tcg,thread={thread}", *(["-cpu", "qemu64,+rdrand"] if kernel.arch == "amd64" else [])]


def accelerator(kernel):
    """Arguments for KVM where a guest really boots under it, for TCG elsewhere."""
    tcg = emulation(kernel)
    if kernel.arch != "amd64":
        return tcg
    forced = os.environ.get("ACCEL")
    if forced == "tcg":
        return tcg
    if forced and forced != "kvm":
        raise HarnessError(f"ACCEL={forced}: neither 'tcg' nor 'kvm'.")
    with TRIAL:
        return KVM if forced or kvm_works(kernel.image, kernel.key) else tcg


@functools.lru_cache(maxsize=None)
def kvm_works(image, key):
    """/dev/kvm may open and still never run an instruction, so it is tried, once per host kernel, QEMU,
    guest's kernel and boot; the answer is cached. Without KVM one line says so in each run."""
    if not os.path.exists("/dev/kvm"):
        note("no /dev/kvm: guests run under TCG")
        return False
    if not os.access("/dev/kvm", os.R_OK | os.W_OK):
        note("/dev/kvm is not for this user (group kvm): guests run under TCG")
        return False
    boot_id = pathlib.Path("/proc/sys/kernel/random/boot_id").read_text()
    qemu = shutil.which("qemu-system-x86_64")
    answer = CACHE / "accel" / digest(os.uname().release, boot_id, qemu, os.path.getsize(qemu), key)
    if not answer.is_file():
        stage("trying whether guests run under KVM here (10 s at most)")
        proc = subprocess.Popen(
            [qemu, "-nodefaults", "-display", "none", "-machine", "q35", "-m", "512", *KVM, "-no-reboot",
             "-kernel", image, "-append", "console=ttyS0 panic=-1", "-serial", "stdio"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        works = b""
        os.set_blocking(proc.stdout.fileno(), False)
        end = time.monotonic() + 10
        while time.monotonic() < end and b"Linux version" not in works and proc.poll() is None:
            works += proc.stdout.read() or b""
            time.sleep(0.1)
        proc.kill()
        proc.wait()
        answer.parent.mkdir(parents=True, exist_ok=True)
        answer.write_text("kvm" if b"Linux version" in works else "tcg")
    works = answer.read_text() == "kvm"
    if not works:
        note("/dev/kvm is there, but a guest does not boot under it: guests run under TCG")
    return works


class NoGuest(HarnessError):
    """QEMU refuses this machine; others may start."""


class Qmp:
    """QEMU's monitor: commands from any thread, events kept in order."""

    def __init__(self, sock):
        self.sock = sock
        self.lock = threading.Lock()
        self.answers = queue.Queue()
        self.events = []
        self.news = threading.Condition()
        self.ready = threading.Event()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        try:
            for line in self.sock.makefile("r"):
                msg = json.loads(line)
                if "QMP" in msg:
                    self.sock.sendall(b'{"execute":"qmp_capabilities"}\n')
                elif "event" in msg:
                    with self.news:
                        self.events.append(msg)
                        self.news.notify_all()
                elif not self.ready.is_set():
                    self.ready.set()
                else:
                    self.answers.put(msg)
        except (OSError, ValueError):
            pass
        self.ready.set()
        self.answers.put(None)
        with self.news:
            self.news.notify_all()

    def command(self, text, timeout=30):
        self.ready.wait(timeout)
        with self.lock:
            try:
                self.sock.sendall(text.encode() + b"\n")
                msg = self.answers.get(timeout=timeout)
            except (OSError, queue.Empty):
                msg = None
            if msg is None:
                self.answers.put(None)
                return {"error": {"class": "Harness", "desc": "QEMU does not answer"}}
            return msg

    def wait_event(self, name, timeout, start=0, pattern=""):
        end = time.monotonic() + timeout
        with self.news:
            while True:
                for msg in self.events[start:]:
                    if msg["event"] == name and re.search(pattern, json.dumps(msg)):
                        return msg
                left = end - time.monotonic()
                if left <= 0:
                    return None
                self.news.wait(left)


class HostLine:
    """Answers the requests that guests send with 'host VERB ARGS..':

      qmp JSON             a QMP command; prints the answer, status 1 if it is an error
      hmp COMMAND..        a human monitor command; prints what it printed
      event NAME [SECONDS [REGEX]]
                           waits (10 s) for a QMP event since the last 'event' or the boot, one whose
                           text matches
      pause SECONDS        stops the machine for so long
      run NAME ARGS..      runs tests/guest/NAME on the host; prints its output, gives its
                           status. Set for it: RUN (directory of the run with its images
                           ID.img), QMP (a socket of its own), QEMU_PID
      path NAME            prints the path on the host of file NAME of the run
      coverage BASE64      adds a piece to the archive of counts of this boot, in the directory COVERAGE
    """

    def __init__(self, guest, sock):
        self.guest = guest
        self.sock = sock
        self.seen = 0
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        buf = b""
        while True:
            try:
                data = self.sock.recv(4096)
            except OSError:
                return
            if not data:
                return
            buf += data
            while b"\n" in buf:
                line, buf = buf.split(b"\n", 1)
                try:
                    words = [base64.b64decode(w).decode() for w in line.decode().split()]
                    status, text = self.answer(words)
                except Exception as err:        # the guest must get some answer
                    status, text = 2, f"host: {type(err).__name__}: {err}"
                out = "".join(f"| {t}\n" for t in text.splitlines()) + f"= {status}\n"
                try:
                    self.sock.sendall(out.encode())
                except OSError:
                    return

    def answer(self, words):
        if not words:
            return 2, "host: empty request"
        verb, args = words[0], words[1:]
        qmp = self.guest.qmp
        if verb == "qmp":
            msg = qmp.command(args[0])
            return (1 if "error" in msg else 0), json.dumps(msg.get("return", msg))
        if verb == "hmp":
            msg = qmp.command(json.dumps({"execute": "human-monitor-command",
                                          "arguments": {"command-line": " ".join(args)}}))
            return (1 if "error" in msg else 0), str(msg.get("return", msg))
        if verb == "event":
            msg = qmp.wait_event(args[0], float(args[1]) if len(args) > 1 else 10, self.seen,
                                 args[2] if len(args) > 2 else "")
            if msg is None:
                return 1, f"no event {args[0]}"
            self.seen = qmp.events.index(msg) + 1
            return 0, json.dumps(msg)
        if verb == "pause":
            first = qmp.command('{"execute":"stop"}')
            time.sleep(float(args[0]))
            last = qmp.command('{"execute":"cont"}')
            return (1 if "error" in first or "error" in last else 0), ""
        if verb == "coverage":
            with open(pathlib.Path(os.environ["COVERAGE"]) / f"{self.guest.rundir.name}.tgz", "ab") as out:
                out.write(base64.b64decode(args[0]))
            return 0, ""
        if verb == "path":
            return 0, str(self.guest.rundir / args[0])
        if verb == "run":
            program = TOP / "tests/guest" / args[0]
            env = dict(os.environ, RUN=str(self.guest.rundir), QMP=str(self.guest.sockdir / "qmp2"),
                       QEMU_PID=str(self.guest.proc.pid))
            res = subprocess.run([program, *args[1:]], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                 stderr=subprocess.STDOUT, text=True, errors="replace", env=env, check=False)
            return res.returncode & 255, res.stdout
        return 2, f"host: no request '{verb}'"


@dataclasses.dataclass
class Result:
    """How a boot ended."""
    state: str                  # done, panic, timeout, stalled, died, no-verdict
    detail: str
    lines: list                 # the verdict channel's lines
    console: str
    rundir: pathlib.Path
    seconds: float


class Guest:
    """One boot. files: what /harness gets, {guest path: (bytes, mode)}."""

    def __init__(self, kernel, machine, files, limits=None, boot_limit=BOOT_LIMIT, on_line=None, append=()):
        self.kernel = kernel
        self.machine = machine
        self.limits = limits or {}
        self.boot_limit = boot_limit
        self.on_line = on_line or (lambda line: None)
        self.append = list(append)
        self.nonce = secrets.token_hex(8)
        self.lines = []
        self.last = time.monotonic()
        self.limit = boot_limit
        self.finished = False
        self.qmp = None
        self.hung = ""
        self.stalled = ""
        self.kept = None
        self.proc = None
        self.given_up = threading.Event()
        (CACHE / "runs").mkdir(parents=True, exist_ok=True)
        self.rundir = pathlib.Path(tempfile.mkdtemp(prefix=time.strftime("%m%d-%H%M%S-"), dir=CACHE / "runs"))
        # Others, who clear old folders away, see by the lock that this one is in use.
        self.held = lock(self.rundir, fcntl.LOCK_SH)
        # Socket paths have 108 bytes at most; the cache may be anywhere.
        self.sockdir = pathlib.Path(tempfile.mkdtemp(prefix="ataport-"))
        everything = dict(image.guest_files())
        everything.update(files)
        image.initramfs(kernel, self.rundir / "initramfs", everything)

    def _listen(self, name):
        sock = socket.socket(socket.AF_UNIX)
        sock.bind(str(self.sockdir / name))
        sock.listen(1)
        return sock

    def _argv(self, interactive):
        sock = self.sockdir
        qemu, console, verdict, host, serial = LINES[self.kernel.arch]
        if self.machine.emulator:
            qemu = str(emulator.program(self.machine.emulator))
        elif not shutil.which(qemu):
            raise HarnessError(f"{qemu} is not installed: run KERNEL={self.kernel.name} scripts/deps.")
        cmdline = [f"console={console}", "panic=-1", "oops=panic", "ignore_loglevel", "mitigations=off",
                   "unknown_nmi_panic=1", "printk.time=1", "log_buf_len=4M", "nokaslr", *self.machine.append,
                   *self.append, *self.kernel.append, f"harness.verdict={verdict}", f"harness.host={host}",
                   f"harness.nonce={self.nonce}"]
        # It is killed when the harness dies, however that comes.
        argv = ["setpriv", "--pdeathsig", "KILL", qemu, "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
                *(emulation(self.kernel, "single") if self.machine.icount else accelerator(self.kernel)),
                *self.machine.prepare(self.rundir),
                "-kernel", str(self.kernel.image), "-initrd", str(self.rundir / "initramfs"),
                "-qmp", f"unix:{sock}/qmp",
                "-qmp", f"unix:{sock}/qmp2,server=on,wait=off"]
        if interactive:
            cmdline.remove("ignore_loglevel")
            argv += ["-chardev", f"stdio,id=con,mux=on,signal=off,logfile={self.rundir}/console",
                     "-mon", "con,mode=readline"]
        else:
            argv += ["-chardev", f"file,id=con,path={self.rundir}/console"]
        argv += ["-serial", "chardev:con",
                 "-chardev", f"socket,id=verdict,path={sock}/verdict,logfile={self.rundir}/verdict",
                 "-chardev", f"socket,id=host,path={sock}/host"]
        for line in ("verdict", "host"):
            argv += ["-device", f"{serial},chardev={line}"] if serial else ["-serial", f"chardev:{line}"]
        argv += ["-append", " ".join(cmdline)]
        return argv

    def run(self, interactive=False):
        start = time.monotonic()
        whole = False
        try:
            result = self._run(interactive, start)
            whole = True
            return result
        finally:
            if self.proc and self.proc.poll() is None:
                self.proc.kill()
                self.proc.wait()
            shutil.rmtree(self.sockdir, ignore_errors=True)
            if not whole:
                self.cleanup()

    def _run(self, interactive, start):
        listeners = [self._listen(n) for n in ("qmp", "verdict", "host")]
        argv = self._argv(interactive)
        (self.rundir / "qemu-command").write_text("\n".join(argv) + "\n")
        errlog = self.rundir / "qemu-stderr"
        with open(errlog, "wb") as err:
            # A session of its own: a ^C at the terminal ends the harness, which ends QEMU.
            self.proc = subprocess.Popen(argv, stdin=None if interactive else subprocess.DEVNULL,
                                         stdout=None if interactive else err, stderr=err,
                                         start_new_session=not interactive)
        socks = []
        for sock in listeners:
            sock.settimeout(20)
            try:
                socks.append(sock.accept()[0])
            except OSError:
                self.proc.kill()
                self.proc.wait()
                raise NoGuest("QEMU did not start:\n" + errlog.read_text(errors="replace")) from None
            finally:
                sock.close()
        for sock in socks:
            sock.settimeout(None)
        self.qmp = Qmp(socks[0])
        reader = threading.Thread(target=self._read_verdict, args=(socks[1],), daemon=True)
        reader.start()
        HostLine(self, socks[2])

        timed_out = False
        self.last = time.monotonic()
        while self.proc.poll() is None:
            try:
                self.proc.wait(0.2)
            except subprocess.TimeoutExpired:
                pass
            if self.given_up.is_set():
                self.proc.kill()
            if not interactive and time.monotonic() - self.last > self.limit:
                timed_out = True
                self._postmortem()
                break
        status = self.proc.wait()
        reader.join(5)
        try:
            console = (self.rundir / "console").read_text(errors="replace").replace("\r", "")
        except OSError:
            console = ""
        state, detail = self._judge(status, timed_out, console, errlog)
        return Result(state, detail, self.lines[:self.kept], console, self.rundir, time.monotonic() - start)

    def _read_verdict(self, sock):
        for raw in sock.makefile("rb"):
            line = raw.decode(errors="replace").rstrip("\r\n")
            self.lines.append(line)
            # What a test prints is no progress: one that prints for ever is hung too.
            if not line.startswith("# "):
                self.last = time.monotonic()
            begin = re.fullmatch(r"#@ begin (\S+)", line)
            if begin:
                self.limit = self.limits.get(begin.group(1), self.boot_limit) + MARGIN
            elif line == f"#@ end {self.nonce}":
                self.finished = True
                self.limit = 30
            self.on_line(line)

    def _postmortem(self):
        """Make a hung guest say where it hangs, then end it."""
        msg = self.qmp.command('{"execute":"query-status"}', 5)
        self.hung = msg.get("return", {}).get("status", "not answering")
        # All processors, twice, before the NMI has the first of them panic: one may spin while another is idle.
        with open(self.rundir / "registers", "w", encoding="utf-8") as out:
            for command in ("info registers -a", "info lapic", "info pic", "info registers -a"):
                msg = self.qmp.command(json.dumps({"execute": "human-monitor-command",
                                                   "arguments": {"command-line": command}}), 5)
                out.write(f"{command}\n{msg.get('return', msg)}\n")
                time.sleep(0.2)
        if self.hung == "running":
            self._nudge()
        if not self.stalled:
            self.qmp.command('{"execute":"inject-nmi"}', 5)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.proc.wait(5)
        self.proc.send_signal(signal.SIGTERM)
        try:
            self.proc.wait(3)
        except subprocess.TimeoutExpired:
            self.proc.kill()

    def _nudge(self):
        """See whether the guest comes to itself when the machine is stopped and continued.

        That gives a guest nothing that it could wait for, no interrupt and no answer of a device; it only has the
        emulator look at all of its processors and timers again, one of which it had lost. What the guest says from
        then on is no verdict: its clocks have missed minutes.
        """
        last, limit, kept = self.last, self.limit, len(self.lines)
        self.qmp.command('{"execute":"stop"}', 5)
        self.qmp.command('{"execute":"cont"}', 5)
        end = time.monotonic() + 15
        while time.monotonic() < end and self.proc.poll() is None:
            time.sleep(0.2)
            if self.last != last:
                self.stalled = f"no progress for {limit} s, until the emulator was stopped and continued"
                self.kept = kept
                return

    def _judge(self, status, timed_out, console, errlog):
        if self.stalled:
            return "stalled", self.stalled
        if timed_out:
            return "timeout", f"no progress for {self.limit} s, the machine is {self.hung}"
        panic = PANIC.search(console)
        reasons = [e["data"].get("reason") for e in self.qmp.events if e["event"] == "SHUTDOWN"]
        if self.finished and status == 0 and not panic:
            return "done", ""
        if panic:
            line = console[panic.start():].split("\n", 1)[0]
            return "panic", line
        if status != 0 or not reasons:
            return "died", (f"QEMU exited with status {status} and no shutdown of the guest: "
                            + errlog.read_text(errors="replace").strip()[-500:])
        return "no-verdict", f"the guest ended ({reasons[-1]}) without its last verdict line"

    def cleanup(self, keep=False):
        os.close(self.held)
        if not (keep or KEEP):
            shutil.rmtree(self.rundir, ignore_errors=True)
            return
        # Images are big and of no use after the fact unless asked for.
        if not KEEP:
            for path in self.rundir.iterdir():
                if path.name == "initramfs" or path.suffix in (".img", ".iso"):
                    path.unlink()
        # By name, which is by time.
        for path in sorted(p for p in (CACHE / "runs").iterdir() if p.is_dir())[:-20]:
            with contextlib.suppress(BlockingIOError, FileNotFoundError):
                os.close(lock(path, fcntl.LOCK_EX | fcntl.LOCK_NB))
                shutil.rmtree(path, ignore_errors=True)


def lock(path, how):
    fd = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(fd, how)
    except OSError:
        os.close(fd)
        raise
    return fd
