"""The `descent` program: where it is, one command to its end, one command while it runs."""

import json
import os
import shutil
import subprocess
import sys
import threading


class DescentNotFound(RuntimeError):
    """There is no descent program to drive."""


class TrainingFailed(RuntimeError):
    """A training job ended otherwise than completed; the text says why."""

    def __init__(self, message, status="Failed"):
        super().__init__(message)
        self.status = status


_said = set()


def say_once(text):
    """One line on standard error, once: what of SageMaker's arguments has no meaning here."""
    if text not in _said:
        _said.add(text)
        sys.stderr.write("descent: %s\n" % text)


def path():
    given = os.environ.get("DESCENT_BINARY")
    if given:
        if not os.access(given, os.X_OK):
            raise DescentNotFound("DESCENT_BINARY is %s, which cannot be executed" % given)
        return given
    found = shutil.which("descent")
    if not found:
        raise DescentNotFound("there is no program descent in PATH: install it (make install), or set DESCENT_BINARY to where it is")
    return found


def _environment(environment):
    result = dict(os.environ)
    # Runs that a script starts are runs of their own.
    for name in ("DESCENT_MESSAGES", "DESCENT_COMMANDS", "DESCENT_RUN", "DESCENT_RUN_NAME", "DESCENT_CHECKPOINT", "DESCENT_STEP"):
        result.pop(name, None)
    result.update(environment or {})
    return result


def run(arguments, timeout=None):
    """Runs a command to its end; gives (status, standard output, the last line of standard error)."""
    done = subprocess.run([path()] + arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
                          env=_environment(None), universal_newlines=True, timeout=timeout)
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    return done.returncode, done.stdout, lines[-1] if lines else ""


def checked(arguments):
    """Standard output of a command that must succeed."""
    status, out, error = run(arguments)
    if status != 0:
        raise RuntimeError(error or "descent %s ended with status %d" % (" ".join(arguments[:2]), status))
    return out


def objects(text):
    """The JSON lines in `text`."""
    result = []
    for line in text.splitlines():
        if line.startswith("{"):
            try:
                result.append(json.loads(line))
            except ValueError:
                continue
    return result


class Watched:
    """A command whose events are handed on as they come; its log is kept, and shown where `logs`."""

    def __init__(self, arguments, received, logs, environment=None, processors=None):
        self.log = []
        self._received = received
        self._logs = logs
        before = None
        if processors is not None:
            def before():
                os.sched_setaffinity(0, processors)
        # SAFETY: preexec_fn sets one system value and calls nothing that another thread may hold.
        self.process = subprocess.Popen([path()] + arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        stdin=subprocess.DEVNULL, env=_environment(environment), preexec_fn=before)
        self._threads = [threading.Thread(target=self._read_events, daemon=True), threading.Thread(target=self._read_log, daemon=True)]
        for thread in self._threads:
            thread.start()

    def _read_events(self):
        for line in self.process.stdout:
            try:
                event = json.loads(line.decode("utf-8", "replace"))
            except ValueError:
                continue
            if isinstance(event, dict):
                self._received(event)

    def _read_log(self):
        for line in self.process.stderr:
            text = line.decode("utf-8", "replace").rstrip("\n")
            self.log.append(text)
            if self._logs:
                sys.stderr.write(text + "\n")

    def wait(self, timeout=None):
        status = self.process.wait(timeout)
        for thread in self._threads:
            thread.join(10)
        self.process.stdout.close()
        self.process.stderr.close()
        return status
