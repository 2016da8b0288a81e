"""Runs our benchmarks and, where they are installed, the same work in the tools people use today, in turn, and prints
medians and ratios. CPU seconds are compared, since wall time on a shared machine measures the neighbours."""
import os
import pty
import select
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

BIN = ".build/release"
ROUNDS = int(os.environ.get("ROUNDS", "5"))
DATA = os.environ.get("BENCH_DATA", os.path.join(tempfile.gettempdir(), "descent-bench"))
ROWS = int(os.environ.get("BENCH_ROWS", "1000000"))
THREADS = "2"
ENV = dict(os.environ, OMP_NUM_THREADS=THREADS, OPENBLAS_NUM_THREADS=THREADS, POLARS_MAX_THREADS=THREADS)


def ours(*arguments):
    """Result lines of our benchmark program: {name: {metric: value}}."""
    text = subprocess.run([f"{BIN}/Benchmarks", *arguments], capture_output=True, text=True, check=True).stdout
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


def data():
    """A million rows of 28 features and a label, as CSV; made once."""
    path = os.path.join(DATA, f"logistic-{ROWS}.csv")
    if not os.path.exists(path):
        import numpy as np
        os.makedirs(DATA, exist_ok=True)
        r = np.random.default_rng(7)
        x = r.standard_normal((ROWS, 28)).astype("f4")
        x[:, 7:14] = np.exp(0.5 * x[:, 7:14])
        x[:, 14:21] = r.uniform(-3.14, 3.14, (ROWS, 7))
        x[:, 21:28] = np.abs(x[:, 0:7] * x[:, 7:14])
        x = np.round(x, 4)
        z = (x - x.mean(0)) / x.std(0) @ r.normal(0, 0.3, 28) + 0.8 * x[:, 0] * x[:, 1]
        y = (r.random(ROWS) < 1 / (1 + np.exp(-z))).astype(int)
        with open(path + ".partial", "w") as f:
            f.write("y," + ",".join(f"f{i}" for i in range(28)) + "\n")
            for i in range(0, ROWS, 20000):
                f.write("\n".join(f"{b}," + ",".join(map(repr, a)) for b, a in zip(y[i:i + 20000].tolist(), x[i:i + 20000].tolist())) + "\n")
        os.rename(path + ".partial", path)
        np.save(path[:-4] + "-x.npy", x)
        np.save(path[:-4] + "-y.npy", y)
    return path


def compare(title, us, peers):
    """Runs every side ROUNDS times in turn and prints medians and ratios of CPU seconds."""
    results = {"descent": []} | {name: [] for name in peers}
    missing = set()
    for _ in range(ROUNDS):
        results["descent"].append(us())
        for name, (code, argument) in peers.items():
            if name in missing:
                continue
            result = peer(code, argument)
            if result is None:
                missing.add(name)
            else:
                results[name].append(result)
    median = lambda rows, key: statistics.median(r[key] for r in rows)
    base = median(results["descent"], "cpu_s")
    for name, rows in results.items():
        if rows:
            cpu, wall = median(rows, "cpu_s"), median(rows, "wall_s")
            ratio = "" if name == "descent" else f"  descent/peer {base / cpu:.2f}"
            print(f"{title:8} {name:24} cpu {cpu:7.3f} s  wall {wall:7.3f} s  rss {median(rows, 'rss_mb'):6.0f} MB"
                  f"  quality {median(rows, 'quality'):.5f}{ratio}", flush=True)


def bus():
    for name, values in ours("bus").items():
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


def first_frame(workspace, awaited):
    """Milliseconds from starting the program to its first frame, with the runs in it if there are any."""
    pid, fd = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm-256color", LC_ALL="C.UTF-8", COLUMNS="120", LINES="40")
        os.execv(f"{BIN}/descent", ["descent", "--workspace", workspace])
    start, seen = time.perf_counter(), b""
    while awaited not in seen:
        if not select.select([fd], [], [], 10)[0]:
            break
        seen += os.read(fd, 65536)
    elapsed = (time.perf_counter() - start) * 1000
    os.write(fd, b"q")
    try:
        while os.read(fd, 65536):
            pass
    except OSError:
        pass
    os.waitpid(pid, 0)
    return elapsed


def watched():
    print(ours("watched"))


def store():
    print(ours("long-run"))


CSV_PEERS = {
    "polars": "import polars as pl\nt0,c0=time.perf_counter(),time.process_time()\npl.read_csv(sys.argv[1])\ndone(t0,c0)",
    "pandas": "import pandas as pd\nt0,c0=time.perf_counter(),time.process_time()\npd.read_csv(sys.argv[1])\ndone(t0,c0)",
    "duckdb": "import duckdb\nt0,c0=time.perf_counter(),time.process_time()\n"
              "duckdb.connect(config={'threads':2}).execute(f\"create table t as from read_csv('{sys.argv[1]}')\")\ndone(t0,c0)",
}


def reading(path, peers, prefix="table_"):
    """Reads one file beside what others read it with; without the prefix, and gets it ready for training."""

    def us():
        r = ours("csv", path)["csv"]
        return {"cpu_s": r[prefix + "cpu_s"], "wall_s": r[prefix + "wall_s"], "quality": r["matrix_cpu_s"], "rss_mb": r["rss_mb"]}
    compare(os.path.splitext(path)[1][1:], us, {name: (code, path) for name, code in peers.items()})


def csv():
    reading(data(), CSV_PEERS, prefix="")


def converted(ending, call):
    """The same rows in another format, written by polars; made once."""
    path = data()[:-3] + ending
    if not os.path.exists(path):
        import polars as pl
        getattr(pl.read_csv(data()), call)(path)
    return path


def peers_reading(polars, pandas, duckdb):
    """The CSV peers with other calls."""
    calls = {"polars": ("pl.read_csv(sys.argv[1])", polars), "pandas": ("pd.read_csv(sys.argv[1])", pandas),
             "duckdb": ("read_csv(", duckdb)}
    return {name: code.replace(*calls[name]) for name, code in CSV_PEERS.items()}


def parquet():
    peers = peers_reading("pl.read_parquet(sys.argv[1])", "pd.read_parquet(sys.argv[1])", "read_parquet(")
    reading(converted("parquet", "write_parquet"), peers)


def jsonl():
    peers = peers_reading("pl.read_ndjson(sys.argv[1])", "pd.read_json(sys.argv[1], lines=True)", "read_json(")
    reading(converted("jsonl", "write_ndjson"), peers)


SPLIT = """
import numpy as np
base = sys.argv[1][:-4]
x, y = np.load(base + "-x.npy"), np.load(base + "-y.npy")
cut = len(y) * 9 // 10
"""
STANDARDISED = SPLIT + """
t0, c0 = time.perf_counter(), time.process_time()
mean, sd = x[:cut].mean(0, dtype="f8").astype("f4"), x[:cut].std(0, dtype="f8").astype("f4")
x = (x - mean) / sd
"""
LINEAR_PEERS = {
    "sklearn lbfgs": STANDARDISED + """
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
m = LogisticRegression(max_iter=200).fit(x[:cut], y[:cut])
t1, c1 = time.perf_counter(), time.process_time()
q = log_loss(y[cut:], m.predict_proba(x[cut:])[:, 1].astype("f8"))
done(t0 + time.perf_counter() - t1, c0 + time.process_time() - c1, q)
""",
    "sklearn sgd, 5 epochs": STANDARDISED + """
from sklearn.linear_model import SGDClassifier
from sklearn.metrics import log_loss
m = SGDClassifier(loss="log_loss", max_iter=5, tol=None, random_state=7, alpha=1e-6, learning_rate="invscaling",
                  eta0=0.01, power_t=0.25, average=True).fit(x[:cut], y[:cut])
t1, c1 = time.perf_counter(), time.process_time()
q = log_loss(y[cut:], m.predict_proba(x[cut:])[:, 1].astype("f8"))
done(t0 + time.perf_counter() - t1, c0 + time.process_time() - c1, q)
""",
    "vowpal wabbit, 5 passes": SPLIT + """
import os, vowpalwabbit
from sklearn.metrics import log_loss
mean, sd = x[:cut].mean(0, dtype="f8"), x[:cut].std(0, dtype="f8")
x = (x - mean) / sd
paths = [base + "-train.vw", base + "-test.vw"]
for path, rows in zip(paths, (slice(0, cut), slice(cut, None))):
    if not os.path.exists(path):
        fmt = "%d |" + "".join(f" {j}:%.6g" for j in range(x.shape[1]))
        with open(path + ".partial", "w") as f:
            for label, row in zip(y[rows].tolist(), x[rows].tolist()):
                f.write(fmt % (1 if label else -1, *row) + "\\n")
        os.rename(path + ".partial", path)
t0, c0 = time.perf_counter(), time.process_time()
vowpalwabbit.Workspace(f"-d {paths[0]} -k --cache_file {base}.cache --passes 5 --holdout_off --loss_function logistic"
                       f" --link logistic -f {base}.model --quiet").finish()
t1, c1 = time.perf_counter(), time.process_time()
vowpalwabbit.Workspace(f"-d {paths[1]} -t -i {base}.model -p {base}.pred --quiet").finish()
q = log_loss(y[cut:], np.loadtxt(base + ".pred"))
done(t0 + time.perf_counter() - t1, c0 + time.process_time() - c1, q)
""",
}


def linear():
    path = data()

    def us():
        r = ours("linear", path, "epochs=2")["linear"]
        return {"cpu_s": r["cpu_s"], "wall_s": r["wall_s"], "quality": r["log_loss"], "rss_mb": r["rss_mb"]}
    compare("linear", us, {name: (code, path) for name, code in LINEAR_PEERS.items()})


CASES = {"bus": bus, "frames": frames, "watched": watched, "store": store, "csv": csv, "parquet": parquet, "jsonl": jsonl, "linear": linear}

if __name__ == "__main__":
    load = os.getloadavg()[0]
    print(f"load {load:.1f} on {os.cpu_count()} processors, {ROUNDS} rounds, medians", flush=True)
    for name in sys.argv[1:] or CASES:
        CASES[name]()
