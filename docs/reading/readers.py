"""What each program reads of a file, with what it does unasked: a dictionary of columns and what was said.

A reader returns `(columns, told)`: `columns` is a list of `(name, kind, low, high, missing, values)`, `told` is a
list of warnings.
"""

import datetime
import decimal
import json
import math
import sqlite3
import subprocess
import warnings

import duckdb
import pandas
import polars


def seconds(value):
    """A moment in seconds since 1970, in UTC; a duration or time of day in seconds."""
    if isinstance(value, datetime.datetime):
        return (value if value.tzinfo else value.replace(tzinfo=datetime.timezone.utc)).timestamp()
    if isinstance(value, datetime.date):
        return datetime.datetime(value.year, value.month, value.day, tzinfo=datetime.timezone.utc).timestamp()
    if isinstance(value, datetime.timedelta):
        return value.total_seconds()
    return value.hour * 3600 + value.minute * 60 + value.second + value.microsecond / 1e6


def is_missing(value):
    return value is None or value is pandas.NaT or value is pandas.NA or (isinstance(value, float) and math.isnan(value))


def unfolded(name, values):
    """A column of objects as one column a key, so that programs that keep objects are not judged by their names."""
    known = [v for v in values if not is_missing(v)]
    if not known or not all(isinstance(v, dict) for v in known):
        return [(name, values)]
    keys = dict.fromkeys(k for v in known for k in v)
    return [(f"{name}.{k}", [None if is_missing(v) else v.get(k) for v in values]) for k in keys]


def summary(name, values):
    """The kind, the range and the number of missing values of a column given as Python values."""
    known = [v for v in values if not is_missing(v)]
    missing = len(values) - len(known)
    if known and all(isinstance(v, (bool, int, float, decimal.Decimal)) for v in known):
        return name, "number", float(min(known)), float(max(known)), missing, [str(v) for v in known]
    for kind, types in (("date", datetime.date), ("span", (datetime.time, datetime.timedelta))):
        if known and all(isinstance(v, types) for v in known):
            moments = [seconds(v) for v in known]
            return name, kind, min(moments), max(moments), missing, [str(v) for v in known]
    return name, "text", None, None, missing, [str(v) for v in known]


def summaries(pairs):
    return [summary(n, v) for name, values in pairs for n, v in unfolded(name, values)]


def with_pandas(path):
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        if path.suffix == ".json":
            frame = pandas.read_json(path)
        elif path.suffix == ".xlsx":
            frame = pandas.read_excel(path)
        elif path.suffix == ".feather":
            frame = pandas.read_feather(path)
        elif path.suffix == ".sqlite":
            with sqlite3.connect(path) as connection:
                frame = pandas.read_sql("SELECT * FROM sales", connection)
        else:
            frame = pandas.read_csv(path, sep="\t" if path.suffix == ".tsv" else ",")
    pairs = [(str(frame.columns[i]), frame.iloc[:, i].tolist()) for i in range(frame.shape[1])]
    return len(frame), summaries(pairs), [str(w.message) for w in told]


def with_duckdb(path):
    if path.suffix in (".xlsx", ".sqlite"):
        raise LookupError("needs an extension that was not at hand")
    plain = path.suffix in (".log", ".txt")
    found = duckdb.connect().execute(f"SELECT * FROM read_csv('{path}')" if plain else f"SELECT * FROM '{path}'")
    names = [d[0] for d in found.description]
    rows = found.fetchall()
    return len(rows), summaries([(n, [row[i] for row in rows]) for i, n in enumerate(names)]), []


def with_polars(path):
    if path.suffix == ".json":
        frame = polars.read_json(path)
    elif path.suffix == ".xlsx":
        frame = polars.read_excel(path)
    elif path.suffix == ".feather":
        frame = polars.read_ipc(path)
    elif path.suffix == ".sqlite":
        with sqlite3.connect(path) as connection:
            frame = polars.read_database("SELECT * FROM sales", connection)
    else:
        frame = polars.read_csv(path, try_parse_dates=True, separator="\t" if path.suffix == ".tsv" else ",")
    return frame.height, summaries([(n, frame[n].to_list()) for n in frame.columns]), []


KINDS = {"numeric": "number", "integer": "number", "boolean": "number", "date": "date"}


def with_descent(path, program):
    done = subprocess.run([program, "data", "profile", "--json", str(path)], capture_output=True, text=True, timeout=60)
    if done.returncode != 0:
        raise RuntimeError((done.stderr or done.stdout).strip())
    answer = json.loads(done.stdout.splitlines()[-1])
    columns = []
    for column in answer["columns"]:
        kind = KINDS.get(column["kind"], "text")
        numbers = column.get("statistics", {})
        values = [v["value"] for v in column.get("mostFrequent", [])]
        columns.append((column["name"], kind, numbers.get("minimum"), numbers.get("maximum"), column["missing"], values))
    told = [w["message"] for w in answer["warnings"]]
    told += [f"not sure of {c['option']}" for c in answer["reading"]["choices"] if c["isGuess"]]
    return answer["rowCount"], columns, told
