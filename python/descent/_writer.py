"""The queue between a script and its messages' file: the script appends to it, a thread encodes and writes."""

import collections
import errno
import os
import sys
import threading
import time

from . import _encode, _process

#: The thread writes what was measured this often: what a kill loses is what was logged since. All else it writes at once.
INTERVAL_SECONDS = 0.2
#: How long the end of the script may wait for the disk.
CLOSE_SECONDS = 2.0
#: Summaries beyond this many waiting messages are dropped and counted.
SUMMARY_LIMIT = 4096
#: A script that logs faster than its thread writes helps to write from here on.
HELP_LIMIT = 32_768
#: What is kept in memory while the disk takes nothing.
MEMORY_LIMIT = 500_000
#: What may pass: the disk has room again, the quota or limit was raised, the share is back.
_PASSING = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EAGAIN, errno.EINTR, errno.ESTALE, errno.ETIMEDOUT}
_BATCH = 512


def say(text):
    """One line on standard error; where that is closed, none."""
    try:
        sys.stderr.write("descent: %s\n" % text)
        sys.stderr.flush()
    except Exception:
        pass


class Writer:
    """Appends the messages of this process to a file of its own. Nothing it does can raise into the script."""

    def __init__(self, folder, version, on_failure=lambda: None, is_watching=False):
        self.folder = folder
        self.on_failure = on_failure
        self.rank = _process.rank()
        self.pid = os.getpid()
        self.path = os.path.join(folder, "%d-%d.jsonl" % (self.rank, self.pid))
        self.queue = collections.deque()
        self.failed = None
        self.lost = 0
        self._dropped = 0
        self._dropped_said = 0
        self._descriptor = None
        self._rest = b""
        self._disk_said = False
        self._retry_at = 0.0
        self._deadline = float("inf")
        self._lock = threading.Lock()
        self._is_ending = False
        #: How long its thread has encoded summaries: it holds the interpreter meanwhile, and on a machine that is busy for longer than it works.
        self.seconds = 0.0
        # Released to wake the thread: waiting for a lock costs a third of waiting for an event.
        self._sleep = threading.Lock()
        self._sleep.acquire()
        self._thread = threading.Thread(target=self._run, name="descent", daemon=True)
        self.send("hello", version=1, pid=self.pid, rank=self.rank, world=_process.world(),
                  package="descent-python " + version, attempt=_process.attempt(), watching=is_watching or None, time=round(time.time(), 3))
        self._thread.start()

    # What the script calls

    def metrics(self, step, epoch, values):
        self.queue.append((step, epoch, time.time(), values))
        if len(self.queue) > HELP_LIMIT:
            self.help()

    def send(self, kind, **members):
        self.queue.append((kind, members))
        self._wake()

    def summary(self, members):
        if len(self.queue) > SUMMARY_LIMIT:
            self._dropped += 1
        else:
            self.queue.append(("tensor", members))

    def flush(self, seconds=CLOSE_SECONDS):
        """Writes what waits, in this thread, unless another one is at it for longer than `seconds`."""
        deadline = time.monotonic() + seconds
        if self.failed is None and self._lock.acquire(timeout=seconds):
            try:
                while self.queue and self.failed is None and time.monotonic() < deadline:
                    if not self._drain(again=True):
                        break
            except Exception as error:
                self._fail(error)
            finally:
                self._lock.release()

    def close(self, seconds=CLOSE_SECONDS):
        """Lets the thread write what waits, for at most `seconds`: a disk that hangs does not hold the script."""
        if self.failed is not None:
            return
        self._deadline = time.monotonic() + seconds
        self._is_ending = True
        self._wake()
        self._thread.join(seconds)
        left = len(self.queue) + self._rest.count(b"\n") + self.lost
        if left and self.failed is None:
            self.failed = "closed"
            say("%d messages could not be written to %s before the end" % (left, self.path))

    def _wake(self):
        try:
            self._sleep.release()
        except RuntimeError:
            pass  # It is awake.

    # The thread

    def _run(self):
        try:
            while True:
                self._sleep.acquire(timeout=INTERVAL_SECONDS)
                if self._is_ending:
                    break
                if self.queue or self._rest:
                    with self._lock:
                        while self.queue and self._drain():
                            pass
            with self._lock:
                while (self.queue or self._rest) and time.monotonic() < self._deadline:
                    if not self._drain(again=True):
                        break
        except Exception as error:
            self._fail(error)

    def help(self):
        """Writes some of what waits, in the calling thread: it logs faster than the writer writes."""
        if time.monotonic() < self._retry_at:
            if len(self.queue) > MEMORY_LIMIT:
                self.queue.popleft()
                self.lost += 1
            return
        with self._lock:
            try:
                while len(self.queue) > HELP_LIMIT // 2 and self._drain():
                    pass
            except Exception as error:
                self._fail(error)

    def _drain(self, again=False):
        """Encodes and writes some messages; false where the disk takes none now. The lock is held."""
        if self.failed is not None:
            self.queue.clear()
            return False
        if not again and time.monotonic() < self._retry_at:
            return False
        if self._rest and not self._write():
            return False
        lines = []
        started = time.perf_counter()
        holds = False
        for _ in range(min(_BATCH, len(self.queue))):
            entry = self.queue.popleft()
            try:
                if len(entry) == 4:
                    lines.append(_encode.metrics(*entry))
                elif entry[0] == "tensor":
                    holds = True
                    lines.append(_encode.tensor(entry[1]))
                else:
                    lines.append(_encode.message(*entry))
            except Exception as error:
                say("a message was left out: %s" % error)
        if holds:
            self.seconds += time.perf_counter() - started
        if self._dropped != self._dropped_said:
            self._dropped_said = self._dropped
            lines.append(_encode.message("dropped", {"count": self._dropped}))
        self._rest = "".join(lines).encode("utf-8", "replace")
        return not self._rest or self._write()

    def _write(self):
        """Writes the rest of the batch. A line that the disk took in part is completed before anything else."""
        try:
            if self._descriptor is None:
                try:
                    self._descriptor = self._open()
                except FileNotFoundError:
                    os.makedirs(self.folder, exist_ok=True)
                    self._descriptor = self._open()
            while self._rest:
                count = os.write(self._descriptor, self._rest)
                self._rest = self._rest[count:]
            if self._disk_said:
                self._disk_said = False
                say("messages are written again")
            return True
        except OSError as error:
            if error.errno not in _PASSING:
                self._fail(error)
                return False
            self._retry_at = time.monotonic() + 1
            if not self._disk_said:
                self._disk_said = True
                say("messages cannot be written (%s): they are kept and tried again; training goes on" % error.strerror)
            return False

    def _open(self):
        return os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o644)

    def _fail(self, error):
        if self.failed is None:
            self.failed = str(error)
            self.queue.clear()
            self.on_failure()
            say("nothing is told any more (%s: %s); training goes on" % (type(error).__name__, error))
