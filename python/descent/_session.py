"""What this process says to Descent: one writer a process, made when there is something to say."""

import atexit
import functools
import math
import os
import signal
import sys
import threading

from . import _encode, _process
from ._writer import Writer, say

VERSION = "0.1.0"
#: Whole numbers farther from 0 than this are not exact for every reader.
FARTHEST = 2 ** 53


def guarded(otherwise=None):
    """A function of ours that fails ends our own work with one line on standard error, never the script."""
    def decorate(function):
        @functools.wraps(function)
        def call(*arguments, **named):
            try:
                return function(*arguments, **named)
            except Exception as error:
                session.disable("%s: %s: %s" % (function.__name__, type(error).__name__, error))
                return otherwise
        return call
    return decorate


class Session:
    def __init__(self):
        self.folder = os.environ.get("DESCENT_MESSAGES")
        self._writer = None
        #: Whether the script itself, or a callback in it, has asked for the writer.
        self._is_asked = False
        self._forked_child = False
        self._group_before_fork = False
        self._disabled = not self.folder
        self._lock = threading.Lock()
        self._said = set()
        self._kinds = set()
        #: The writer, while it can write: what a call needs to know is one look away.
        self.open_writer = None
        #: What was logged at `step`.
        self.names = {}
        self.step = None
        self.epoch = None
        self._error = None
        if self.folder:
            # So that processes with another working folder write to the same place.
            self.folder = os.path.abspath(self.folder)
            atexit.register(self._leave)
            self._previous_hook = sys.excepthook
            sys.excepthook = self._failed
            if hasattr(os, "register_at_fork"):
                os.register_at_fork(after_in_child=self._forked)

    # The writer

    def writer(self, is_watching=False):
        """This process's writer, or None where it has nothing to say.

        - `is_watching`: it is asked for what is seen of a script that does not know of it, which is left to handle signals itself.
        """
        writer = self._writer
        if writer is not None and (is_watching or self._is_asked):
            return writer if writer.failed is None else None
        if self._disabled:
            return None
        if self.is_worker():
            return None
        with self._lock:
            if self._writer is None:
                self._writer = Writer(self.folder, VERSION, self._closed, is_watching)
            if not is_watching and not self._is_asked:
                self._is_asked = True
                if self._writer.failed is None:
                    self.open_writer = self._writer
                self._catch_termination()
        return self._writer if self._writer.failed is None else None

    def is_worker(self):
        return _process.is_worker(self._forked_child, self._group_before_fork)

    def _closed(self):
        self.open_writer = None

    def disable(self, why):
        if not self._disabled:
            self._disabled = True
            self.open_writer = None
            writer, self._writer = self._writer, None
            if writer is not None:
                writer.close(0.5)
            say("nothing is told any more (%s); training goes on" % why)

    def note(self, text):
        """Says something once."""
        if text not in self._said and len(self._said) < 20:
            self._said.add(text)
            say(text)

    # What is logged

    def log(self, step, epoch, values):
        writer = self.writer()
        if writer is None:
            return
        plain = True
        for value in values.values():
            kind = type(value)
            if kind is not float and kind is not int:
                plain = False
                break
        if not plain:
            values = self._numbers(values)
        names = self.names
        step = self.whole(step, "a step", "its values are counted on")
        epoch = self.whole(epoch, "an epoch")
        if step is None:
            # The same name again is the next step; another name belongs to the step that is on.
            step = self.step
            if step is None:
                step = first_step()
            elif any(name in names for name in values):
                step += 1
        self.names = dict(names, **values) if step == self.step else values
        self.step = step
        if epoch is not None:
            self.epoch = epoch
        if values:
            writer.metrics(step, epoch, values)

    def whole(self, value, what, otherwise="it is left out"):
        """`value` as a whole number; what is none is said, once of each kind, and None where it cannot be one."""
        if value is None or type(value) is int and -FARTHEST <= value <= FARTHEST:
            return value
        try:
            number = float(value)
            nearest = math.floor(number + 0.5)
            if -FARTHEST <= nearest <= FARTHEST:
                if nearest != number:
                    self._note_kind(what + "'s fraction", "%s is a whole number: %s counts as %d" % (what, value, nearest))
                return nearest
        except (TypeError, ValueError, OverflowError):
            pass
        self._note_kind(what, "%s cannot be %s: %s" % (what, str(value)[:40], otherwise))
        return None

    def _note_kind(self, kind, text):
        if kind not in self._kinds:
            self._kinds.add(kind)
            self.note(text)

    def _numbers(self, values):
        result = {}
        for name, value in values.items():
            try:
                result[name] = _encode.plain(name, value)
            except _encode.NotANumber as error:
                self.note("not logged: %s" % error)
        return result

    def send(self, kind, **members):
        return self._send(self.writer(), kind, members)

    def observe(self, kind, **members):
        """Sends what was seen of a script, whether or not it knows of it."""
        return self._send(self.writer(is_watching=True), kind, members)

    def _send(self, writer, kind, members):
        if writer is not None:
            writer.send(kind, **members)
        return writer

    # Ends

    def _forked(self):
        self._writer = self.open_writer = None
        self._is_asked = False
        self._forked_child = True
        self._lock = threading.Lock()
        self._group_before_fork = _process.process_group() is not None

    def _failed(self, kind, error, trace):
        try:
            if not issubclass(kind, SystemExit):
                file, line = _place(trace)
                self._error = {"type": kind.__name__, "message": str(error)[:4000], "file": file, "line": line}
                self.writer(is_watching=True)
        except Exception:
            pass
        self._previous_hook(kind, error, trace)

    def _leave(self):
        try:
            writer = self._writer
            if writer is not None and writer.pid == os.getpid():
                self.finish_hooks()
                writer.send("end", status="error" if self._error else "ok", error=self._error)
                writer.close()
        except Exception:
            pass

    finishers = ()

    def finish_hooks(self):
        for finish in self.finishers:
            try:
                finish()
            except Exception:
                pass

    def _catch_termination(self):
        """SIGTERM ends a Python process without running anything: only where the script left it so, we write first."""
        try:
            if threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGTERM) == signal.SIG_DFL:
                signal.signal(signal.SIGTERM, self._terminated)
        except (ValueError, OSError):
            pass

    def _terminated(self, number, frame):
        writer = self._writer
        if writer is not None and writer.pid == os.getpid():
            try:
                writer.close()
            except Exception:
                pass
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)


def first_step():
    try:
        return int(os.environ["DESCENT_STEP"])
    except (KeyError, ValueError):
        return 0


def _place(trace):
    """File and line of the innermost call in the user's own code, else of the innermost one."""
    own = None
    innermost = None
    libraries = (os.path.dirname(os.__file__), os.path.dirname(os.path.abspath(__file__)))
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        innermost = (file, trace.tb_lineno)
        if "site-packages" not in file and "dist-packages" not in file and not file.startswith("<") \
                and not os.path.abspath(file).startswith(libraries):
            own = innermost
        trace = trace.tb_next
    file, line = own or innermost or (None, None)
    return (os.path.abspath(file) if file and not file.startswith("<") else file), line


session = Session()
