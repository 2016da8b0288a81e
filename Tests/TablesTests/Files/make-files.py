"""Makes the files of this folder: python3 make-files.py. Made with numpy 2, pandas 3.1, pyarrow 26, polars 2.1 and duckdb 2.0.

Every flat-* holds the rows of flat.csv, every types-* those of types.csv; the CSV files are written by Python's own csv module."""
import csv
import datetime as dt
import decimal
import gzip
import json
import random
import struct
import uuid

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

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
