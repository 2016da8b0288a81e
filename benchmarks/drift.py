"""What `descent monitor check` finds of changes that were put into data, and how often it says something of windows in which nothing changed,
beside evidently's and NannyML's defaults on the same rows. Of each file half the rows are the baseline; windows are drawn from the other half.

    benchmarks/drift.py FOLDER…        ROWS=300 QUIET=400 SEEDS=1 PEERS=1 DESCENT=.build/release/descent
"""
import json
import os
import statistics
import subprocess
import sys
import tempfile
import warnings

import numpy as np
import pandas as pd

warnings.simplefilter("ignore")
os.environ["NML_DISABLE_USAGE_LOGGING"] = "1"
BIN = os.environ.get("DESCENT", ".build/release/descent")
ROWS = int(os.environ.get("ROWS", "300"))
QUIET = int(os.environ.get("QUIET", "400"))
SEEDS = int(os.environ.get("SEEDS", "1"))
PEERS = os.environ.get("PEERS", "1") != "0"
FILES = {
    "insurance.csv": {}, "brokerage.csv": {}, "titanic.csv": {}, "abalone.csv": {"header": None}, "winequality-red.csv": {"header": None},
    "adult-train.csv": {"header": None, "skipinitialspace": True},
}
WINDOWS = 6                       # of a scenario; from which one on it is changed is drawn


def load(path):
    options = FILES[os.path.basename(path)]
    table = pd.read_csv(path, na_values=["?"], **options)
    table.columns = [str(c) if options.get("header", 0) is not None else f"c{c}" for c in table.columns]
    return table.drop(columns=[c for c in table if table[c].dtype == bool], errors="ignore")


def numbers(table):
    return [c for c in table if pd.api.types.is_numeric_dtype(table[c]) and table[c].nunique() > 20]


def words(table):
    return [c for c in table if not pd.api.types.is_numeric_dtype(table[c]) and 2 <= table[c].nunique() <= 20]


def scenarios(baseline, random):
    """Name, and what it does to a window. Columns are drawn; sizes are in the name."""
    some, texts = numbers(baseline), words(baseline)
    pick = lambda names: names[random.integers(len(names))]
    spread = lambda c: baseline[c].std()

    def put(column, change):
        def apply(window):
            window = window.copy()
            window[column] = change(window[column])
            return window
        return apply
    column = pick(some)
    yield "moved 0.4 sd", put(column, lambda v, c=column: v + 0.4 * spread(c))
    column = pick(some)
    yield "moved 1 sd", put(column, lambda v, c=column: v + spread(c))
    column = pick(some)
    yield "1.5 times as wide", put(column, lambda v, c=column: (v - baseline[c].mean()) * 1.5 + baseline[c].mean())
    column = pick(some)
    yield "other unit, 2.54", put(column, lambda v: v * 2.54)
    column = pick(some)
    yield "cut off above 70 %", put(column, lambda v, c=column: v.clip(upper=baseline[c].quantile(0.7)))
    column = pick(list(baseline.columns))
    yield "15 % more missing", put(column, lambda v: v.where(random.random(len(v)) > 0.15))
    if texts:
        column = pick(texts)
        value = baseline[column].value_counts().index[-1]
        yield "25 % become one word", put(column, lambda v, x=value: v.where(random.random(len(v)) > 0.25, x))
        column = pick(texts)
        yield "10 % a new word", put(column, lambda v: v.where(random.random(len(v)) > 0.10, "never seen"))
    column = pick(some)
    yield "stuck at one value for 30 %", put(column, lambda v, c=column: v.where(random.random(len(v)) > 0.30, baseline[c].median()))
    pairs = baseline[some].corr(method="spearman").abs()
    np.fill_diagonal(pairs.values, 0)
    strongest = pairs.stack().idxmax()
    if pairs.max().max() > 0.4:
        yield "shuffled against its pair", put(strongest[0], lambda v: pd.Series(random.permutation(v.to_numpy()), index=v.index))


def ours(window, folder, workdir):
    path = os.path.join(workdir, "window.csv")
    window.to_csv(path, index=False)
    done = subprocess.run([BIN, "monitor", "check", path, "--baseline", folder, "--json", "--quiet"], capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])["status"] == "CompletedWithViolations" if done.stdout else True


def evidently(window, baseline):
    """Whether any column drifted, and whether half of them did, which is its default for a data set."""
    from evidently import DataDefinition, Dataset, Report
    from evidently.presets import DataDriftPreset
    definition = DataDefinition(
        numerical_columns=[c for c in baseline if pd.api.types.is_numeric_dtype(baseline[c])],
        categorical_columns=[c for c in baseline if not pd.api.types.is_numeric_dtype(baseline[c])])
    sides = [Dataset.from_pandas(t.reset_index(drop=True), data_definition=definition) for t in (window, baseline)]
    for metric in Report([DataDriftPreset()]).run(*sides).dict()["metrics"]:
        if metric["metric_name"].startswith("DriftedColumnsCount"):
            return metric["value"]["count"] > 0, metric["value"]["share"] >= 0.5
    raise ValueError("no count of drifted columns")


class NannyML:
    """Whether any column drifted, and whether all of them together did, by their reconstruction."""
    def __init__(self, baseline, size):
        import nannyml
        names = list(baseline.columns)
        texts = [c for c in names if not pd.api.types.is_numeric_dtype(baseline[c])]
        self.columns = nannyml.UnivariateDriftCalculator(column_names=names, treat_as_categorical=texts, chunk_size=size)
        self.together = nannyml.DataReconstructionDriftCalculator(column_names=names, chunk_size=size)
        for one in (self.columns, self.together):
            one.fit(baseline.reset_index(drop=True))

    def look(self, window):
        for one in (self.columns, self.together):
            found = one.calculate(window.reset_index(drop=True)).filter(period="analysis").to_df()
            yield bool(found[[c for c in found.columns if c[-1] == "alert"]].to_numpy().any())


def main(folders):
    paths = {name: os.path.join(folder, name) for folder in folders for name in os.listdir(folder) if name in FILES}
    tools = {"Descent": []}
    if PEERS:
        tools.update({"evidently, any column": [], "evidently, half of the columns": [], "NannyML, any column": [],
                      "NannyML, reconstruction": []})
    quiet = {name: 0 for name in tools}
    looked, missed = 0, []
    for number, (name, path) in enumerate(sorted(paths.items())):
        for seed in range(SEEDS):
            random = np.random.default_rng([number, seed])
            table = load(path)
            table = table.iloc[random.permutation(len(table))].reset_index(drop=True)
            baseline, pool = table.iloc[:min(len(table) // 2, 4000)], table.iloc[len(table) // 2:]
            size = min(ROWS, len(pool) // 2)
            draw = lambda: pool.iloc[random.choice(len(pool), size, replace=False)]
            with tempfile.TemporaryDirectory() as workdir:
                folder, file = os.path.join(workdir, "b"), os.path.join(workdir, "baseline.csv")
                baseline.to_csv(file, index=False)
                subprocess.run([BIN, "monitor", "baseline", file, "--out", folder, "--quiet"], check=True, capture_output=True)

                nanny = NannyML(baseline, size) if PEERS else None

                def look(window):
                    said = [ours(window, folder, workdir)]
                    return dict(zip(tools, said + [*evidently(window, baseline), *nanny.look(window)] if PEERS else said))
                for _ in range(QUIET // len(paths) // SEEDS):
                    looked += 1
                    for tool, said in look(draw()).items():
                        quiet[tool] += said
                for kind, change in scenarios(baseline, random):
                    begin, found = int(random.integers(0, WINDOWS - 2)), {}
                    for window in range(begin, WINDOWS):
                        for tool, said in look(change(draw())).items():
                            if said:
                                found.setdefault(tool, window - begin + 1)
                        if len(found) == len(tools):
                            break
                    for tool in tools:
                        tools[tool].append(found.get(tool))
                    if "Descent" not in found:
                        missed.append(f"{name}: {kind}")
    print(f"{looked} quiet windows, {len(tools['Descent'])} scenarios, {ROWS} rows a window\n")
    print("| tool | found | windows until found | false alarms |\n| --- | --- | --- | --- |")
    for tool, results in tools.items():
        hits = [r for r in results if r]
        until = statistics.mean(hits) if hits else float("nan")
        print(f"| {tool} | {len(hits)} of {len(results)} ({len(hits) / len(results):.1%}) | {until:.2f} | "
              f"{quiet[tool]} of {looked} ({quiet[tool] / looked:.1%}) |")
    print("\nmissed:", "; ".join(missed) or "none")


if __name__ == "__main__":
    main(sys.argv[1:] or ["sample-data"])
