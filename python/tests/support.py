"""Runs a script as Descent runs it: a process of its own, with a folder for its messages and a file of commands."""

import glob
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
import unittest

PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
REPOSITORY = os.path.dirname(PACKAGE)
EXAMPLES = os.path.join(PACKAGE, "examples")
if PACKAGE not in sys.path:
    sys.path.insert(0, PACKAGE)


def needs(*modules):
    """Skips, by name, what cannot run without the modules."""
    missing = [name for name in modules if importlib.util.find_spec(name) is None]
    return unittest.skipIf(missing, "not installed: " + ", ".join(missing))


class ScriptTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="descent-test-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.messages_folder = os.path.join(self.folder, "messages")
        os.mkdir(self.messages_folder)
        self.commands = os.path.join(self.folder, "commands.jsonl")
        self.environment = {}

    def start(self, code, descent=True, arguments=(), **options):
        if "\n" in code:
            path = os.path.join(self.folder, "script.py")
            with open(path, "w") as file:
                file.write(textwrap.dedent(code))
        else:
            path = code
        environment = dict(os.environ, PYTHONPATH=PACKAGE, PYTHONUNBUFFERED="1", OMP_NUM_THREADS="1", CUDA_VISIBLE_DEVICES="")
        for name in list(environment):
            if name.startswith(("DESCENT_", "SM_")) or name in ("RANK", "WORLD_SIZE"):
                del environment[name]
        if descent:
            environment["DESCENT_MESSAGES"] = self.messages_folder
            environment["DESCENT_COMMANDS"] = self.commands
        environment.update(self.environment)
        options.setdefault("cwd", self.folder)
        process = subprocess.Popen([sys.executable, path] + list(arguments), env=environment, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, universal_newlines=True, **options)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stderr.close)
        self.addCleanup(lambda: process.poll() is None and process.kill())
        return process

    def run_script(self, code, timeout=600, status=0, **options):
        """Runs to the end; gives standard output and error."""
        process = self.start(code, **options)
        out, error = process.communicate(timeout=timeout)
        if status is not None:
            self.assertEqual(process.returncode, status, out + error)
        return out, error

    def files(self):
        return sorted(glob.glob(os.path.join(self.messages_folder, "*.jsonl")))

    def messages(self, kind=None, whole=True):
        result = []
        for path in self.files():
            with open(path, "rb") as file:
                text = file.read()
            lines = text.split(b"\n")
            if whole:
                self.assertEqual(lines[-1], b"", "the last line has no end: %r" % lines[-1][-200:])
            for line in lines[:-1]:
                result.append(json.loads(line.decode("utf-8"), parse_constant=self.fail))
        return [message for message in result if kind is None or message["kind"] == kind]

    def series(self, name):
        return [(message["step"], message["values"][name]) for message in self.messages("metrics", whole=False)
                if name in message["values"]]

    def command(self, **members):
        with open(self.commands, "a") as file:
            file.write(json.dumps(members) + "\n")

    def wait_for(self, condition, process=None, seconds=300):
        """Waits for something that is going to be there, however slow the machine is."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = condition()
            if found:
                return found
            if process is not None and process.poll() is not None:
                found = condition()
                if found:
                    return found
                self.fail("the script ended (%s): %s" % (process.returncode, process.stderr.read()))
            time.sleep(0.01)
        self.fail("it did not come")


__all__ = ["EXAMPLES", "PACKAGE", "REPOSITORY", "ScriptTest", "needs", "os", "json", "signal", "sys", "time", "unittest"]
