"""The same W&B run opened in `wandb leet` and in `descent watch`, in turn, in a terminal of 200 x 60: seconds to the first chart and
until the charts are at rest, CPU seconds and peak memory of the whole program.

    benchmarks/leet.py [STEPS]        default 50,000 steps of 20 metrics; needs pip install wandb
"""
import os
import pty
import select
import shutil
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import fcntl
import time

BIN = os.path.abspath(".build/release/descent")
ROUNDS = int(os.environ.get("ROUNDS", "5"))
WRITER = """
import math, os, random, sys
os.environ.update(WANDB_MODE="offline", WANDB_SILENT="true")
import wandb
n = int(sys.argv[1])
run = wandb.init(project="bench", name="bench", config={"lr": 0.1}, settings=wandb.Settings(console="off", x_disable_stats=True))
for step in range(n):
    run.log({f"m{i}": math.exp(-3 * step / n) + random.gauss(0, 0.05) + i for i in range(20)})
run.finish()
"""


def watch(command, folder):
    """Runs a program until no chart on its screen has changed for two seconds, then quits it."""
    pid, fd = pty.fork()
    if pid == 0:
        os.chdir(folder)
        os.environ.update(TERM="xterm-256color", LC_ALL="C.UTF-8")
        time.sleep(0.05)
        os.execvp(command[0], command)
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 60, 200, 0, 0))
    start = time.perf_counter() + 0.05
    first, last, seen = None, start, ""
    while time.perf_counter() - (last if first else start) < (2 if first else 30):
        if not select.select([fd], [], [], 0.1)[0]:
            continue
        try:
            text = os.read(fd, 1 << 16).decode("utf-8", "replace")
        except OSError:
            break
        if time.perf_counter() - start > 60:
            break
        if "\x1b[c" in text or "\x1b[6n" in text:
            os.write(fd, b"\x1b[?62;c" if "\x1b[c" in text else b"\x1b[1;1R")
        # Ten dots of braille make a curve.
        if sum("\u2801" <= c <= "\u28ff" for c in text) > 10:
            last = time.perf_counter()
            first = first or last
    for key in (b"q", b"\x03"):
        try:
            os.write(fd, key)
            time.sleep(0.3)
        except OSError:
            break
    try:
        while select.select([fd], [], [], 2)[0] and os.read(fd, 1 << 16):
            pass
    except OSError:
        pass
    _, _, usage = os.wait4(pid, 0)
    return {"first_s": (first or float("nan")) - start, "rest_s": last - start, "cpu_s": usage.ru_utime + usage.ru_stime,
            "rss_mb": usage.ru_maxrss / 1024}


def main():
    steps = sys.argv[1] if len(sys.argv) > 1 else "50000"
    folder = tempfile.mkdtemp()
    subprocess.run([sys.executable, "-c", WRITER, steps], cwd=folder, check=True, capture_output=True)
    file = os.path.realpath(os.path.join(folder, "wandb", "latest-run"))
    file = os.path.join(file, next(name for name in os.listdir(file) if name.endswith(".wandb")))
    print(f"{int(steps):,} steps of 20 metrics, {os.path.getsize(file) / 1e6:.0f} MB, load {os.getloadavg()[0]:.1f}, {ROUNDS} rounds")
    results = {"wandb leet": [], "descent watch": [], "descent watch, again": []}
    for _ in range(ROUNDS):
        shutil.rmtree(os.path.join(folder, "w"), ignore_errors=True)
        results["wandb leet"].append(watch(["wandb", "leet", "run", file], folder))
        for name in ("descent watch", "descent watch, again"):
            results[name].append(watch([BIN, "watch", file, "--workspace", os.path.join(folder, "w")], folder))
    for name, rows in results.items():
        print(f"{name:22}" + "".join(f"  {key} {statistics.median(r[key] for r in rows):.2f}" for key in rows[0]))
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
