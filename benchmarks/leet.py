"""The same W&B runs opened in `wandb leet` and in `descent watch`, in turn, in a terminal of 200 x 60: seconds to the first frame, to
the first chart and until the charts are at rest; milliseconds from a key to what it changes; CPU seconds and peak memory.

    benchmarks/leet.py [STEPS [RUNS]]        default 50,000 steps of 20 metrics in one run; needs pip install wandb

One run is shown as charts of its metrics on both sides, as many as fit, and the key has them all painted anew: the cursor goes left
in all of them here, LEET turns a page. Of a folder of runs both sides show their list; the key goes to the next run, and LEET needs
another one (space) to show its charts.
"""
import os
import shutil
import statistics
import sys
import tempfile

import wandb_runs
from screen import Screen, braille

BIN = os.path.abspath(".build/release/descent")
ROUNDS = int(os.environ.get("ROUNDS", "5"))
LIMIT = float(os.environ.get("LIMIT", "300"))
DOWN = b"\x1b[B"


def watch(command, folder, opening, key, showing):
    """Runs a program until no chart on its screen has changed for two seconds, presses keys, and quits it."""
    screen = Screen(command, folder)
    frame = screen.until(30, lambda seen: len(seen) > 500)
    if opening:
        screen.press(opening)
    first, rest = screen.settle(2, LIMIT, braille)
    painted, whole = [], []
    for _ in range(8):
        at = screen.press(key)
        one, last = screen.settle(0.3)
        if showing:
            screen.press(showing)
            _, last = screen.settle(0.5)
        # Keys that changed nothing do not count.
        if last == last:
            painted.append((one - at) * 1000)
            whole.append((last - at) * 1000)
    cpu, peak = screen.close()
    return {"frame_s": frame - screen.started, "chart_s": first - screen.started, "rest_s": rest - screen.started,
            "key_ms": median(painted), "key_max_ms": max(painted, default=float("nan")), "whole_ms": median(whole),
            "cpu_s": cpu, "rss_mb": peak}


def median(values):
    return statistics.median(values) if values else float("nan")


def main():
    steps, count = (sys.argv[1:] + ["50000", "1"][len(sys.argv) - 1:])[:2]
    folder = tempfile.mkdtemp(dir=os.environ.get("BENCH_DATA"))
    try:
        file = wandb_runs.write(folder, steps)
        isOne = int(count) == 1
        source = file if isOne else wandb_runs.copy(file, int(count))
        print(f"{count} runs of {int(steps):,} steps of 20 metrics, {os.path.getsize(file) / 1e6:.0f} MB each, load "
              f"{os.getloadavg()[0]:.1f}, {ROUNDS} rounds", flush=True)
        workspace = os.path.join(folder, "w")
        ours = ([BIN, "watch", source, "--workspace", workspace], folder, b"3t" if isOne else b"2", b"h" if isOne else DOWN, None)
        sides = {
            "wandb leet": (["wandb", "leet", source], folder, None, b"n" if isOne else DOWN, None if isOne else b" "),
            "descent watch": ours, "descent watch, again": ours}
        results = {name: [] for name in sides}
        for _ in range(ROUNDS):
            shutil.rmtree(workspace, ignore_errors=True)
            for name, side in sides.items():
                results[name].append(watch(*side))
        for name, rows in results.items():
            print(f"{name:22}" + "".join(f"  {key} {statistics.median(r[key] for r in rows):.2f}" for key in rows[0]), flush=True)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
