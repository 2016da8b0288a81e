"""A small stand-in for Livy's REST API: sessions of PySpark, statements, their outputs. Enough for what SparkMagic's cells ask.

https://livy.apache.org/docs/latest/rest-api.html: POST /sessions, GET /sessions/N, POST /sessions/N/statements, GET of one, DELETE /sessions/N.
"""

import http.server
import json
import os
import subprocess
import threading

#: What a session runs: Spark with the session's settings, and then what statements say.
PROGRAM = """
import contextlib, io, json, os, sys, traceback
from pyspark.sql import SparkSession
builder = SparkSession.builder.appName("livy")
for name, value in json.loads(sys.argv[1]).items():
    builder = builder.config(name, value)
names = {"spark": builder.getOrCreate()}
names["sc"] = names["spark"].sparkContext
own = os.fdopen(os.dup(1), "w", buffering=1)
os.dup2(2, 1)
print(json.dumps("ready"), file=own)
for line in sys.stdin:
    said = io.StringIO()
    try:
        with contextlib.redirect_stdout(said):
            exec(json.loads(line), names)
        output = {"status": "ok", "data": {"text/plain": said.getvalue().rstrip()}}
    except BaseException as error:
        output = {"status": "error", "ename": type(error).__name__, "evalue": str(error), "traceback": traceback.format_exc().splitlines()}
    print(json.dumps(output), file=own)
names["spark"].stop()
"""


class Session:
    def __init__(self, conf: dict, environment: dict) -> None:
        self.process = subprocess.Popen(
            [conf["spark.pyspark.python"], "-W", "ignore", "-c", PROGRAM, json.dumps(conf)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True, env={**environment, "PYSPARK_PYTHON": conf["spark.pyspark.python"]})
        self.state, self.statements = "starting", []
        threading.Thread(target=self._start, daemon=True).start()

    def _start(self) -> None:
        self.state = "idle" if self.process.stdout.readline() else "dead"

    def run(self, code: str) -> dict:
        statement = {"id": len(self.statements), "code": code, "state": "running", "output": None}
        self.statements.append(statement)
        threading.Thread(target=self._work, args=(statement,), daemon=True).start()
        return statement

    def _work(self, statement: dict) -> None:
        self.process.stdin.write(json.dumps(statement["code"]) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        statement.update(output=json.loads(line) if line else {"status": "error", "evalue": "the session died"}, state="available")

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait()


class Livy:
    """Listens on 127.0.0.1."""

    def __init__(self, environment: "dict | None" = None) -> None:
        sessions: dict = {}

        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *_) -> None:
                pass

            def answer(self, value: dict, code: int = 200) -> None:
                body = json.dumps(value).encode()
                self.send_response(code)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def said(self) -> dict:
                return json.loads(self.rfile.read(int(self.headers["Content-Length"])))

            def do_POST(self) -> None:
                parts = self.path.strip("/").split("/")
                if parts == ["sessions"]:
                    number = len(sessions)
                    sessions[number] = Session(self.said().get("conf", {}), environment or dict(os.environ))
                    self.answer({"id": number, "state": sessions[number].state, "kind": "pyspark"}, 201)
                else:
                    self.answer(sessions[int(parts[1])].run(self.said()["code"]), 201)

            def do_GET(self) -> None:
                parts = self.path.strip("/").split("/")
                session = sessions[int(parts[1])]
                self.answer(session.statements[int(parts[3])] if len(parts) == 4 else {"id": int(parts[1]), "state": session.state})

            def do_DELETE(self) -> None:
                sessions.pop(int(self.path.strip("/").split("/")[1])).close()
                self.answer({"msg": "deleted"})

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
