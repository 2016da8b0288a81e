"""How fast tuning jobs are: trials a second, and what stopping early saves, beside Optuna that drives scikit-learn and XGBoost.

usage: tune_speed.py throughput DESCENT [--trials N] [--rows N] [--wide-trials N] [--only WORD] [--peers]
       tune_speed.py fidelity DESCENT [--seeds N] [--trials N] [--peers]

`throughput` runs random search on sample-data/insurance.csv and on a table of --rows × 28 numbers, two trials at a time; a peer does
the same in one study with two threads. Beside trials a second stands the processor time of a trial, reading the data included on our
side and not on the peer's, which a machine with other work distorts less; --only picks lines by data or learner. `fidelity` tells after how many seconds a search had found what the best of as many full
trials of random search is worth, within 1 %: for random search, asha and hyperband, and for Optuna with its Hyperband pruner, which
trains scikit-learn's SGDRegressor an epoch at a time. --peers needs optuna, scikit-learn, xgboost, numpy and pandas.
"""
import argparse
import csv
import json
import pathlib
import random
import resource
import shutil
import statistics
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).parent.parent
LINEAR = ["learning_rate=log:1e-4:1", "wd=log:1e-7:1e-1"]
TREES = ["eta=log:0.01:0.5", "max_depth=int:2:8", "subsample=0.5:1"]


def table(path, rows):
    """Numbers with a linear part, a product and noise."""
    source = random.Random(5)
    with open(path, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([f"x{i}" for i in range(28)] + ["y"])
        for _ in range(rows):
            x = [source.gauss(0, 1) for _ in range(28)]
            y = sum(v * ((i % 7) - 3) for i, v in enumerate(x)) + 2 * x[0] * x[1] + source.gauss(0, 1)
            writer.writerow([f"{v:.5g}" for v in x] + [f"{y:.5g}"])


def tune(program, data, target, algorithm, ranges, trials, workspace, seed, more=(), form="--json"):
    """Runs a search; gives seconds, and of each trial the second at which it ended and its value, where the form is JSON."""
    words = [program, "tune", str(data), "--target", target, "--algorithm", algorithm, "--objective", "validation:rmse", "--confirm", "0",
             "--max-jobs", str(trials), "--seed", str(seed), form, "--workspace", workspace, *more]
    for spec in ranges:
        words += ["--range", spec]
    start, ends = time.monotonic(), []
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    for line in process.stdout:
        if '"trialFinished"' in line:
            event = json.loads(line)
            ends.append((time.monotonic() - start, event.get("value"), event["status"]))
    if process.wait() != 0:
        raise SystemExit(process.stderr.read())
    return time.monotonic() - start, ends


def peer_data(data, target):
    import numpy
    import pandas
    frame = pandas.get_dummies(pandas.read_csv(data)).astype("float32")
    y = frame.pop(target).to_numpy()
    order = numpy.random.default_rng(0).permutation(len(y))
    held = order[: len(y) // 5]
    kept = order[len(y) // 5:]
    x = frame.to_numpy()
    mean, deviation = x[kept].mean(0), x[kept].std(0) + 1e-9
    x = (x - mean) / deviation
    return x[kept], y[kept], x[held], y[held]


def processor_seconds(who=resource.RUSAGE_CHILDREN):
    usage = resource.getrusage(who)
    return usage.ru_utime + usage.ru_stime


def throughput(given):
    folder = tempfile.mkdtemp(prefix="tune-speed-")
    wide = pathlib.Path(folder) / "wide.csv"
    table(wide, given.rows)
    print("| data | learner | trials | Descent: trials a second | ms of processor a trial | Optuna: trials a second | ms a trial |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    try:
        for data, target in ((ROOT / "sample-data" / "insurance.csv", "charges"), (wide, "y")):
            for algorithm, ranges, trials, held in (
                    ("linear-learner", LINEAR, given.trials, ["--set", "epochs=15", "--set", "early_stopping_patience=1000"]),
                    ("xgboost", TREES, given.trials // 2, ["--set", "num_round=100", "--set", "early_stopping_patience=1000"])):
                if data == wide and given.wide_trials:
                    trials = given.wide_trials
                if given.only and given.only not in f"{data.name} {algorithm}":
                    continue
                before = processor_seconds()
                seconds, _ = tune(given.program, data, target, algorithm, ranges, trials, folder + "/" + algorithm + data.stem, 0,
                                  [*held, "--strategy", "random", "--max-parallel-jobs", "2"], "--quiet")
                used = processor_seconds() - before
                peer = " | "
                if given.peers:
                    rows, before = peer_data(data, target), processor_seconds(resource.RUSAGE_SELF)
                    peer = f"{trials / peer_seconds(algorithm, *rows, trials):.3g}"
                    peer += f" | {1000 * (processor_seconds(resource.RUSAGE_SELF) - before) / trials:.3g}"
                print(f"| {data.name} | {algorithm} | {trials} | {trials / seconds:.3g} | {1000 * used / trials:.3g} | {peer} |", flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def peer_seconds(algorithm, x, y, held_x, held_y, trials):
    import numpy
    import optuna
    import xgboost
    from sklearn.linear_model import SGDRegressor
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    scale = y.std()

    def linear(trial):
        model = SGDRegressor(alpha=trial.suggest_float("wd", 1e-7, 1e-1, log=True), max_iter=15, tol=None,
                             eta0=trial.suggest_float("learning_rate", 1e-4, 1, log=True))
        value = numpy.sqrt(numpy.mean((model.fit(x, y / scale).predict(held_x) - held_y / scale) ** 2))
        return float(value) if numpy.isfinite(value) else 1e9

    train, held = xgboost.DMatrix(x, y), xgboost.DMatrix(held_x, held_y)

    def trees(trial):
        settings = {"eta": trial.suggest_float("eta", 0.01, 0.5, log=True), "max_depth": trial.suggest_int("max_depth", 2, 8),
                    "subsample": trial.suggest_float("subsample", 0.5, 1), "nthread": 1}
        model = xgboost.train(settings, train, 100, evals=[(held, "held")], verbose_eval=False)
        return float(numpy.sqrt(numpy.mean((model.predict(held) - held_y) ** 2)))

    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=0))
    start = time.monotonic()
    study.optimize(linear if algorithm == "linear-learner" else trees, n_trials=trials, n_jobs=2)
    return time.monotonic() - start


def fidelity(given):
    folder = tempfile.mkdtemp(prefix="tune-speed-")
    data = pathlib.Path(folder) / "wide.csv"
    table(data, 20_000)
    ranges = ["learning_rate=log:1e-5:1", "wd=log:1e-7:1e-1", "momentum=0:0.95"]
    held = ["--set", "epochs=27", "--set", "optimizer=sgd", "--set", "early_stopping_patience=1000"]
    found = {name: [] for name in ("random", "asha", "hyperband") + (("optuna hyperband",) if given.peers else ())}
    try:
        for seed in range(given.seeds):
            _, ends = tune(given.program, data, "y", "linear-learner", ranges, given.trials, f"{folder}/r{seed}", seed,
                           [*held, "--strategy", "random"])
            goal = 1.01 * min(value for _, value, status in ends if status == "Completed")
            found["random"].append(next(s for s, value, status in ends if status == "Completed" and value <= goal))
            for strategy in ("asha", "hyperband"):
                _, ends = tune(given.program, data, "y", "linear-learner", ranges, 4 * given.trials, f"{folder}/{strategy}{seed}", seed,
                               [*held, "--strategy", strategy, "--target-value", repr(goal)])
                found[strategy].append(ends[-1][0] if ends[-1][1] is not None and ends[-1][1] <= goal else float("inf"))
            if given.peers:
                found["optuna hyperband"].append(peer_hyperband(data, seed, 4 * given.trials))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print("| search | seeds | seconds to within 1 % of the best full trial: median | each |\n| --- | --- | --- | --- |")
    for name, seconds in found.items():
        print(f"| {name} | {len(seconds)} | {statistics.median(seconds):.3g} | {', '.join('%.3g' % s for s in seconds)} |")


def peer_hyperband(data, seed, trials):
    """The peer's own goal: within 1 % of the best of as many full trials as were random here."""
    import numpy
    import optuna
    from sklearn.linear_model import SGDRegressor
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    x, y, held_x, held_y = peer_data(data, "y")

    def objective(trial, prunes=True):
        model = SGDRegressor(alpha=trial.suggest_float("wd", 1e-7, 1e-1, log=True), learning_rate="constant", random_state=seed,
                             eta0=trial.suggest_float("learning_rate", 1e-5, 1, log=True))
        value = float("inf")
        for epoch in range(27):
            model.partial_fit(x, y)
            value = float(numpy.sqrt(numpy.mean((model.predict(held_x) - held_y) ** 2)))
            value = value if numpy.isfinite(value) else 1e9
            if prunes:
                trial.report(value, epoch)
                if trial.should_prune():
                    raise optuna.TrialPruned()
        return value

    full = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=seed))
    full.optimize(lambda trial: objective(trial, False), n_trials=trials // 4)
    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=seed),
                                pruner=optuna.pruners.HyperbandPruner(min_resource=1, max_resource=27))
    start = time.monotonic()

    def stop(study, trial):
        if trial.value is not None and trial.state.name == "COMPLETE" and trial.value <= 1.01 * full.best_value:
            study.stop()
    study.optimize(objective, n_trials=trials, callbacks=[stop])
    return time.monotonic() - start


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=("throughput", "fidelity"))
    parser.add_argument("program")
    parser.add_argument("--trials", type=int)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--wide-trials", type=int)
    parser.add_argument("--only")
    parser.add_argument("--peers", action="store_true")
    given = parser.parse_args()
    given.trials = given.trials or (200 if given.what == "throughput" else 20)
    (throughput if given.what == "throughput" else fidelity)(given)


if __name__ == "__main__":
    main()
