"""Predictions for a batch of rows on an executor: by the `descent` program, or by NumPy from the model's own numbers."""

import json
import os
import subprocess
import tempfile

import numpy

from descent._spark.faults import Fault


class Scorer:
    def __init__(self, document: str, names: list, how: str, master: str) -> None:
        if how not in ("auto", "binary", "numpy"):
            raise ValueError(f"scorer '{how}' is none: give auto, binary or numpy")
        self.document, self.names = document, names
        self.program = None
        if how == "binary" or how == "auto" and master.startswith("local"):
            from descent.sagemaker import binary

            self.program = os.path.abspath(binary.path())

    def udf(self):
        """A function of arrays of features: the numbers of the response, and the label."""
        from typing import Iterator

        import pandas
        from pyspark.sql.functions import pandas_udf

        document, names, program = self.document, self.names, self.program

        def answer(batches: Iterator[pandas.Series]) -> Iterator[pandas.DataFrame]:
            model = ProgramModel(document, names, program) if program else NumberModel(document, names)
            try:
                for batch in batches:
                    if len(batch) == 0:
                        yield pandas.DataFrame({"value": [], "label": []})
                        continue
                    rows = numpy.stack(batch.to_numpy())
                    if rows.shape[1] != len(names):
                        raise Fault("data", f"the model takes {len(names)} features, the vectors have {rows.shape[1]}")
                    value, label = model.answer(rows)
                    yield pandas.DataFrame({"value": list(value.astype(numpy.float64)), "label": label.astype(numpy.float64)})
            finally:
                model.close()

        return pandas_udf(answer, "value array<double>, label double")


class ProgramModel:
    """Asks `descent predict`, once a batch: the code that answers everywhere else."""

    def __init__(self, document: str, names: list, program: str) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="descent-spark-")
        self._names, self._program = names, program
        self._model = os.path.join(self._folder.name, "model.json")
        with open(self._model, "w", encoding="utf-8") as file:
            file.write(document)
        self._read = json.loads(document)

    def answer(self, rows: numpy.ndarray):
        import pyarrow
        import pyarrow.parquet

        given, made = (os.path.join(self._folder.name, name) for name in ("rows.parquet", "answers.parquet"))
        pyarrow.parquet.write_table(pyarrow.table([pyarrow.array(column) for column in rows.T], names=self._names), given)
        done = subprocess.run(
            [self._program, "predict", self._model, given, "--out", made, "--quiet"], stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        if done.returncode != 0:
            lines = [line for line in done.stderr.splitlines() if line.strip()]
            raise Fault("failed", lines[-1] if lines else f"descent predict ended with {done.returncode}")
        table = pyarrow.parquet.read_table(made)
        added = table.column_names[len(self._names):]
        columns = {name: table.column(place + len(self._names)).to_pandas().to_numpy() for place, name in enumerate(added)}
        return arranged(columns, self._read)

    def close(self) -> None:
        self._folder.cleanup()


def arranged(columns: dict, model: dict):
    """The columns of `descent predict` as values and a label."""
    prediction = columns.pop("prediction", None)
    if model["algorithm"] == "pca":
        return numpy.stack(list(columns.values()), axis=1), numpy.zeros(len(next(iter(columns.values()))))
    if model["algorithm"] == "kmeans":
        return columns["distance"][:, None], prediction.astype(numpy.float64)
    if "classes" not in model.get("target", {}):
        return prediction.astype(numpy.float64)[:, None], prediction.astype(numpy.float64)
    return numpy.stack(list(columns.values()), axis=1), prediction.astype(numpy.float64)


class NumberModel:
    """The same from the model's numbers, in double precision, rounded to single where the program does."""

    def __init__(self, document: str, names: list) -> None:
        self._model = json.loads(document)
        from descent._spark import encoding, values

        places = {name: f"c{place}" for place, name in enumerate(names)}
        from descent._spark.missing import NUMBERS, TEXTS

        reading = values.Reading(self._model.get("schema") or {}, NUMBERS, TEXTS)
        pipeline = self._model["pipeline"]
        keeps = pipeline.get("keepingColumns") or [bool(pipeline.get("keepsMissing"))] * len(pipeline["columns"])
        self._encoder = encoding.Encoder(pipeline, keeps, reading, places)
        self._learned = self._model["learned"]
        self._booster = None
        self._chosen = None

    def answer(self, rows: numpy.ndarray):
        import pyarrow

        batch = pyarrow.RecordBatch.from_arrays(
            [pyarrow.array(column) for column in rows.T], [f"c{place}" for place in range(rows.shape[1])])
        features = self._encoder.features(batch)
        return getattr(self, "_" + self._model["algorithm"].replace("-", "_"))(features)

    def columns(self, batch) -> dict:
        """The columns of `descent predict` for rows whose columns are c0, c1, …"""
        features = self._encoder.features(batch)
        value, label = getattr(self, "_" + self._model["algorithm"].replace("-", "_"))(features)
        kind, classes = self._model["algorithm"], (self._model.get("target") or {}).get("classes", {}).get("_1")
        single = value.astype(numpy.float32)
        if kind == "pca":
            return {f"projection_{place + 1}": column for place, column in enumerate(single.T)}
        if kind == "kmeans":
            return {"prediction": [str(int(place)) for place in label], "distance": single[:, 0]}
        if classes is None:
            return {"prediction": single[:, 0] if self._origin == 0 else value[:, 0]}
        names = {"prediction": [classes[int(place)] for place in self._chosen]}
        if single.shape[1] == 1:
            return {**names, "score": single[:, 0]}
        return {**names, **{f"score_{name}": column for name, column in zip(classes, single.T)}}

    @property
    def _origin(self) -> float:
        return ((self._model["target"].get("numeric") or {}).get("origin")) or 0.0

    def _standardised(self, features):
        learned = self._learned
        return (features - numpy.array(learned["featureMeans"])) * numpy.array(learned["featureInverses"])

    def _kmeans(self, features):
        rows = self._standardised(features.astype(numpy.float64))
        centres = numpy.array(self._learned["centres"]).reshape(-1, rows.shape[1])
        squares = ((rows[:, None, :] - centres[None]) ** 2).sum(axis=2)
        nearest = squares.argmin(axis=1)
        distances = numpy.sqrt(squares[numpy.arange(len(rows)), nearest]).astype(numpy.float32)
        return distances[:, None], nearest.astype(numpy.float64)

    def _pca(self, features):
        rows = self._standardised(features.astype(numpy.float64))
        components = numpy.array(self._learned["components"]).reshape(-1, rows.shape[1])
        return (rows @ components.T).astype(numpy.float32), numpy.zeros(len(rows))

    def _linear_learner(self, features):
        learned = self._learned
        rows = self._standardised(features.astype(numpy.float64))
        scores = rows @ numpy.array(learned["weights"]).reshape(len(learned["biases"]), -1).T + numpy.array(learned["biases"])
        if learned["task"] == "regressor":
            return self._numbers(scores[:, 0] * learned["targetDeviation"] + learned["targetMean"])
        return self._classes(scores, learned["threshold"])

    def _numbers(self, numbers):
        plain = numbers.astype(numpy.float32).astype(numpy.float64) + self._origin
        return plain[:, None], plain

    def _classes(self, margins, threshold):
        if margins.shape[1] == 1:
            scores = (1 / (1 + numpy.exp(-margins))).astype(numpy.float32)
            self._chosen = (scores[:, 0] >= threshold).astype(int)
            return scores, self._labels()
        powers = numpy.exp(margins - margins.max(axis=1, keepdims=True))
        scores = (powers / powers.sum(axis=1, keepdims=True)).astype(numpy.float32)
        self._chosen = scores.argmax(axis=1)
        return scores, self._labels()

    def _labels(self):
        """The classes as numbers, where they are some."""
        try:
            return numpy.array([float(name) for name in self._model["target"]["classes"]["_1"]])[self._chosen]
        except ValueError:
            return self._chosen.astype(numpy.float64)

    def _xgboost(self, features):
        import xgboost

        if self._booster is None:
            self._booster = xgboost.Booster({"nthread": 1})
            self._booster.load_model(bytearray(self._learned["document"].encode()))
        is_regressor = self._learned["task"] == "regressor"
        found = self._booster.predict(xgboost.DMatrix(features, missing=numpy.nan, nthread=1), output_margin=not is_regressor)
        if is_regressor:
            return self._numbers(found / (self._learned.get("targetScale") or 1))
        return self._classes(found.reshape(len(features), -1), self._learned["threshold"])

    def close(self) -> None:
        pass
