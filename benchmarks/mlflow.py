"""Logs to a workspace by MLflow's API, and to MLflow's own server, by turns in one run.

usage: python3 benchmarks/mlflow.py [--rounds N]        with mlflow installed; DESCENT_BINARY=… for another build than .build/release

Requests are the same bytes for both, over one connection that stays: what is measured is the server, not the client. Batches have 1,000 values.
A server's cold start is from its process to the first answer of /health.
"""
import argparse
import http.client
import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

REPOSITORY = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class Server:
    def __init__(self, command, port, folder):
        self.port = port
        begun = time.perf_counter()
        self.process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                        start_new_session=True)
        while True:
            try:
                self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
                self.connection.request("GET", "/health")
                if self.connection.getresponse().read() == b"OK":
                    break
            except OSError:
                time.sleep(0.002)
            if time.perf_counter() - begun > 120:
                raise SystemExit("no answer from " + command[0])
        self.start = time.perf_counter() - begun

    def ask(self, path, body):
        data = json.dumps(body)
        try:
            answer = self.request(path, data)
        except (http.client.HTTPException, OSError):
            # A server that was not asked for a while has closed the connection.
            self.connection.close()
            answer = self.request(path, data)
        content = answer.read()
        if answer.status != 200:
            raise SystemExit("%s: %d %s" % (path, answer.status, content[:500]))
        return json.loads(content)

    def request(self, path, data):
        self.connection.request("POST", "/api/2.0/mlflow/" + path, data, {"Content-Type": "application/json"})
        return self.connection.getresponse()

    def memory(self):
        """Resident megabytes of all its processes."""
        total = 0
        for name in os.listdir("/proc"):
            if not name.isdigit():
                continue
            try:
                if os.getsid(int(name)) != self.process.pid:
                    continue
                with open("/proc/%s/statm" % name) as file:
                    total += int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
            except OSError:
                continue
        return total / 1e6

    def stop(self):
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(timeout=60)


def start(kind, folder):
    port = free_port()
    if kind == "descent":
        program = os.environ.get("DESCENT_BINARY") or os.path.join(REPOSITORY, ".build", "release", "descent")
        command = [os.path.abspath(program), "serve", "--mlflow", "127.0.0.1:%d" % port, "--no-auth", "--workspace", "workspace"]
    else:
        command = [sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(port),
                   "--backend-store-uri", "sqlite:///mlflow.db", "--workers", "1"]
    return Server(command, port, folder)


def measured(server, values):
    run = server.ask("runs/create", {"experiment_id": "0", "start_time": 1700000000000})["run"]["info"]["run_id"]
    singles = []
    for step in range(200):
        begun = time.perf_counter()
        server.ask("runs/log-metric", {"run_id": run, "key": "loss", "value": 1 / (step + 1), "step": step, "timestamp": 1700000000000 + step})
        singles.append(time.perf_counter() - begun)
    begun, count = time.perf_counter(), 0
    for batch in range(values // 1000):
        metrics = [{"key": "m%d" % (index % 10), "value": index * 0.5, "step": batch * 100 + index // 10, "timestamp": 1700000000000 + batch}
                   for index in range(1000)]
        server.ask("runs/log-batch", {"run_id": run, "metrics": metrics})
        count += 1000
    rows = count / (time.perf_counter() - begun)
    return statistics.median(singles) * 1e3, rows


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--values", type=int, default=20000)
    arguments = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="descent-mlflow-")
    results = {"descent": [], "mlflow": []}
    starts = {"descent": [], "mlflow": []}
    memory = {}
    try:
        servers = {}
        for kind in ("mlflow", "descent"):
            own = os.path.join(folder, kind)
            os.mkdir(own)
            # The first start makes the database.
            for attempt in range(3 if kind == "descent" else 2):
                if attempt:
                    servers[kind].stop()
                servers[kind] = start(kind, own)
                starts[kind].append(servers[kind].start)
        for _ in range(arguments.rounds):
            for kind in ("mlflow", "descent"):
                results[kind].append(measured(servers[kind], arguments.values))
        for kind, server in servers.items():
            memory[kind] = server.memory()
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print("| server | start, again | log-metric, median | log-batch | memory |\n| --- | --- | --- | --- | --- |")
    for kind in ("mlflow", "descent"):
        single, rows = statistics.median(r[0] for r in results[kind]), statistics.median(r[1] for r in results[kind])
        print("| %s | %.0f ms | %.2f ms | %.0f values/s | %.0f MB |" % (kind, min(starts[kind][1:]) * 1e3, single, rows, memory[kind]))
    ratio = statistics.median(d[1] / m[1] for d, m in zip(results["descent"], results["mlflow"]))
    print("log-batch: %.1f times as many values a second" % ratio)


if __name__ == "__main__":
    main()
