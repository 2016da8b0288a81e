"""Greedy ensemble selection written anew in numpy: what EnsembleSelectionTests expects. Prints Swift literals.

usage: python3 make_reference.py      (numpy 1.24 or later)
"""
import math

import numpy as np


def draws(seed, count):
    state, out = seed, []
    for _ in range(count):
        state = (1664525 * state + 1013904223) % 2**32
        out.append(state / 2**32)
    return np.array(out)


def total(values):
    """One after the other, as a loop adds."""
    return float(np.cumsum(np.asarray(values, dtype=float))[-1])


def log_loss(probabilities, expected, width):
    eps = np.finfo(float).eps
    own = np.where(expected > 0.5, probabilities, 1 - probabilities) if width == 1 else \
        probabilities.reshape(-1, width)[np.arange(len(expected)), expected.astype(int)]
    return total([-math.log(max(eps, min(1 - eps, p))) for p in own]) / len(expected)


def rmse(predictions, expected, _):
    return math.sqrt(total((predictions - expected) ** 2) / len(expected))


def inaccuracy(probabilities, expected, width):
    chosen = probabilities.reshape(-1, width).argmax(axis=1) if width > 1 else (probabilities >= 0.5).astype(int)
    return 1 - float((chosen == expected).sum()) / len(expected)


def greedy(models, expected, width, error, additions=25):
    chosen, trajectory, rounded = [], [], False
    running = np.zeros_like(models[0])
    for step in range(additions):
        scores = []
        for model in models:
            blend = (running + model) / (step + 1)
            if width > 1:
                rows = blend.reshape(-1, width)
                blend = (rows / np.cumsum(rows, axis=1)[:, -1:]).ravel()
            score = error(blend, expected, width)
            scores.append(round(score * 1e6) / 1e6 if rounded else score)
        least = min(scores)
        ties = [m for m, s in enumerate(scores) if s == least]
        best = next((m for m in ties if m in chosen), ties[0])
        if step == 0:
            rounded = least > 1e-4
        running = running + models[best]
        chosen.append(best)
        trajectory.append(least)
    end = trajectory.index(min(trajectory)) + 1
    return chosen[:end], trajectory[:end]


def numbers(rows, models):
    expected = draws(1, rows) * 10
    return [expected + (draws(10 + m, rows) - 0.4) * (1 + m) for m in range(models)], expected


def two_classes(rows, models):
    expected = (draws(2, rows) > 0.6).astype(float)
    return [np.clip(0.5 + (expected - 0.5) * 0.4 + (draws(20 + m, rows) - 0.5) * (0.6 + 0.1 * m), 0.01, 0.99)
            for m in range(models)], expected


def three_classes(rows, models):
    expected = np.floor(draws(3, rows) * 3)
    out = []
    for m in range(models):
        raw = draws(30 + m, rows * 3) + 0.05
        raw[np.arange(rows) * 3 + expected.astype(int)] += 0.5 - 0.05 * m
        grid = raw.reshape(-1, 3)
        out.append((grid / np.cumsum(grid, axis=1)[:, -1:]).ravel())
    return out, expected


def both_levels(rows):
    """Four models, and two that learned from what they predict."""
    models, expected = numbers(rows, 4)
    above = [0.5 * models[0] + 0.25 * models[1] + 0.25 * models[2 + m] + (draws(50 + m, rows) - 0.5) * (0.5 + 0.5 * m) for m in range(2)]
    return models + above, expected


for name, (models, expected), width, error in [
    ("rmse", numbers(60, 6), 1, rmse), ("log_loss of two", two_classes(80, 5), 1, log_loss),
    ("accuracy of two", two_classes(80, 5), 1, inaccuracy), ("log_loss of three", three_classes(70, 5), 3, log_loss),
    ("accuracy of three", three_classes(70, 5), 3, inaccuracy), ("rmse of both levels", both_levels(60), 1, rmse),
]:
    order, trajectory = greedy(models, expected, width, error)
    print(name, order, [repr(t) for t in trajectory])
