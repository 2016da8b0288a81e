"""Writes the five real data sets that scikit-learn carries as CSV files next to this script.

Usage: python3 export_uci.py   (made with scikit-learn 1.9.1; needs no network)
"""

import csv
import pathlib

from sklearn import datasets

FOLDER = pathlib.Path(__file__).resolve().parent


def number(value):
    """The shortest text of a number, whole ones without a decimal point."""
    value = float(value)
    return str(int(value)) if value.is_integer() else repr(value)


def write(name, header, rows):
    with open(FOLDER / name, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def export(name, bunch, target, labels=None):
    header = [str(f).replace(" (cm)", "").replace(" ", "_").replace("/", "_") for f in bunch.feature_names] + [target]
    write(
        name,
        header,
        (
            [number(v) for v in features] + [labels[int(label)] if labels is not None else number(label)]
            for features, label in zip(bunch.data, bunch.target)
        ),
    )


iris = datasets.load_iris()
export("iris.csv", iris, "species", iris.target_names)
export("wine.csv", datasets.load_wine(), "cultivar", ["cultivar_1", "cultivar_2", "cultivar_3"])
cancer = datasets.load_breast_cancer()
export("breast_cancer.csv", cancer, "diagnosis", cancer.target_names)
export("diabetes.csv", datasets.load_diabetes(scaled=False), "progression")
export("digits.csv", datasets.load_digits(), "digit")
