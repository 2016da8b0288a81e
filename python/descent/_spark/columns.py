"""What all rows teach about columns: missing values, values and their counts, exact medians."""

import pickle
from collections import Counter

import numpy
import pyarrow

from descent._spark import encoding, values
from descent._spark.faults import Fault

#: Distinct values of a column that are counted.
MOST_VALUES = 1_000_000
BINS = 1024
#: Values that are fetched to find a median among them.
FETCHED = 100_000
MOST_PASSES = 12


class Numbers:
    """What is looked for in a column of numbers: how many lie below a bracket, in each part of it, above it, and perhaps which."""

    #: The share of the values that lies below the one looked for.
    share = 0.5

    def __init__(self, name: str, place: str, low: float, high: float, fetches: bool = False) -> None:
        self.name, self.place = name, place
        self.low, self.high, self.fetches = low, high, fetches
        self.clear()

    def clear(self) -> None:
        self.missing = self.below = self.above = 0
        self.bins = numpy.zeros(BINS, dtype=numpy.int64)
        self.found: Counter = Counter()
        self.least, self.most = numpy.inf, -numpy.inf

    @property
    def count(self) -> int:
        return int(self.below + self.above + (sum(self.found.values()) if self.fetches else self.bins.sum()))

    def add(self, batch, reading) -> None:
        numbers, count, example = values.numbers_of(batch.column(batch.schema.get_field_index(self.place)), self.name, reading)
        if count:
            raise Fault("data", encoding.misfit(self.name, count, example))
        there = numbers[~numpy.isnan(numbers)]
        self.missing += len(numbers) - len(there)
        self.take(there)

    def take(self, there) -> None:
        """Counts numbers, none of which is missing."""
        if len(there) == 0:
            return
        finite = there[numpy.isfinite(there)]
        if len(finite):
            self.least, self.most = min(self.least, finite.min()), max(self.most, finite.max())
        self.below += int((there < self.low).sum())
        self.above += int((there > self.high).sum())
        inside = there[(there >= self.low) & (there <= self.high)]
        if self.fetches:
            unique, counts = numpy.unique(inside, return_counts=True)
            self.found.update(dict(zip(unique.tolist(), counts.tolist())))
        elif len(inside):
            self.bins += numpy.bincount(self._bin(inside), minlength=BINS)

    def _bin(self, numbers):
        if self.high <= self.low:
            return numpy.zeros(len(numbers), dtype=numpy.int64)
        share = (numbers - self.low) / (self.high - self.low) * BINS
        return numpy.clip(share.astype(numpy.int64), 0, BINS - 1)

    def __iadd__(self, other: "Numbers") -> "Numbers":
        self.missing += other.missing
        self.below += other.below
        self.above += other.above
        self.bins = self.bins + other.bins
        self.found.update(other.found)
        self.least, self.most = min(self.least, other.least), max(self.most, other.most)
        return self

    def median(self) -> "float | None":
        """The value in the middle, of an even number the mean of both; nil until the bracket is narrow enough."""
        count = self.count
        if count == 0:
            return float("nan")
        if not self.fetches:
            return None
        ranks, taken, found = self._places(count), 0, []
        if ranks[0] < 0 or ranks[1] >= sum(self.found.values()):
            return None
        for number in sorted(self.found):
            taken += self.found[number]
            while len(found) < 2 and ranks[len(found)] < taken:
                found.append(number)
        return self._between(found, count)

    def _places(self, count: int) -> list:
        """The places of the two values that what is looked for lies between, from the bracket's lower edge on."""
        return [(count - 1) // 2 - self.below, count // 2 - self.below]

    def _between(self, found: list, count: int) -> float:
        return (found[0] + found[1]) / 2 if found[0] != found[1] else found[0]

    def narrow(self) -> None:
        """Goes on to the parts that hold what is looked for, with one more on either side, since rounding may have put a value there."""
        count = self.count
        ranks = self._places(count)
        inside = count - self.below - self.above
        if ranks[0] < 0 or ranks[1] >= inside or self.fetches:
            self.low, self.high, self.fetches = self.least, self.most, False
        else:
            sums = numpy.cumsum(self.bins)
            first = max(0, int(numpy.searchsorted(sums, ranks[0], side="right")) - 1)
            last = min(BINS - 1, int(numpy.searchsorted(sums, ranks[1], side="right")) + 1)
            width = (self.high - self.low) / BINS
            few = self.bins[first:last + 1].sum() <= FETCHED
            low, high = self.low + first * width, self.low + (last + 1) * width
            self.fetches = bool(few) or not high - low < self.high - self.low
            self.low, self.high = max(low, self.low), min(high, self.high)
        self.clear()


class Quantile(Numbers):
    """Any quantile instead of the median, as NumPy and the program take it from sorted values."""

    def __init__(self, share: float) -> None:
        super().__init__("", "", 0.0, 0.0)
        self.share = share

    def _places(self, count: int) -> list:
        below = int(self.share * (count - 1))
        return [below - self.below, min(below + 1, count - 1) - self.below]

    def _between(self, found: list, count: int) -> float:
        position = self.share * (count - 1)
        part = position - int(position)
        return found[0] if part == 0 or found[0] == found[1] else found[0] + (found[1] - found[0]) * part


class Values:
    """How many rows have each value."""

    def __init__(self, name: str, place: str, is_target: bool) -> None:
        self.name, self.place, self.is_target = name, place, is_target
        self.missing = 0
        self.counts: Counter = Counter()

    def add(self, batch, reading) -> None:
        column = batch.column(batch.schema.get_field_index(self.place))
        take = encoding.class_texts if self.is_target or reading.truth_words(self.name) else values.texts_of
        texts = take(column, self.name, reading)
        for entry in texts.value_counts().to_pylist():
            if entry["values"] is None:
                self.missing += entry["counts"]
            else:
                self.counts[entry["values"]] += entry["counts"]
        if len(self.counts) > MOST_VALUES:
            raise Fault("data", f"column '{self.name}' has more than {MOST_VALUES} values: leave it out with --drop")

    def __iadd__(self, other: "Values") -> "Values":
        self.missing += other.missing
        self.counts.update(other.counts)
        return self


def looked_at(pipeline: dict, target: "dict | None", places: dict) -> list:
    """One look for each column of a preparation, and for a target of classes."""
    looks: dict = {}
    for column in pipeline["columns"]:
        name, (kind,) = column["name"], column["encoding"]
        if kind == "number":
            looks[name] = Numbers(name, places[name], -numpy.inf, numpy.inf)
        elif kind in ("boolean", "categories", "frequent"):
            looks[name] = Values(name, places[name], False)
    if target and target.get("classes"):
        looks[target["column"]] = Values(target["column"], places[target["column"]], True)
    return list(looks.values())


def bracket(look: Numbers, numbers) -> None:
    """Where what is looked for in all rows will be, by the numbers of some."""
    there = numbers[numpy.isfinite(numbers)]
    if len(there) == 0:
        look.low, look.high = 0.0, 0.0
        return
    reach = 2.0 / numpy.sqrt(len(there))
    edges = [max(0, look.share - reach), min(1, look.share + reach)]
    look.low, look.high = (float(edge) for edge in numpy.quantile(there, edges))


def sampled(column, read) -> numpy.ndarray:
    """The numbers of a sample's column."""
    return numpy.concatenate([read(chunk) for chunk in column.chunks] or [numpy.zeros(0)])


def survey(frame, looks: list, sample: pyarrow.Table, reading, summed) -> dict:
    """Goes over the rows until everything is known."""
    for look in looks:
        if isinstance(look, Numbers):
            bracket(look, sampled(sample.column(look.place), lambda chunk: values.numbers_of(chunk, look.name, reading)[0]))
    statistics: dict = {}
    for _ in range(MOST_PASSES):
        looks = summed(frame, looks, reading)
        left = []
        for look in looks:
            if isinstance(look, Values):
                statistics[look.name] = {"missing": look.missing, "counts": dict(look.counts)}
                continue
            median = look.median()
            statistics[look.name] = {"missing": look.missing, "median": None if median is None or median != median else median}
            if median is None:
                look.narrow()
                left.append(look)
        if not left:
            return statistics
        looks = left
    return statistics


def partition(looks: list, reading):
    """What one task finds, for `mapInArrow`."""

    def find(batches):
        for batch in batches:
            for look in looks:
                look.add(batch, reading)
        yield pyarrow.RecordBatch.from_arrays([pyarrow.array([pickle.dumps(looks)], pyarrow.binary())], ["part"])

    return find
