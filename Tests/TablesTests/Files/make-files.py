"""Makes the files of this folder: python3 make-files.py. Made with numpy 2, pandas 3.1, pyarrow 26, polars 2.1, duckdb 2.0,
openpyxl 3.1, XlsxWriter 3.3 and odfpy 1.4.

Every flat-* holds the rows of flat.csv, every types-* those of types.csv; the CSV files are written by Python's own csv module."""
import csv
import datetime as dt
import decimal
import gzip
import json
import os
import random
import struct
import uuid
import zipfile

import duckdb
import numpy as np
import openpyxl
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

ROWS = 120
r = np.random.default_rng(5)


def holes(values, share=0.2):
    return [None if r.random() < share else v for v in values]


flat = pa.table({
    "id": pa.array(range(1000, 1000 + ROWS), pa.int64()),
    "x": pa.array(holes(r.standard_normal(ROWS).round(6).tolist()), pa.float64()),
    "f": pa.array(r.random(ROWS).astype("f4")),
    "tiny": pa.array(holes(r.integers(-100, 100, ROWS).tolist()), pa.int8()),
    "count": pa.array(r.integers(0, 2**32, ROWS).astype("u4")),
    "big": pa.array(np.cumsum(r.integers(-10**9, 10**9, ROWS)), pa.int64()),
    "flag": pa.array(holes((r.random(ROWS) < 0.5).tolist()), pa.bool_()),
    "sure": pa.array((r.random(ROWS) < 0.1).tolist(), pa.bool_()),
    "city": pa.array(holes(r.choice(["Ulm", "Köln", "Bad Tölz", 'Say "hi"'], ROWS).tolist()), pa.string()),
    "note": pa.array([f"note {i // 3} on {'abc' * (i % 4)} {i}" for i in range(ROWS)], pa.string()),
    "day": pa.array(holes([dt.date(1960, 1, 1) + dt.timedelta(days=int(d)) for d in r.integers(0, 40000, ROWS)]), pa.date32()),
    "when": pa.array([dt.datetime(2020, 1, 1) + dt.timedelta(microseconds=int(d)) for d in r.integers(0, 10**14, ROWS)],
                     pa.timestamp("us")),
    "price": pa.array([decimal.Decimal(int(v)).scaleb(-2) for v in r.integers(-10**6, 10**7, ROWS)], pa.decimal128(12, 2)),
    "nothing": pa.array([None] * ROWS, pa.float64()),
})


def text(value):
    if value is None or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, bytes):
        return value.decode()
    return value.isoformat() if isinstance(value, (dt.date, dt.datetime)) else str(value)


def write_csv(name, table):
    with open(name, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(table.column_names)
        writer.writerows([text(v) for v in row.values()] for row in table.to_pylist())


write_csv("flat.csv", flat)
plain = open("flat.csv", "rb").read()
with pa.output_stream("flat-packed.csv.zst", compression="zstd") as file:
    file.write(plain)
with open("flat-members.csv.gz", "wb") as file:  # two members, as pigz and log rotation leave them
    file.write(gzip.compress(plain[:5000], mtime=0) + gzip.compress(plain[5000:], mtime=0))
with gzip.GzipFile("flat-rows.jsonl.gz", "wb", mtime=0) as file:
    for row in flat.to_pylist():
        row = {k: text(v) if isinstance(v, (dt.date, dt.datetime)) else float(v) if isinstance(v, decimal.Decimal) else v
               for k, v in row.items() if v is not None or k == "nothing" or r.random() < 0.5}
        file.write((json.dumps(row, ensure_ascii=len(row) % 2 == 0) + "\n").encode())
flat_rows = [{k: text(v) if isinstance(v, (dt.date, dt.datetime)) else float(v) if isinstance(v, decimal.Decimal) else v
              for k, v in row.items()} for row in flat.to_pylist()]
with gzip.GzipFile("flat-list.json.gz", "wb", mtime=0) as file:
    file.write(json.dumps(flat_rows).encode())
with gzip.GzipFile("flat-indented.json.gz", "wb", mtime=0) as file:
    file.write(json.dumps(flat_rows, indent=2, ensure_ascii=False).encode())
pq.write_table(flat, "flat-arrow-v1-snappy.parquet", compression="snappy", data_page_version="1.0")
pq.write_table(flat, "flat-arrow-v2-zstd.parquet", compression="zstd", data_page_version="2.0", row_group_size=50)
pq.write_table(flat, "flat-arrow-plain.parquet", compression="none", use_dictionary=False, data_page_size=256,
               write_batch_size=16)
pq.write_table(flat, "flat-arrow-lz4.parquet", compression="lz4", data_page_version="2.0", use_dictionary=["city"])
pq.write_table(flat, "flat-arrow-delta.parquet", compression="gzip", use_dictionary=False, data_page_version="2.0",
               column_encoding={"id": "DELTA_BINARY_PACKED", "tiny": "DELTA_BINARY_PACKED", "big": "DELTA_BINARY_PACKED",
                                "count": "DELTA_BINARY_PACKED", "day": "DELTA_BINARY_PACKED", "when": "DELTA_BINARY_PACKED",
                                "city": "DELTA_LENGTH_BYTE_ARRAY", "note": "DELTA_BYTE_ARRAY",
                                "x": "BYTE_STREAM_SPLIT", "f": "BYTE_STREAM_SPLIT", "sure": "RLE", "flag": "RLE",
                                "price": "BYTE_STREAM_SPLIT"})
flat.to_pandas(types_mapper={pa.int8(): pd.Int8Dtype()}.get).to_parquet("flat-pandas.parquet")
pl.from_arrow(flat).write_parquet("flat-polars.parquet", compression="zstd", row_group_size=70)
pl.from_arrow(flat).write_parquet("flat-polars-lz4.parquet", compression="lz4")
duckdb.sql("copy flat to 'flat-duckdb.parquet' (format parquet, row_group_size 2048)")
duckdb.sql("copy flat to 'flat-duckdb-v2.parquet' (format parquet, parquet_version v2, compression zstd)")

odd = 40
stamps = [dt.datetime(1950, 1, 1) + dt.timedelta(seconds=int(d)) for d in r.integers(0, 4 * 10**9, odd)]
types = pa.table({
    "clock": pa.array(holes([(dt.datetime(2000, 1, 1) + dt.timedelta(milliseconds=int(v))).time()
                             for v in r.integers(0, 86_400_000, odd)]), pa.time32("ms")),
    "clock_ns": pa.array([dt.time(i % 24, i % 60, 0) for i in range(odd)], pa.time64("ns")),
    "ms": pa.array(stamps, pa.timestamp("ms")),
    "ns": pa.array(holes(stamps), pa.timestamp("ns")),
    "key": pa.array([uuid.UUID(int=int(r.integers(0, 2**62)) << 64 | i).bytes for i in range(odd)], pa.uuid()),
    "wide": pa.array([decimal.Decimal(int(v)) * 10**16 for v in r.integers(-10**6, 10**6, odd)], pa.decimal128(30, 4)),
    "whole": pa.array([decimal.Decimal(int(v)) for v in r.integers(-10**4, 10**4, odd)], pa.decimal128(9, 0)),
    "half": pa.array(r.standard_normal(odd).astype("f2")),
    "u64": pa.array(r.integers(0, 2**64, odd, dtype="u8")),
    "u16": pa.array(r.integers(0, 2**16, odd).astype("u2")),
    "fixed": pa.array([f"f{i % 5:03d}".encode() for i in range(odd)], pa.binary(4)),
    "raw": pa.array([f"r{i % 7}".encode() for i in range(odd)], pa.binary()),
    "enum": pa.array(holes(r.choice(["low", "mid", "high"], odd).tolist())).dictionary_encode(),
    "code": pa.array([f"{i % 9:05d}" for i in range(odd)]),
    "digits": pa.array([str(i * 7) for i in range(odd)]),
    "spread.a": pa.array(range(odd), pa.int16()),
})
nested = types.append_column("group", pa.array(
    [None if i % 4 == 0 else {"a": None if i % 3 == 0 else i, "b": f"g{i % 3}"} for i in range(odd)],
    pa.struct([("a", pa.int32()), ("b", pa.string())])))
shown = types.append_column("group.a", pa.array([None if i % 4 == 0 or i % 3 == 0 else i for i in range(odd)], pa.int32()))
shown = shown.append_column("group.b", pa.array([None if i % 4 == 0 else f"g{i % 3}" for i in range(odd)], pa.string()))
write_csv("types.csv", shown)
pq.write_table(nested, "types-arrow.parquet")
pq.write_table(nested, "types-arrow-v2.parquet", data_page_version="2.0", use_dictionary=False, compression="lz4",
               column_encoding={"fixed": "BYTE_STREAM_SPLIT", "half": "BYTE_STREAM_SPLIT", "u64": "DELTA_BINARY_PACKED"})

small = pa.table({"a": [1, 2], "b": ["x", "y"]})
pq.write_table(small.append_column("tags", pa.array([["p"], []])), "list.parquet")
pq.write_table(small, "brotli.parquet", compression="brotli")
pq.write_table(small.slice(0, 0), "no-rows.parquet")
pq.write_table(pa.table({"t": pa.array([dt.datetime(2020, 2, 3, 4, 5, 6), None], pa.timestamp("us"))}), "int96.parquet",
               use_deprecated_int96_timestamps=True)
pd.DataFrame({"a": [1, 2, 3]}, index=[7, 5, 6]).to_parquet("row-labels.parquet")

# What must not be lost when rows are written again: exact.csv holds the text of every value, each in quotes.
exact = {
    "id": (pa.int64(), [1234567890123456700, 1234567890123456701, -9223372036854775808, 9223372036854775807, None], None),
    "u64": (pa.uint64(), [18446744073709551615, 0, 9223372036854775808, None, 7], None),
    "version": (pa.string(), ["1.10", "NA", "1e5", "", ' say "hi",\nnext'], None),
    "price": (pa.decimal128(5, 2), ["-0.05", "1.10", "999.99", None, "0.00"], None),
    "wide": (pa.decimal128(38, 10), ["-9999999999999999999999999999.9999999999", "0.0000000001", "12345678901234567890.5000000000",
                                     "-0.0000000001", None], None),
    "f": (pa.float32(), [np.float32("0.1"), np.float32("16777216"), float("inf"), float("nan"), None],
          ["0.1", "16777216.0", "inf", "nan", ""]),
    "d": (pa.float64(), [0.1 + 0.2, 5e-324, 1e21, float("-inf"), None],
          ["0.30000000000000004", "5e-324", "1e+21", "-inf", ""]),
    "ns": (pa.timestamp("ns"), [1577836800000000001, -1, 9223372036854775807, None, 0],
           ["2020-01-01T00:00:00.000000001", "1969-12-31T23:59:59.999999999", "2262-04-11T23:47:16.854775807", "",
            "1970-01-01T00:00:00"]),
    "zone": (pa.timestamp("us", "Europe/Berlin"), [1577836800120000, None, -62135596800000000, 253402300799999999, 1],
             ["2020-01-01T00:00:00.12Z", "", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z",
              "1970-01-01T00:00:00.000001Z"]),
    "day": (pa.date32(), [dt.date(1, 1, 1), dt.date(9999, 12, 31), dt.date(2000, 2, 29), None, dt.date(1969, 12, 31)], None),
    "clock": (pa.time64("ns"), [1, 86399999999999, 3600000000000, None, 0],
              ["00:00:00.000000001", "23:59:59.999999999", "01:00:00", "", "00:00:00"]),
    "key": (pa.uuid(), [uuid.UUID(int=i).bytes if i != 3 else None for i in range(5)],
            [str(uuid.UUID(int=i)) if i != 3 else "" for i in range(5)]),
    "half": (pa.float16(), [np.float16(0.1), np.float16(-2), None, np.float16(65504), np.float16(0)],
             ["0.1", "-2.0", "", "65504.0", "0.0"]),
    "truth": (pa.bool_(), [True, False, None, True, False], None),
    "tags": (pa.struct([("a", pa.int32()), ("b", pa.struct([("c", pa.string())]))]),
             [{"a": 1, "b": {"c": "x"}}, {"a": None, "b": None}, None, {"a": 2, "b": {"c": None}}, {"a": 3, "b": {"c": "007"}}],
             None),
}
columns = {name: pa.array([decimal.Decimal(v) if pa.types.is_decimal(kind) and v is not None else v for v in values], kind)
           for name, (kind, values, _) in exact.items()}
pq.write_table(pa.table(columns), "exact.parquet", row_group_size=3, compression="snappy")
with open("exact.csv", "w", newline="") as file:
    writer = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow([n for n in exact if n != "tags"] + ["tags.a", "tags.b.c"])
    for i in range(5):
        row = [shown[i] if shown else text(values[i]) for name, (_, values, shown) in exact.items() if name != "tags"]
        tags = exact["tags"][1][i] or {}
        writer.writerow(row + [text(tags.get("a")), text((tags.get("b") or {}).get("c"))])
pq.write_table(pa.table({"raw": pa.array([b'\xff\x00"', b"ok", None], pa.binary())}), "bytes.parquet")

# Arrow files and streams: every one of these holds the rows of flat.csv or types.csv.
def arrow(name, table, stream=False, rows=None, **options):
    opened = pa.ipc.new_stream if stream else pa.ipc.new_file
    with opened(name, table.schema, options=pa.ipc.IpcWriteOptions(**options)) as writer:
        writer.write_table(table, max_chunksize=rows)


coded = flat.set_column(8, "city", flat["city"].dictionary_encode()).set_column(3, "tiny", flat["tiny"].dictionary_encode())
arrow("flat-arrow.arrow", flat)
arrow("flat-arrow-batches-lz4.arrow", coded, rows=37, compression="lz4")
arrow("flat-arrow-zstd.arrow", flat, rows=50, compression="zstd")
arrow("flat-arrow-stream.arrows", coded, stream=True, rows=29)
old = dict(use_legacy_format=True, metadata_version=pa.ipc.MetadataVersion.V4)  # as before version 0.15
arrow("flat-arrow-old.arrow", coded, **old)
arrow("flat-arrow-old.arrows", coded, stream=True, rows=50, **old)
parts = [flat.slice(o, 60).set_column(8, "city", flat["city"].slice(o, 60).combine_chunks().dictionary_encode()) for o in (0, 60)]
arrow("flat-arrow-replaced.arrows", pa.concat_tables(parts), stream=True)
growing = flat["city"].combine_chunks().dictionary_encode()
halves = [pa.DictionaryArray.from_arrays(growing.indices.slice(0, 3), growing.dictionary.slice(0, 2)),
          pa.DictionaryArray.from_arrays(growing.indices.slice(3), growing.dictionary)]
halves = pa.chunked_array(halves)
arrow("flat-arrow-deltas.arrows", flat.set_column(8, "city", halves), stream=True, emit_dictionary_deltas=True)
flat.to_pandas(types_mapper={pa.int8(): pd.Int8Dtype()}.get).to_feather("flat-pandas.feather")
pl.from_arrow(flat).write_ipc("flat-polars.arrow", compression="uncompressed")
pl.from_arrow(flat).with_columns(pl.col("city").cast(pl.Categorical)).write_ipc("flat-polars-lz4.arrow", compression="lz4")
pl.from_arrow(flat).write_ipc_stream("flat-polars-zstd.arrows", compression="zstd")
arrow("types-arrow.arrow", nested)
large = nested.set_column(10, "fixed", nested["fixed"].cast(pa.binary()).cast(pa.large_binary()))
large = large.set_column(11, "raw", large["raw"].cast(pa.binary_view())).set_column(13, "code", large["code"].cast(pa.large_string()))
large = large.set_column(14, "digits", large["digits"].cast(pa.string_view()))
large = large.set_column(5, "wide", large["wide"].cast(pa.decimal256(40, 4)))
arrow("types-arrow-large.arrow", large, rows=17, compression="zstd")
arrow("no-rows.arrow", small.slice(0, 0))
arrow("kinds.arrow", pa.table({
    "empty": pa.nulls(4),
    "elapsed": pa.array([dt.timedelta(milliseconds=1500), None, dt.timedelta(days=2), dt.timedelta(0)], pa.duration("ms")),
    "day": pa.array([0, 86_400_000, -86_400_000, None], pa.date64()),
    "local": pa.array([0, 1, None, 1_700_000_000], pa.timestamp("s", "Europe/Berlin")),
    "raw": pa.array([b"text", b"\xff\xfe", None, b"\x80"], pa.binary()),
    "bad": pa.array([b"a\xff", b"b", None, b"c"], pa.binary()).view(pa.string()),
    "long": pa.array(["a view of more than twelve bytes", "short", None, "exactly 12 b"], pa.string_view()),
    "far": pa.array([1.0, float("inf"), None, -1.0], pa.float32()),
    "cents": pa.array([1, 250, None, -5], pa.int32()).cast(pa.decimal128(12, 0)).cast(pa.decimal128(14, 2)),
}))
arrow("list.arrow", small.append_column("tags", pa.array([["p"], []])).append_column(
    "group", pa.array([{"m": [("k", 1)]}, None], pa.struct([("m", pa.map_(pa.string(), pa.int32()))]))))

# Workbooks: flat-*.xlsx hold the rows of flat.csv; Excel keeps no more than milliseconds of a moment.
def plain_rows(table):
    return [[float(v) if isinstance(v, decimal.Decimal) else v for v in row.values()] for row in table.to_pylist()]


def by_openpyxl(path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Flat"
    sheet.append(flat.column_names)
    for row in plain_rows(flat):
        sheet.append(row)
    book.save(path)


def by_xlsxwriter(path, **options):
    with xlsxwriter.Workbook(path, {"default_date_format": "dd.mm.yyyy hh:mm:ss", **options}) as book:
        sheet = book.add_worksheet("Flat")
        sheet.write_row(0, 0, flat.column_names)
        for index, row in enumerate(plain_rows(flat)):
            for column, value in enumerate(row):
                if value is not None:
                    sheet.write(index + 1, column, value)


def repack(path, to, changes=lambda name, content: content, method=zipfile.ZIP_STORED, skip=("xl/theme/theme1.xml",)):
    """Another archive of the same parts, some of them changed."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(to, "w", method) as new:
        for name in old.namelist():
            if name not in skip:
                info = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
                info.compress_type = method
                new.writestr(info, changes(name, old.read(name).decode()))


by_openpyxl("flat-openpyxl.xlsx")
by_xlsxwriter("flat-xlsxwriter.xlsx")
by_xlsxwriter("flat-1904.xlsx", date_1904=True)
by_xlsxwriter("flat-inline.xlsx", constant_memory=True)
flat.to_pandas(types_mapper={pa.int8(): pd.Int8Dtype()}.get).to_excel("flat-pandas.xlsx", index=False)
pl.from_arrow(flat).write_excel("flat-polars.xlsx")

book = openpyxl.Workbook()
cover = book.active
cover.title = "Cover"
cover.sheet_state = "hidden"
cover["A1"] = "not to be read"
blank = book.create_sheet("Blank")
sheet = book.create_sheet("Sales 2024")
sheet["B2"] = "Sales of the whole year"
sheet.merge_cells("B2:G2")
sheet["B3"] = "in thousands"
for column, name in enumerate(["shop", "opened", "hour", "took", "share", "open", "code", "mixed", "sum", "", "19"], 2):
    sheet.cell(5, column, name or None)
shops = [
    ["Ulm", dt.date(2024, 3, 5), dt.time(6, 0), dt.timedelta(hours=30), 0.25, True, "00123", 5, "=1+1", "1234567890123456789"],
    ["Köln ", dt.datetime(2024, 2, 29, 12, 30), dt.time(14, 30, 15), dt.timedelta(minutes=90), 0.5, False, "00124", "n. v.", "=2+2",
     "1234567890123456788"],
    ["Bad_x000D_ Tölz", dt.date(1900, 3, 1), None, dt.timedelta(0), 1, True, "7", 2.5, "=#N/A", None],
    [None, dt.date(1900, 1, 31), dt.time(0, 0), None, 0.125, None, "8", "NA", "#N/A", "7"],
]
for row, values in enumerate(shops, 6):
    for column, value in zip([2, 3, 4, 5, 6, 7, 8, 9, 10, 12], values):
        cell = sheet.cell(row, column, value)
        if column == 6:
            cell.number_format = "0%"
        if column == 5 and value is not None:
            cell.number_format = "[h]:mm:ss"
sheet.row_dimensions[7].hidden = True
notes = book.create_sheet("Notes")
notes.append(["a", "b"])
notes.append([1, 2])
notes.append([3, 4])
book.save("shops-packed.xlsx")
repack("shops-packed.xlsx", "shops.xlsx")
os.remove("shops-packed.xlsx")

book = openpyxl.Workbook()
sheet = book.active
sheet.title = "Tiny"
for row in [["a", "b"], [1, "x"], [None, None], [2.5, "y"]]:
    sheet.append(row)
book.save("tiny-packed.xlsx")


def oddly(name, content):
    if name == "xl/worksheets/sheet1.xml":
        # Another prefix, no places, a wrong dimension, text in runs with its pronunciation, an attribute nobody knows.
        return ('<?xml version="1.0" encoding="UTF-8"?>\n<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
                '<x:dimension ref="A1"/><x:sheetData><x:row odd="1"><x:c t="inlineStr"><x:is><x:t>a</x:t></x:is></x:c>'
                '<x:c t="inlineStr"><x:is><x:r><x:t>b</x:t></x:r><x:r><x:t xml:space="preserve"> c</x:t></x:r><x:rPh><x:t>no</x:t></x:rPh>'
                '</x:is></x:c></x:row><x:row r="4"><x:c r="B4" t="b"><x:v>1</x:v></x:c><x:c r="A4"><x:v>2.50E+1</x:v></x:c></x:row>'
                '<x:row r="3"><x:c r="A3"><x:v>1</x:v></x:c><x:c t="b"><x:v>0</x:v></x:c></x:row>'
                '<x:row r="9"><x:c r="A9"><x:f>1+1</x:f><x:v></x:v></x:c><x:c r="B9" t="e"><x:v>#DIV/0!</x:v></x:c></x:row></x:sheetData></x:worksheet>')
    return content


repack("tiny-packed.xlsx", "odd.xlsx", oddly)
repack("tiny-packed.xlsx", "doctype.xlsx", lambda name, content: content if name != "xl/worksheets/sheet1.xml" else
       '<!DOCTYPE worksheet [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>' + content.split("?>", 1)[-1])
os.remove("tiny-packed.xlsx")
for path, cells in {
    "scattered": "<row>" + "<c><v>1</v></c>" * 9000 + "</row>" + "<row><c><v>1</v></c></row>" * 9000,
    "deep": "<row>" * 100_000,
    "long": "<row r='" + "1" * (20 << 20),
}.items():
    repack("odd.xlsx", path + ".xlsx", lambda name, content: content if "sheet1.xml" not in name else
           f"<worksheet><sheetData>{cells}</sheetData></worksheet>", zipfile.ZIP_DEFLATED)
limit, zipfile.ZIP64_LIMIT = zipfile.ZIP64_LIMIT, 100  # as if every part had more than 4 GB
repack("odd.xlsx", "wide.xlsx")
zipfile.ZIP64_LIMIT = limit
pd.DataFrame({"a": [1, 2], "b": ["x", "y"]}).to_excel("small.ods", engine="odf", index=False)
with xlsxwriter.Workbook("words.xlsx", {"default_date_format": "yyyy-mm-dd"}) as book:
    for name, rows in {
        "sure": [["label", "text"]] + [[["ham", "spam"][i % 2], f"message {i}"] for i in range(6)],
        "unsure": [["label", "text"], ["ham", "a"], ["spam", "b"]],
        "none": [["ham", "a"], ["spam", "b"], ["ham", "c"]],
        "years": [["land", 2023, 2024]] + [[f"land {i}", i / 3, i / 7] for i in range(3)],
        "days": [["land", dt.date(2024, 1, 1), dt.date(2024, 2, 1)]] + [[f"land {i}", i, i + 1] for i in range(3)],
        "bare": [[f"land {i}", i / 3, i / 7] for i in range(3)],
        "blank": [[None, "id", "id"], [None, 1, 2], [None, 3, 4]],
    }.items():
        sheet = book.add_worksheet(name)
        for index, row in enumerate(rows):
            sheet.write_row(index + 2, 0, row)
with xlsxwriter.Workbook("report.xlsx") as book:
    for name, rows in {
        "above": [["Device", "X1"], ["Serial", 123], [], ["Time", "Temp", "Hum"], [0, 1.5, 3], [1, 2.5, 4], [2, 3.5, 5]],
        "holes": [["name", "n"], ["Ann", 1, "x"], ["Bob", 2], ["Cid", 3, "y"]],
    }.items():
        sheet = book.add_worksheet(name)
        for index, row in enumerate(rows):
            sheet.write_row(index, 0, row)

# SageMaker's records, encoded by hand after record.proto; each records-*.pbr holds the rows of records.csv.
def varint(n):
    n &= 2**64 - 1
    out = b""
    while n > 127:
        out, n = out + bytes([n & 127 | 128]), n >> 7
    return out + bytes([n])


def field(number, content):
    return varint(number << 3 | 2) + varint(len(content)) + content


def tensor(kind, values, keys=(), shape=(), packed=True):
    number, one, wire = {"float32": (2, lambda v: struct.pack("<f", v), 5), "float64": (3, lambda v: struct.pack("<d", v), 1),
                         "int32": (7, varint, 0)}[kind]
    if packed:
        content = field(1, b"".join(one(v) for v in values)) if values else b""
        content += field(2, b"".join(varint(k) for k in keys)) if keys else b""
        content += field(3, b"".join(varint(n) for n in shape)) if shape else b""
    else:
        content = b"".join(varint(3 << 3) + varint(n) for n in shape) + b"".join(varint(2 << 3) + varint(k) for k in keys)
        content += b"".join(varint(1 << 3 | wire) + one(v) for v in values)
    return field(number, content)


def entry(number, value, swapped=False):
    parts = [field(1, b"values"), field(2, value)]
    return field(number, b"".join(parts[::-1] if swapped else parts))


def frame(record):
    return struct.pack("<II", 0xCED7230A, len(record)) + record + bytes(-len(record) % 4)


random_rows = random.Random(3)
records = [[random_rows.choice([0, 0, 0, 1, -2, 300, -70000, 2**24]) for _ in range(7)] + [random_rows.randrange(3)]
           for _ in range(30)]
records[4][:7] = [0] * 7
with open("records.csv", "w", newline="") as file:
    csv.writer(file, lineterminator="\n").writerows([[f"f{i}" for i in range(7)] + ["label"]] + records)
for kind in ["float32", "float64", "int32"]:
    with open(f"records-{kind}.pbr", "wb") as file:
        for row in records:
            file.write(frame(entry(1, tensor(kind, row[:7])) + entry(2, tensor(kind, row[7:]))))
    with open(f"records-sparse-{kind}.pbr", "wb") as file:
        for row in records:
            keys = [i for i, v in enumerate(row[:7]) if v]
            file.write(frame(entry(1, tensor(kind, [row[k] for k in keys], keys, [7])) + entry(2, tensor(kind, row[7:]))))
with open("records-odd.pbr", "wb") as file:  # allowed and unusual: values one by one, any order, fields that nobody knows
    for row in records:
        keys = [i for i, v in enumerate(row[:7]) if v][::-1]
        record = field(3, b"uid") + entry(2, tensor("float64", row[7:], shape=[1], packed=False), swapped=True)
        record += entry(1, tensor("int32", [row[k] for k in keys], keys, [1, 7], packed=False), swapped=True)
        file.write(frame(record + varint(19 << 3) + varint(5) + varint(20 << 3 | 5) + bytes(4) + varint(21 << 3 | 1) + bytes(8)))

# libsvm files by scikit-learn; each libsvm-* but libsvm-qid holds the rows of libsvm.csv.
import sklearn.datasets

sparse_rows = [[random_rows.choice([0, 0, 0, 1, 0.5, -3.25e-7, 1e6 / 3]) for _ in range(9)] for _ in range(40)]
for row in sparse_rows:
    row[0] = 0
sparse_rows[3][8] = 2.0
sparse_rows[7] = [0] * 9
signs = [random_rows.choice([-1, 1]) for _ in sparse_rows]
with open("libsvm.csv", "w", newline="") as file:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([f"f{i}" for i in range(9)] + ["label"])
    writer.writerows([*row, sign] for row, sign in zip(sparse_rows, signs))
sklearn.datasets.dump_svmlight_file(sparse_rows, signs, "libsvm-zero.svm", zero_based=True, comment="nine features")
sparse_rows = [row[1:] + [0.25 * (i == 2)] for i, row in enumerate(sparse_rows)]
sklearn.datasets.dump_svmlight_file(sparse_rows, signs, "libsvm-one-qid.svm", zero_based=False,
                                    query_id=[i // 4 for i in range(40)])
with open("libsvm-qid.csv", "w", newline="") as file:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([f"f{i}" for i in range(1, 10)] + ["qid", "label"])
    writer.writerows([*row, i // 4, sign] for i, (row, sign) in enumerate(zip(sparse_rows, signs)))

# The rows of flat.csv and types.csv as tables of a database, texts and numbers as SQLite keeps them; and values of many types.
import pathlib
import sqlite3

for name in ["flat.sqlite", "flat-utf16.sqlite", "several.sqlite"]:
    pathlib.Path(name).unlink(missing_ok=True)
for name, encoding in [("flat.sqlite", "UTF-8"), ("flat-utf16.sqlite", "UTF-16le")]:
    database = sqlite3.connect(name)
    database.execute("PRAGMA page_size = 1024")
    database.execute(f"PRAGMA encoding = '{encoding}'")
    with open("flat.csv", newline="") as file:
        head, *lines = csv.reader(file)
    numeric = {"id": "INTEGER", "x": "REAL", "f": "REAL", "tiny": "INTEGER", "count": "INTEGER", "big": "INTEGER", "price": "REAL"}
    database.execute("CREATE TABLE flat (" + ", ".join(f'"{h}" {numeric.get(h, "TEXT")}' for h in head) + ")")
    database.executemany(f"INSERT INTO flat VALUES ({', '.join('?' * len(head))})", [[v or None for v in line] for line in lines])
    database.commit()
    database.execute("VACUUM")
    database.close()
database = sqlite3.connect("several.sqlite")
database.executescript("""
    PRAGMA page_size = 512;
    CREATE TABLE few (a INTEGER PRIMARY KEY, b REAL);
    INSERT INTO few VALUES (7, 2), (9, 2.5);
    CREATE TABLE "odd ""name" (word TEXT PRIMARY KEY, n, raw BLOB, mixed, "n n") WITHOUT ROWID;
    INSERT INTO "odd ""name" VALUES ('p', 1, x'00ff', 12, 9007199254740993), ('q', -2, NULL, 'x', -9223372036854775808),
        ('r', NULL, 5, 1.5, 9223372036854775807), ('', 4, 'NA', '12', 0);
    CREATE VIEW seen AS SELECT b, b AS c, a FROM few WHERE a > 8;
    CREATE TABLE empty (z);
""")
database.close()

# The values of exact.parquet in other formats.
exact_table = pq.read_table("exact.parquet")
arrow("exact.arrow", exact_table, rows=2, compression="lz4")
os.path.exists("exact.sqlite") and os.remove("exact.sqlite")
with sqlite3.connect("exact.sqlite") as base:
    base.execute("CREATE TABLE rows (id INTEGER, version TEXT, amount REAL, mixed)")
    base.executemany("INSERT INTO rows VALUES (?, ?, ?, ?)", [
        (1234567890123456701, "1.10", 0.1, 9007199254740993), (-9223372036854775808, "NA", 1e21, "007"), (None, "1e5", 5e-324, 2.5)])
base.close()
book = openpyxl.Workbook()
for row in [["id", "version", "at", "n"], ["1234567890123456701", "1.10", dt.datetime(2024, 3, 5, 6, 7, 8), 0.1],
            ["1234567890123456702", "NA", dt.datetime(2024, 3, 6), 12], ["007", "1e5", None, None]]:
    book.active.append(row)
book.save("exact.xlsx")
