"""What `descent automl` finds, beside default XGBoost, on held-out rows of tables of different kinds: the same rows to train and to test
on. Candidates are chosen by log loss, or the root of the mean squared error. Prints, as a Markdown table, medians over SPLITS splits (see
quality.py), with the best single candidate's loss on the same rows beside the average's.

    benchmarks/automl.py FOLDER…                   every known file in the folders; default sample-data
    ONLY=titanic.csv TIME_LIMIT=60 SPLITS=3 benchmarks/automl.py FOLDER

What AutoGluon and FLAML reached on the same rows stands in automl_peers.jsonl (automl_peers.py measures it) and is put beside it, with the
processor seconds of each.
"""
import dataclasses
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import warnings

from quality import BIN, FILES, ONLY, load, peer, peers, splits

TIME_LIMIT = os.environ.get("TIME_LIMIT", "60")
STORE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "automl_peers.jsonl")


PEERS = ["medium_quality", "good_quality", "flaml"]


def measured():
    """By file, split and peer, what was stored."""
    if not os.path.exists(STORE):
        return {}
    return {(line["file"], line["split"], line["peer"]): line for line in map(json.loads, open(STORE))}


def processor_seconds():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def lines(*words):
    output = subprocess.run([BIN, *words], check=True, capture_output=True, text=True).stdout
    return [json.loads(line) for line in output.splitlines() if line.startswith("{")]


def loss(model, test, common, known):
    metrics = [line for line in lines("evaluate", model, test, *common) if line.get("kind") == "evaluated"][-1]["metrics"]
    return metrics["test:rmse"] if known.regression else metrics["test:log_loss"]


def automl(folder, train, test, target, known):
    common = ["--workspace", os.path.join(folder, "w"), "--json"]
    problem = "regression" if known.regression else "classification"
    start, before = time.time(), processor_seconds()
    told = lines("automl", train, "--target", target, "--problem", problem, "--objective", "rmse" if known.regression else "log_loss",
                 "--time-limit", TIME_LIMIT, "--name", "job", *common)
    seconds, used = time.time() - start, processor_seconds() - before
    last = told[-1]
    first = next(line for line in told if line.get("kind") == "ensembleImproved")
    begun = next(line for line in told if line.get("kind") == "autoMLStarted")
    stamp = lambda line: time.mktime(time.strptime(line["time"][:19], "%Y-%m-%dT%H:%M:%S")) + float("0." + (line["time"][20:-1] or "0"))
    best = last["leaderboard"][1]["model"]
    return {"loss": loss("job", test, common, known), "single": loss(best, test, common, known), "seconds": seconds, "used": used,
            "first": stamp(first) - stamp(begun), "candidates": len(last["leaderboard"]) - 1, "reason": last["reason"]}


def measure(path):
    table, target, known = load(path)
    # Peers of AutoML know nothing of weights.
    known, stored, rows = dataclasses.replace(known, weight=None), measured(), []
    for split, (train, test) in enumerate(splits(table, target, known)):
        with tempfile.TemporaryDirectory() as folder:
            files = [os.path.join(folder, name) for name in ("train.csv", "test.csv")]
            train.to_csv(files[0], index=False), test.to_csv(files[1], index=False)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                theirs, _ = peer("xgboost", peers(known.regression)["xgboost"][1], train, test, target, known)
            try:
                beside = {name: stored.get((os.path.basename(path), split, name)) for name in PEERS}
                rows.append(automl(folder, *files, target, known) | {"xgboost": theirs, "beside": beside})
            except subprocess.CalledProcessError as error:
                print(f"| {os.path.basename(path)} | failed: {error.stderr[-300:]} |", flush=True)
    if not rows:
        return
    middle = lambda name: statistics.median(row[name] for row in rows)

    def peer_cells(name):
        known_rows = [row for row in rows if row["beside"][name]]
        if not known_rows:
            return "–"
        ratio = statistics.median(row["loss"] / row["beside"][name]["loss"] for row in known_rows)
        used = statistics.median(row["beside"][name]["processor_seconds"] for row in known_rows)
        return f"{statistics.median(row['beside'][name]['loss'] for row in known_rows):.4g} ({ratio:.3f}; {used:.0f} s)"

    print(f"| {os.path.basename(path)} | {len(table)} | {'RMSE' if known.regression else 'log loss'} | {middle('loss'):.4g} | "
          f"{middle('single'):.4g} | {middle('xgboost'):.4g} | {statistics.median(r['loss'] / r['xgboost'] for r in rows):.3f} | "
          f"{' | '.join(peer_cells(name) for name in PEERS)} | {middle('first'):.2f} | {middle('seconds'):.0f} | {middle('used'):.0f} | "
          f"{middle('candidates'):.0f} | {rows[0]['reason']} |", flush=True)


if __name__ == "__main__":
    print("| file | rows | measure | average | best single | XGBoost | average / XGBoost | AutoGluon medium (average / it; its processor s) | "
          "AutoGluon good | FLAML | s to the first model | s in all | processor s | candidates | ended |\n" + "| --- " * 15 + "|")
    for folder in sys.argv[1:] or ["sample-data"]:
        for file in sorted(os.listdir(folder)):
            if file in FILES and (not ONLY or file in ONLY):
                measure(os.path.join(folder, file))
