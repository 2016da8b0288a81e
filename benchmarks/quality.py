"""Quality on held-out rows beside the libraries people use today: the same rows to train and to test on, every side with its
defaults. Prints, as a Markdown table, medians over SPLITS random splits.

    benchmarks/quality.py FOLDER…      every known file in the folders; default sample-data
"""
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import warnings

import numpy as np
import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import accuracy_score, log_loss, mean_squared_error
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

BIN = ".build/release/descent"
SPLITS = int(os.environ.get("SPLITS", "5"))
ALGORITHMS = os.environ.get("ALGORITHMS", "linear-learner neural-network xgboost").split()
# file: target, whether the file has a header, columns left out (copies of the target, names)
FILES = {
    "insurance.csv": ("charges", True, []), "diabetes.csv": ("progression", True, []), "brokerage.csv": ("churned", True, ["account"]),
    "breast_cancer.csv": (None, True, []), "wine.csv": (None, True, []), "iris.csv": ("species", True, []),
    "digits.csv": (None, True, []), "titanic.csv": ("survived", True, ["alive"]), "penguins.csv": ("species", True, []),
    "mpg.csv": ("mpg", True, ["name"]), "adult-train.csv": (None, False, []), "abalone.csv": (None, False, []),
    "winequality-red.csv": (None, False, []),
}
REGRESSIONS = {"insurance.csv", "diabetes.csv", "mpg.csv", "abalone.csv", "winequality-red.csv"}


def load(path):
    target, header, left_out = FILES[os.path.basename(path)]
    table = pd.read_csv(path, header=0 if header else None, skipinitialspace=True, na_values=["?"])
    table.columns = [str(name) if header else f"c{name}" for name in table.columns]
    target = target or table.columns[-1]
    return table.drop(columns=left_out).dropna(subset=[target]), target


def prepared(model, table, target):
    features = table.drop(columns=[target])
    words = [c for c in features if not pd.api.types.is_numeric_dtype(features[c]) or features[c].dtype == bool]
    numbers = [c for c in features if c not in words]
    return make_pipeline(
        make_column_transformer(
            (make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), numbers),
            (make_pipeline(SimpleImputer(strategy="constant", fill_value="(missing)"), OneHotEncoder(handle_unknown="ignore", sparse_output=False)), words)), model)


def peers(is_regression):
    from xgboost import XGBClassifier, XGBRegressor
    if is_regression:
        return {"linear-learner": ("LinearRegression", LinearRegression()),
                "neural-network": ("MLPRegressor", MLPRegressor(hidden_layer_sizes=(64, 64), early_stopping=True, max_iter=500, random_state=7)),
                "xgboost": ("XGBRegressor", XGBRegressor(n_jobs=2))}
    return {"linear-learner": ("LogisticRegression", LogisticRegression(max_iter=5000)),
            "neural-network": ("MLPClassifier", MLPClassifier(hidden_layer_sizes=(64, 64), early_stopping=True, max_iter=500, random_state=7)),
            "xgboost": ("XGBClassifier", XGBClassifier(n_jobs=2))}


def descent(folder, algorithm, train, test, target, is_regression):
    settings = {"neural-network": ["hidden_layers=64,64"], "xgboost": ["num_round=100"]}.get(algorithm, [])
    if is_regression:
        settings.append("objective=reg:squarederror" if algorithm == "xgboost" else "predictor_type=regressor")
    if not is_regression and algorithm == "linear-learner":
        settings.append("binary_classifier_model_selection_criteria=loss_function")
    # Linear models and trees learn from all rows, as the peers' do; networks hold a tenth out to stop early, as the peers' do.
    split = "0.1" if algorithm == "neural-network" else "0"
    shutil.rmtree(os.path.join(folder, "w"), ignore_errors=True)
    common = ["--workspace", os.path.join(folder, "w"), "--json"]
    subprocess.run([BIN, "train", train, "--target", target, "--algorithm", algorithm, "--validation-split", split,
                    *(x for s in settings for x in ("--set", s)), *common], check=True, capture_output=True)
    lines = subprocess.run([BIN, "evaluate", "@latest", test, *common], check=True, capture_output=True, text=True).stdout
    metrics = json.loads([l for l in lines.splitlines() if '"evaluated"' in l][-1])["metrics"]
    return metrics["test:rmse"] if is_regression else metrics["test:log_loss"], metrics.get("test:accuracy", float("nan"))


def measure(path):
    table, target = load(path)
    is_regression = os.path.basename(path) in REGRESSIONS
    results = {}
    for seed in range(SPLITS):
        labels = None if is_regression else table[target]
        train, test = train_test_split(table, test_size=0.25, random_state=seed, stratify=labels)
        with tempfile.TemporaryDirectory() as folder:
            files = [os.path.join(folder, name) for name in ("train.csv", "test.csv")]
            train.to_csv(files[0], index=False), test.to_csv(files[1], index=False)
            for algorithm, (name, model) in peers(is_regression).items():
                if algorithm not in ALGORITHMS:
                    continue
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    y, yt = train[target], test[target]
                    if is_regression and algorithm == "neural-network":
                        mean, deviation = y.mean(), y.std()
                        fitted = prepared(model, train, target).fit(train.drop(columns=[target]), (y - mean) / deviation)
                        predicted = fitted.predict(test.drop(columns=[target])) * deviation + mean
                    elif is_regression:
                        predicted = prepared(model, train, target).fit(train.drop(columns=[target]), y).predict(test.drop(columns=[target]))
                    else:
                        classes, codes = np.unique(y, return_inverse=True)
                        yt = np.searchsorted(classes, yt)
                        fitted = prepared(model, train, target).fit(train.drop(columns=[target]), codes)
                        predicted = fitted.predict_proba(test.drop(columns=[target])).astype("f8")
                theirs = ((mean_squared_error(yt, predicted) ** 0.5, float("nan")) if is_regression
                          else (log_loss(yt, predicted, labels=range(predicted.shape[1])), accuracy_score(yt, predicted.argmax(1))))
                ours = descent(folder, algorithm, *files, target, is_regression)
                results.setdefault((algorithm, name), []).append((*ours, *theirs))
    for (algorithm, name), rows in results.items():
        ours, accuracy, theirs, their_accuracy = (statistics.median(column) for column in zip(*rows))
        spread = statistics.pstdev([r[0] - r[2] for r in rows])
        measure_name = "RMSE" if is_regression else "log loss"
        accuracies = "" if is_regression else f"{accuracy:.3f} / {their_accuracy:.3f}"
        print(f"| {os.path.basename(path)} | {algorithm} | {name} | {measure_name} | {ours:.4g} | {theirs:.4g} | {ours / theirs:.3f}"
              f" | {spread:.2g} | {accuracies} |", flush=True)


if __name__ == "__main__":
    print("| file | descent | peer | measure | ours | theirs | ratio | spread of the difference | accuracies |\n" + "| --- " * 9 + "|")
    for folder in sys.argv[1:] or ["sample-data"]:
        for file in sorted(os.listdir(folder)):
            if file in FILES:
                measure(os.path.join(folder, file))
