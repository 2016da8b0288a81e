"""Makes bias.json: metrics of bias by smclarify, aif360 and fairlearn, with the counts that they follow from.

    python3 make_bias.py adult-train.csv bias.json
"""
import json
import sys
import warnings
from collections import Counter

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression

warnings.filterwarnings("ignore")
import aif360.sklearn.metrics as fair  # noqa: E402
import fairlearn.metrics as lean  # noqa: E402
import smclarify.bias.metrics as clarify  # noqa: E402
from importlib.metadata import version  # noqa: E402
from sklearn.metrics import accuracy_score, precision_score, recall_score  # noqa: E402


def number(value):
    return "NaN" if value != value else {np.inf: "Infinity", -np.inf: "-Infinity"}.get(value, float(value))


def measured(work):
    try:
        return number(work())
    except Exception as fault:  # a metric that is not defined says so by raising
        return {"error": str(fault)}


def case(name, facet, label, predicted, group, features=None):
    facet, label, predicted, group = (pd.Series(np.asarray(x)) for x in (facet, label, predicted, group))
    facet, label, predicted = facet.astype(bool), label.astype(bool), predicted.astype(bool)
    binary = label.astype(int)
    values = {
        "CI": lambda: clarify.CI(facet, facet), "DPL": lambda: clarify.DPL(facet, facet, label),
        "KL": lambda: clarify.KL(binary, facet), "JS": lambda: clarify.JS(binary, facet),
        "LP": lambda: clarify.LP(binary, facet), "TVD": lambda: clarify.TVD(binary, facet),
        "KS": lambda: clarify.KS(binary, facet), "CDDL": lambda: clarify.CDDL(facet, facet, label, group),
        "DPPL": lambda: clarify.DPPL(facet, facet, predicted), "DI": lambda: clarify.DI(facet, facet, predicted),
        "DCA": lambda: clarify.DCA(facet, facet, label, predicted),
        "DCR": lambda: clarify.DCR(facet, facet, label, predicted),
        "RD": lambda: clarify.RD(facet, facet, label, predicted), "SD": lambda: clarify.SD(facet, facet, label, predicted),
        "DAR": lambda: clarify.DAR(facet, facet, label, predicted),
        "DRR": lambda: clarify.DRR(facet, facet, label, predicted),
        "AD": lambda: clarify.AD(facet, facet, label, predicted), "TE": lambda: clarify.TE(facet, facet, label, predicted),
        "CDDPL": lambda: clarify.CDDPL(facet, facet, predicted, group),
        "GE": lambda: clarify.GE(label, predicted),
    }
    one = {"name": name, "smclarify": {key: measured(work) for key, work in values.items()}}
    counts = Counter(zip(facet, label, predicted, group))
    one["cells"] = [[int(f), int(y), int(p), int(g), n] for (f, y, p, g), n in sorted(counts.items())]
    y, p, privileged = label.astype(int), predicted.astype(int), (~facet).astype(int)
    one["aif360"] = {
        "DPL": measured(lambda: -fair.statistical_parity_difference(y, prot_attr=privileged, priv_group=1)),
        "DPPL": measured(lambda: -fair.statistical_parity_difference(y, p, prot_attr=privileged, priv_group=1)),
        "DI": measured(lambda: fair.disparate_impact_ratio(y, p, prot_attr=privileged, priv_group=1)),
        "RD": measured(lambda: -fair.equal_opportunity_difference(y, p, prot_attr=privileged, priv_group=1)),
        "GE": measured(lambda: fair.generalized_entropy_error(y, p, alpha=2)),
    }
    if facet.any() and not facet.all():
        frame = lean.MetricFrame(
            metrics={"AD": accuracy_score, "RD": lambda a, b: recall_score(a, b, zero_division=0),
                     "DAR": lambda a, b: precision_score(a, b, zero_division=0)},
            y_true=y, y_pred=p, sensitive_features=privileged).by_group
        one["fairlearn"] = {key: number(frame[key][1] - frame[key][0]) for key in ("AD", "RD", "DAR")}
    if features is not None:
        one["features"] = np.asarray(features, dtype=float).tolist()
        one["rows"] = [[int(f), int(p)] for f, p in zip(facet, predicted)]
        one["smclarify"]["FT"] = measured(lambda: clarify.FT(pd.DataFrame(features), facet, predicted))
    return one


def main(source, out):
    names = ("age workclass fnlwgt education education-num marital-status occupation relationship race sex capital-gain "
             "capital-loss hours-per-week native-country income").split()
    adult = pd.read_csv(source, skipinitialspace=True, header=None, names=names)
    label = adult.iloc[:, -1].astype(str).str.contains(">50K")
    numbers = adult.select_dtypes("number")
    scaled = (numbers - numbers.mean()) / numbers.std()
    predicted = LogisticRegression(max_iter=500).fit(scaled, label).predict(scaled)
    strata = pd.factorize(adult["marital-status"], sort=True)[0]
    cases = [
        case("adult by sex", adult["sex"].str.contains("Female"), label, predicted, strata),
        case("adult by race", adult["race"].str.contains("Black"), label, predicted, strata),
        case("adult by age over 40", adult["age"] > 40, label, predicted, strata),
    ]
    random = np.random.default_rng(3)
    for count in (12, 40, 300):
        facet, label = random.random(count) < 0.4, random.random(count) < 0.5
        predicted = np.where(random.random(count) < 0.7, label, ~label)
        features = random.normal(size=(count, 3))
        cases.append(case(f"random {count}", facet, label, predicted, random.integers(0, 3, count), features))
    few = np.array([True] * 12 + [False] * 8)
    cases.append(case("few others", few, random.random(20) < 0.5, random.random(20) < 0.5, np.zeros(20, int), random.normal(size=(20, 2))))
    zero, one = np.zeros(20, bool), np.ones(20, bool)
    half = np.arange(20) % 2 == 0
    facet = np.arange(20) < 8
    cases += [
        case("nothing predicted", facet, half, zero, np.zeros(20, int)), case("all predicted", facet, half, one, np.zeros(20, int)),
        case("no positive label", facet, zero, half, np.zeros(20, int)), case("all labels positive", facet, one, half, np.zeros(20, int)),
        case("all false negatives", facet, one, zero, np.zeros(20, int)), case("empty facet", zero, half, half, np.zeros(20, int)),
        case("all in the facet", one, half, half, np.zeros(20, int)),
        case("labels in one group only", facet, facet, half, np.zeros(20, int)),
        case("predictions in one group only", facet, half, ~facet, np.zeros(20, int)),
        case("right everywhere", facet, half, half, np.arange(20) % 3),
    ]
    versions = {name: version(name) for name in ("smclarify", "aif360", "fairlearn")}
    json.dump({"versions": versions, "cases": cases}, open(out, "w"))


main(*sys.argv[1:])
