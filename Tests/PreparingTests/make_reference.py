"""Makes Files/reference.json: what scikit-learn and pandas make of columns, learned on some rows and applied to all.

    pip install scikit-learn==1.9.1 pandas==3.1.1 numpy==2.4.6 && python make_reference.py
"""
import json
import pathlib

import numpy as np
import pandas as pd
import sklearn
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import MinMaxScaler, PowerTransformer, RobustScaler, StandardScaler

random = np.random.default_rng(11)
count, learned = 60, 40


def holes(values, share=0.15):
    values = np.array(values, dtype=float)
    values[random.random(len(values)) < share] = np.nan
    return values


def text(values):
    return [None if v is None or (isinstance(v, float) and np.isnan(v)) else float(v) for v in values]


columns = {
    "normal": random.normal(40, 12, count),
    "gaps": holes(random.gamma(2, 900, count)),
    "signed": random.standard_t(3, count) * 5,
    "ties": holes(random.integers(0, 5, count)),
    "tight": 1e6 + random.normal(0, 1, count),
}
frame = pd.DataFrame(columns)
train = frame[:learned]
out = {
    "versions": {"scikit-learn": sklearn.__version__, "pandas": pd.__version__, "numpy": np.__version__},
    "learned": learned,
    "columns": {k: text(v) for k, v in columns.items()},
    "impute": {}, "scale": {}, "clip": {},
}
for how in ["mean", "median", "most_frequent"]:
    model = SimpleImputer(strategy=how).fit(train)
    out["impute"]["mode" if how == "most_frequent" else how] = {
        c: text(v) for c, v in zip(frame.columns, model.transform(frame).T)}
for how, scaler in [("standard", StandardScaler()), ("robust", RobustScaler()), ("min-max", MinMaxScaler()),
                    ("yeo-johnson", PowerTransformer(method="yeo-johnson"))]:
    scaler.fit(train.drop(columns="tight") if how == "yeo-johnson" else train)
    used = frame.drop(columns="tight") if how == "yeo-johnson" else frame
    out["scale"][how] = {c: text(v) for c, v in zip(used.columns, scaler.transform(used).T)}
    if how == "yeo-johnson":
        out["lambdas"] = dict(zip(used.columns, scaler.lambdas_.tolist()))
for name in frame.columns:
    low, high = train[name].quantile(0.05), train[name].quantile(0.9)
    out["clip"][name] = text(frame[name].clip(low, high))

# Rows of two shops in the order of their days, which is not the file's.
days = random.permutation(count)
shops = random.choice(["north", "south"], count)
sales = holes(random.integers(10, 99, count), 0.05)
data = pd.DataFrame({"day": days, "shop": shops, "sales": sales}).sort_values("day", kind="stable")
past = data.groupby("shop")["sales"]
made = {"lag_1": past.shift(1), "lag_3": past.shift(3)}
for how, call in [("mean", "mean"), ("sum", "sum"), ("min", "min"), ("max", "max"), ("sd", "std")]:
    made[how + "_4"] = past.transform(lambda s, call=call: getattr(s.shift(1).rolling(4), call)())
out["past"] = {
    "day": [int(d) for d in days], "shop": list(shops), "sales": text(sales),
    "made": {k: text(v.reindex(range(count))) for k, v in made.items()},
}
path = pathlib.Path(__file__).parent / "Files/reference.json"
path.write_text(json.dumps(out, indent=1) + "\n")
