"""What `descent automl` finds, beside default XGBoost, on held-out rows of tables of different kinds: the same rows to train and to test
on. Candidates are chosen by log loss, or the root of the mean squared error. Prints, as a Markdown table, medians over SPLITS splits (see
quality.py), with the best single candidate's loss on the same rows beside the average's.

    benchmarks/automl.py FOLDER…                   every known file in the folders; default sample-data
    ONLY=titanic.csv TIME_LIMIT=60 SPLITS=3 benchmarks/automl.py FOLDER
"""
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import warnings

from quality import BIN, FILES, ONLY, load, peer, peers, splits

TIME_LIMIT = os.environ.get("TIME_LIMIT", "60")


def lines(*words):
    output = subprocess.run([BIN, *words], check=True, capture_output=True, text=True).stdout
    return [json.loads(line) for line in output.splitlines() if line.startswith("{")]


def loss(model, test, common, known):
    metrics = [line for line in lines("evaluate", model, test, *common) if line.get("kind") == "evaluated"][-1]["metrics"]
    return metrics["test:rmse"] if known.regression else metrics["test:log_loss"]


def automl(folder, train, test, target, known):
    common = ["--workspace", os.path.join(folder, "w"), "--json"]
    problem = "regression" if known.regression else "classification"
    start = time.time()
    told = lines("automl", train, "--target", target, "--problem", problem, "--objective", "rmse" if known.regression else "log_loss",
                 "--time-limit", TIME_LIMIT, "--name", "job", *common)
    seconds = time.time() - start
    last = told[-1]
    first = next(line for line in told if line.get("kind") == "ensembleImproved")
    begun = next(line for line in told if line.get("kind") == "autoMLStarted")
    stamp = lambda line: time.mktime(time.strptime(line["time"][:19], "%Y-%m-%dT%H:%M:%S")) + float("0." + (line["time"][20:-1] or "0"))
    best = last["leaderboard"][1]["model"]
    return {"loss": loss("job", test, common, known), "single": loss(best, test, common, known), "seconds": seconds,
            "first": stamp(first) - stamp(begun), "candidates": len(last["leaderboard"]) - 1, "reason": last["reason"]}


def measure(path):
    table, target, known = load(path)
    rows = []
    for train, test in splits(table, target, known):
        with tempfile.TemporaryDirectory() as folder:
            files = [os.path.join(folder, name) for name in ("train.csv", "test.csv")]
            train.to_csv(files[0], index=False), test.to_csv(files[1], index=False)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                theirs, _ = peer("xgboost", peers(known.regression)["xgboost"][1], train, test, target, known)
            try:
                rows.append(automl(folder, *files, target, known) | {"xgboost": theirs})
            except subprocess.CalledProcessError as error:
                print(f"| {os.path.basename(path)} | failed: {error.stderr[-300:]} |", flush=True)
    if not rows:
        return
    middle = lambda name: statistics.median(row[name] for row in rows)
    print(f"| {os.path.basename(path)} | {len(table)} | {'RMSE' if known.regression else 'log loss'} | {middle('loss'):.4g} | "
          f"{middle('single'):.4g} | {middle('xgboost'):.4g} | {statistics.median(r['loss'] / r['xgboost'] for r in rows):.3f} | "
          f"{middle('first'):.2f} | {middle('seconds'):.0f} | {middle('candidates'):.0f} | {rows[0]['reason']} |", flush=True)


if __name__ == "__main__":
    print("| file | rows | measure | average | best single | XGBoost | average / XGBoost | s to the first model | s in all | candidates | "
          "ended |\n" + "| --- " * 11 + "|")
    for folder in sys.argv[1:] or ["sample-data"]:
        for file in sorted(os.listdir(folder)):
            if file in FILES and (not ONLY or file in ONLY):
                measure(os.path.join(folder, file))
