"""A program in a terminal of its own: starts it, presses keys, and says when what it paints came."""
import fcntl
import os
import pty
import select
import shutil
import struct
import tempfile
import termios
import time


class Screen:
    """Times are seconds of time.perf_counter()."""

    def __init__(self, command, folder=".", width=200, height=60):
        read, go = os.pipe()
        # No settings but the built-in ones, and none of the user's changed.
        self.settings = tempfile.mkdtemp()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            os.environ.update(TERM="xterm-256color", LC_ALL="C.UTF-8", XDG_CONFIG_HOME=self.settings)
            # Starts when the terminal has its size.
            os.read(read, 1)
            os.closerange(read, go + 1)
            os.execvp(command[0], command)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
        self.started = time.perf_counter()
        os.write(go, b"x")
        os.close(read)
        os.close(go)

    def now(self):
        return time.perf_counter()

    def read(self, seconds):
        """What the program writes next; empty after so many seconds of silence, None when it is gone."""
        if not select.select([self.fd], [], [], max(0, seconds))[0]:
            return b""
        try:
            text = os.read(self.fd, 1 << 16)
        except OSError:
            return None
        # Questions that a terminal answers: what it is, and where its cursor stands.
        if b"\x1b[c" in text:
            os.write(self.fd, b"\x1b[?62;c")
        if b"\x1b[6n" in text:
            os.write(self.fd, b"\x1b[1;1R")
        return text

    def press(self, keys):
        """Writes keys; returns when that was."""
        os.write(self.fd, keys)
        return time.perf_counter()

    def until(self, seconds, isIt):
        """Reads until what was written since the call meets `isIt`; returns when, or NaN after so many seconds."""
        seen, end = b"", time.perf_counter() + seconds
        while time.perf_counter() < end:
            text = self.read(end - time.perf_counter())
            if text is None:
                break
            seen += text
            if isIt(seen):
                return time.perf_counter()
        return float("nan")

    def settle(self, silence, limit=60, counts=lambda text: bool(text)):
        """Reads until nothing that counts came for `silence` seconds; returns when the first and the last of it came."""
        start = time.perf_counter()
        first = last = float("nan")
        while time.perf_counter() - start < limit:
            text = self.read(0.02 if silence > 0.1 else silence)
            if text is None:
                break
            now = time.perf_counter()
            if counts(text):
                first, last = (first if first == first else now), now
            if now - (last if last == last else start) >= silence:
                break
        return first, last

    def cpu(self):
        """Seconds of processor that the threads there are now have had: what a busy machine does not stretch."""
        total, folder = 0, f"/proc/{self.pid}/task"
        for thread in os.listdir(folder):
            try:
                with open(f"{folder}/{thread}/schedstat") as statistics:
                    total += int(statistics.read().split()[0])
            except OSError:
                pass
        return total * 1e-9

    def peak(self):
        """Peak resident memory so far of the program and those it started, in megabytes."""
        total, waiting = 0, [self.pid]
        while waiting:
            pid = waiting.pop()
            try:
                with open(f"/proc/{pid}/status") as status:
                    total += next((int(line.split()[1]) for line in status if line.startswith("VmHWM")), 0)
                with open(f"/proc/{pid}/task/{pid}/children") as children:
                    waiting += map(int, children.read().split())
            except OSError:
                pass
        return total / 1024

    def close(self, keys=(b"q", b"\x03")):
        """Quits the program; returns its CPU seconds and its peak resident memory in megabytes."""
        peak = self.peak()
        for key in keys:
            try:
                os.write(self.fd, key)
            except OSError:
                break
            if self.until(0.3, lambda text: False) is None:
                break
        try:
            while select.select([self.fd], [], [], 2)[0] and os.read(self.fd, 1 << 16):
                pass
        except OSError:
            pass
        _, _, usage = os.wait4(self.pid, 0)
        os.close(self.fd)
        shutil.rmtree(self.settings)
        return usage.ru_utime + usage.ru_stime, peak


def braille(text):
    """Whether a piece of a screen has part of a curve in it: ten dots of braille."""
    return sum("\u2801" <= c <= "\u28ff" for c in text.decode("utf-8", "replace")) > 10
