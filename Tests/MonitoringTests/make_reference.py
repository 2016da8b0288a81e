"""Makes Files/reference.json: what scipy, evidently and scikit-learn say of pairs of samples, and Deequ's definitions written out.

    pip install scipy==1.17.1 evidently==0.7.23 scikit-learn==1.9.1 'pandas<2.3' && python make_reference.py
"""
import json
import math
import pathlib

import numpy as np
import pandas as pd
from evidently.legacy.calculations.stattests.utils import get_binned_data
from evidently.legacy.core import ColumnType
from scipy import stats
from scipy.spatial import distance

random = np.random.default_rng(7)


def deequ_chi_square(sample, expected, absolute=5, relative=0.2, absolute_of_two=10):
    """As Deequ's Distance.scala has it: scaled to the sample, the smallest merged until few are small."""
    seen = {k: sample.get(k, 0) for k in expected}
    scale = sum(seen.values()) / sum(expected.values())
    cells = sorted((expected[k] * scale, seen[k]) for k in expected)
    while len(cells) >= 2:
        few = sum(e < (absolute_of_two if len(cells) == 2 else absolute) for e, _ in cells)
        if few == 0 if len(cells) == 2 else few <= relative * len(cells):
            break
        merged = (cells[0][0] + cells[1][0], cells[0][1] + cells[1][1])
        cells = sorted(cells[2:] + [merged])
    if len(cells) < 2:
        return None
    return float(stats.chisquare([s for _, s in cells], [e for e, _ in cells], sum_check=False).pvalue)


def psi(p, q):
    return float(np.sum((p - q) * np.log(p / q)))


def numbers(name, first, second):
    a, b = pd.Series(first), pd.Series(second)
    p, q = get_binned_data(a, b, ColumnType.Numerical, 30, True)
    r, s = get_binned_data(a, b, ColumnType.Numerical, 30, False)
    ks = stats.ks_2samp(first, second)
    n, m = len(first), len(second)
    return {
        "name": name, "first": list(map(float, first)), "second": list(map(float, second)),
        "distance": float(ks.statistic), "chance": float(ks.pvalue), "wasserstein": float(stats.wasserstein_distance(first, second)),
        "robust": max(0.0, float(ks.statistic) - 1.8 * math.sqrt((n + m) / (n * m))),
        "psi": psi(p, q), "jensen_shannon": float(distance.jensenshannon(r, s)),
        "place": float(stats.mannwhitneyu(first, second, use_continuity=False, method="asymptotic").pvalue),
        "spread": float(stats.mood(first, second).pvalue),
        "mean": float(np.mean(first)), "deviation": float(np.std(first)),
    }


def texts(name, first, second):
    a, b = pd.Series(first), pd.Series(second)
    p, q = get_binned_data(a, b, ColumnType.Categorical, 30, True)
    r, s = get_binned_data(a, b, ColumnType.Categorical, 30, False)
    left, right = a.value_counts().to_dict(), b.value_counts().to_dict()
    every = sorted(set(left) | set(right))
    return {
        "name": name, "first": list(first), "second": list(second),
        "distance": max(abs(left.get(k, 0) / len(a) - right.get(k, 0) / len(b)) for k in every),
        "chi_square": deequ_chi_square(right, left), "psi": psi(p, q), "jensen_shannon": float(distance.jensenshannon(r, s)),
    }


letters = np.array(list("abcdefgh"))
made = {
    "numbers": [
        numbers("moved", random.normal(0, 1, 300), random.normal(0.4, 1, 200)),
        numbers("wider", random.normal(0, 1, 250), random.normal(0, 1.6, 250)),
        numbers("same", random.exponential(1, 400), random.exponential(1, 90)),
        numbers("ties", random.poisson(3, 300), random.poisson(4, 150)),
    ],
    "texts": [
        texts("moved", random.choice(letters, 400, p=[.3, .2, .15, .1, .1, .1, .04, .01]),
              random.choice(letters, 200, p=[.1, .2, .25, .1, .1, .1, .05, .1])),
        texts("same", random.choice(letters[:3], 150), random.choice(letters[:3], 120)),
        texts("two", random.choice(["yes", "no"], 100, p=[.1, .9]), random.choice(["yes", "no"], 60, p=[.3, .7])),
        texts("new", random.choice(letters[:4], 100), random.choice(letters[2:], 100)),
    ],
    "fisher": [[a, n, b, m, float(stats.fisher_exact([[b, m - b], [a, n - a]], "greater").pvalue)]
               for a, n, b, m in [(3, 1000, 4, 200), (0, 500, 1, 100), (50, 400, 40, 200), (2, 2000, 9, 300), (10, 100, 5, 60)]],
    "chi_square_tail": [[x, k, float(stats.chi2.sf(x, k))] for x, k in [(0.5, 1), (3.84, 1), (10, 4), (60, 20), (3, 9), (150, 30)]],
}
pathlib.Path(__file__).parent.joinpath("Files/reference.json").write_text(json.dumps(made) + "\n")
