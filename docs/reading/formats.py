"""Writes the forty files: `python formats.py FOLDER`."""

import datetime
import pathlib
import sqlite3
import sys

import openpyxl
import pandas

from cases import CASES


def workbook(path):
    sheet = openpyxl.Workbook()
    rows = sheet.active
    rows.append(["Sales of 2024"])
    rows.append([])
    rows.append(["region", "units", "sold"])
    for region, units, month, day in [("North", 12, 1, 31), ("South", 7, 2, 29), ("West", 9, 3, 31)]:
        rows.append([region, units, datetime.date(2024, month, day)])
    sheet.save(path)


def database(path):
    path.unlink(missing_ok=True)
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE sales (id INTEGER PRIMARY KEY, price REAL, day TEXT)")
        connection.executemany("INSERT INTO sales VALUES (?, ?, ?)",
                               [(1, 2.5, "2024-01-31"), (2, None, "2024-02-29"), (3, 9.75, "2024-03-31")])


def feather(path):
    moments = pandas.to_datetime(["2024-01-31 08:00", "2024-02-29 08:00", "2024-03-31 08:00"])
    names = pandas.Categorical(["Ann", "Bob", "Ann"])
    pandas.DataFrame({"name": names, "score": [1.5, None, 2.5], "at": moments}).to_feather(path)


BINARY = {"workbook.xlsx": workbook, "shop.sqlite": database, "table.feather": feather}


def write(folder):
    """Writes every file of `CASES` into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for case in CASES:
        path = folder / case["file"]
        if case["file"] in BINARY:
            BINARY[case["file"]](path)
        else:
            path.write_bytes(case["data"])


if __name__ == "__main__":
    write(pathlib.Path(sys.argv[1]))
