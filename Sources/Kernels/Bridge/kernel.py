"""Speaks with a Jupyter kernel for the `descent` program: lines of JSON on standard input and output.

usage: python -c THIS FOLDER [KERNEL]

Asked: {"op": "execute", "code": …, "asks": whether it may ask questions}, {"op": "answer", "text": …}, {"op": "interrupt"},
{"op": "kill"}; the end of standard input ends the kernel. Told: what `KernelNews` reads. The kernel is reached over Unix sockets in a folder that only the user may enter.
"""
import glob
import json
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
import time

#: Bytes of one cell's stream that are passed on; the program keeps fewer.
MOST_TEXT = 8 << 20
#: Seconds in which a kernel has to answer for the first time.
START_SECONDS = 60
#: Of the folders with the sockets, before the process's number.
PREFIX = "descent-kernel-"


class Wire:
    """Standard output, which nothing else may write to."""

    def __init__(self):
        self._file = os.fdopen(os.dup(1), "w", encoding="utf-8", errors="backslashreplace")
        os.dup2(2, 1)
        self._lock = threading.Lock()

    def tell(self, kind, **members):
        with self._lock:
            try:
                self._file.write(json.dumps(dict(kind=kind, **members)) + "\n")
                self._file.flush()
            except (BrokenPipeError, ValueError):
                os._exit(1)


class Kernel:
    def __init__(self, wire, folder, name):
        from jupyter_client.manager import KernelManager

        self._wire = wire
        self._sweep()
        self._sockets = tempfile.mkdtemp(prefix=PREFIX + "%d-" % os.getpid())
        self._log = open(os.path.join(self._sockets, "log"), "w+b")
        self.manager = KernelManager(transport="ipc", ip=os.path.join(self._sockets, "k"), **({"kernel_name": name} if name else {}))
        self.manager.connection_file = os.path.join(self._sockets, "kernel.json")
        self.manager.start_kernel(cwd=folder, stdout=self._log, stderr=self._log, env=self._environment())
        self.client = self.manager.client()
        self.client.start_channels()

    def _environment(self):
        """The kernel's, with the packages of an engine before its own where there is one."""
        environment, engine = dict(os.environ), os.environ.get("DESCENT_KERNEL_ENGINE")
        if not engine:
            return environment
        program = self.manager.kernel_spec.argv[0]
        if os.path.basename(program).startswith("python") and os.path.dirname(program) == "":
            program = sys.executable
        done = subprocess.run([program, "-c", "import sys; print('python%d.%d' % sys.version_info[:2])"], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, universal_newlines=True)
        version, wanted = done.stdout.strip(), os.path.basename(os.path.dirname(engine))
        if version != wanted:
            raise OSError("Spark is installed for %s, and the kernel is %s: descent engine remove spark, then descent engine install "
                          "spark --python with the kernel's" % (wanted, version or "not Python"))
        environment["PYTHONPATH"] = os.pathsep.join(part for part in (environment.get("PYTHONPATH"), engine) if part)
        return environment

    @staticmethod
    def _sweep():
        """Removes what processes that were killed left behind."""
        for path in glob.glob(os.path.join(tempfile.gettempdir(), PREFIX + "*")):
            owner = os.path.basename(path)[len(PREFIX):].split("-")[0]
            if os.stat(path).st_uid == os.getuid() and owner.isdigit() and not os.path.exists("/proc/" + owner):
                shutil.rmtree(path, ignore_errors=True)

    def wait(self):
        """Waits for the first answer; returns the kernel's language."""
        self.client.wait_for_ready(timeout=START_SECONDS)
        spec = self.manager.kernel_spec
        return spec.language if spec is not None else ""

    def last_words(self):
        self._log.flush()
        self._log.seek(0)
        lines = [line for line in self._log.read()[-4096:].decode("utf-8", "replace").splitlines() if line.strip()]
        return ": " + lines[-1].strip() if lines else ""

    def close(self):
        try:
            self.client.stop_channels()
            self.manager.shutdown_kernel(now=True)
        finally:
            shutil.rmtree(self._sockets, ignore_errors=True)

    def execute(self, code, asks, wishes):
        """Runs code to its end, which is both its reply and its own idle; returns False where the kernel is gone."""
        message = self.client.execute(code, allow_stdin=asks)
        reply, idle, passed, checked = None, False, 0, time.monotonic()
        while reply is None or not idle:
            for wish in wishes.taken():
                if wish is None:
                    return False
                if wish["op"] == "interrupt":
                    self.manager.interrupt_kernel()
                elif wish["op"] == "kill":
                    self.manager.shutdown_kernel(now=True)
                elif wish["op"] == "answer":
                    self.client.input(wish["text"])
            heard = self._take(self.client.get_iopub_msg, 0.05)
            while heard is not None:
                if heard["parent_header"].get("msg_id") == message:
                    content = heard["content"]
                    if heard["msg_type"] == "status":
                        idle = idle or content["execution_state"] == "idle"
                    else:
                        passed = self._tell(heard["msg_type"], content, passed)
                elif heard["msg_type"] == "update_display_data":
                    passed = self._tell(heard["msg_type"], heard["content"], passed)
                heard = self._take(self.client.get_iopub_msg, 0)
            question = self._take(self.client.get_stdin_msg, 0) if asks else None
            if question is not None and question["msg_type"] == "input_request":
                content = question["content"]
                self._wire.tell("question", prompt=content.get("prompt", ""), secret=bool(content.get("password")))
            if reply is None:
                answer = self._take(self.client.get_shell_msg, 0)
                if answer is not None and answer["parent_header"].get("msg_id") == message:
                    reply = answer["content"]
            if time.monotonic() - checked > 0.3:
                checked = time.monotonic()
                if not self.manager.is_alive():
                    self._wire.tell("died", message="the kernel died while it ran%s" % self.last_words())
                    return False
        self._wire.tell("done", status=reply["status"], count=reply.get("execution_count"))
        return True

    @staticmethod
    def _take(get, timeout):
        try:
            return get(timeout=timeout)
        except queue.Empty:
            return None

    def _tell(self, kind, content, passed):
        display = content.get("transient", {}).get("display_id")
        names = {} if display is None else {"display": display}
        if kind == "stream":
            passed += len(content["text"])
            if passed <= MOST_TEXT:
                self._wire.tell("output", output=dict(output_type=kind, name=content["name"], text=content["text"]))
        elif kind in ("display_data", "execute_result"):
            output = dict(output_type=kind, data=content["data"], metadata=content["metadata"])
            if kind == "execute_result":
                output["execution_count"] = content["execution_count"]
            self._wire.tell("output", output=output, **names)
        elif kind == "update_display_data" and display is not None:
            output = dict(output_type="display_data", data=content["data"], metadata=content["metadata"])
            self._wire.tell("update", output=output, **names)
        elif kind == "error":
            output = dict(output_type=kind, ename=content["ename"], evalue=content["evalue"], traceback=content["traceback"])
            self._wire.tell("output", output=output)
        elif kind == "clear_output":
            self._wire.tell("clear", wait=bool(content.get("wait")))
        return passed


class Wishes:
    """What is asked for on standard input. The end of it is None, for ever."""

    def __init__(self):
        self._codes, self._others, self._ended = queue.Queue(), queue.Queue(), False
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in sys.stdin:
            wish = json.loads(line)
            (self._codes if wish["op"] == "execute" else self._others).put(wish)
        self._codes.put(None)
        self._others.put(None)

    def next_code(self):
        wish = self._codes.get()
        # What was asked of the cell before it is over with it.
        while not self._others.empty() and wish is not None:
            self._others.get()
        return wish

    def taken(self):
        wishes = []
        while not self._others.empty():
            wishes.append(self._others.get())
        return wishes


def main(folder, name=None):
    wire, wishes = Wire(), Wishes()
    try:
        import jupyter_client  # noqa: F401
        from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
    except ImportError:
        wire.tell("failed", message="jupyter_client is not in %s: pip install jupyter_client ipykernel" % sys.executable)
        return 1
    try:
        kernel = Kernel(wire, folder, name)
    except NoSuchKernel as fault:
        known = ", ".join(sorted(KernelSpecManager().find_kernel_specs())) or "none"
        wire.tell("failed", message="there is no kernel '%s', there are: %s (pip install ipykernel has python3)" % (fault.name, known))
        return 1
    except OSError as fault:
        wire.tell("failed", message="the kernel cannot be started: %s" % fault)
        return 1
    try:
        try:
            language = kernel.wait()
        except RuntimeError as fault:
            wire.tell("failed", message="the kernel does not answer (%s)%s" % (fault, kernel.last_words()))
            return 1
        wire.tell("ready", language=language)
        while True:
            wish = wishes.next_code()
            if wish is None or not kernel.execute(wish["code"], wish.get("asks", False), wishes):
                return 0
    finally:
        kernel.close()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
