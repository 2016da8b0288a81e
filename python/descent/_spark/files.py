"""Which files are meant, and what each says of its columns, found through Hadoop's file systems: a folder of this machine, HDFS or an
object store alike."""

import csv
import hashlib
from dataclasses import dataclass, field

from descent._spark.faults import Fault

#: Endings of delimited text, before those of compression.
TEXT_ENDINGS = (".csv", ".tsv", ".txt", ".psv")
PARQUET_ENDINGS = (".parquet", ".pq", ".parq")
COMPRESSION_ENDINGS = (".gz", ".bz2", ".zst", ".lz4", ".snappy", ".deflate")
DELIMITERS = (",", ";", "\t", "|")
NAMED_DELIMITERS = {"tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}


@dataclass
class DataFiles:
    """Files of one kind with the same columns."""

    paths: list
    format: str
    byte_count: int
    fingerprint: str
    #: Names of columns, in the order of the first file.
    names: list = field(default_factory=list)
    #: For text: files of each order of columns, and how they are written.
    groups: list = field(default_factory=list)
    delimiter: str = ","
    has_header: bool = True


def find(session, path_list: str, reading: dict) -> DataFiles:
    found = []
    for path in path_list.split(","):
        found += _listed(session, path)
    if not found:
        raise Fault("data", f"{path_list}: there is no file of data: name CSV or Parquet files, or a folder of them")
    found.sort()
    formats = {path: _format(session, path) for path, _, _ in found}
    first = found[0][0]
    for path, kind in formats.items():
        if kind != formats[first]:
            raise Fault("data", f"{path} is {kind} and {first} is {formats[first]}: give files of one kind")
    digest = hashlib.sha256("\n".join(f"{name}\t{size}\t{time}" for name, size, time in found).encode()).hexdigest()
    files = DataFiles([path for path, _, _ in found], formats[first], sum(size for _, size, _ in found), digest)
    if files.format == "CSV":
        _look_at_text(session, files, reading)
    else:
        _look_at_parquet(session, files)
    return files


def _system(session, path: str):
    jvm = session.spark._jvm
    place = jvm.org.apache.hadoop.fs.Path(path)
    return place, place.getFileSystem(session.spark._jsc.hadoopConfiguration())


def _listed(session, path: str) -> list:
    """Files below a path or a pattern, with sizes and times."""
    try:
        place, system = _system(session, path)
        statuses = system.globStatus(place)
    except Exception as error:
        from descent._spark.faults import told

        raise Fault("data", f"{path} cannot be read: {told(error)}") from None
    if not statuses:
        raise Fault("data", f"{path}: there is no such file or folder")
    found = []
    for status in statuses:
        if not status.isDirectory():
            found.append((status.getPath().toString(), status.getLen(), status.getModificationTime()))
            continue
        below = system.listFiles(status.getPath(), True)
        while below.hasNext():
            file = below.next()
            name = file.getPath().getName()
            if not name.startswith(("_", ".")) and file.getLen() > 0:
                found.append((file.getPath().toString(), file.getLen(), file.getModificationTime()))
    return found


def _stem(path: str) -> str:
    name = path.rsplit("/", 1)[-1].lower()
    for ending in COMPRESSION_ENDINGS:
        name = name.removesuffix(ending)
    return name


def _format(session, path: str) -> str:
    if path.lower().endswith(PARQUET_ENDINGS):
        return "Parquet"
    if _stem(path).endswith(TEXT_ENDINGS):
        return "CSV"
    place, system = _system(session, path)
    stream = system.open(place)
    try:
        if bytes(stream.read() & 0xFF for _ in range(4)) == b"PAR1":
            return "Parquet"
    finally:
        stream.close()
    raise Fault("data", f"{path} is neither CSV nor Parquet by its name: give it the ending .csv or .parquet")


def first_lines(session, path: str, count: int) -> list:
    jvm = session.spark._jvm
    place, system = _system(session, path)
    stream = system.open(place)
    try:
        codec = jvm.org.apache.hadoop.io.compress.CompressionCodecFactory(
            session.spark._jsc.hadoopConfiguration()).getCodec(place)
        plain = codec.createInputStream(stream) if codec is not None else stream
        reader = jvm.java.io.BufferedReader(jvm.java.io.InputStreamReader(plain, "UTF-8"))
        lines = []
        while len(lines) < count and (line := reader.readLine()) is not None:
            lines.append(line)
        return lines
    finally:
        stream.close()


def _fields(line: str, delimiter: str) -> list:
    return next(csv.reader([line.removeprefix("\ufeff")], delimiter=delimiter), [])


def _is_number(text: str) -> bool:
    try:
        float(text)
        return True
    except ValueError:
        return False


def _look_at_text(session, files: DataFiles, reading: dict) -> None:
    header = reading.get("header", "auto")
    if header not in ("auto", "yes", "no"):
        raise Fault("usage", f"header '{header}' is not to be had on spark: the first line names the columns (yes), or none does (no)")
    said = reading.get("delimiter")
    groups: dict = {}
    for path in files.paths:
        lines = first_lines(session, path, 1)
        if not lines:
            raise Fault("data", f"{path} is empty: leave it out")
        if not files.names:
            files.delimiter = NAMED_DELIMITERS.get(said, said) or max(DELIMITERS, key=lines[0].count)
            if len(files.delimiter) != 1:
                raise Fault("usage", f"delimiter '{said}' is not to be had on spark: give one character, or tab")
        names = [name.strip() for name in _fields(lines[0], files.delimiter)]
        if not files.names:
            files.has_header = header == "yes" or header == "auto" and not any(map(_is_number, names)) and all(names)
        if not files.has_header:
            names = [f"column_{place + 1}" for place in range(len(names))]
        if not files.names:
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                raise Fault("data", f"{path} has two columns '{twice[0]}': give them names of their own")
            files.names = names
        _compare(path, names, files.paths[0], files.names)
        groups.setdefault(tuple(names), []).append(path)
    files.groups = list(groups.items())


def _compare(path: str, names: list, first_path: str, first_names: list) -> None:
    lacking = [name for name in first_names if name not in names]
    if lacking:
        raise Fault("data", f"{path} has no column '{lacking[0]}', which {first_path} has: give files of one kind")
    more = [name for name in names if name not in first_names]
    if more:
        raise Fault("data", f"{path} has a column '{more[0]}', which {first_path} has not: give files of one kind")


def _look_at_parquet(session, files: DataFiles) -> None:
    first: dict = {}
    for path in files.paths:
        schema = {column.name: column.dataType.simpleString() for column in session.spark.read.parquet(path).schema}
        if not first:
            first, files.names = schema, list(schema)
            continue
        _compare(path, list(schema), files.paths[0], files.names)
        for name, kind in schema.items():
            if kind != first[name]:
                raise Fault(
                    "data", f"column '{name}' is {kind} in {path} and {first[name]} in {files.paths[0]}: give files of one kind")
