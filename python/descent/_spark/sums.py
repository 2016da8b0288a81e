"""Sums over encoded rows, a block of them at a time, in double precision. What is summed here is what one machine would sum."""

import numpy


def block(x: bytes, y: bytes, width: int):
    features = numpy.frombuffer(x, dtype="<f4").reshape(-1, width)
    return features, numpy.frombuffer(y, dtype="<f8")


class Moments:
    """Counts, means and summed squared deviations, merged by the method of Chan, Golub and LeVeque (1979)."""

    def __init__(self, width: int, class_count: int) -> None:
        self.count = 0
        self.means = numpy.zeros(width + 1)
        self.squares = numpy.zeros(width + 1)
        self.classes = numpy.zeros(class_count)

    def add(self, x, y) -> None:
        rows = numpy.concatenate([x.astype(numpy.float64), y[:, None]], axis=1)
        means = rows.mean(axis=0)
        self.merge(len(rows), means, ((rows - means) ** 2).sum(axis=0))
        if len(self.classes):
            self.classes += numpy.bincount(y.astype(int), minlength=len(self.classes))

    def merge(self, count: int, means, squares) -> None:
        if count == 0:
            return
        total = self.count + count
        delta = means - self.means
        self.means = self.means + delta * (count / total)
        self.squares = self.squares + squares + delta * delta * (self.count * count / total)
        self.count = total

    def __iadd__(self, other: "Moments") -> "Moments":
        self.merge(other.count, other.means, other.squares)
        self.classes = self.classes + other.classes
        return self


class Totals:
    """Arrays that are added up."""

    def __init__(self, *arrays) -> None:
        self.arrays = list(arrays)

    def __iadd__(self, other: "Totals") -> "Totals":
        self.arrays = [mine + yours for mine, yours in zip(self.arrays, other.arrays)] if self.arrays else other.arrays
        return self


def standardised(x, means, inverses):
    return (x.astype(numpy.float64) - means) * inverses


def linear(x, y, query: dict) -> Totals:
    """Loss, gradient and, where it is asked for, curvature of a linear model."""
    rows = standardised(x, query["means"], query["inverses"])
    count, width = rows.shape
    scores_count = query["scores"]
    parameters = query["parameters"].reshape(scores_count, width + 1)
    scores = rows @ parameters[:, :width].T + parameters[:, width]
    class_weights = query["classWeights"]
    weights = class_weights[y.astype(int)] if len(class_weights) else numpy.ones(count)
    losses, slopes, bends = LOSSES[query["loss"]](scores, y, query)
    slopes = slopes * weights[:, None]
    gradient = numpy.concatenate([slopes.T @ rows, slopes.sum(axis=0)[:, None]], axis=1)
    curvature = numpy.zeros(0)
    if query["curvature"]:
        extended = numpy.concatenate([rows, numpy.ones((count, 1))], axis=1)
        curvature = (extended * (bends * weights)[:, None]).T @ extended
    return Totals(numpy.array([(losses * weights).sum()]), gradient, curvature)


#: Rows far from where a loss bends count a little, so that the curvature stays invertible; one machine does the same.
LEAST_BEND = 0.002


def _target(y, query):
    return (y - query["targetMean"]) * query["targetInverse"]


def _squared(scores, y, query):
    error = scores[:, 0] - _target(y, query)
    return error * error, (2 * error)[:, None], numpy.full(len(error), 2.0)


def _huber(scores, y, query):
    error, delta = scores[:, 0] - _target(y, query), query["lossParameter"]
    inside = numpy.abs(error) <= delta
    losses = numpy.where(inside, error * error / 2, delta * numpy.abs(error) - delta * delta / 2)
    return losses, numpy.clip(error, -delta, delta)[:, None], numpy.maximum(inside.astype(float), LEAST_BEND)


def _logistic(scores, y, query):
    score = scores[:, 0]
    small = numpy.exp(-numpy.abs(score))
    losses = numpy.maximum(score, 0) + numpy.log1p(small) - y * score
    probability = numpy.where(score >= 0, 1 / (1 + small), small / (1 + small))
    return losses, (probability - y)[:, None], numpy.maximum(small / ((1 + small) * (1 + small)), LEAST_BEND * 0.25)


def _softmax(scores, y, query):
    most = scores.max(axis=1, keepdims=True)
    powers = numpy.exp(scores - most)
    sums = powers.sum(axis=1, keepdims=True)
    places = y.astype(int)
    rows = numpy.arange(len(y))
    losses = numpy.log(sums[:, 0]) + most[:, 0] - scores[rows, places]
    slopes = powers / sums
    slopes[rows, places] -= 1
    return losses, slopes, numpy.full(len(y), 0.5)


LOSSES = {"squared_loss": _squared, "huber_loss": _huber, "logistic": _logistic, "softmax_loss": _softmax}


def products(x, y, query: dict) -> Totals:
    rows = standardised(x, query["means"], query["inverses"])
    return Totals(rows.T @ rows)


def clusters(x, y, query: dict) -> Totals:
    """Rows, sums and squared distances by the nearest centre; of equally near ones the first."""
    rows = standardised(x, query["means"], query["inverses"])
    centres = query["centres"].reshape(-1, rows.shape[1])
    norms = (centres * centres).sum(axis=1)
    nearest = numpy.argmin(norms - 2 * (rows @ centres.T), axis=1)
    away = rows - centres[nearest]
    chosen = numpy.zeros((len(rows), len(centres)))
    chosen[numpy.arange(len(rows)), nearest] = 1
    return Totals(chosen.T @ rows, chosen.sum(axis=0), numpy.array([(away * away).sum()]))
