"""What ModelInsightsTests expects, by scikit-learn. Prints plain numbers.

usage: python3 make_insights_reference.py      (scikit-learn 1.9.1)
"""
import numpy as np
from sklearn.calibration import calibration_curve
from sklearn.metrics import (average_precision_score, brier_score_loss, confusion_matrix, f1_score,
                             mean_squared_error, precision_recall_curve, r2_score, roc_auc_score, roc_curve)


def draws(seed, count):
    state, out = seed, []
    for _ in range(count):
        state = (1664525 * state + 1013904223) % 2**32
        out.append(state / 2**32)
    return np.array(out)


rows = 60
expected = (draws(3, rows) > 0.55).astype(int)
# Tenths, so that scores tie.
scores = np.clip(np.round(0.5 + (expected - 0.5) * 0.4 + (draws(4, rows) - 0.5) * 0.9, 1), 0.0, 1.0)
print("confusion", confusion_matrix(expected, scores >= 0.5).tolist())
print("roc_auc", roc_auc_score(expected, scores), "average precision", average_precision_score(expected, scores))
print("brier", brier_score_loss(expected, scores), "f1", f1_score(expected, scores >= 0.5))
print("roc", np.column_stack(roc_curve(expected, scores, drop_intermediate=False)[:2]).tolist())
print("precision, recall", np.column_stack(precision_recall_curve(expected, scores)[:2]).tolist())
# Off the edges of the bins, on whose sides single and double precision differ.
inner = np.clip(scores - 0.03, 0.01, 1)
shares, means = calibration_curve(expected, inner, n_bins=10)
print("calibration", np.column_stack([means, shares]).tolist())
order = np.argsort(-scores, kind="stable")
found = np.cumsum(expected[order])
ends = np.r_[np.where(np.diff(scores[order]) != 0)[0], rows - 1]
print("gain", [((end + 1) / rows, found[end] / found[-1]) for end in ends])

actual = draws(5, 50) * 10
predicted = actual + (draws(6, 50) - 0.4) * 3
residuals = actual - predicted
print("residuals", residuals.mean(), residuals.std(ddof=1), np.histogram(residuals, bins=24)[0].tolist())
print("mse", mean_squared_error(actual, predicted), "r2", r2_score(actual, predicted))
print("hardest", int(np.argmax(np.abs(residuals))) + 1)
