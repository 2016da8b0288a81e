"""Endpoints beside FastAPI and BentoML: single rows of 28 numbers over kept connections, a token asked for on all sides. Logistic regression
(scikit-learn) and 100 trees of depth 6 (xgboost) answer in FastAPI on uvicorn and in BentoML, one worker each; the same kinds, trained on the same
rows, at an endpoint. All take JSON of the same numbers; the endpoint is asked with the same row as CSV, too. The sides take turns. Prints medians
over ROUNDS as a Markdown table: requests a second, p50 and p99 (of wrk, on the same machine), requests for each CPU second of the server, and its
memory after warming up and at the end.

    benchmarks/serve.py PROGRAM        needs wrk, and fastapi, uvicorn[standard], scikit-learn, xgboost in the Python that runs it; bentoml if there
    benchmarks/serve.py PROGRAM long   REQUESTS single rows (ten million) to one endpoint, and its memory after each tenth of them
"""
import importlib.util
import json
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

ROUNDS, SECONDS = int(os.environ.get("ROUNDS", "3")), int(os.environ.get("SECONDS", "8"))
CONNECTIONS = [int(word) for word in os.environ.get("CONNECTIONS", "1,16").split(",")]
TOKEN, ROWS, COLUMNS = "0123456789abcdef", 20_000, 28

MODEL = '''
import os
os.environ["OMP_NUM_THREADS"] = "1"
import numpy as np
data = np.loadtxt(os.environ["ROWS_FILE"], delimiter=",", skiprows=1)
X, y = data[:, :-1].astype(np.float32), data[:, -1]
if os.environ["KIND"] == "linear":
    from sklearn.linear_model import LogisticRegression
    model = LogisticRegression(max_iter=500).fit(X, y)
    score = lambda rows: model.predict_proba(rows)[:, 1]
else:
    import xgboost
    model = xgboost.train({"max_depth": 6, "objective": "binary:logistic", "nthread": 1}, xgboost.DMatrix(X, y), 100)
    score = lambda rows: model.inplace_predict(rows)
'''

APP = MODEL + '''
from fastapi import FastAPI, HTTPException, Request
app = FastAPI()

@app.post("/predict")
async def predict(request: Request):
    if request.headers.get("authorization") != "Bearer " + os.environ["TOKEN"]:
        raise HTTPException(403)
    rows = np.asarray([one["features"] for one in (await request.json())["instances"]], dtype=np.float32)
    return {"predictions": [{"score": float(value)} for value in score(rows)]}
'''

BENTO = MODEL + '''
import bentoml
@bentoml.service(workers=1)
class Served:
    @bentoml.api(route="/predict")
    def predict(self, ctx: bentoml.Context, instances: list[dict]) -> dict:
        if ctx.request.headers.get("authorization") != "Bearer " + os.environ["TOKEN"]:
            ctx.response.status_code = 403
            return {}
        rows = np.asarray([one["features"] for one in instances], dtype=np.float32)
        return {"predictions": [{"score": float(value)} for value in score(rows)]}
'''


def usage(process):
    """CPU seconds and resident megabytes of a process and those that it started."""
    with open(f"/proc/{process}/stat") as file:
        words = file.read().rsplit(")", 1)[1].split()
    with open(f"/proc/{process}/status") as file:
        memory = next(int(line.split()[1]) for line in file if line.startswith("VmRSS")) / 1024
    seconds = (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")
    for task in os.listdir(f"/proc/{process}/task"):
        with open(f"/proc/{process}/task/{task}/children") as file:
            for child in file.read().split():
                more = usage(child)
                seconds, memory = seconds + more[0], memory + more[1]
    return seconds, memory


def ask(url, token, body):
    request = urllib.request.Request(url, body.encode(), {"Content-Type": "application/json", "Authorization": f"Bearer {token}"})
    return urllib.request.urlopen(request, timeout=10).read()


def load(url, token, body, process, connections, seconds=SECONDS, type="application/json"):
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write("wrk.method='POST' wrk.headers['Content-Type']='" + type + "' "
                     f"wrk.headers['Authorization']='Bearer {token}' wrk.body='{body}'\n"
                     "done=function(s,l,r) io.write(string.format('@@ %d %d %d %d %d\\n', s.requests, s.duration, l:percentile(50), "
                     "l:percentile(99), s.errors.status+s.errors.read+s.errors.connect+s.errors.timeout)) end\n")
        script.flush()
        before, _ = usage(process)
        told = subprocess.run(["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", script.name, url],
                              capture_output=True, text=True, check=True).stdout
        after, memory = usage(process)
    count, micros, p50, p99, errors = map(int, re.search(r"@@ (\d+) (\d+) (\d+) (\d+) (\d+)", told).groups())
    assert errors == 0, told
    return {"rps": count / micros * 1e6, "p50": p50 / 1e3, "p99": p99 / 1e3, "each": count / (after - before), "memory": memory,
            "count": count}


class Peer:
    """FastAPI on uvicorn, or BentoML, one worker."""

    def __init__(self, name, folder, kind, data, port):
        self.name, self.token, self.url = name, TOKEN, f"http://127.0.0.1:{port}/predict"
        words = ["uvicorn", "served:app", "--log-level", "error"] if name == "FastAPI" else ["bentoml", "serve", "served_bento:Served"]
        with open(os.path.join(folder, words[1 if name == "FastAPI" else 2].split(":")[0] + ".py"), "w") as file:
            file.write(APP if name == "FastAPI" else BENTO)
        self.server = subprocess.Popen(
            [sys.executable, "-m", *words, "--port", str(port)], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env=dict(os.environ, KIND=kind, ROWS_FILE=data, TOKEN=TOKEN, BENTOML_DO_NOT_TRACK="1"), start_new_session=True)
        self.process = self.server.pid

    def close(self):
        os.killpg(self.server.pid, signal.SIGKILL)


class Endpoint:
    """An endpoint of Descent's host."""

    def __init__(self, program, folder, kind, data):
        self.name, self.program, self.workspace = "Descent", program, os.path.join(folder, "w-" + kind)
        words = ["--algorithm", "linear-learner"] if kind == "linear" else [
            "--algorithm", "xgboost", "--set", "num_round=100", "--set", "max_depth=6"]
        self.run("train", data, "--target", "y", "--name", "one", "--quiet", *words)
        start = time.time()
        self.url = json.loads(self.run("endpoint", "create", "one", "--model", "one", "--json").splitlines()[-1])["url"]
        self.created = time.time() - start
        self.token = json.loads(self.run("endpoint", "credentials", "--json"))["token"]
        self.process = json.loads(self.run("serve", "status", "--json"))["pid"]

    def run(self, *words):
        return subprocess.run([self.program, *words, "--workspace", self.workspace], check=True, capture_output=True, text=True).stdout

    def close(self):
        self.run("serve", "stop", "--quiet")


def data(folder):
    import numpy
    random = numpy.random.default_rng(7)
    rows = random.normal(size=(ROWS, COLUMNS)).round(4)
    target = (rows @ random.normal(size=COLUMNS) + rows[:, 0] * rows[:, 1] + random.normal(size=ROWS) > 0).astype(int)
    path = os.path.join(folder, "rows.csv")
    with open(path, "w") as file:
        file.write(",".join(f"f{number}" for number in range(COLUMNS)) + ",y\n")
        for row, label in zip(rows, target):
            file.write(",".join(map(str, row)) + f",{label}\n")
    return path, json.dumps({"instances": [{"features": rows[0].tolist()}]}), ",".join(map(str, rows[0]))


def measure(program, folder, kind, port):
    path, body, csv = data(folder)
    names = ["FastAPI"] + (["BentoML"] if importlib.util.find_spec("bentoml") else [])
    sides = [Peer(name, folder, kind, path, port + 10 * number) for number, name in enumerate(names)]
    sides.append(Endpoint(program, folder, kind, path))
    try:
        for side in sides:
            for _ in range(300):
                try:
                    ask(side.url, side.token, body)
                    break
                except OSError:
                    time.sleep(0.2)
            load(side.url, side.token, body, side.process, 1, 1)
        lines = [(side.name, side, body, "application/json") for side in sides]
        lines.append((sides[-1].name + ", CSV", sides[-1], csv, "text/csv"))
        for connections in CONNECTIONS:
            found = {name: [] for name, *_ in lines}
            first = {name: usage(side.process)[1] for name, side, *_ in lines}
            for _ in range(ROUNDS):
                for name, side, text, type in lines:
                    found[name].append(load(side.url, side.token, text, side.process, connections, type=type))
            middle = {name: {key: statistics.median(one[key] for one in all) for key in all[0]} for name, all in found.items()}
            for name, one in middle.items():
                ratio = one["each"] / middle["FastAPI"]["each"]
                print(f"| {kind} | {connections} | {name} | {one['rps']:.0f} | {one['p50']:.3f} | {one['p99']:.3f} | {one['each']:.0f} | "
                      f"{ratio:.1f} | {first[name]:.0f} | {found[name][-1]['memory']:.0f} | {sum(each['count'] for each in found[name])} |",
                      flush=True)
        print(f"\n{kind}: the endpoint answered {1000 * sides[-1].created:.0f} ms after `endpoint create` was started, its host's start "
              "among them\n", flush=True)
    finally:
        for side in sides:
            side.close()


def long(program, folder):
    path, body, _ = data(folder)
    side, wanted, told = Endpoint(program, folder, "linear", path), int(os.environ.get("REQUESTS", "10000000")), 0
    try:
        count, began, before = 0, time.time(), None
        while count < wanted:
            one = load(side.url, side.token, body, side.process, 16, SECONDS)
            count += one["count"]
            before = before or one["memory"]
            if count * 10 // wanted > told:
                told = count * 10 // wanted
                print(f"{count:,} requests in {time.time() - began:.0f} s: {one['memory']:.1f} MB, {one['memory'] - before:+.1f}", flush=True)
    finally:
        side.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        if sys.argv[2:] == ["long"]:
            sys.exit(long(os.path.abspath(sys.argv[1]), folder))
        print("| model | connections | server | requests/s | p50, ms | p99, ms | requests a CPU second | ratio | MB before | MB after | "
              "requests |\n" + "| --- " * 11 + "|")
        for number, kind in enumerate(("linear", "trees")):
            measure(os.path.abspath(sys.argv[1]), folder, kind, 8791 + number)
