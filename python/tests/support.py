"""Runs a script as Descent runs it: a process of its own, with a folder for its messages and a file of commands."""

import collections
import csv
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


def program():
    """The descent program, or None."""
    given = os.environ.get("DESCENT_BINARY") or shutil.which("descent")
    if given:
        return os.path.abspath(given)
    for build in ("debug", "release"):
        path = os.path.join(REPOSITORY, ".build", build, "descent")
        if os.access(path, os.X_OK):
            return path
    return None


Run = collections.namedtuple("Run", ["name", "errors"])


@unittest.skipIf(program() is None, "not built: descent (set DESCENT_BINARY)")
class RunTest(unittest.TestCase):
    """Runs scripts by the descent program, in a workspace of its own."""

    maxDiff = None

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="descent-test-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.count = 0

    def write(self, code, name="script.py"):
        path = os.path.join(self.folder, name)
        with open(path, "w") as file:
            file.write(textwrap.dedent(code))
        return path

    def begin(self, *arguments, environment=None):
        """A command in the workspace, as a process."""
        variables = dict(os.environ, OMP_NUM_THREADS="1", CUDA_VISIBLE_DEVICES="", TF_CPP_MIN_LOG_LEVEL="2", **(environment or {}))
        # The scripts' interpreter is this one.
        variables["PATH"] = os.path.dirname(sys.executable) + os.pathsep + variables.get("PATH", "")
        variables.pop("VIRTUAL_ENV", None)
        variables["PYTHONPATH"] = PACKAGE
        for name in list(variables):
            if name.startswith(("DESCENT_", "SM_")):
                del variables[name]
        return subprocess.Popen([program()] + list(arguments) + ["--workspace", os.path.join(self.folder, "workspace")],
                                cwd=self.folder, env=variables, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, universal_newlines=True)

    def end(self, process, status=0):
        out, errors = process.communicate(timeout=900)
        if status is not None:
            self.assertEqual(process.returncode, status, errors + out[-2000:])
        return out, errors

    def descent(self, *arguments, status=0, environment=None):
        return self.end(self.begin(*arguments, environment=environment), status)[0]

    def json(self, *arguments):
        return [json.loads(line) for line in self.descent(*arguments, "--json").splitlines()]

    def train_arguments(self, script, *arguments):
        self.count += 1
        name = "run-%d" % self.count
        return name, ("train",) + arguments + ("--algorithm", "script", "--script", script, "--name", name)

    def train(self, script, *arguments, environment=None, status=0):
        name, arguments = self.train_arguments(script, *arguments)
        return Run(name, self.end(self.begin(*arguments, environment=environment), status)[1])

    def curves(self, run):
        """By metric, the points of its curve, in their order."""
        path = os.path.join(self.folder, "curves.csv")
        if os.path.exists(path):
            os.remove(path)
        self.descent("runs", "export", run.name, "--format", "csv", "--out", path)
        curves = {}
        with open(path, newline="") as file:
            for row in csv.DictReader(file):
                if not row["metric"].startswith("system:"):
                    curves.setdefault(row["metric"], []).append((int(row["step"]), float(row["value"])))
        return curves

    def shown(self, run):
        return self.json("runs", "show", run.name)[0]

    def objective(self, run):
        """What a run is judged by, and which way that is better."""
        objective = self.shown(run)["objective"]
        return objective["metric"], objective["direction"]

    def wait_for(self, condition, seconds=300):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = condition()
            if found:
                return found
            time.sleep(0.05)
        self.fail("it did not come")


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


__all__ = ["EXAMPLES", "PACKAGE", "REPOSITORY", "RunTest", "ScriptTest", "needs", "os", "json", "program", "signal", "sys", "time", "unittest"]
