"""Spark by hand: the four algorithms on a cluster of two workers on loopback, beside one machine; a worker killed and a job cancelled in
each; profiles and searches; what is told of what is wrong; how time and shuffled bytes grow. The cluster wants a secret.

usage: ENGINE/bin/python benchmarks/spark.py [--rows N] [--undisturbed] [--parts PART,PART,…]

Parts are linear-learner, pca, kmeans, xgboost, parquet, profile, tune, livy, faults and growth. With --undisturbed no worker is killed and no run
is cancelled.

ENGINE is the environment that `descent engine install spark` made. The program is DESCENT_BINARY, else .build/release/descent. Ends with 1
where something differs, does not go on, or is left running. Prints a section for results.md.
"""

import argparse
import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import textwrap
import time
import urllib.request

import numpy
import pyarrow
import pyarrow.csv
import pyarrow.parquet
from livy_stand_in import Livy

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PROGRAM = os.environ.get("DESCENT_BINARY") or os.path.join(ROOT, ".build", "release", "descent")
MARK = "DESCENT_SPARK_BENCHMARK"
SETTINGS = "DESCENT_SPARK_CONF"
#: What each algorithm is trained with, and how far its predictions may be from one machine's, as a part of their size.
PLANS = {
    "linear-learner": (["--target", "big", "--set", "wd=0.001", "--drop", "y"], ["--set", "optimizer=lbfgs"], 5e-6),
    "pca": (["--set", "num_components=4", "--drop", "y", "--drop", "big"], [], 1e-6),
    "kmeans": (["--set", "k=4", "--set", "local_lloyd_tol=0", "--drop", "y", "--drop", "big"], [], 1e-5),
    "xgboost": (
        ["--target", "y", "--task", "regression", "--set", "num_round=60", "--set", "max_depth=5", "--drop", "big"], [], None),
}


def write_data(folder: str, rows: int, columns: int = 10, parts: int = 4) -> str:
    """Rows of four groups in CSV, in some files and in one, and the same in Parquet, with a category and missing numbers."""
    source = numpy.random.default_rng(11)
    group = source.integers(0, 4, rows)
    numbers = source.normal(size=(rows, columns)) + group[:, None] * numpy.linspace(6, 12, columns)
    target = numbers @ numpy.linspace(-1, 1, columns) + group * 3 + source.normal(size=rows) * 0.5
    table = {f"x{place}": pyarrow.array(column.round(6)) for place, column in enumerate(numbers.T)}
    table["x0"] = pyarrow.array(numbers[:, 0].round(6), mask=source.random(rows) < 0.03)
    table["kind"] = pyarrow.array(numpy.array(["red", "green", "blue", "grey"])[source.integers(0, 4, rows)])
    table["y"] = pyarrow.array(target.round(6))
    table["big"] = pyarrow.array((target + source.normal(size=rows) * 2 > numpy.median(target)).astype(int))
    whole = pyarrow.table(table)
    path = os.path.join(folder, f"rows-{rows}-{columns}")
    os.makedirs(path)
    os.makedirs(path + "-parquet")
    for part in range(parts):
        piece = whole.slice(part * rows // parts, (part + 1) * rows // parts - part * rows // parts)
        pyarrow.csv.write_csv(piece, os.path.join(path, f"part-{part}.csv"))
        pyarrow.parquet.write_table(piece, os.path.join(path + "-parquet", f"part-{part}.parquet"))
    pyarrow.csv.write_csv(whole, path + ".csv")
    return path


class Cluster:
    """A master and workers of this machine, on ports that are free."""

    def __init__(self, folder: str, workers: int = 2, cores: int = 1) -> None:
        import pyspark

        self.home = os.path.dirname(pyspark.__file__)
        self.folder, self.cores = folder, cores
        self.environment = dict(
            os.environ, SPARK_HOME=self.home, PYSPARK_PYTHON=sys.executable, SPARK_LOCAL_IP="127.0.0.1", SPARK_NO_DAEMONIZE="1",
            SPARK_LOG_DIR=folder, **{MARK: folder})
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.master = f"spark://127.0.0.1:{port}"
        # Whoever has not this file gets nothing from master and workers.
        self.settings = os.path.join(folder, "spark.conf")
        with open(os.open(self.settings, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
            file.write(f"spark.authenticate true\nspark.authenticate.secret {secrets.token_hex(16)}\n")
        os.environ[SETTINGS] = self.settings
        self.processes = [self._start("master.Master", "--host", "127.0.0.1", "--port", str(port), "--webui-port", "0")]
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.2)
        for _ in range(workers):
            self.add_worker()

    def _start(self, name: str, *arguments: str) -> subprocess.Popen:
        log = open(os.path.join(self.folder, f"{name}-{time.monotonic_ns()}.log"), "wb")
        return subprocess.Popen(
            [os.path.join(self.home, "bin", "spark-class"), "org.apache.spark.deploy." + name, "--properties-file", self.settings,
             *arguments],
            env=self.environment, stdout=log, stderr=log, start_new_session=True)

    def add_worker(self) -> None:
        self.processes.append(self._start(
            "worker.Worker", "--host", "127.0.0.1", "-c", str(self.cores), "-m", "2g", "--webui-port", "0", "-d",
            os.path.join(self.folder, f"work-{len(self.processes)}"), self.master))
        time.sleep(4)

    def kill_worker(self) -> None:
        """A worker and its executor are gone at once, as when a machine is."""
        worker = self.processes.pop()
        for process in descendants(worker.pid) + [worker.pid]:
            os.kill(process, signal.SIGKILL)
        worker.wait()

    def close(self) -> None:
        os.environ.pop(SETTINGS, None)
        for process in self.processes:
            for child in descendants(process.pid) + [process.pid]:
                try:
                    os.kill(child, signal.SIGKILL)
                except ProcessLookupError:
                    pass
            process.wait()


def descendants(process: int) -> list:
    parents = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat") as file:
                    parents[int(name)] = int(file.read().rsplit(")", 1)[1].split()[1])
            except OSError:
                continue
    found, left = [], [process]
    while left:
        parent = left.pop()
        children = [child for child, its in parents.items() if its == parent]
        found += children
        left += children
    return found


class Bench:
    def __init__(self, folder: str) -> None:
        self.folder, self.workspace = folder, os.path.join(folder, "workspace")
        self.faults: list = []
        self.count = 0

    def descent(self, *words: str, ends: int = 0) -> str:
        done = subprocess.run([PROGRAM, *words, "--workspace", self.workspace], capture_output=True, text=True)
        if done.returncode != ends:
            self.faults.append(f"descent {' '.join(words[:3])} ended with {done.returncode}: {done.stderr.strip()[-300:]}")
        return done.stdout

    def train(self, data: str, algorithm: str, more: list, then=None) -> dict:
        """Trains; `then` is called once the first step is over. Gives run, seconds, status, steps and what was shuffled."""
        self.count += 1
        words = [PROGRAM, "train", data, "--algorithm", algorithm, "--json", "--name", f"{algorithm}-{self.count}",
                 "--validation-split", "0", "--workspace", self.workspace, *more]
        start = time.monotonic()
        process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        result, begun = {"status": "none", "steps": 0, "shuffled": 0, "lost": 0}, None
        for line in process.stdout:
            event = json.loads(line)
            measured = event.get("metrics", {}) if event["kind"] == "metricsRecorded" else {}
            if "train:loss" in measured:
                result["steps"] = event["step"]
                begun = begun or time.monotonic()
                result["training"] = time.monotonic() - begun
            result["shuffled"] = measured.get("cluster:shuffled", result["shuffled"])
            # Components are found in one pass: that pass is disturbed, of the others what comes after the first step.
            is_time = event["kind"] == "trainingDataSummarised" if algorithm == "pca" else "train:loss" in measured
            if then is not None and is_time:
                result["from"] = time.monotonic()
                then(process)
                then = None
            if event["kind"] == "jobFinished":
                result.update(run=event["run"], status=event["status"], name=event["name"])
            elif event["kind"] == "alertRaised" and event["rule"] == "ExecutorLost":
                result["lost"] += 1
        errors = process.stderr.read()
        process.wait()
        result["seconds"] = time.monotonic() - start
        result["errors"] = errors.strip()[-300:]
        return result

    def predictions(self, run: str, rows: str) -> numpy.ndarray:
        made = os.path.join(self.folder, "predictions.parquet")
        self.descent("predict", run, rows, "--out", made, "--quiet")
        table = pyarrow.parquet.read_table(made)
        names = [name for name in table.column_names if name in ("score", "distance") or name == "prediction" and "score" not in table.column_names or name.startswith("projection_")]
        return numpy.array([[float(value) for value in table.column(name).to_pylist()] for name in names])

    def must(self, holds: bool, what: str) -> None:
        if not holds:
            self.faults.append(what)


def difference(algorithm: str, one: numpy.ndarray, two: numpy.ndarray) -> float:
    if algorithm == "kmeans":
        # Clusters have other numbers; distances are the same.
        one, two = one[-1:], two[-1:]
    return float(numpy.abs(one - two).max() / numpy.abs(one).max())


def compare(bench: Bench, cluster: Cluster, data: str, algorithm: str, undisturbed: bool) -> list:
    settings, own, limit = PLANS[algorithm]
    away = ["--engine", "spark", "--master", cluster.master, "--executors", "2", "--executor-memory", "1g"]
    rows = os.path.join(bench.folder, "some.csv")
    with open(data + ".csv") as source, open(rows, "w") as target:
        target.writelines(line for place, line in enumerate(source) if place <= 5000)
    local = bench.train(data + ".csv", algorithm, settings + own)
    clean = bench.train(data, algorithm, settings + away)
    bench.must(clean["status"] == "Completed", f"{algorithm}: {clean['status']} {clean['errors']}")
    apart = difference(algorithm, bench.predictions(local["run"], rows), bench.predictions(clean["run"], rows))
    bench.must(limit is None or apart <= limit, f"{algorithm}: predictions differ by {apart:.1e}")
    row = [algorithm, f"{local['seconds']:.1f} s", f"{clean['seconds']:.1f} s", f"{clean['steps']}", f"{apart:.1e}"]
    if undisturbed:
        return row + ["", ""]
    killed = bench.train(data, algorithm, settings + away, then=lambda process: cluster.kill_worker())
    bench.must(killed["status"] == "Completed", f"{algorithm}, a worker killed: {killed['status']} {killed['errors']}")
    cluster.add_worker()
    stopped = bench.train(data, algorithm, settings + away, then=lambda process: process.send_signal(signal.SIGINT))
    took = time.monotonic() - stopped.get("from", time.monotonic())
    ended = stopped["status"]
    bench.must(ended in ("Stopped", "Completed"), f"{algorithm}, cancelled: {ended} {stopped['errors']}")
    bench.must(took < 30, f"{algorithm}: cancelling took {took:.0f} s")
    if ended == "Stopped":
        resumed = bench.descent("runs", "resume", stopped["run"], "--json")
        bench.must('"status":"Completed"' in resumed, f"{algorithm}: not resumed")
    return row + [f"{killed['status']}, {killed['seconds']:.1f} s", f"{ended}, {took:.1f} s"]


def parquet(bench: Bench, cluster: Cluster, data: str) -> list:
    """The same rows as folders of CSV and of Parquet: how far what is learned of them is apart, as a part of its size."""
    rows = os.path.join(bench.folder, "some.csv")
    with open(data + ".csv") as source, open(rows, "w") as target:
        target.writelines(line for place, line in enumerate(source) if place <= 5000)
    lines = []
    for algorithm, (settings, _, limit) in PLANS.items():
        away = ["--engine", "spark", "--master", cluster.master, "--executors", "2", "--executor-memory", "1g"]
        found = [bench.train(path, algorithm, settings + away) for path in (data, data + "-parquet")]
        for one in found:
            bench.must(one["status"] == "Completed", f"{algorithm} of Parquet: {one['status']} {one['errors']}")
        apart = difference(algorithm, *(bench.predictions(one["run"], rows) for one in found))
        # Rows lie otherwise in partitions, and XGBoost's bins with them.
        bench.must(apart <= (limit or 0.2), f"{algorithm}: of CSV and of Parquet predictions differ by {apart:.1e}")
        lines.append([algorithm, *(f"{one['seconds']:.1f} s" for one in found), f"{apart:.1e}"])
    return lines


def profile(bench: Bench, cluster: Cluster, data: str) -> list:
    """The profile of all files beside one machine's of the same rows in one file."""
    lines = []
    for path, one in ((data, data + ".csv"), (data + "-parquet", data + ".csv")):
        found, seconds = [], []
        for words in ([path, "--engine", "spark", "--master", cluster.master], [one]):
            start = time.monotonic()
            found.append(json.loads(bench.descent("data", "profile", *words, "--json") or "{}"))
            seconds.append(time.monotonic() - start)
        apart = apart_most(*([column for column in each.get("columns", [])] for each in found))
        bench.must(apart <= 1e-12, f"profile of {os.path.basename(path)}: figures differ by {apart:.1e}")
        lines.append([os.path.basename(path), *(f"{taken:.1f} s" for taken in reversed(seconds)), f"{apart:.1e}"])
    return lines


def apart_most(one, two) -> float:
    """The largest difference of numbers in two values of JSON as a part of their size; infinite where they differ otherwise."""
    if isinstance(one, (int, float)) and isinstance(two, (int, float)) and not isinstance(one, bool):
        return abs(one - two) / max(abs(one), abs(two), 1e-300) if one != two else 0.0
    if isinstance(one, list) and isinstance(two, list) and len(one) == len(two):
        return max((apart_most(*pair) for pair in zip(one, two)), default=0.0)
    if isinstance(one, dict) and isinstance(two, dict) and one.keys() == two.keys():
        return max((apart_most(one[name], two[name]) for name in one), default=0.0)
    return 0.0 if one == two and one not in ([], {}) else float("inf")


def tune(bench: Bench, cluster: Cluster, data: str) -> list:
    """A search whose trials are tasks, beside the same search here; a worker killed, the program killed, and taken up again."""
    words = [
        "tune", data + ".csv", "--target", "y", "--algorithm", "xgboost", "--objective", "validation:rmse", "--range", "eta=log:0.05:0.5",
        "--range", "max_depth=2:6", "--strategy", "random", "--max-jobs", "6", "--set", "num_round=40", "--drop", "big", "--confirm", "0"]
    away = ["--engine", "spark", "--master", cluster.master, "--executors", "2", "--executor-memory", "1g"]
    found = {}
    for name, more, then in (
            ("here", [], None), ("away", away, None), ("lost", away, lambda process: cluster.kill_worker()),
            ("gone", away, lambda process: process.kill())):
        start = time.monotonic()
        process = subprocess.Popen(
            [PROGRAM, *words, *more, "--name", name, "--json", "--workspace", bench.workspace], stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True)
        for line in process.stdout:
            event = json.loads(line)
            if then is not None and event["kind"] == "metricsRecorded" and event["step"] >= 3:
                then(process)
                then = None
        process.wait()
        if name == "lost":
            cluster.add_worker()
        if name == "gone":
            # What it had begun is gone with it, and goes on where it stood.
            bench.must(not trial_processes(), "a trial went on without the program that asked for it")
            bench.descent("tune", "resume", name, "--json")
        found[name] = [time.monotonic() - start, *trials(bench, name)]
        bench.must(found[name][2] == 6, f"search {name}: {found[name][2]} of 6 trials completed: {process.stderr.read()[-300:]}")
        bench.must(found[name][1] == found["here"][1], f"search {name}: other values than here: {found[name][1]} {found['here'][1]}")
    return [[name, f"{seconds:.1f} s", str(count)] for name, (seconds, _, count) in found.items()]


def trials(bench: Bench, name: str) -> tuple:
    """Values of a search's trials by what they tried, and how many completed."""
    shown = [json.loads(line) for line in bench.descent("tune", "show", name, "--json").splitlines()]
    ended = [line for line in shown if "trial" in line and line["status"] == "Completed"]
    return {json.dumps(trial["hyperparameters"], sort_keys=True): trial["value"] for trial in ended}, len(ended)


def trial_processes() -> list:
    found = []
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        found = [name for name in os.listdir("/proc") if name.isdigit() and b"--trial-task" in command_line(name)]
        if not found:
            break
        time.sleep(0.5)
    return found


def command_line(process: str) -> bytes:
    try:
        with open(f"/proc/{process}/cmdline", "rb") as file:
            return file.read()
    except OSError:
        return b""


def faults(bench: Bench, cluster: Cluster, folder: str) -> list:
    """What is told of what is wrong, how soon, and with which code."""
    small = write_data(tempfile.mkdtemp(dir=folder), 2000, 3)
    lacking, changed = (shutil.copytree(small, small + name) for name in ("-lacking", "-changed"))
    with open(os.path.join(lacking, "part-2.csv")) as file:
        lines = [line.split(",", 1)[1] for line in file]
    with open(os.path.join(lacking, "part-2.csv"), "w") as file:
        file.writelines(lines)
    parquet_changed = shutil.copytree(small + "-parquet", small + "-parquet-changed")
    rows = pyarrow.parquet.read_table(os.path.join(parquet_changed, "part-3.parquet"))
    rows = rows.set_column(0, "x0", rows.column("x1").cast(pyarrow.string()))
    pyarrow.parquet.write_table(rows, os.path.join(parquet_changed, "part-3.parquet"))
    with open(os.path.join(changed, "part-1.csv"), "a") as file:
        file.write("1,2,3,red,many,1\n" * 3)
    away = ["--engine", "spark", "--master", cluster.master, "--executor-memory", "1g"]
    open_settings = os.path.join(folder, "other.conf")
    with open(open_settings, "w") as file:
        file.write("spark.authenticate true\nspark.authenticate.secret another\n")
    home = os.path.join(folder, "home")
    plain = {"PATH": "/usr/bin:/bin"}
    train = ["train", small, "--target", "y", "--drop", "big", "--task", "regression", "--set", "epochs=2"]
    cases = [
        ("nobody at the master", [*train, "--engine", "spark", "--master", "spark://127.0.0.1:9"], {}, 1, 15, "nobody answers at"),
        ("a master that is none", [*train, "--engine", "spark", "--master", "sparks:7077"], {}, 2, 15, "master 'sparks:7077' is none"),
        ("another secret", [*train, *away], {SETTINGS: open_settings}, 1, 120, "a cluster that wants a secret"),
        ("no settings file", [*train, *away], {SETTINGS: "/none.conf"}, 2, 15, "cannot be read"),
        ("no Java", [*train, "--engine", "spark"], {"PATH": os.path.dirname(sys.executable), "JAVA_HOME": "/nowhere"}, 1, 5, "there is no Java"),
        ("no engine", [*train, "--engine", "spark"], {"XDG_DATA_HOME": home}, 1, 5, "Spark is not installed"),
        ("no network", ["engine", "install", "spark"],
         {"XDG_DATA_HOME": home, "PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_CONFIG_FILE": "/dev/null"}, 1, 120, "cannot be installed"),
        ("too few slots", [*train, *away, "--executors", "5"], {}, 1, 120, "brought 2 of 5 executors"),
        ("a column missing in one file", [*train[:1], lacking, *train[2:], *away], {}, 3, 60, "has no column 'x0'"),
        ("other types in one file of Parquet", [*train[:1], parquet_changed, *train[2:], *away], {}, 3, 60, "column 'x0' is"),
        ("other values in one file of CSV", [*train[:1], changed, *train[2:], *away], {}, 3, 90, "the target 'y' is text"),
    ]
    lines = []
    for name, words, variables, code, limit, told in cases:
        start = time.monotonic()
        done = subprocess.run(
            [PROGRAM, *words, *([] if words[0] == "engine" else ["--workspace", bench.workspace]), "--quiet"], capture_output=True,
            text=True, env={**os.environ, **variables})
        seconds = time.monotonic() - start
        said = done.stderr.strip().splitlines()[-1] if done.stderr.strip() else ""
        bench.must(done.returncode == code, f"{name}: ended with {done.returncode}: {said}")
        bench.must(told in said, f"{name}: told '{said}'")
        bench.must(seconds <= limit, f"{name}: took {seconds:.0f} s")
        lines.append([name, f"{seconds:.1f} s", str(done.returncode), re.sub(r"/[^ ]*/", "…/", said.removeprefix("descent: "))[:110].replace("|", "/")])
    return lines


def livy(bench: Bench, cluster: Cluster, data: str) -> list:
    """The cells of docs/spark.md, as SparkMagic sends them, on a stand-in for Livy."""
    with open(os.path.join(ROOT, "docs", "spark.md"), encoding="utf-8") as file:
        text = textwrap.dedent(file.read())
    settings = json.loads(re.search(r"%%configure -f\n\s*(\{.*\})\n", text)[1])["conf"]
    code = textwrap.dedent(re.search(r"```python livy\n(.*?)\n\s*```", text, re.S)[1])
    places = {
        "/opt/descent/engines/spark/bin/python": sys.executable, "/opt/descent/python": os.path.join(ROOT, "python"),
        "/opt/descent/bin/descent": PROGRAM, "/data/rows": data, "/data/workspace": bench.workspace}

    def placed(text: str) -> str:
        for name, place in places.items():
            text = text.replace(name, place)
        return text

    server, start = Livy(), time.monotonic()
    try:
        conf = {**json.loads(placed(json.dumps(settings))), "spark.master": "local[2]", "spark.ui.enabled": "false"}
        session = asked(server.address + "/sessions", {"kind": "pyspark", "conf": conf})["id"]
        path, said = f"{server.address}/sessions/{session}", {}
        waited(lambda: asked(path)["state"] != "starting")
        for cell in placed(code).split("\n\n"):
            number = asked(path + "/statements", {"code": cell})["id"]
            waited(lambda: asked(f"{path}/statements/{number}")["state"] == "available")
            said = asked(f"{path}/statements/{number}")["output"]
            bench.must(said["status"] == "ok", f"livy: {said.get('evalue')}")
        bench.must("score" in said.get("data", {}).get("text/plain", ""), f"livy: the last cell shows no scores: {said}")
        asked(path, method="DELETE")
        runs = [json.loads(line)["name"] for line in bench.descent("runs", "list", "--json").splitlines()]
        bench.must("livy" in runs, "livy: its run is not in the workspace")
    finally:
        server.close()
    return [["cells of docs/spark.md", f"{time.monotonic() - start:.1f} s", said.get("status", "")]]


def asked(address: str, body: "dict | None" = None, method: "str | None" = None) -> dict:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(address, data, {"Content-Type": "application/json", "X-Requested-By": "descent"}, method=method)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def waited(is_so, seconds: float = 300) -> None:
    deadline = time.monotonic() + seconds
    while not is_so() and time.monotonic() < deadline:
        time.sleep(0.2)


def growth(bench: Bench, folder: str, rows: int) -> list:
    """Seconds and shuffled bytes of one linear model, by rows, columns, files and executors."""
    lines = []
    plans = [(rows // 100, 7, 4, 2), (rows // 10, 7, 4, 2), (rows, 7, 4, 2), (rows // 10, 28, 4, 2), (rows // 10, 112, 4, 2),
             (rows // 10, 7, 32, 2), (rows // 10, 7, 4, 1)]
    for count, columns, parts, workers in plans:
        data = write_data(tempfile.mkdtemp(dir=folder), count, columns, parts)
        cluster = Cluster(tempfile.mkdtemp(dir=folder), workers)
        try:
            away = ["--engine", "spark", "--master", cluster.master, "--executors", str(workers), "--executor-memory", "1g"]
            found = bench.train(data, "linear-learner", ["--target", "y", "--task", "regression", "--drop", "big", *away])
            bench.must(found["status"] == "Completed", f"growth: {found['status']} {found['errors']}")
            passes = max(1, found["steps"])
            lines.append([f"{count}", f"{columns}", f"{parts}", f"{workers}", f"{found['seconds']:.1f} s", f"{found['steps']}",
                          f"{found.get('training', 0) / passes:.2f} s", f"{found['shuffled'] / 1024:.0f} KiB"])
            print(lines[-1], file=sys.stderr, flush=True)
        finally:
            cluster.close()
            shutil.rmtree(os.path.dirname(data), ignore_errors=True)
    return lines


def left_running(folder: str) -> list:
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit() and int(name) != os.getpid():
            try:
                with open(f"/proc/{name}/environ", "rb") as file:
                    if f"{MARK}={folder}".encode() in file.read():
                        found.append(int(name))
            except OSError:
                continue
    return found


def table(heads: list, rows: list) -> str:
    return "\n".join("| " + " | ".join(row) + " |" for row in [heads, ["---"] * len(heads)] + rows)


#: What is tried besides the algorithms: a title, the heads of its table, and what makes its rows.
OTHERS = {
    "parquet": ("The same rows in 4 files of Parquet", ["algorithm", "CSV", "Parquet", "apart"], parquet),
    "profile": ("Profiles", ["rows", "one machine", "two workers", "apart"], profile),
    "tune": ("A search of 6 trials: here, on two workers, with a worker killed, killed and taken up again", ["search", "time", "trials"], tune),
    "livy": ("Notebooks through a stand-in for Livy", ["what", "time", "status"], livy),
    "faults": ("What is wrong, and what is told of it", ["what", "told after", "code", "words"], faults),
}


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--parts", default=",".join([*PLANS, *OTHERS, "growth"]))
    parser.add_argument("--undisturbed", action="store_true")
    given = parser.parse_args()
    parts = given.parts.split(",")
    folder = tempfile.mkdtemp(prefix="descent-spark-bench-")
    os.environ[MARK] = folder
    bench = Bench(folder)
    try:
        chosen = [part for part in parts if part in PLANS]
        if chosen or set(parts) & set(OTHERS):
            data = write_data(folder, given.rows)
            cluster = Cluster(folder)
            try:
                rows = []
                for part in chosen:
                    rows.append(compare(bench, cluster, data, part, given.undisturbed))
                    print(rows[-1], file=sys.stderr, flush=True)
                heads = ["algorithm", "one machine", "two workers", "steps", "apart", "a worker killed", "cancelled"]
                if rows:
                    print(f"{given.rows} rows of 10 numbers and a category, CSV in 4 files:\n\n{table(heads, rows)}\n", flush=True)
                for part, (title, heads, work) in OTHERS.items():
                    if part in parts:
                        print(f"{title}:\n\n{table(heads, work(bench, cluster, folder if part == 'faults' else data))}\n", flush=True)
            finally:
                cluster.close()
        if "growth" in parts:
            heads = ["rows", "numbers", "files", "executors", "time", "steps", "a step", "shuffled"]
            print(f"Linear regression, start of Spark included:\n\n{table(heads, growth(bench, folder, given.rows))}\n")
        time.sleep(3)
        left = left_running(folder)
        bench.must(not left, f"left running: {left}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    for fault in bench.faults:
        print(f"spark: {fault}", file=sys.stderr)
    print(f"spark: {len(bench.faults)} faults", file=sys.stderr)
    return 1 if bench.faults else 0


if __name__ == "__main__":
    sys.exit(main())
