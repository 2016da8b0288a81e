"""Values of columns on an executor, read as the program that asked reads them. Arrow in, NumPy out."""

import numpy
import pyarrow
import pyarrow.compute as compute

NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"
INFINITE = r"^[+-]?(?i:inf|infinity)$"


class Reading:
    """How texts become values."""

    def __init__(self, schema: dict, missing: list, missing_texts: list) -> None:
        said = schema.get("missing") or {}
        words = said.get("words") or []
        replaces = said.get("replacesUsual", False)
        self.numbers = pyarrow.array(sorted({word.lower() for word in words} | (set() if replaces else set(missing)) | {""}))
        self.texts = pyarrow.array(sorted(set(words) | (set() if replaces else set(missing_texts)) | {""}))
        self.rules = {rule["name"]: rule for rule in schema.get("columns", [])}

    def own_words(self, name: str):
        return self.rules.get(name, {}).get("missing") or []

    def truth_words(self, name: str) -> "tuple | None":
        words = self.rules.get(name, {}).get("words")
        return tuple(word.lower() for word in words) if words else None


def numbers_of(column, name: str, reading: Reading):
    """Numbers, NaN where there is none; and what is none but should be one, as an example, with how many there are."""
    kind = column.type
    if pyarrow.types.is_boolean(kind):
        column = column.cast(pyarrow.uint8())
    elif pyarrow.types.is_string(kind) or pyarrow.types.is_large_string(kind):
        return _parsed(column, name, reading)
    values = column.cast(pyarrow.float64(), safe=False).to_numpy(zero_copy_only=False).astype(numpy.float64, copy=False)
    return values, 0, None


def _parsed(column, name: str, reading: Reading):
    trimmed = compute.utf8_trim_whitespace(column)
    missing = compute.or_kleene(
        compute.is_null(trimmed), compute.is_in(compute.utf8_lower(trimmed), value_set=reading.numbers))
    own = reading.own_words(name)
    if own:
        missing = compute.or_kleene(missing, compute.is_in(trimmed, value_set=pyarrow.array(own)))
    missing = compute.fill_null(missing, True)
    fits = compute.fill_null(
        compute.or_(
            compute.match_substring_regex(trimmed, NUMBER), compute.match_substring_regex(trimmed, INFINITE)), False)
    good = compute.and_(fits, compute.invert(missing))
    plain = compute.utf8_ltrim(compute.if_else(good, trimmed, pyarrow.scalar(None, trimmed.type)), characters="+")
    values = compute.cast(plain, pyarrow.float64()).to_numpy(zero_copy_only=False).astype(numpy.float64, copy=False)
    bad = compute.and_(compute.invert(good), compute.invert(missing))
    count = compute.sum(bad).as_py() or 0
    example = compute.filter(trimmed, bad)[0].as_py() if count else None
    return values, count, example


def texts_of(column, name: str, reading: Reading):
    """Texts, null where there is no value."""
    kind = column.type
    if pyarrow.types.is_boolean(kind):
        return compute.if_else(column, "true", "false")
    if not (pyarrow.types.is_string(kind) or pyarrow.types.is_large_string(kind)):
        return _number_texts(column)
    missing = compute.is_in(column, value_set=reading.texts)
    own = reading.own_words(name)
    if own:
        missing = compute.or_(missing, compute.is_in(column, value_set=pyarrow.array(own)))
    return compute.if_else(missing, pyarrow.scalar(None, column.type), column)


def _number_texts(column):
    """Numbers as the program writes them: whole ones without a fraction."""
    numbers = column.to_pylist()
    return pyarrow.array([None if n is None or n != n else number_text(n) for n in numbers], pyarrow.string())


def number_text(number) -> str:
    return str(int(number)) if float(number).is_integer() and abs(number) < 1e15 else repr(float(number))


def truths_of(column, name: str, reading: Reading, no: str, yes: str):
    """0 and 1, NaN where there is none; what is neither, as an example, with how many there are."""
    kind = column.type
    if pyarrow.types.is_integer(kind) or pyarrow.types.is_floating(kind):
        values, _, _ = numbers_of(column, name, reading)
        return numpy.clip(values, 0, 1), 0, None
    if pyarrow.types.is_boolean(kind):
        return column.cast(pyarrow.float64()).to_numpy(zero_copy_only=False), 0, None
    lowered = compute.utf8_lower(compute.utf8_trim_whitespace(column))
    missing = compute.fill_null(
        compute.or_kleene(compute.is_null(lowered), compute.is_in(lowered, value_set=reading.numbers)), True)
    is_yes = compute.fill_null(compute.equal(lowered, yes.lower()), False).to_numpy(zero_copy_only=False)
    is_no = compute.fill_null(compute.equal(lowered, no.lower()), False).to_numpy(zero_copy_only=False)
    values = numpy.where(is_yes, 1.0, numpy.where(is_no, 0.0, numpy.nan))
    bad = ~(is_yes | is_no | missing.to_numpy(zero_copy_only=False))
    count = int(bad.sum())
    example = column.take(pyarrow.array([int(numpy.argmax(bad))]))[0].as_py() if count else None
    return values, count, example


DATE = r"^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?Z?)?$"


def dates_of(column, name: str, reading: Reading):
    """Seconds since 1970, UTC, NaN where there is none; and what is no date in ISO form, as an example, with how many there are."""
    kind = column.type
    if pyarrow.types.is_date(kind) or pyarrow.types.is_timestamp(kind):
        counts = compute.cast(compute.cast(column, pyarrow.timestamp("us")), pyarrow.int64())
        return compute.divide(compute.cast(counts, pyarrow.float64()), 1e6).to_numpy(zero_copy_only=False), 0, None
    trimmed = compute.utf8_trim_whitespace(column)
    missing = compute.is_in(compute.utf8_lower(trimmed), value_set=reading.numbers)
    own = reading.own_words(name)
    if own:
        missing = compute.or_(missing, compute.is_in(trimmed, value_set=pyarrow.array(own)))
    missing = compute.or_(missing, compute.is_null(trimmed))
    fits = compute.and_(compute.fill_null(compute.match_substring_regex(trimmed, DATE), False), compute.invert(missing))
    texts = compute.if_else(fits, compute.utf8_rtrim(trimmed, characters="Z"), pyarrow.scalar(None, trimmed.type))
    seconds, bad = numpy.empty(len(texts)), compute.and_(compute.invert(fits), compute.invert(missing)).to_numpy(zero_copy_only=False).copy()
    for row, text in enumerate(texts.to_pylist()):
        try:
            seconds[row] = numpy.nan if text is None else numpy.datetime64(text, "us").astype(numpy.int64) / 1e6
        except ValueError:  # Such as the 30th of February.
            seconds[row], bad[row] = numpy.nan, True
    count = int(bad.sum())
    return seconds, count, trimmed[int(numpy.argmax(bad))].as_py() if count else None
