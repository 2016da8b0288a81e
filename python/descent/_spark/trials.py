"""Trials of a search as tasks: each runs the program that asked on an executor, and its lines go back and forth while it trains.

A task that is lost with its executor is begun again elsewhere, and says so.
"""

import os
import secrets
import socket
import subprocess
import threading

from descent._spark.faults import Fault, fault_of

#: Seconds to wait for the last lines of a task that was lost.
LAST_LINES = 10


class Trials:
    def __init__(self, session, wire) -> None:
        self.session, self.wire = session, wire
        self._token = secrets.token_hex(16)
        self._lock = threading.Lock()
        self._connections: dict = {}
        self._readers: dict = {}
        self._stopped: set = set()
        host = session.context.getConf().get("spark.driver.host")
        self._server = socket.create_server(("127.0.0.1" if host in ("127.0.0.1", "localhost") else "", 0))
        self._address = (host, self._server.getsockname()[1])
        threading.Thread(target=self._listen, daemon=True).start()

    def begin(self, request: dict) -> dict:
        """Queues a trial; what comes of it is news."""
        name = request["trial"]
        self._stopped.discard(name)
        work = task(name, request["program"], request["folder"], request["document"], self._address, self._token)
        threading.Thread(target=self._run, args=(name, work), daemon=True).start()
        return {}

    def tell(self, request: dict) -> dict:
        """Hands a line to a trial that runs. One that is to stop before it runs does not begin."""
        name = request["trial"]
        with self._lock:
            connection = self._connections.get(name)
        if connection is not None:
            try:
                connection.sendall((request["line"] + "\n").encode())
            except OSError:
                pass  # Its end is on its way.
        elif request["line"] == "stop":
            self._stopped.add(name)
            self.session.context.cancelJobGroup(group(name))
        return {}

    def _run(self, name: str, work) -> None:
        context, fault = self.session.context, None
        try:
            context.setJobGroup(group(name), "trial", True)
            context.parallelize([0], 1).mapPartitions(work).collect()
        except Exception as error:
            fault = fault_of(error)
        with self._lock:
            reader = self._readers.pop(name, None)
        if reader is not None:
            # What ended well has closed its end: everything it said is read, however long that takes. What was lost may never close it.
            reader.join(None if fault is None else LAST_LINES)
        error = None if fault is None else {"code": "stopped" if name in self._stopped else "failed", "message": fault.message}
        self.wire.news("trial", trial=name, ended=True, error=error)

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            threading.Thread(target=self._greet, args=(connection,), daemon=True).start()

    def _greet(self, connection) -> None:
        said: list = []
        with connection, connection.makefile("rb") as file:
            connection.settimeout(10)
            try:
                said = file.readline(256).decode().split()
                connection.settimeout(None)
                if len(said) != 4 or said[0] != self._token:
                    return
                name, attempt, host = said[1:]
                with self._lock:
                    self._connections[name] = connection
                    self._readers[name] = threading.current_thread()
                self.wire.news("trial", trial=name, attempt=int(attempt), host=host)
                if name in self._stopped:
                    connection.sendall(b"stop\n")
                for line in iter(file.readline, b""):
                    self.wire.news("trial", trial=name, attempt=int(attempt), line=line.decode().rstrip("\n"))
            except (OSError, ValueError):
                return
            finally:
                with self._lock:
                    if len(said) == 4 and self._connections.get(said[1]) is connection:
                        del self._connections[said[1]]


def group(name: str) -> str:
    return f"trial-{name}"


def task(name: str, program: str, folder: str, document: str, address, token: str):
    """What the executor does."""

    def work(_):
        from pyspark import TaskContext

        host = socket.gethostname()
        if not os.access(program, os.X_OK) or not os.path.isdir(folder):
            missing = program if not os.access(program, os.X_OK) else folder
            raise Fault(
                "failed",
                f"the executor on {host} has no {missing}: trials run where this program and its workspace are, so tune on a master "
                "of this machine, such as local[2], or train one after the other with descent train --engine spark")
        context = TaskContext.get()
        with socket.create_connection(address, timeout=30) as connection:
            connection.settimeout(None)
            connection.sendall(f"{token} {name} {context.attemptNumber()} {host}\n".encode())
            child = subprocess.Popen(
                [program, "--trial-task"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            complaints: list = []
            threading.Thread(target=lambda: complaints.append(child.stderr.read()), daemon=True).start()
            threading.Thread(target=hand_on, args=(connection, child, document), daemon=True).start()
            for line in iter(child.stdout.readline, b""):
                connection.sendall(line)
            code = child.wait()
            # Whoever hands lines on has it open, too, so that closing it alone would say nothing.
            connection.shutdown(socket.SHUT_RDWR)
        if code != 0:
            said = (complaints[0].decode(errors="replace").strip().splitlines() or [""])[-1] if complaints else ""
            raise Fault("failed", f"a trial's process ended with {code} on {host}{': ' + said.removeprefix('descent: ') if said else ''}")
        yield 0

    return work


def hand_on(connection, child, document: str) -> None:
    """Lines for the trial; it ends when nobody sends any more."""
    try:
        child.stdin.write((document + "\n").encode())
        child.stdin.flush()
        with connection.makefile("rb") as file:
            for line in iter(file.readline, b""):
                child.stdin.write(line)
                child.stdin.flush()
    except (OSError, ValueError):
        pass
    try:
        child.stdin.close()
    except OSError:
        pass
