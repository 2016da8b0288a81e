"""The model of Spark ML: a model of Descent's that adds columns to frames."""

import json

from pyspark import keyword_only
from pyspark.ml import Model
from pyspark.ml.functions import array_to_vector, vector_to_array
from pyspark.ml.param import Param, Params, TypeConverters
from pyspark.ml.param.shared import HasFeaturesCol
from pyspark.ml.util import DefaultParamsReadable, DefaultParamsWritable
from pyspark.sql import functions as F

from descent.spark import frame as frames
from descent._spark.scoring import Scorer


class DescentModel(Model, HasFeaturesCol, DefaultParamsReadable, DefaultParamsWritable):
    """Predicts for the rows of a frame.

    `scorer` is `binary`, the `descent` program on each executor, whose predictions are those of `descent predict` to the bit; `numpy`,
    which needs no program there and agrees to single precision; or `auto`: `binary` where the executors are this machine.
    """

    document = Param(Params._dummy(), "document", "the model, as Descent keeps it", TypeConverters.toString)
    inputNames = Param(Params._dummy(), "inputNames", "names of the features", TypeConverters.toListString)
    run = Param(Params._dummy(), "run", "the run it is from", TypeConverters.toString)
    response = Param(Params._dummy(), "response", "which columns it adds", TypeConverters.toString)
    scorer = Param(Params._dummy(), "scorer", "auto, binary or numpy", TypeConverters.toString)

    @keyword_only
    def __init__(self, *, document=None, inputNames=None, run=None, response=None, featuresCol=None, scorer=None) -> None:
        super().__init__()
        self._setDefault(featuresCol="features", scorer="auto", response="score", run="")
        self._set(**{name: value for name, value in self._input_kwargs.items() if value is not None})

    @property
    def classes(self) -> "list | None":
        return json.loads(self.getOrDefault(self.document)).get("target", {}).get("classes", {}).get("_1")

    def transformSchema(self, schema):
        frames.check_schema(schema, self.getFeaturesCol(), None)
        return schema

    def _transform(self, dataset):
        self.transformSchema(dataset.schema)
        score = Scorer(
            self.getOrDefault(self.document), self.getOrDefault(self.inputNames), self.getOrDefault(self.scorer),
            dataset.sparkSession.sparkContext.master)
        features = vector_to_array(F.col("`" + self.getFeaturesCol().replace("`", "``") + "`"))
        answered = dataset.withColumn("__descent", score.udf()(features))
        found = F.col("__descent")
        columns = {
            "clusters": lambda: {"distance_to_cluster": found.value[0], "closest_cluster": found.label},
            "projection": lambda: {"projection": array_to_vector(found.value)},
            "score": lambda: self._supervised(found, "predicted_label"),
            "prediction": lambda: self._boosted(found),
        }[self.getOrDefault(self.response)]()
        return answered.withColumns(columns).drop("__descent")

    def _supervised(self, found, label: str) -> dict:
        classes = self.classes
        if classes is None:
            return {"score": found.value[0]}
        return {"score": found.value[0] if len(classes) == 2 else array_to_vector(found.value), label: found.label}

    def _boosted(self, found) -> dict:
        return {"prediction": found.value[0]} if self.classes is None else self._supervised(found, "prediction")
