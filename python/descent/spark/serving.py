"""Answers what the `descent` program asks of a frame's rows, through a socket that only the user can reach."""

import atexit
import hashlib
import os
import secrets
import shutil
import socket
import tempfile
import threading

from descent._spark import files, frames, session
from descent._spark.faults import Fault, fault_of
from descent._spark.wire import Wire
from descent._spark.work import Work


class BorrowedSession:
    """The user's own session of Spark, which stays when the work is done."""

    _packaged: set = set()

    def __init__(self, spark) -> None:
        self.spark, self.context = spark, spark.sparkContext
        self.is_local = self.context.master.startswith("local")
        self._group = f"descent-{secrets.token_hex(8)}"
        if self.context.applicationId not in self._packaged:
            path = session.packed_package()
            self.context.addPyFile(path)
            # Executors fetch it when they first have a task, so it stays as long as this program.
            atexit.register(shutil.rmtree, os.path.dirname(path), ignore_errors=True)
            self._packaged.add(self.context.applicationId)

    def begin(self) -> None:
        """What the calling thread has Spark do is one group, apart from what the user does beside it."""
        self.context.setJobGroup(self._group, "descent", True)

    def cancel(self) -> None:
        try:
            self.context.cancelJobGroup(self._group)
        except Exception:
            pass  # It is going down already.

    slots = session.Session.slots
    _known = session.Session._known
    _alive = session.Session._alive


class FrameWork(Work):
    """Work on the rows of a frame rather than on files."""

    def __init__(self, own, wire, frame, names: list) -> None:
        super().__init__(own, wire)
        self._frame, self._names = frame, names
        self.folder: "str | None" = None

    def _opened(self, request: dict):
        from pyspark.sql import functions as F

        self.folder = os.path.dirname(request["folder"])
        digest = hashlib.sha256("\n".join(self._names + [self._frame._jdf.queryExecution().logical().toString()]).encode())
        found = files.DataFiles([request["path"]], "Parquet", 0, digest.hexdigest(), self._names)
        return found, self._frame.withColumn(frames.DAMAGED, F.lit(None).cast("string"))

    def close(self) -> None:
        if self.boosting is not None:
            self.boosting.close()
        if self.encoded is not None:
            self.encoded.unpersist()


class Server:
    """One run's server: a socket in a folder of its own."""

    def __init__(self, spark, frame, names: list) -> None:
        self.folder = tempfile.mkdtemp(prefix="descent-spark-")
        self.path = os.path.join(self.folder, "session")
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(self.path)
        self._listener.listen(1)
        self.work: "FrameWork | None" = None
        self._session = BorrowedSession(spark)
        self._of = (frame, names)
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        try:
            connection, _ = self._listener.accept()
        except OSError:
            return
        with connection, connection.makefile("rb") as incoming, connection.makefile("wb", buffering=0) as outgoing:
            wire = Wire(outgoing)
            self.work = FrameWork(self._session, wire, *self._of)
            busy: list = []
            for request in wire.requests(incoming):
                if request.get("op") == "cancel":
                    self.work.cancel()
                    self._session.cancel()
                    continue
                # One request at a time comes; a thread answers it, so that a wish to cancel is heard meanwhile.
                thread = threading.Thread(target=self._answer, args=(wire, request), daemon=True)
                thread.start()
                busy.append(thread)
            for thread in busy:
                thread.join(20)

    def _answer(self, wire: Wire, request: dict) -> None:
        number = request.get("id")
        self._session.begin()
        try:
            result = {"slots": self._session.slots} if request["op"] == "start" else self.work.do(request)
            wire.send({"id": number, "result": result})
        except Exception as error:
            fault = error if isinstance(error, Fault) else fault_of(error)
            wire.send({"id": number, "error": {"code": fault.code, "message": fault.message}})

    def close(self) -> None:
        self._listener.close()
        if self.work is not None:
            self.work.close()
        shutil.rmtree(self.folder, ignore_errors=True)
