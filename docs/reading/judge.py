"""Makes the table of docs/reading.md: `python judge.py FOLDER DESCENT`, with the files written into FOLDER.

Right: rows, columns, names, kinds, ranges, missing values and the telling value of every column are those of
`cases.py`. Left: nothing is lost, but a column of numbers, dates or durations stays text, or one of dates numbers. Wrong: anything else.
A word with an exclamation mark: the program said something, a warning or what it is not sure of.
"""

import pathlib
import sys

import formats
import readers
from cases import ANY, CASES

PROGRAMS = ["Descent", "pandas", "DuckDB", "Polars"]


def near(a, b):
    return a is not None and abs(a - b) <= 1e-6 * max(1, abs(b))


def column_fault(wanted, found):
    """What is wrong with a column, and whether it only stayed text."""
    name, kind, low, high, missing, values = found
    if wanted["kind"] == "key":
        return None if wanted["has"] in values else (f"`{wanted['has']}` lost in {name}", False)
    if wanted["kind"] == "text":
        if kind != "text":
            return f"{name} is a {kind}", False
        if wanted["has"] not in values:
            return f"no `{wanted['has']}` in {name}", False
    elif kind == "text":
        return f"{name} is text", True
    elif kind == "number" and wanted["kind"] == "date":
        return f"{name} is a number", True
    elif kind != wanted["kind"] and not (wanted["kind"] == "span" and kind == "number"):
        return f"{name} is a {kind}", False
    elif not (near(low, wanted["low"]) and near(high, wanted["high"])):
        return f"wrong values in {name}", False
    if missing != wanted["missing"]:
        return f"{missing} missing in {name}, not {wanted['missing']}", False
    return None


def fault(case, rows, columns):
    """The first thing that is wrong, and whether it only stayed text."""
    if len(columns) != len(case["columns"]):
        return f"{len(columns)} columns, not {len(case['columns'])}", False
    for (name, _), found in zip(case["columns"], columns):
        if name not in (ANY, found[0]):
            return f"column `{found[0]}`, not `{name}`", False
    if rows != case["rows"]:
        return f"{rows:,} rows, not {case['rows']:,}", False
    faults = [f for f in (column_fault(w, c) for (_, w), c in zip(case["columns"], columns)) if f]
    return min(faults, key=lambda f: f[1], default=None)


def verdict(case, read):
    try:
        rows, columns, told = read()
    except LookupError as error:
        return "not run", str(error)
    except Exception as error:
        return "refused", f"refused: {' '.join(str(error).split())}"
    found = fault(case, rows, columns)
    if found is None:
        return "right", "right"
    word = "text" if found[1] else "wrong"
    return (word + "!" if told else word), found[0] + (" (said: " + "; ".join(told) + ")" if told else "")


def main():
    folder, program = pathlib.Path(sys.argv[1]), sys.argv[2]
    formats.write(folder)
    totals = {p: {} for p in PROGRAMS}
    print("| file | what it is |", " | ".join(PROGRAMS), "|\n|---|---|---|---|---|---|")
    for case in CASES:
        path = folder / case["file"]
        reads = [lambda: readers.with_descent(path, program), lambda: readers.with_pandas(path),
                 lambda: readers.with_duckdb(path), lambda: readers.with_polars(path)]
        cells = []
        for name, read in zip(PROGRAMS, reads):
            word, why = verdict(case, read)
            totals[name][word] = totals[name].get(word, 0) + 1
            cells.append(cell(word, why))
        print(f"| {case['file']} | {case['about'].replace('|', '&#124;')} |", " | ".join(cells), "|")
    print("\n| | right | left as it was | wrong, with a warning | wrong, without a word | refused | not run |\n|---|---|---|---|---|---|---|")
    for name in PROGRAMS:
        count = totals[name].get
        told = count("wrong!", 0)
        print(f"| {name} | {count('right', 0)} | {count('text', 0) + count('text!', 0)} | {told} | {count('wrong', 0)} |",
              f"{count('refused', 0)} | {count('not run', 0)} |")


def cell(word, why):
    """A verdict in a cell; what the programs themselves said is printed with --long only."""
    if "--long" not in sys.argv:
        why = why.split(" (said: ")[0].split(": ")[0] if word == "refused" else why.split(" (said: ")[0]
    if word in ("right", "refused", "not run"):
        return why if word == "refused" else word
    name = "**wrong**" if word.startswith("wrong") else "left"
    return f"{name}{' with a warning' if word.endswith('!') else ''}: {why.replace('|', '&#124;')}"


if __name__ == "__main__":
    main()
