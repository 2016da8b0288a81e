"""What AutoGluon and FLAML reach on the rows of benchmarks/automl.py: a process each, their processor seconds and memory with it. What was
measured is kept in a file of lines, so that the table beside `descent automl` is cheap to make again, and is not measured twice.

    benchmarks/automl_peers.py benchmarks/automl_peers.jsonl FOLDER…      TIME_LIMIT=300 SPLITS=3 CPUS=2 ONLY=titanic.csv
"""
import json
import os
import resource
import subprocess
import sys
import tempfile
import time

TIME_LIMIT = int(os.environ.get("TIME_LIMIT", "300"))
CPUS = int(os.environ.get("CPUS", "2"))
PEERS = os.environ.get("PEERS", "medium_quality good_quality flaml").split()
# Of different kinds, from 150 to 33,000 rows: numbers and words, gaps, pictures, two and many classes, whole and skewed targets.
TABLES = ["iris.csv", "diabetes.csv", "titanic.csv", "insurance.csv", "winequality-red.csv", "digits.csv", "abalone.csv", "adult-train.csv"]


def fit(peer, train, test, target, regression, folder):
    """Predictions for the test rows: numbers, or a probability for each class in ascending order."""
    import numpy as np
    y, classes = train[target], None
    if not regression:
        classes = sorted(train[target].unique(), key=str)
    if peer == "flaml":
        from flaml import AutoML
        automl = AutoML()
        codes = y if regression else y.map({name: place for place, name in enumerate(classes)})
        features, held = train.drop(columns=[target]), test.drop(columns=[target])
        for name in features.columns:
            if features[name].dtype == object:
                features[name], held[name] = features[name].astype("category"), held[name].astype("category")
                held[name] = held[name].cat.set_categories(features[name].cat.categories)
        automl.fit(features, codes, task="regression" if regression else "classification", metric="rmse" if regression else "log_loss",
                   time_budget=TIME_LIMIT, n_jobs=CPUS, verbose=0, seed=0)
        return automl.predict(held) if regression else np.asarray(automl.predict_proba(held)), classes
    from autogluon.tabular import TabularPredictor
    many = classes is not None and len(classes) > 2
    predictor = TabularPredictor(
        label=target, path=os.path.join(folder, "ag"), verbosity=0,
        problem_type="regression" if regression else "multiclass" if many else "binary",
        eval_metric="root_mean_squared_error" if regression else "log_loss")
    # In this process alone, so that its processor seconds are all there are.
    alone = {} if peer == "medium_quality" else {
        "ag_args_ensemble": {"fold_fitting_strategy": "sequential_local"}, "save_bag_folds": True}
    predictor.fit(train, time_limit=TIME_LIMIT, presets=peer, num_cpus=CPUS, **alone)
    if regression:
        return predictor.predict(test).to_numpy(), None
    return predictor.predict_proba(test)[classes].to_numpy(), classes


def worker(peer, path, split):
    import numpy as np
    import warnings
    warnings.simplefilter("ignore")
    from quality import load, splits
    from sklearn.metrics import log_loss, mean_squared_error
    table, target, known = load(path)
    train, test = list(splits(table, target, known))[split]
    before, start = resource.getrusage(resource.RUSAGE_SELF), time.time()
    with tempfile.TemporaryDirectory() as folder:
        predicted, classes = fit(peer, train.reset_index(drop=True), test.reset_index(drop=True), target, known.regression, folder)
    seconds = time.time() - start
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    loss = (mean_squared_error(test[target], predicted) ** 0.5 if known.regression
            else log_loss(np.searchsorted(np.array(classes, dtype=object).astype(str), test[target].astype(str)),
                          np.asarray(predicted, "f8"), labels=range(len(classes))))
    print(json.dumps({
        "file": os.path.basename(path), "split": split, "peer": peer, "loss": float(loss), "seconds": round(seconds, 1),
        "processor_seconds": round(sum(u.ru_utime + u.ru_stime for u in used) - before.ru_utime - before.ru_stime, 1),
        "megabytes": round(max(u.ru_maxrss for u in used) / 1024), "time_limit": TIME_LIMIT, "cpus": CPUS}), flush=True)


def main(store, folders):
    known = set()
    if os.path.exists(store):
        known = {(line["file"], line["split"], line["peer"]) for line in map(json.loads, open(store))}
    found = {name: os.path.join(folder, name) for folder in folders for name in sorted(os.listdir(folder))}
    only = [name for name in os.environ.get("ONLY", "").split(",") if name] or TABLES
    for split in range(int(os.environ.get("SPLITS", "3"))):
        for name in only:
            for peer in PEERS:
                if name not in found or (name, split, peer) in known:
                    continue
                done = subprocess.run([sys.executable, __file__, "--one", peer, found[name], str(split)], capture_output=True, text=True)
                lines = [line for line in done.stdout.splitlines() if line.startswith('{"file"')]
                if not lines:
                    print(f"{name} {peer}: {done.stderr[-400:]}", file=sys.stderr, flush=True)
                    continue
                with open(store, "a") as out:
                    out.write(lines[-1] + "\n")
                print(lines[-1], flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "--one":
        worker(sys.argv[2], sys.argv[3], int(sys.argv[4]))
    else:
        main(sys.argv[1], sys.argv[2:])
