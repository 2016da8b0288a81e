"""Quality on held-out rows beside the libraries people use today: the same rows to train and to test on, every side with its
defaults. Ours reads the file as it is; the peers get their usual preparation by hand: medians and standardised numbers, words
one-hot (XGBoost: its own categories), parts of dates, TF-IDF of text. Prints, as a Markdown table, medians over SPLITS splits:
random ones, or with an order the last 10 % after 70, 80 and 90 % of the rows.

    benchmarks/quality.py FOLDER…      every known file in the folders; default sample-data
    ONLY=taxis.csv,insurance.csv benchmarks/quality.py FOLDER
"""
import dataclasses
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
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import accuracy_score, log_loss, mean_squared_error
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

BIN = os.environ.get("DESCENT", ".build/release/descent")
SPLITS = int(os.environ.get("SPLITS", "3"))
ALGORITHMS = os.environ.get("ALGORITHMS", "linear-learner neural-network xgboost").split()
ONLY = [name for name in os.environ.get("ONLY", "").split(",") if name]


@dataclasses.dataclass
class Known:
    """What a person would know about a file. Columns of files without a header are c0, c1, …"""
    target: str | None = None          # None = the last column
    header: bool = True
    drop: tuple = ()                   # copies of the target, row numbers
    regression: bool = False
    dates: tuple = ()
    text: tuple = ()
    order: str | None = None           # a column of dates: rows are split in its order; "file" = as they lie
    weight: str | None = None
    separator: str = ","
    rows: int | None = None            # a sample of so many


FILES = {
    # Sample data.
    "insurance.csv": Known("charges", regression=True), "diabetes.csv": Known("progression", regression=True),
    "brokerage.csv": Known("churned", drop=("account",)), "breast_cancer.csv": Known(), "wine.csv": Known(),
    "iris.csv": Known("species"), "digits.csv": Known(),
    # Public teaching sets: UCI, seaborn-data, jbrownlee/Datasets.
    "titanic.csv": Known("survived", drop=("alive",)), "penguins.csv": Known("species"),
    "mpg.csv": Known("mpg", regression=True, text=("name",)),
    "adult-train.csv": Known(header=False, weight="c2"), "abalone.csv": Known(header=False, regression=True),
    "winequality-red.csv": Known(header=False, regression=True),
    "winequality-white.csv": Known(header=False, regression=True, separator=","),
    "horse-colic.csv": Known("c22", header=False, drop=("c2", "c27")),
    "daily-min-temperatures.csv": Known("Temp", regression=True, dates=("Date",), order="Date"),
    "daily-max-temperatures.csv": Known("Temperature", regression=True, dates=("Date",), order="Date"),
    "seaice.csv": Known("Extent", regression=True, dates=("Date",), order="Date"),
    "taxis.csv": Known("fare", regression=True, dates=("pickup", "dropoff"), drop=("total", "tip"), order="pickup"),
    "bike-hour.csv": Known("cnt", regression=True, dates=("dteday",), drop=("casual", "registered", "instant"), order="file"),
    "pollution.csv": Known("pm2.5", regression=True, drop=("No",), order="file", rows=20_000),
    "auto_imports.csv": Known(header=False, regression=True),
    "breast-cancer.csv": Known(header=False), "german.csv": Known(header=False), "ionosphere.csv": Known(header=False),
    "sonar.csv": Known(header=False), "mammography.csv": Known(header=False), "oil-spill.csv": Known(header=False, drop=("c0",)),
    "pima-indians-diabetes.csv": Known(header=False), "housing.csv": Known(header=False, regression=True),
    "diamonds.csv": Known("price", regression=True, rows=20_000), "tips.csv": Known("tip", regression=True),
    "sms-spam.tsv": Known("Label", text=("SMS",), separator="\t"),
    # From the cases of the tests.
    "hourly.csv": Known("y", regression=True, dates=("t",), order="t"),
    "high-cardinality.csv": Known("y", regression=True), "rare-category.csv": Known("y"),
}


def load(path):
    known = FILES[os.path.basename(path)]
    quoting = 3 if known.text and known.separator == "\t" else 0
    quote = "'" if open(path).read(1) == "'" or path.endswith("mammography.csv") else '"'
    table = pd.read_csv(path, header=0 if known.header else None, skipinitialspace=True, na_values=["?"], sep=known.separator,
                        quoting=quoting, quotechar=quote)
    for name in table.columns:
        if table[name].map(type).eq(bool).any():
            table[name] = table[name].astype(object).where(table[name].isna(), table[name].astype(str))
    table.columns = [str(name) if known.header else f"c{name}" for name in table.columns]
    target = known.target or table.columns[-1]
    table = table.drop(columns=list(known.drop)).dropna(subset=[target]).reset_index(drop=True)
    if known.rows and len(table) > known.rows:
        table = table.sample(known.rows, random_state=1).sort_index().reset_index(drop=True)
    return table, target, known


def with_parts(table, known, encode, train):
    """Dates as people prepare them: parts that vary in training, one-hot where the model is linear, and the days."""
    table = table.copy()
    for name in known.dates:
        moment = pd.to_datetime(table.pop(name), format="mixed", dayfirst=False)
        seen = pd.to_datetime(train[name], format="mixed", dayfirst=False)
        parts = {"year": moment.dt.year, "month": moment.dt.month, "day": moment.dt.day, "weekday": moment.dt.dayofweek, "hour": moment.dt.hour}
        for part, values in parts.items():
            if getattr(seen.dt, {"weekday": "dayofweek"}.get(part, part)).nunique() > 1:
                table[f"{name}_{part}"] = values.astype(str) if encode and part in ("month", "weekday", "hour") else values
        table[f"{name}_days"] = moment.astype("int64") / (86_400 * 10 ** 9 if moment.dtype == "datetime64[ns]" else 86_400 * 10 ** 6)
    return table


def prepared(model, features, known):
    words = [c for c in features if c not in known.text and (not pd.api.types.is_numeric_dtype(features[c]) or features[c].dtype == bool)]
    numbers = [c for c in features if c not in words and c not in known.text]
    return make_pipeline(
        make_column_transformer(
            (make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), numbers),
            (make_pipeline(SimpleImputer(strategy="constant", fill_value="(missing)"), OneHotEncoder(handle_unknown="ignore", sparse_output=False)), words),
            *((TfidfVectorizer(), name) for name in known.text), sparse_threshold=1.0 if known.text else 0.3), model)


def for_trees(features, categories):
    features = features.copy()
    for column, values in categories.items():
        features[column] = pd.Categorical(features[column].astype(object), categories=values)
    return features


def peers(is_regression):
    from xgboost import XGBClassifier, XGBRegressor
    if is_regression:
        return {"linear-learner": ("Ridge", Ridge()),
                "neural-network": ("MLPRegressor", MLPRegressor(hidden_layer_sizes=(64, 64), early_stopping=True, max_iter=500, random_state=7)),
                "xgboost": ("XGBRegressor", XGBRegressor(n_jobs=2, enable_categorical=True))}
    return {"linear-learner": ("LogisticRegression", LogisticRegression(max_iter=5000)),
            "neural-network": ("MLPClassifier", MLPClassifier(hidden_layer_sizes=(64, 64), early_stopping=True, max_iter=500, random_state=7)),
            "xgboost": ("XGBClassifier", XGBClassifier(n_jobs=2, enable_categorical=True))}


def peer(algorithm, model, train, test, target, known):
    y, yt = train[target], test[target]
    weights = None if known.weight is None else train[known.weight]
    left_out = [target] + ([known.weight] if known.weight else [])
    encode = algorithm != "xgboost"
    x, xt = (with_parts(rows.drop(columns=left_out), known, encode, train) for rows in (train, test))
    if algorithm == "xgboost" and not known.text:
        words = [c for c in x if not pd.api.types.is_numeric_dtype(x[c]) or x[c].dtype == bool]
        categories = {c: sorted(x[c].dropna().astype(object).unique(), key=str) for c in words}
        x, xt, fitted = for_trees(x, categories), for_trees(xt, categories), model
    else:
        fitted = prepared(model, x, known)
    # The network of scikit-learn 1.9 takes weights; the others always did.
    fit = {} if weights is None else {("sample_weight" if fitted is model else f"{fitted.steps[-1][0]}__sample_weight"): weights}
    if known.regression:
        mean, deviation = (y.mean(), y.std()) if algorithm == "neural-network" else (0, 1)
        predicted = fitted.fit(x, (y - mean) / deviation, **fit).predict(xt) * deviation + mean
        return mean_squared_error(yt, predicted) ** 0.5, float("nan")
    classes, codes = np.unique(y, return_inverse=True)
    codes_t = np.searchsorted(classes, yt)
    predicted = fitted.fit(x, codes, **fit).predict_proba(xt).astype("f8")
    own = None if known.weight is None else test[known.weight]
    return (log_loss(codes_t, predicted, labels=range(len(classes)), sample_weight=own),
            accuracy_score(codes_t, predicted.argmax(1), sample_weight=own))


def descent(folder, algorithm, train, test, target, known):
    settings = {"neural-network": ["hidden_layers=64,64"], "xgboost": ["num_round=100"]}.get(algorithm, [])
    # Linear models and trees learn from all rows, as the peers' do; networks hold a tenth out to stop early, as the peers' do.
    split = "0.1" if algorithm == "neural-network" else "0"
    shutil.rmtree(os.path.join(folder, "w"), ignore_errors=True)
    common = ["--workspace", os.path.join(folder, "w"), "--json"]
    task = ["--task", "regression" if known.regression else "classification"] + (["--weight", known.weight] if known.weight else [])
    subprocess.run([BIN, "train", train, "--target", target, "--algorithm", algorithm, "--validation-split", split, *task,
                    *(x for s in settings for x in ("--set", s)), *common], check=True, capture_output=True)
    lines = subprocess.run([BIN, "evaluate", "@latest", test, *common], check=True, capture_output=True, text=True).stdout
    metrics = json.loads([l for l in lines.splitlines() if '"evaluated"' in l][-1])["metrics"]
    return metrics["test:rmse"] if known.regression else metrics["test:log_loss"], metrics.get("test:accuracy", float("nan"))


def splits(table, target, known):
    if known.order is None:
        for seed in range(SPLITS):
            yield train_test_split(table, test_size=0.25, random_state=seed, stratify=None if known.regression else table[target])
        return
    rows = table if known.order == "file" else table.loc[pd.to_datetime(table[known.order], format="mixed").sort_values(kind="stable").index]
    for share in (0.7, 0.8, 0.9)[:SPLITS]:
        cut, end = int(len(rows) * share), int(len(rows) * (share + 0.1))
        yield rows.iloc[:cut], rows.iloc[cut:end]


def measure(path):
    table, target, known = load(path)
    results = {}
    for train, test in splits(table, target, known):
        with tempfile.TemporaryDirectory() as folder:
            files = [os.path.join(folder, name) for name in ("train.csv", "test.csv")]
            train.to_csv(files[0], index=False), test.to_csv(files[1], index=False)
            for algorithm, (name, model) in peers(known.regression).items():
                if algorithm not in ALGORITHMS:
                    continue
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    theirs = peer(algorithm, model, train, test, target, known)
                try:
                    ours = descent(folder, algorithm, *files, target, known)
                except subprocess.CalledProcessError as error:
                    print(f"| {os.path.basename(path)} | {algorithm} | failed: {(error.stderr or b'').decode()[-200:] if isinstance(error.stderr, bytes) else error.stderr} |", flush=True)
                    continue
                results.setdefault((algorithm, name), []).append((*ours, *theirs))
    for (algorithm, name), rows in results.items():
        ours, accuracy, theirs, their_accuracy = (statistics.median(column) for column in zip(*rows))
        spread = statistics.pstdev([r[0] - r[2] for r in rows])
        measure_name = "RMSE" if known.regression else "log loss"
        accuracies = "" if known.regression else f"{accuracy:.3f} / {their_accuracy:.3f}"
        print(f"| {os.path.basename(path)} | {algorithm} | {name} | {measure_name} | {ours:.4g} | {theirs:.4g} | {ours / theirs:.3f}"
              f" | {spread:.2g} | {accuracies} |", flush=True)


if __name__ == "__main__":
    print("| file | descent | peer | measure | ours | theirs | ratio | spread of the difference | accuracies |\n" + "| --- " * 9 + "|")
    for folder in sys.argv[1:] or ["sample-data"]:
        for file in sorted(os.listdir(folder)):
            if file in FILES and (not ONLY or file in ONLY):
                measure(os.path.join(folder, file))
