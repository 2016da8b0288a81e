"""Shapley values of trees: ours beside XGBoost's pred_contribs, shap's explainer and FastTreeSHAP where it is installed.

usage: explain.py PROGRAM [--rows N] [--trees N] [--depth N] [--times N]

PROGRAM is the built Benchmarks. Processor time, one thread each, medians of several runs in turn; the values are compared, too.
"""
import argparse
import pathlib
import statistics
import subprocess
import tempfile
import time

import numpy as np
import xgboost


def processor(work):
    start = time.process_time()
    result = work()
    return time.process_time() - start, result


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program")
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--trees", type=int, default=100)
    parser.add_argument("--depth", type=int, default=6)
    parser.add_argument("--features", type=int, default=28)
    parser.add_argument("--times", type=int, default=5)
    said = parser.parse_args()
    random = np.random.default_rng(1)
    x = random.normal(size=(said.rows, said.features)).astype(np.float32)
    y = x[:, 0] * x[:, 1] + np.sin(3 * x[:, 2]) + x[:, 3:8].sum(1) + random.normal(size=said.rows)
    model = xgboost.train(
        {"max_depth": said.depth, "eta": 0.1, "nthread": 1, "seed": 1}, xgboost.DMatrix(x, y), said.trees)
    model.set_param({"nthread": 1})
    with tempfile.TemporaryDirectory() as folder:
        base = str(pathlib.Path(folder) / "rows")
        np.save(base + "_X.npy", x)
        np.save(base + "_y.npy", y.astype(np.float32))
        model.save_model(base + ".json")
        times = {}
        note = lambda name, seconds: times.setdefault(name, []).append(seconds)  # noqa: E731
        for _ in range(said.times):
            seconds, theirs = processor(lambda: model.predict(xgboost.DMatrix(x, nthread=1), pred_contribs=True))
            note("xgboost pred_contribs", seconds)
            lines = subprocess.run(
                [said.program, "explain", base + ".json", base], check=True, capture_output=True, text=True).stdout
            for line in lines.splitlines():
                name, *values = line.split()
                told = dict(value.split("=") for value in values)
                note("ours" + name.removeprefix("explain").replace("_", ", "), float(told["cpu_s"]))
            for name in ("shap", "fasttreeshap"):
                try:
                    package = __import__(name)
                except ImportError:
                    continue
                explainer = package.TreeExplainer(model)
                note(name, processor(lambda: explainer.shap_values(x, check_additivity=False))[0])
        ours = np.fromfile(base + "_ours.f64").reshape(said.features, said.rows).T
        print(f"{said.rows} rows, {said.trees} trees of depth {said.depth}, {said.features} features; "
              f"largest difference to XGBoost {np.abs(ours - theirs[:, :-1]).max():.1e}")
        own = statistics.median(times["ours"])
        for name, seconds in times.items():
            middle = statistics.median(seconds)
            print(f"{name:24} {middle:8.3f} s of processor   ours is {own / middle:.3f} of it")


main()
