"""How fast tuning jobs are: trials a second, and what stopping early saves, beside Optuna that drives scikit-learn and XGBoost.

usage: tune_speed.py throughput DESCENT [--trials N] [--rows N] [--wide-trials N] [--only WORD] [--peers]
       tune_speed.py fidelity DESCENT [--seeds N] [--trials N] [--only WORD] [--most-seconds N] [--peers]

`throughput` runs random search on sample-data/insurance.csv and on a table of --rows × 28 numbers, two trials at a time; a peer does
the same in one study with two threads. Beside trials a second stands the processor time of a trial, reading the data included on our
side and not on the peer's, which a machine with other work distorts less; --only picks lines by data or learner. `fidelity` tells after
how many seconds, and after how many epochs or rounds, a search reached what one in twenty random full trials reaches: random search, asha
and hyperband, and Optuna with TPE and its Hyperband pruner, which trains scikit-learn's MLPRegressor an epoch at a time and XGBoost a
round at a time. --peers needs optuna, scikit-learn, xgboost, numpy and pandas.
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


def table(path, rows, seed=5):
    """Numbers with a linear part, a product and noise."""
    source = random.Random(seed)
    with open(path, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([f"x{i}" for i in range(28)] + ["y"])
        for _ in range(rows):
            x = [source.gauss(0, 1) for _ in range(28)]
            y = sum(v * ((i % 7) - 3) for i, v in enumerate(x)) + 2 * x[0] * x[1] + source.gauss(0, 1)
            writer.writerow([f"{v:.5g}" for v in x] + [f"{y:.5g}"])


def tune(program, data, target, algorithm, ranges, trials, workspace, seed, more=(), form="--json", measure="rmse"):
    """Runs a search; gives seconds, and of each trial the second at which it ended and its value, where the form is JSON."""
    words = [program, "tune", str(data), "--target", target, "--algorithm", algorithm, "--objective", f"validation:{measure}", "--confirm", "0",
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


NETWORK = ["learning_rate=log:1e-5:1", "dropout=0:0.8", "mini_batch_size=int:log:16:512"]
# By name: rows (None = the digits of sample-data), algorithm, measure, what is searched, what is held, what a full trial trains.
FIDELITY = {
    "network": (20_000, "neural-network", "rmse", NETWORK, ["epochs=27", "hidden_layers=64,64"], 27),
    "digits": (None, "neural-network", "log_loss", NETWORK, ["epochs=81", "hidden_layers=64,64"], 81),
    "xgboost": (10_000, "xgboost", "rmse", ["eta=log:0.003:1", "max_depth=int:2:10", "subsample=0.2:1", "lambda=log:0.01:100"],
                ["num_round=81"], 81),
}


def divided(folder, rows):
    """A table to learn from and one to judge by, and the target: the same whatever the seed, else each would look for another thing."""
    learned, judged = pathlib.Path(folder) / "learned.csv", pathlib.Path(folder) / "judged.csv"
    if rows:
        table(learned, rows)
        table(judged, rows // 5, seed=6)
        return learned, judged, "y"
    head, *body = (ROOT / "sample-data" / "digits.csv").read_text().splitlines()
    random.Random(5).shuffle(body)
    learned.write_text("\n".join([head, *body[len(body) // 5:]]) + "\n")
    judged.write_text("\n".join([head, *body[:len(body) // 5]]) + "\n")
    return learned, judged, "digit"


def fidelity(given):
    """What is looked for is what one random full trial in twenty reaches, found once with seeds that no search has."""
    print("| task | search | seeds | reached | s: median (each) | s of processor: median | epochs or rounds: median |\n" + "| --- " * 7 + "|")
    for name, (rows, algorithm, measure, ranges, held, resource_) in FIDELITY.items():
        if given.only and given.only not in name:
            continue
        with tempfile.TemporaryDirectory(prefix="tune-speed-") as folder:
            data, judged, target = divided(folder, rows)
            held = [word for setting in [*held, "early_stopping_patience=1000"] for word in ("--set", setting)] + ["--validation", str(judged)]

            def search(seed, trials, workspace, more):
                return tune(given.program, data, target, algorithm, ranges, trials, workspace, seed, [*held, *more], measure=measure)
            _, full = search(1000, 3 * given.trials, folder + "/goal", ["--strategy", "random"])
            goal = sorted(value for _, value, _ in full if value is not None)[3 * given.trials // 20 - 1]
            for strategy in ("random", "asha", "hyperband"):
                seconds, used, resources, reached = [], [], [], 0
                for seed in range(given.seeds):
                    before, workspace = processor_seconds(), f"{folder}/{strategy}{seed}"
                    took, ends = search(seed, 8 * given.trials, workspace, [
                        "--strategy", strategy, "--target-value", repr(goal), "--max-runtime", str(given.most_seconds)])
                    reached += min([value for _, value, _ in ends if value is not None], default=goal + 1) <= goal
                    seconds.append(took)
                    used.append(processor_seconds() - before)
                    resources.append(trained(given.program, workspace))
                    shutil.rmtree(workspace)
                each = ", ".join("%.3g" % s for s in seconds)
                print(f"| {name} | {strategy} | {given.seeds} | {reached} | {statistics.median(seconds):.3g} ({each}) | "
                      f"{statistics.median(used):.3g} | {statistics.median(resources):.3g} |", flush=True)
            if given.peers and rows:
                found = [peer_hyperband(name, data, seed, 8 * given.trials, given.trials, resource_, given.most_seconds) for seed in range(given.seeds)]
                each = ", ".join("%.3g" % s for s, _, _ in found)
                print(f"| {name} | Optuna, TPE and Hyperband | {given.seeds} | {sum(r for _, r, _ in found)} | "
                      f"{statistics.median(s for s, _, _ in found):.3g} ({each}) | | {statistics.median(e for _, _, e in found):.3g} |", flush=True)


def trained(program, workspace):
    """Epochs, or rounds, that all trials of a workspace came to."""
    shown = subprocess.run([program, "runs", "list", "--json", "--workspace", workspace], check=True, capture_output=True, text=True).stdout
    return sum(run.get("epoch") or 0 for run in map(json.loads, filter(None, shown.splitlines())))


def peer_hyperband(task, data, seed, most, trials, resource_, most_seconds):
    """The peer's own goal: what one in twenty of its random full trials reaches. Seconds, whether it was reached, epochs or rounds."""
    import numpy
    import optuna
    import xgboost
    from sklearn.neural_network import MLPRegressor
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    x, y, held_x, held_y = peer_data(data, "y")
    scale, spent = y.std(), [0]
    train, held = xgboost.DMatrix(x, y), xgboost.DMatrix(held_x, held_y)

    def error(told):
        value = float(numpy.sqrt(numpy.mean((told - held_y) ** 2)))
        return value if numpy.isfinite(value) else 1e9

    def steps(trial):
        """The error after each epoch or round."""
        if task == "xgboost":
            model = xgboost.Booster({
                "eta": trial.suggest_float("eta", 0.003, 1, log=True), "max_depth": trial.suggest_int("max_depth", 2, 10), "nthread": 2,
                "subsample": trial.suggest_float("subsample", 0.2, 1), "lambda": trial.suggest_float("lambda", 0.01, 100, log=True)}, [train, held])
            for step in range(resource_):
                model.update(train, step)
                yield error(model.predict(held))
            return
        model = MLPRegressor((64, 64), learning_rate_init=trial.suggest_float("learning_rate", 1e-5, 1, log=True), random_state=seed,
                             alpha=trial.suggest_float("alpha", 1e-7, 1, log=True), batch_size=trial.suggest_int("mini_batch_size", 16, 512, log=True))
        for _ in range(resource_):
            try:
                model.partial_fit(x, y / scale)
                yield error(model.predict(held_x) * scale)
            except ValueError:
                yield 1e9

    def objective(trial, prunes=True):
        value = 1e9
        for step, value in enumerate(steps(trial)):
            spent[0] += 1
            if prunes:
                trial.report(value, step)
                if trial.should_prune():
                    raise optuna.TrialPruned()
        return value

    def stop(study, trial):
        if goal is not None and trial.state.name == "COMPLETE" and trial.value <= goal:
            study.stop()
    goal = None
    full = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=1000))
    full.optimize(lambda trial: objective(trial, False), n_trials=3 * trials)
    goal, spent[0] = sorted(trial.value for trial in full.trials)[3 * trials // 20 - 1], 0
    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=seed),
                                pruner=optuna.pruners.HyperbandPruner(min_resource=1, max_resource=resource_))
    start = time.monotonic()
    study.optimize(objective, n_trials=most, timeout=most_seconds, callbacks=[stop])
    reached = any(t.state.name == "COMPLETE" and t.value <= goal for t in study.trials)
    return time.monotonic() - start, reached, spent[0]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=("throughput", "fidelity"))
    parser.add_argument("program")
    parser.add_argument("--trials", type=int)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--wide-trials", type=int)
    parser.add_argument("--only")
    parser.add_argument("--most-seconds", type=int, default=120)
    parser.add_argument("--peers", action="store_true")
    given = parser.parse_args()
    given.trials = given.trials or (200 if given.what == "throughput" else 20)
    (throughput if given.what == "throughput" else fidelity)(given)


if __name__ == "__main__":
    main()
