"""Tables: read, written, drawn at random. A table is a list of rows of texts, the first of which names the columns."""
import csv
import math
import os
import random
import re

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SAMPLES = os.path.join(ROOT, "sample-data")
# Teaching data sets beside the checkout; those that are not there are left out.
OTHERS = os.environ.get(
    "DESCENT_DATA", os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "shared", "data"))


def read(path):
    with open(path, newline="") as file:
        return list(csv.reader(file))


def write(rows, path):
    with open(path, "w", newline="") as out:
        csv.writer(out).writerows(rows)
    return path


def is_number(text):
    return re.fullmatch(r"-?[0-9.]+(e-?[0-9]+)?", text) is not None


def place(rows, name):
    return rows[0].index(name)


def numeric(rows, target):
    """Places of features that are numbers of more than ten values; who wants one that is not there gets an IndexError."""
    return [
        place for place, name in enumerate(rows[0])
        if name != target and all(is_number(row[place]) for row in rows[1:] if row[place])
        and len({row[place] for row in rows[1:]}) > 10
    ]


def has_classes(rows, target):
    values = {row[place(rows, target)] for row in rows[1:]}
    return len(values) <= 10 or not all(is_number(value) for value in values)


def sampled(rows, count, chance):
    """Rows drawn without putting back, in the file's order."""
    if len(rows) - 1 <= count:
        return rows
    kept = sorted(chance.sample(range(1, len(rows)), count))
    return rows[:1] + [rows[row] for row in kept]


def without(rows, *names):
    kept = [place for place, name in enumerate(rows[0]) if name not in names]
    return [[row[place] for place in kept] for row in rows]


def unique(rows):
    seen, kept = set(), rows[:1]
    for row in rows[1:]:
        if tuple(row) not in seen:
            seen.add(tuple(row))
            kept.append(row)
    return kept


def with_column(rows, name, values):
    return [rows[0] + [name]] + [row + [value] for row, value in zip(rows[1:], values)]


def mapped(rows, column, change):
    return rows[:1] + [row[:column] + [change(row[column])] + row[column + 1:] for row in rows[1:]]


def text(value):
    return repr(round(value, 6)) if isinstance(value, float) else str(value)


# --- Drawn at random

def plane(chance, count=400):
    """A number that is a sum of five features, with noise."""
    weights = [chance.gauss(0, 1) for _ in range(5)]
    rows = [["a", "b", "c", "d", "e", "y"]]
    for _ in range(count):
        x = [chance.gauss(3, 2) for _ in weights]
        rows.append([text(v) for v in x] + [text(sum(w * v for w, v in zip(weights, x)) + chance.gauss(0, 0.7))])
    return rows


def waves(chance, count=400):
    """A number that bends, beside a category and a feature that says nothing."""
    rows = [["x", "z", "kind", "idle", "y"]]
    for _ in range(count):
        x, z, kind = chance.uniform(-3, 3), chance.uniform(0, 1), chance.choice(["red", "green", "blue"])
        y = math.sin(x) * 4 + 6 * z * z + (2 if kind == "red" else 0) + chance.gauss(0, 0.5)
        rows.append([text(x), text(z), kind, text(chance.gauss(0, 1)), text(y)])
    return rows


def clouds(chance, count=400):
    """Three classes around three places."""
    centres = [[chance.gauss(0, 2) for _ in range(4)] for _ in range(3)]
    rows = [["p", "q", "r", "s", "cloud"]]
    for _ in range(count):
        kind = chance.randrange(3)
        rows.append([text(c + chance.gauss(0, 1.2)) for c in centres[kind]] + ["ABC"[kind] + "-class"])
    return rows


def odds(chance, count=500):
    """Yes or no by the odds of three features, one in eight yes."""
    rows = [["income", "visits", "region", "bought"]]
    for _ in range(count):
        income, visits, region = chance.lognormvariate(3, 0.5), chance.randrange(12), chance.choice("NESW")
        score = 0.08 * (income - 22) + 0.35 * (visits - 6) + (1 if region == "N" else 0) - 2.2
        rows.append([text(income), str(visits), region, "yes" if chance.random() < 1 / (1 + math.exp(-score)) else "no"])
    return rows


def corners(chance, count=400):
    """Two classes in opposite corners: no single feature tells anything."""
    rows = [["u", "v", "w", "side"]]
    for _ in range(count):
        u, v = chance.uniform(-1, 1), chance.uniform(-1, 1)
        rows.append([text(u), text(v), text(chance.gauss(0, 1)), "same" if (u * v > 0) != (chance.random() < 0.05) else "other"])
    return rows


def counts(chance, count=400):
    """Counts that grow with two features, skewed to the right."""
    rows = [["size", "age", "calls"]]
    for _ in range(count):
        size, age = chance.lognormvariate(1, 0.6), chance.uniform(0, 10)
        rows.append([text(size), text(age), str(max(0, round(chance.gauss(2 + 3 * size + age, 2))))])
    return rows


GENERATED = {"plane": (plane, "y"), "waves": (waves, "y"), "clouds": (clouds, "cloud"), "odds": (odds, "bought"),
             "corners": (corners, "side"), "counts": (counts, "calls")}
