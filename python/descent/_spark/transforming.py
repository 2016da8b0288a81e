"""Files predicted for on a cluster: each task asks `descent predict` for its rows, or NumPy where executors have no program."""

import csv
import json
import os
import subprocess
import tempfile

import pyarrow
import pyarrow.parquet

from descent._spark import frames
from descent._spark.faults import Fault

#: Rows that each question to the program has.
BATCH = 20_000


class Answers:
    """Predictions for batches of rows, as columns to stand behind theirs."""

    def __init__(self, document: str, names: list, is_text: bool, program: "str | None") -> None:
        self.document, self.names, self.is_text, self.program = document, names, is_text, program

    def added(self, batch: pyarrow.RecordBatch) -> pyarrow.RecordBatch:
        return self._by_program(batch) if self.program else self._by_numbers(batch)

    def _by_program(self, batch: pyarrow.RecordBatch) -> pyarrow.RecordBatch:
        ending = "csv" if self.is_text else "parquet"
        with tempfile.TemporaryDirectory(prefix="descent-spark-") as folder:
            model, given, made = (os.path.join(folder, name) for name in ("model.json", "rows." + ending, "answers." + ending))
            with open(model, "w", encoding="utf-8") as file:
                file.write(self.document)
            table = pyarrow.Table.from_batches([batch]).rename_columns(self.names)
            words = [self.program, "predict", model, given, "--out", made, "--quiet"]
            if self.is_text:
                table.to_pandas().to_csv(given, index=False, lineterminator="\n")
                words += ["--delimiter", ",", "--header", "yes"]
            else:
                pyarrow.parquet.write_table(table, given)
            done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
            if done.returncode != 0:
                lines = [line for line in done.stderr.splitlines() if line.strip()]
                said = lines[-1].removeprefix("descent: ") if lines else f"descent predict ended with {done.returncode}"
                raise Fault("data", said)
            return self._read_text(made) if self.is_text else self._read_table(made)

    def _read_text(self, path: str) -> pyarrow.RecordBatch:
        with open(path, newline="", encoding="utf-8") as file:
            rows = csv.reader(file)
            names = next(rows)[len(self.names):]
            columns = list(zip(*(row[len(self.names):] for row in rows)))
        return pyarrow.RecordBatch.from_arrays(
            [pyarrow.array(list(column), pyarrow.string()) for column in columns or [()] * len(names)], names)

    def _read_table(self, path: str) -> pyarrow.RecordBatch:
        table = pyarrow.parquet.read_table(path)
        names = table.column_names[len(self.names):]
        return pyarrow.RecordBatch.from_arrays(
            [plain(table.column(place + len(self.names)).combine_chunks()) for place in range(len(names))], names)

    def _by_numbers(self, batch: pyarrow.RecordBatch) -> pyarrow.RecordBatch:
        from descent._spark.scoring import NumberModel

        columns = NumberModel(self.document, self.names).columns(batch)
        arrays = [plain(pyarrow.array(column)) for column in columns.values()]
        if self.is_text:
            arrays = [pyarrow.array([str(value) for value in column], pyarrow.string()) for column in columns.values()]
        return pyarrow.RecordBatch.from_arrays(arrays, list(columns))


def plain(column: pyarrow.Array) -> pyarrow.Array:
    """A column in a type that Spark has too."""
    if isinstance(column, pyarrow.ChunkedArray):
        column = column.combine_chunks()
    return column.cast(pyarrow.string()) if pyarrow.types.is_dictionary(column.type) or pyarrow.types.is_large_string(column.type) else column


def transform(session, files, frame, request: dict, rows: int) -> dict:
    """Writes the rows with what the model says of them, as files of their own kind below a folder."""
    from pyspark.sql.pandas.types import from_arrow_type
    from pyspark.sql.types import StructField, StructType

    with open(request["model"], encoding="utf-8") as file:
        document = file.read()
    json.loads(document)
    is_text = files.format == "CSV"
    session.spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", str(BATCH))
    answers = Answers(document, files.names, is_text, request.get("program"))
    given = frame.drop(frames.DAMAGED)
    first = given.limit(20).toArrow().combine_chunks().to_batches()
    sample = answers.added(first[0])
    twice = [name for name in sample.schema.names if name in files.names]
    if twice:
        raise Fault("data", f"the rows have a column '{twice[0]}' already: rename it")
    added = [StructField(f"a{place}", from_arrow_type(field.type)) for place, field in enumerate(sample.schema)]
    schema = StructType(list(given.schema) + added)

    def predict(batches):
        for batch in batches:
            if batch.num_rows == 0:
                continue
            more = answers.added(batch)
            yield pyarrow.RecordBatch.from_arrays(
                batch.columns + more.columns, batch.schema.names + [f"a{place}" for place in range(more.num_columns)])

    answered = given.mapInArrow(predict, schema).toDF(*files.names, *sample.schema.names)
    writer = answered.write.mode("error")
    if is_text:
        writer.option("header", True).csv(request["out"])
    else:
        writer.parquet(request["out"])
    return {"rows": rows, "columns": sample.schema.names}
