"""Runs our benchmarks and, where they are installed, the same work in the tools people use today, in turn, and prints
medians and ratios. CPU seconds are compared, since wall time on a shared machine measures the neighbours."""
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

import datasets
import endurance as hands
import peers
import traffic as line
from screen import Screen
from workspace import measure

BIN = os.environ.get("BENCH_BUILD", ".build/release")
ROUNDS = int(os.environ.get("ROUNDS", "5"))
THREADS = "2"
# Threads that wait asleep, so that CPU seconds are work and not a busy machine's barriers.
ENV = dict(os.environ, OMP_NUM_THREADS=THREADS, OPENBLAS_NUM_THREADS=THREADS, POLARS_MAX_THREADS=THREADS,
           MKL_NUM_THREADS=THREADS, OMP_WAIT_POLICY="PASSIVE")


def ours(*arguments):
    """Result lines of our benchmark program: {name: {metric: value}}."""
    text = subprocess.run([f"{BIN}/Benchmarks", *arguments], capture_output=True, text=True, check=True,
                          env=ENV).stdout
    results = {}
    for line in text.splitlines():
        name, *pairs = line.split()
        results[name] = {k: float(v) for k, v in (p.split("=") for p in pairs)}
    return results


def peer(code, *arguments):
    """Runs a peer's code in a fresh process; it prints `cpu wall quality`. None if it is not installed."""
    prelude = (
        "import sys, time\n"
        "def done(t0, c0, quality=0.0):\n"
        "    used = (time.process_time() - c0, time.perf_counter() - t0)\n"
        "    peak = next(l for l in open('/proc/self/status') if l.startswith('VmHWM')).split()[1]\n"
        "    print(*used, quality, int(peak) / 1024)\n")
    run = subprocess.run([sys.executable, "-c", prelude + code, *arguments], capture_output=True, text=True, env=ENV)
    if run.returncode:
        print(f"    left out: {run.stderr.strip().splitlines()[-1] if run.stderr.strip() else 'failed'}")
        return None
    cpu, wall, quality, rss = map(float, run.stdout.split()[-4:])
    return {"cpu_s": cpu, "wall_s": wall, "quality": quality, "rss_mb": rss}


def trained(base, algorithm, **settings):
    """Our side of a training row."""
    return lambda: ours("train", base, algorithm, *(f"{name}={value}" for name, value in settings.items()))["train"]


def compare(title, sides):
    """Runs every side ROUNDS times in turn and prints medians, and ratios of CPU seconds of the first side to the others.

    A side is a function, or a text of peers.py with its argument and, perhaps, what to multiply its time by."""
    results, missing = {name: [] for name in sides}, set()
    for _ in range(ROUNDS):
        for name, side in sides.items():
            if name in missing:
                continue
            result = side() if callable(side) else peer(*side[:2])
            if result is None:
                missing.add(name)
            else:
                scale = 1 if callable(side) or len(side) < 3 else side[2]
                results[name].append(result | {key: result[key] * scale for key in ("cpu_s", "wall_s")})
    median = lambda rows, key: statistics.median(r[key] for r in rows)
    base = None
    for name, rows in results.items():
        if rows:
            cpu, wall = median(rows, "cpu_s"), median(rows, "wall_s")
            ratio = "" if base is None else f"  descent/this {base / cpu:.3f}"
            base = base or cpu
            print(f"{title:14} {name:30} cpu {cpu:8.3f} s  wall {wall:8.3f} s  rss {median(rows, 'rss_mb'):6.0f} MB"
                  f"  quality {median(rows, 'quality'):.5f}{ratio}", flush=True)


def bus():
    for name, values in ours("bus").items():
        print(name, values)


def debugger():
    """CPU nanoseconds a sample of healthy runs, all rules looking."""
    for name, values in ours("debugger").items():
        print(name, values)


def frames():
    print(ours("frames", "1000000"))
    for count in (0, 1000):
        folder = tempfile.mkdtemp()
        workspace = os.path.join(folder, "workspace")
        if count:
            ours("workspace", workspace, str(count))
        times = [first_frame(workspace, b"run-" if count else b"Datasets") for _ in range(11)]
        print(f"frame/first runs={count} median_ms={statistics.median(times):.1f} max_ms={max(times):.1f}", flush=True)
        shutil.rmtree(folder)


def first_frame(folder, awaited):
    """Milliseconds from starting the program to its first frame, with the runs in it if there are any."""
    screen = Screen([os.path.abspath(f"{BIN}/descent"), "--workspace", folder], width=120, height=40)
    elapsed = (screen.until(10, lambda seen: awaited in seen) - screen.started) * 1000
    screen.close()
    return elapsed


def workspace():
    """1,000 runs of 20 metrics of 10,000 points, 6.5 GB, and a run of 1,000,000 points; WORKSPACE_RUNS=100 is enough for a look."""
    folder = tempfile.mkdtemp(dir=os.environ.get("BENCH_DATA"))
    try:
        path = os.path.join(folder, "workspace")
        print(ours("curves", path, os.environ.get("WORKSPACE_RUNS", "1000"), "20", "10000", "1000000"), flush=True)
        measure(os.path.abspath(f"{BIN}/descent"), path, ROUNDS)
    finally:
        shutil.rmtree(folder)


def table():
    """10,000 runs: scrolling, typing a filter, sorting, grouping, and samples of four runs that train."""
    folder = tempfile.mkdtemp()
    try:
        ours("workspace", os.path.join(folder, "w"), "10000")
        for name, values in ours("table", os.path.join(folder, "w")).items():
            print(name, values, flush=True)
    finally:
        shutil.rmtree(folder)


def traffic():
    """Bytes over the terminal while four runs train."""
    line.measure(f"{BIN}/descent", "here", SSH_CONNECTION="", SSH_TTY="")
    line.measure(f"{BIN}/descent", "ssh", SSH_CONNECTION="192.0.2.1 50000 192.0.2.2 22")


def endurance():
    """20,000 keys and 10,000 sizes: the state and its drawing, every frame; then the program in a terminal."""
    for name, values in ours("endurance").items():
        print(name, values, flush=True)
    hands.measure(f"{BIN}/descent", 20_000, 10_000)


def watched():
    with tempfile.TemporaryDirectory() as folder:
        print(ours("watched", folder))


def tensors():
    """Training without captures of tensors and with them, in turn."""
    with tempfile.TemporaryDirectory() as folder:
        for name, values in ours("tensors", folder).items():
            print(name, values, flush=True)


def store():
    with tempfile.TemporaryDirectory() as folder:
        print(ours("long-run", folder))


def reading(path, peers, prefix="table_"):
    """Reads one file beside what others read it with; with the prefix `matrix_`, and makes a matrix of single precision of it."""

    def us():
        r = ours("csv", path)["csv"]
        return {"cpu_s": r[prefix + "cpu_s"], "wall_s": r[prefix + "wall_s"], "quality": r["matrix_cpu_s"], "rss_mb": r["rss_mb"]}
    compare(os.path.splitext(path)[1][1:] + ("" if prefix == "table_" else " to matrix"), {"descent": us} | {name: (code, path) for name, code in peers.items()})


def csv():
    path = datasets.base("higgs", csv=True) + ".csv"
    reading(path, peers.CSV)
    reading(path, peers.MATRIX, prefix="matrix_")


def converted(ending, call):
    """The same rows in another format, written by polars; made once."""
    base = datasets.base("higgs", csv=True)
    if not os.path.exists(f"{base}.{ending}"):
        import polars as pl
        getattr(pl.read_csv(base + ".csv"), call)(f"{base}.{ending}")
    return f"{base}.{ending}"


def parquet():
    reading(converted("parquet", "write_parquet"),
            peers.reading("pl.read_parquet(sys.argv[1])", "pd.read_parquet(sys.argv[1])", "read_parquet("))


def jsonl():
    reading(converted("jsonl", "write_ndjson"),
            peers.reading("pl.read_ndjson(sys.argv[1])", "pd.read_json(sys.argv[1], lines=True)", "read_json("))


def beside(title, name, texts, algorithm, **settings):
    base = datasets.base(name)
    compare(title, {"descent": trained(base, algorithm, **settings)} | {peer: (code, base) for peer, code in texts.items()})


def logistic():
    beside("logistic", "higgs", peers.LOGISTIC, "linear-learner", task="binary_classifier", epochs=2)


def least_squares():
    beside("least-squares", "year", peers.LEAST_SQUARES, "linear-learner", optimizer="lbfgs")


def candidates():
    base = datasets.base("higgs")
    task = {"task": "binary_classifier", "epochs": 2}
    compare("candidates", {
        "descent num_models=32": trained(base, "linear-learner", num_models=32, **task),
        "descent, one model": trained(base, "linear-learner", **task),
        "descent, 32 separate fits": trained(base, "linear-learner", fits=32, **task),
    } | {name: (code, base, 16) for name, code in peers.CANDIDATES.items()})


def mlp():
    # PyTorch's first weights, too, so that the same number of steps leads to the same quality.
    fixed = dict(optimizer="adam", learning_rate=0.001, init_method="lecun", lr_scheduler="constant", dropout=0, weight_decay=0)
    beside("mlp digits", "digits", {"torch": peers.mlp([256, 128], 10, 128, 3)}, "neural-network", hidden_layers="256,128",
           mini_batch_size=128, epochs=3, task="multiclass_classifier", classes=10, **fixed)
    beside("mlp higgs", "higgs", {"torch": peers.mlp([64, 64], 1, 256, 1)}, "neural-network", hidden_layers="64,64",
           mini_batch_size=256, epochs=1, task="binary_classifier", **fixed)


def xgboost():
    base = datasets.base("higgs")
    compare("xgboost", {"descent": lambda: ours("trees", base)["trees"]}
            | {name: (code, base) for name, code in peers.XGBOOST.items()})


CASES = {"bus": bus, "debugger": debugger, "frames": frames, "table": table, "workspace": workspace, "traffic": traffic,
         "endurance": endurance, "watched": watched, "tensors": tensors, "store": store, "csv": csv, "parquet": parquet, "jsonl": jsonl,
         "logistic": logistic, "least-squares": least_squares, "candidates": candidates, "mlp": mlp, "xgboost": xgboost}

if __name__ == "__main__":
    load = os.getloadavg()[0]
    print(f"load {load:.1f} on {os.cpu_count()} processors, {ROUNDS} rounds, medians", flush=True)
    for name in sys.argv[1:] or CASES:
        CASES[name]()
