"""`python -m descent._spark`: answers lines of JSON on standard input until it is closed, and ends Spark with itself."""

import argparse
import os
import queue
import signal
import sys
import threading

from descent._spark.faults import Fault
from descent._spark.wire import Wire


def main() -> int:
    parser = argparse.ArgumentParser(prog="descent._spark")
    parser.add_argument("--master", default="local[*]")
    parser.add_argument("--name", default="descent")
    parser.add_argument("--executors", type=int)
    parser.add_argument("--executor-cores", type=int)
    parser.add_argument("--executor-memory")
    settings = parser.parse_args()
    wire = Wire.taking_standard_output()
    requests: queue.Queue = queue.Queue()
    job = Job(settings, wire)
    signal.signal(signal.SIGTERM, lambda *_: job.leave())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=listen, args=(wire, requests, job), daemon=True).start()
    while (request := requests.get()) is not None:
        job.answer(request)
    job.end()
    return 0


def listen(wire: Wire, requests: queue.Queue, job: "Job") -> None:
    """Hands requests to the main thread; a wish to cancel is followed at once, whatever that thread waits for."""
    for request in wire.requests(sys.stdin.buffer):
        if request.get("op") == "cancel":
            job.cancel(request.get("id"))
        else:
            requests.put(request)
    job.leave()
    requests.put(None)


class Job:
    """A session of Spark and what was asked of it so far."""

    def __init__(self, settings: argparse.Namespace, wire: Wire) -> None:
        self.settings = settings
        self.wire = wire
        self.work = None
        self.session = None
        self.leaving = False

    def answer(self, request: dict) -> None:
        number = request.get("id")
        try:
            self.wire.send({"id": number, "result": self.do(request)})
        except Fault as fault:
            self.wire.send({"id": number, "error": {"code": fault.code, "message": fault.message}})
        except Exception as error:  # Whatever Spark or Python says: the user gets its last line.
            import traceback

            from descent._spark.faults import fault_of

            traceback.print_exc()
            fault = fault_of(error)
            self.wire.send({"id": number, "error": {"code": fault.code, "message": fault.message}})

    def do(self, request: dict) -> dict:
        if request["op"] == "start":
            from descent._spark.session import Session
            from descent._spark.work import Work

            self.session = Session(self.settings, self.wire)
            self.work = Work(self.session, self.wire)
            return {"slots": self.session.slots, "version": self.session.spark.version}
        return self.work.do(request)

    def cancel(self, number: "int | None") -> None:
        if self.work is not None:
            self.work.cancel()
        if self.session is not None:
            self.session.cancel()
        elif number is not None:
            # Nothing can be cancelled before Spark is there; whoever asked waits no longer.
            self.wire.send({"id": number, "error": {"code": "stopped", "message": "stopped"}})

    def leave(self) -> None:
        """Nobody is there any more: what runs is cancelled, and after a while everything ends by force."""
        if self.leaving:
            return
        self.leaving = True
        self.cancel(None)
        if self.session is None:
            os._exit(0)
        threading.Timer(10, _end_by_force).start()

    def end(self) -> None:
        if self.session is not None:
            self.session.stop()


def _end_by_force() -> None:
    os._exit(0)


if __name__ == "__main__":
    code = main()
    sys.stderr.flush()
    # Threads of Spark's gateway may linger.
    os._exit(code)
