"""Monitors under load, and what they cost the endpoint that they watch.

torture: monitors of data and of the model's quality look every second and every two seconds (and one when it is told to) while the endpoint is asked; its
host is killed with -9 KILLS times in the middle of that, and labels come late. Afterwards every captured row has been looked at by exactly one execution of each
monitor, windows follow each other without a gap, and nothing is left over.

cost: requests a second of wrk, and CPU seconds of the host a thousand requests, without capture, with it, and with three monitors that look every MINUTE seconds;
the sides take turns.

    benchmarks/monitoring.py PROGRAM [torture] [cost]        cost needs wrk
"""
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from serve import load, usage

KILLS, SECONDS, ROUNDS, MINUTE = (int(os.environ.get(name, usual)) for name, usual in
                                  (("KILLS", "12"), ("SECONDS", "20"), ("ROUNDS", "5"), ("MINUTE", "10")))


class Workspace:
    def __init__(self, program, folder):
        self.program, self.path = os.path.abspath(program), os.path.join(folder, "w")
        random.seed(1)
        data = os.path.join(folder, "rows.csv")
        with open(data, "w") as file:
            file.write("a,b,c,kind,y\n")
            for _ in range(2000):
                file.write(self.row() + "\n")
        self.run("train", data, "--target", "y", "--name", "one", "--quiet", "--algorithm", "linear-learner", "--set", "epochs=5")

    @staticmethod
    def row(label=True):
        a, b, c, kind = random.gauss(0, 1), random.gauss(2, 1), random.random(), random.choice("xyz")
        text = f"{a:.4f},{b:.4f},{c:.4f},{kind}"
        return text + ("," + str(int(a + b * c + random.gauss(0, 1) > 1)) if label else "")

    def run(self, *words, check=True):
        return subprocess.run([self.program, *words, "--workspace", self.path], check=check, capture_output=True, text=True).stdout

    def json(self, *words):
        return [json.loads(line) for line in self.run(*words, "--json").splitlines()]

    def serve(self):
        self.url = self.json("endpoint", "create", "one", "--model", "one")[-1]["url"]
        self.token = self.json("endpoint", "credentials")[-1]["token"]

    @property
    def process(self):
        return self.json("serve", "status")[-1]["pid"]

    def ask(self, count, name):
        body = "\n".join(self.row(label=False) for _ in range(count))
        request = urllib.request.Request(self.url, body.encode(), {
            "Content-Type": "text/csv", "Authorization": f"Bearer {self.token}", "X-Amzn-SageMaker-Inference-Id": name})
        return urllib.request.urlopen(request, timeout=5).read()

    def captured(self):
        rows = 0
        for folder, _, files in os.walk(os.path.join(self.path, "capture", "one")):
            for file in files:
                for line in open(os.path.join(folder, file)):
                    if line.endswith("\n"):
                        rows += json.loads(line)["captureData"]["endpointInput"]["data"].count("\n") + 1
        return rows


def torture(program, folder):
    w = Workspace(program, folder)
    w.serve()
    w.run("monitor", "setup", "one", "--schedule", "every=1s")
    w.run("monitor", "create", "slower", "--endpoint", "one", "--schedule", "every=2s")
    w.run("monitor", "create", "told", "--endpoint", "one", "--schedule", "now")
    labels, asked, stopped = os.path.join(w.path, "ground-truth", "one"), [0], threading.Event()

    def late(path, line):
        with open(path, "a") as file:
            file.write(json.dumps(line) + "\n")

    def client():
        number = 0
        while not stopped.is_set():
            number += 1
            try:
                w.ask(5, f"r{number}")
                asked[0] += 5
            except OSError:
                time.sleep(0.1)
                continue
            # Labels come a second later, of every other request never.
            if number % 2:
                line = {"groundTruthData": {"data": "1\n0\n1\n0\n1", "encoding": "CSV"}, "eventMetadata": {"eventId": f"r{number}"},
                        "eventVersion": "0"}
                threading.Timer(1, late, (os.path.join(labels, f"{number % 7}.jsonl"), line)).start()
            time.sleep(0.02)

    thread = threading.Thread(target=client)
    thread.start()
    for turn in range(KILLS):
        time.sleep(random.uniform(0.3, 3))
        try:
            os.kill(w.process, signal.SIGKILL)
        except (IndexError, KeyError, subprocess.CalledProcessError):
            pass
        if turn % 3 == 0:
            w.run("monitor", "run", "told", check=False)
        time.sleep(random.uniform(0, 2))
        subprocess.run([w.program, "endpoint", "show", "one", "--workspace", w.path], capture_output=True)
        w.run("monitor", "resume", "slower", check=False)  # starts a host
    stopped.set()
    thread.join()
    w.run("monitor", "run", "told")
    time.sleep(1)
    rows, end = w.captured(), time.time() + 120
    told = {}
    while time.time() < end:
        told = {name: [one for one in w.json("monitor", "show", name, "--last", "100000") if one["kind"] == "monitorExecution"]
                for name in ("one-data-quality", "one-explainability", "slower", "told")}
        if all(sum(one["rows"] for one in all) >= rows for all in told.values()):
            break
        time.sleep(1)
    print(f"{asked[0]} rows answered, {rows} captured, {KILLS} hosts killed")
    print("| monitor | executions | rows | seen twice or never | gaps | not over |\n" + "| --- " * 6 + "|")
    faults = 0
    for name, executions in told.items():
        executions.sort(key=lambda one: one["scheduledAt"])
        seen = sum(one["rows"] for one in executions)
        over = [one for one in executions if one["status"] in ("Completed", "CompletedWithViolations", "Failed")]
        gaps = sum(first["until"] != second["from"] for first, second in zip(executions, executions[1:]))
        open_ = len([one for one in executions if one["until"] < time.time() - 30]) - len([one for one in over if one["until"] < time.time() - 30])
        faults += abs(seen - rows) + gaps + open_
        print(f"| {name} | {len(executions)} | {seen} | {abs(seen - rows)} | {gaps} | {open_} |")
    w.run("serve", "stop", "--quiet")
    return faults


def cost(program, folder):
    w = Workspace(program, folder)
    w.serve()
    body, found = w.row(label=False), {}

    def side(name, prepare):
        prepare()
        time.sleep(0.5)
        one = load(w.url, w.token, body, w.process, 8, SECONDS, "text/csv")
        found.setdefault(name, []).append(one)

    def monitors(*words):
        for one in w.json("monitor", "list"):
            w.run("monitor", *words, one["name"])

    w.run("monitor", "setup", "one", "--schedule", f"every={MINUTE}s")
    load(w.url, w.token, body, w.process, 8, 2, "text/csv")
    for _ in range(ROUNDS):
        monitors("pause")
        side("nothing is written down", lambda: w.run("endpoint", "update", "one", "--capture", "0"))
        side("capture", lambda: w.run("endpoint", "update", "one", "--capture", "100"))
        side(f"capture, monitors every {MINUTE} s", lambda: monitors("resume"))
    print("| | requests/s | CPU s a 1,000 requests | requests/s beside the first |\n" + "| --- " * 4 + "|")
    first = None
    for name, all in found.items():
        rate, each = (statistics.median(one[key] for one in all) for key in ("rps", "each"))
        first = first or rate
        print(f"| {name} | {rate:.0f} | {1000 / each:.3f} | {100 * (rate / first - 1):+.1f} % |")
    w.run("serve", "stop", "--quiet")


if __name__ == "__main__":
    wanted = sys.argv[2:] or ["torture", "cost"]
    failed = 0
    for name, body in (("torture", torture), ("cost", cost)):
        if name in wanted:
            with tempfile.TemporaryDirectory() as folder:
                failed += body(sys.argv[1], folder) or 0
    sys.exit(failed > 0)
