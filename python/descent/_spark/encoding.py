"""A model's preparation applied on an executor: the same features as the program makes, to the bit.

Every encoding that is here is one of `FeatureColumn.Encoding`; what is not here is refused before rows are read.
"""

import numpy
import pyarrow

from descent._spark import values
from descent._spark.faults import Fault

F32 = numpy.float32


class Encoder:
    """The columns of a pipeline, in order."""

    def __init__(self, pipeline: dict, keeping: list, reading: values.Reading, places: dict) -> None:
        self.reading = reading
        self.columns = [
            Column(column["name"], places[column["name"]], column["encoding"], keeps)
            for column, keeps in zip(pipeline["columns"], keeping)
        ]
        self.width = sum(column.width for column in self.columns)

    def features(self, batch: pyarrow.RecordBatch) -> numpy.ndarray:
        rows = numpy.empty((batch.num_rows, self.width), dtype=F32)
        start = 0
        for column in self.columns:
            column.write(batch.column(batch.schema.get_field_index(column.place)), self.reading, rows[:, start:start + column.width])
            start += column.width
        return rows


class Column:
    def __init__(self, name: str, place: str, encoding: dict, keeps_missing: bool) -> None:
        self.name, self.place, self.keeps_missing = name, place, keeps_missing
        (self.kind, self.said), = encoding.items()
        if self.kind not in ("number", "missing", "boolean", "categories", "frequent"):
            raise Fault("data", f"column '{name}' is not to be had on a cluster ({self.kind}): leave it out with --drop")
        if self.kind == "categories":
            self.categories, self.has_missing = self.said["_0"], self.said["hasMissing"]
        elif self.kind == "frequent":
            slots = self.said["_0"]["slots"]
            self.categories, self.has_missing = slots["categories"], slots["hasMissing"]
            self.own = {place: feature for feature, place in enumerate(self.said["_0"]["own"])}
            self.counts = self.said["_0"]["counts"]
        if self.kind in ("categories", "frequent"):
            self.sorted = pyarrow.array(self.categories, pyarrow.string())
        count = len(self.categories) + (2 if self.has_missing else 1) if self.kind in ("categories", "frequent") else 0
        self.slot_count = count
        self.width = count if self.kind == "categories" else len(self.own) + 2 if self.kind == "frequent" else 1

    def write(self, column, reading: values.Reading, target: numpy.ndarray) -> None:
        getattr(self, "_" + self.kind)(column, reading, target)

    def _number(self, column, reading, target) -> None:
        numbers, count, example = values.numbers_of(column, self.name, reading)
        if count:
            raise Fault("data", misfit(self.name, count, example))
        unit = self.said.get("unit") or {"origin": 0.0, "scale": 1.0}
        median = (self.said["median"] - unit["origin"]) * unit["scale"]
        scaled = (numbers - unit["origin"]) * unit["scale"]
        with numpy.errstate(over="ignore"):
            single = scaled.astype(F32)
        if numpy.isinf(single).any():
            large = numbers[numpy.isinf(single)][0]
            raise Fault("data", f"column '{self.name}' holds {large}, which is too large: replace it")
        target[:, 0] = single if self.keeps_missing else numpy.where(numpy.isnan(numbers), F32(median), single)

    def _missing(self, column, reading, target) -> None:
        numbers, _, _ = values.numbers_of(column, self.name, reading) if not _is_word(column, self.name, reading) else (None, 0, None)
        if numbers is None:
            no, yes = reading.truth_words(self.name) or ("false", "true")
            numbers, _, _ = values.truths_of(column, self.name, reading, no, yes)
        target[:, 0] = numpy.isnan(numbers)

    def _boolean(self, column, reading, target) -> None:
        truths, count, example = values.truths_of(column, self.name, reading, self.said["no"], self.said["yes"])
        if count:
            raise Fault("data", misfit(self.name, count, example))
        target[:, 0] = truths if self.keeps_missing else numpy.where(numpy.isnan(truths), self.said["mean"], truths)

    def _slots(self, column, reading):
        texts = values.texts_of(column, self.name, reading)
        import pyarrow.compute as compute

        found = compute.index_in(texts, value_set=self.sorted)
        places = compute.fill_null(found, self.slot_count - 1).to_numpy(zero_copy_only=False).copy()
        if self.has_missing:
            places[compute.is_null(texts).to_numpy(zero_copy_only=False)] = len(self.categories)
        return places

    def _categories(self, column, reading, target) -> None:
        target[:] = 0
        target[numpy.arange(len(target)), self._slots(column, reading)] = 1

    def _frequent(self, column, reading, target) -> None:
        places = self._slots(column, reading)
        features = numpy.array([self.own.get(place, len(self.own)) for place in range(self.slot_count)])
        logs = numpy.log1p(numpy.array(self.counts, dtype=numpy.float64)).astype(F32)
        target[:] = 0
        target[numpy.arange(len(target)), features[places]] = 1
        target[:, len(self.own) + 1] = logs[places]


def _is_word(column, name: str, reading) -> bool:
    """Whether a column of texts is one of truth values."""
    return reading.rules.get(name, {}).get("kind") == "boolean" and not pyarrow.types.is_boolean(column.type)


def misfit(name: str, count: int, example) -> str:
    rows = "1 row has" if count == 1 else f"{count} rows have"
    return (
        f"column '{name}' holds other values than its sample did: {rows} no value of its kind, such as '{example}': "
        f"mend them, or say what the column is with --type '{name}=categorical'")


class TargetReader:
    """The target as numbers: less its origin, or the place of its class; NaN where it is missing."""

    def __init__(self, target: "dict | None", reading: values.Reading, places: dict) -> None:
        self.target, self.reading = target, reading
        if target:
            self.place = places[target["column"]]
            self.classes = target.get("classes")

    def values(self, batch: pyarrow.RecordBatch) -> numpy.ndarray:
        if not self.target:
            return numpy.zeros(batch.num_rows)
        column = batch.column(batch.schema.get_field_index(self.place))
        name = self.target["column"]
        if self.classes is None:
            numbers, count, example = values.numbers_of(column, name, self.reading)
            if count:
                raise Fault("data", misfit(name, count, example))
            if numpy.isinf(numbers).any():
                raise Fault("data", f"the target '{name}' is infinite in some row: replace it")
            return numbers - self.target["origin"]
        return self._places(column, name)

    def _places(self, column, name: str) -> numpy.ndarray:
        import pyarrow.compute as compute

        texts = class_texts(column, name, self.reading)
        found = compute.index_in(texts, value_set=pyarrow.array(self.classes, pyarrow.string()))
        places = compute.fill_null(found, -1).to_numpy(zero_copy_only=False).astype(numpy.float64)
        unknown = (places < 0) & ~compute.is_null(texts).to_numpy(zero_copy_only=False)
        if unknown.any():
            text = texts[int(numpy.argmax(unknown))].as_py()
            raise Fault("data", f"'{text}' is no class of '{name}'")
        places[places < 0] = numpy.nan
        return places


def class_texts(column, name: str, reading: values.Reading):
    """The values of a target as the program calls them: numbers in their shortest form, truth values by their words."""
    rule = reading.rules.get(name, {})
    if rule.get("kind") in ("integer", "numeric") and (pyarrow.types.is_string(column.type)):
        numbers, count, example = values.numbers_of(column, name, reading)
        if count:
            raise Fault("data", misfit(name, count, example))
        return pyarrow.array([None if n != n else values.number_text(n) for n in numbers], pyarrow.string())
    if rule.get("kind") == "boolean" and rule.get("words") and pyarrow.types.is_string(column.type):
        no, yes = rule["words"]
        truths, count, example = values.truths_of(column, name, reading, no, yes)
        if count:
            raise Fault("data", misfit(name, count, example))
        return pyarrow.array([None if t != t else (yes if t else no) for t in truths], pyarrow.string())
    return values.texts_of(column, name, reading)
