"""Spark by hand: the four algorithms on a cluster of two workers on loopback, beside one machine; a worker killed and a job cancelled in
each; how time and shuffled bytes grow.

usage: ENGINE/bin/python benchmarks/spark.py [--rows N] [--parts linear-learner,pca,kmeans,xgboost,growth]

ENGINE is the environment that `descent engine install spark` made. The program is DESCENT_BINARY, else .build/release/descent. Ends with 1
where something differs, does not go on, or is left running. Prints a section for results.md.
"""

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

import numpy
import pyarrow
import pyarrow.csv
import pyarrow.parquet

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PROGRAM = os.environ.get("DESCENT_BINARY") or os.path.join(ROOT, ".build", "release", "descent")
MARK = "DESCENT_SPARK_BENCHMARK"
#: What each algorithm is trained with, and how far its predictions may be from one machine's, as a part of their size.
PLANS = {
    "linear-learner": (["--target", "big", "--set", "wd=0.001", "--drop", "y"], ["--set", "optimizer=lbfgs"], 2e-6),
    "pca": (["--set", "num_components=4", "--drop", "y", "--drop", "big"], [], 1e-6),
    "kmeans": (["--set", "k=4", "--set", "local_lloyd_tol=0", "--drop", "y", "--drop", "big"], [], 1e-5),
    "xgboost": (
        ["--target", "y", "--task", "regression", "--set", "num_round=60", "--set", "max_depth=5", "--drop", "big"], [], None),
}


def write_data(folder: str, rows: int, columns: int = 10) -> str:
    """Rows of four groups in CSV, in four files, with a category and missing numbers."""
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
    for part in range(4):
        piece = whole.slice(part * rows // 4, (part + 1) * rows // 4 - part * rows // 4)
        pyarrow.csv.write_csv(piece, os.path.join(path, f"part-{part}.csv"))
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
            [os.path.join(self.home, "bin", "spark-class"), "org.apache.spark.deploy." + name, *arguments],
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
        result = {"status": "none", "steps": 0, "shuffled": 0, "lost": 0}
        for line in process.stdout:
            event = json.loads(line)
            measured = event.get("metrics", {}) if event["kind"] == "metricsRecorded" else {}
            if "train:loss" in measured:
                result["steps"] = event["step"]
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


def compare(bench: Bench, cluster: Cluster, data: str, algorithm: str) -> list:
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
    return [algorithm, f"{local['seconds']:.1f} s", f"{clean['seconds']:.1f} s", f"{clean['steps']}", f"{apart:.1e}",
            f"{killed['status']}, {killed['seconds']:.1f} s", f"{ended}, {took:.1f} s"]


def growth(bench: Bench, folder: str, rows: int) -> list:
    """Seconds and shuffled bytes of one linear model, by rows, columns and executors."""
    lines = []
    for count, columns, workers in ((rows // 4, 10, 2), (rows // 2, 10, 2), (rows, 10, 2), (rows // 4, 40, 2), (rows // 4, 10, 1)):
        data = write_data(tempfile.mkdtemp(dir=folder), count, columns)
        cluster = Cluster(tempfile.mkdtemp(dir=folder), workers)
        try:
            away = ["--engine", "spark", "--master", cluster.master, "--executors", str(workers), "--executor-memory", "1g"]
            found = bench.train(data, "linear-learner", ["--target", "y", "--task", "regression", "--drop", "big", *away])
            bench.must(found["status"] == "Completed", f"growth: {found['status']} {found['errors']}")
            lines.append([f"{count}", f"{columns}", f"{workers}", f"{found['seconds']:.1f} s", f"{found['shuffled'] / 1024:.0f} KiB"])
        finally:
            cluster.close()
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


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--parts", default=",".join([*PLANS, "growth"]))
    given = parser.parse_args()
    parts = given.parts.split(",")
    folder = tempfile.mkdtemp(prefix="descent-spark-bench-")
    os.environ[MARK] = folder
    bench = Bench(folder)
    try:
        chosen = [part for part in parts if part in PLANS]
        if chosen:
            data = write_data(folder, given.rows)
            cluster = Cluster(folder)
            try:
                rows = []
                for part in chosen:
                    rows.append(compare(bench, cluster, data, part))
                    print(rows[-1], file=sys.stderr, flush=True)
            finally:
                cluster.close()
            heads = ["algorithm", "one machine", "two workers", "steps", "apart", "a worker killed", "cancelled"]
            print(f"{given.rows} rows of 10 numbers and a category, CSV in 4 files:\n\n{table(heads, rows)}\n")
        if "growth" in parts:
            heads = ["rows", "numbers", "executors", "time", "shuffled"]
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
