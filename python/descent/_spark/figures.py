"""Figures of all rows, as a profile has them: counts, missing and distinct values, mean and deviation, exact quantiles, a histogram, and
the most frequent values.

Numbers take two passes or three (sums and brackets; deviations, bins and what the brackets hold); distinct values are counted once,
in as many parts as the cluster has tasks, so that a column may have any number of them.
"""

import pickle

import numpy
import pyarrow

from descent._spark import columns, encoding, values, wire
from descent._spark.faults import Fault

QUARTERS = (0.25, 0.5, 0.75)
#: Parts of a histogram, and most frequent values that are told, as on one machine.
PARTS = 24
TOP = 10
READERS = {"numbers": values.numbers_of, "dates": values.dates_of}


class Total:
    """How many numbers there are, their sum, the smallest and the largest."""

    def __init__(self) -> None:
        self.count, self.sum, self.least, self.most = 0, 0.0, numpy.inf, -numpy.inf

    def take(self, there) -> None:
        if len(there):
            self.count += len(there)
            with numpy.errstate(over="ignore", invalid="ignore"):
                self.sum += float(there.sum())
            self.least, self.most = min(self.least, float(there.min())), max(self.most, float(there.max()))

    def __iadd__(self, other: "Total") -> "Total":
        self.count += other.count
        self.sum += other.sum
        self.least, self.most = min(self.least, other.least), max(self.most, other.most)
        return self


class Spread:
    """Squared distances from the mean, and how many numbers lie in each part between the smallest and the largest."""

    def __init__(self, total: Total, is_whole: bool) -> None:
        self.mean, self.least, self.squares = total.sum / total.count, total.least, 0.0
        reach = total.most - total.least
        self.width, parts = reach / PARTS, PARTS
        if is_whole and 0 < self.width and reach < 9e15:
            # None of them holds more whole numbers than the others.
            self.width = float(numpy.ceil((reach + 1) / PARTS))
            parts = int(numpy.floor(reach / self.width)) + 1
        self.is_spread = 0 < self.width < numpy.inf
        self.bins = numpy.zeros(parts if self.is_spread else 1, dtype=numpy.int64)

    def take(self, there) -> None:
        with numpy.errstate(over="ignore", invalid="ignore"):
            away = there - self.mean
            self.squares += float((away * away).sum())
        places = numpy.zeros(len(there), dtype=numpy.int64)
        if self.is_spread:
            places = numpy.minimum(len(self.bins) - 1, ((there - self.least) / self.width).astype(numpy.int64))
        self.bins += numpy.bincount(places, minlength=len(self.bins))

    def __iadd__(self, other: "Spread") -> "Spread":
        self.squares += other.squares
        self.bins = self.bins + other.bins
        return self


class NumberLook:
    """One column of numbers or dates, which is read once for everything that is looked for in it."""

    def __init__(self, column: dict, place: str, numbers) -> None:
        self.name, self.place, self.reads, self.is_whole = column["name"], place, column["as"], column.get("whole", False)
        self.total, self.quarters, self.spread = Total(), [columns.Quantile(share) for share in QUARTERS], None
        self.found: list = [None] * len(QUARTERS)
        for quarter in self.quarters:
            columns.bracket(quarter, numbers)
        self.parts = [self.total, *self.quarters]

    def add(self, batch, reading) -> None:
        column = batch.column(batch.schema.get_field_index(self.place))
        numbers, count, example = READERS[self.reads](column, self.name, reading)
        if count:
            raise Fault("data", encoding.misfit(self.name, count, example))
        there = numbers[~numpy.isnan(numbers)]
        for part in self.parts:
            part.take(there)

    def __iadd__(self, other: "NumberLook") -> "NumberLook":
        for part, more in zip(self.parts, other.parts):
            part += more
        return self

    def go_on(self) -> bool:
        """Takes what a pass has found; whether another one is needed."""
        if self.total.count == 0:
            return False
        left = []
        for place, quarter in enumerate(self.quarters):
            if self.found[place] is None and (value := quarter.median()) is not None:
                self.found[place] = value
            elif self.found[place] is None:
                quarter.narrow()
                left.append(quarter)
        is_new = self.spread is None
        if is_new:
            self.spread = Spread(self.total, self.is_whole)
        self.parts = ([self.spread] if is_new else []) + left
        return bool(self.parts)

    def result(self) -> dict:
        if self.total.count == 0:
            return {}
        count, is_one = self.total.count, self.total.least == self.total.most
        mean = self.total.least if is_one else self.total.sum / count
        deviation = 0.0 if count < 2 or is_one else (self.spread.squares / (count - 1)) ** 0.5
        quarters = [numpy.nan if value is None else value for value in self.found]
        width = self.spread.width if self.spread.width < numpy.inf else 0.0
        return {
            "numbers": wire.text([mean, deviation, self.total.least, *quarters, self.total.most, width]),
            "histogram": self.spread.bins.tolist(),
        }


def plan(wanted: list, sample: pyarrow.Table, places: dict, reading) -> list:
    """The columns as they are read: dates that are not written in ISO form are texts, too."""
    planned = []
    for column in wanted:
        if column["as"] == "dates":
            read = [values.dates_of(chunk, column["name"], reading) for chunk in sample.column(places[column["name"]]).chunks]
            if any(count for _, count, _ in read):
                column = {**column, "as": "texts"}
        planned.append(column)
    return planned


def figures(frame, wanted: list, sample: pyarrow.Table, places: dict, reading, summed, counted) -> list:
    """One dictionary a column.

    `summed` goes over the rows with looks, `counted` adds the counts of values up.
    """
    wanted = plan(wanted, sample, places, reading)
    looks = []
    for column in wanted:
        if column["as"] in READERS:
            read = READERS[column["as"]]
            numbers = columns.sampled(sample.column(places[column["name"]]), lambda chunk: read(chunk, column["name"], reading)[0])
            looks.append(NumberLook(column, places[column["name"]], numbers))
    known = {look.name: look for look in looks}
    for _ in range(columns.MOST_PASSES):
        if not looks:
            break
        looks = summed(frame, looks, reading)
        known.update((look.name, look) for look in looks)
        looks = [look for look in looks if look.go_on()]
    found = counted(frame, partition([(column, places[column["name"]]) for column in wanted], reading))
    results = []
    for place, column in enumerate(wanted):
        count, distinct, top = found.get(place, (0, 0, []))
        result = {"as": column["as"], "count": count, "distinct": distinct, "top": top}
        if column["name"] in known:
            result.update(known[column["name"]].result())
        results.append(result)
    return results


COUNTS = "place int, number double, text string, count long"


def partition(wanted: list, reading):
    """What one task counts, for `mapInArrow`: each value of each column, once for each batch."""

    def count(batches):
        for batch in batches:
            for place, (column, own) in enumerate(wanted):
                numbers, texts, counts = _counts(column, batch.column(batch.schema.get_field_index(own)), reading)
                yield pyarrow.RecordBatch.from_arrays(
                    [pyarrow.array([place] * len(counts), pyarrow.int32()), numbers, texts, counts],
                    ["place", "number", "text", "count"])

    return count


def _counts(column: dict, rows, reading) -> tuple:
    name = column["name"]
    if column["as"] in READERS:
        numbers = READERS[column["as"]](rows, name, reading)[0]
        unique, counts = numpy.unique(numbers[~numpy.isnan(numbers)], return_counts=True)
        return pyarrow.array(unique), pyarrow.nulls(len(unique), pyarrow.string()), pyarrow.array(counts, pyarrow.int64())
    take = encoding.class_texts if column["as"] == "truths" else values.texts_of
    entries = take(rows, name, reading).value_counts()
    found, counts = entries.field("values"), entries.field("counts")
    there = found.is_valid()
    return (
        pyarrow.nulls(len(found.filter(there)), pyarrow.float64()), found.filter(there).cast(pyarrow.string()),
        counts.filter(there).cast(pyarrow.int64()))


def order(entry) -> tuple:
    """The most frequent first, of equally frequent ones the first in order."""
    count, value = entry
    return -count, value


def best(batches):
    """What one part of all values holds, for `mapInArrow`: rows, values, and the most frequent of each column."""
    found: dict = {}
    for batch in batches:
        for place, number, text, count in zip(*(column.to_pylist() for column in batch.columns)):
            rows, distinct, top = found.get(place, (0, 0, []))
            value = number if text is None else text
            if len(top) < TOP or order((count, value)) < order(top[-1]):
                top = sorted([*top, (count, value)], key=order)[:TOP]
            found[place] = (rows + count, distinct + 1, top)
    yield pyarrow.RecordBatch.from_arrays([pyarrow.array([pickle.dumps(found)], pyarrow.binary())], ["part"])


def merged(parts: list) -> dict:
    """The parts together: no value is in two of them."""
    whole: dict = {}
    for part in parts:
        for place, (count, distinct, top) in part.items():
            rows, before, best_ = whole.get(place, (0, 0, []))
            whole[place] = (rows + count, before + distinct, sorted([*best_, *top], key=order)[:TOP])
    return whole
