"""Estimators of Spark ML that train by the `descent` program."""

import json
import os
import subprocess
import tempfile

from pyspark import keyword_only
from pyspark.ml import Estimator
from pyspark.ml.param import Param, Params, TypeConverters
from pyspark.ml.param.shared import HasFeaturesCol, HasLabelCol, HasSeed
from pyspark.ml.util import DefaultParamsReadable, DefaultParamsWritable

from descent.sagemaker import binary
from descent.spark import frame as frames
from descent.spark.models import DescentModel


class DescentEstimator(Estimator, HasFeaturesCol, HasLabelCol, HasSeed, DefaultParamsReadable, DefaultParamsWritable):
    """Trains any algorithm that `descent train --engine spark` has on a frame of vectors.

    Parameters are Spark's; hyperparameters of the algorithm stand in `hyperparameters`, and those of a class of its own are parameters
    themselves, by Descent's names, so that `ParamGridBuilder` can vary them. Rows stay distributed; with `collect=True` they are
    fetched and trained on by this machine alone.
    """

    algorithm = Param(Params._dummy(), "algorithm", "linear-learner, xgboost, kmeans or pca", TypeConverters.toString)
    task = Param(Params._dummy(), "task", "regression or classification; empty = what the labels say", TypeConverters.toString)
    hyperparameters = Param(Params._dummy(), "hyperparameters", "more settings, by Descent's names")
    workspace = Param(Params._dummy(), "workspace", "Descent's workspace; empty = the usual one", TypeConverters.toString)
    experiment = Param(Params._dummy(), "experiment", "the experiment of its runs", TypeConverters.toString)
    runName = Param(Params._dummy(), "runName", "the run's name; empty = one is made", TypeConverters.toString)
    validationSplit = Param(Params._dummy(), "validationSplit", "share of rows to validate on", TypeConverters.toFloat)
    collect = Param(Params._dummy(), "collect", "whether the rows are fetched and trained on by one machine", TypeConverters.toBoolean)

    #: What a class of its own trains with, whether it needs labels, and which hyperparameters are its parameters.
    own_algorithm: "str | None" = None
    own_task = ""
    settings: tuple = ()
    response = "score"

    @keyword_only
    def __init__(self, **given) -> None:
        super().__init__()
        for name in self.settings:
            setattr(self, name, Param(self, name, f"hyperparameter {name} of {self.own_algorithm}"))
        self._setDefault(
            algorithm=self.own_algorithm or "linear-learner", task=self.own_task, hyperparameters={}, workspace="",
            experiment="spark", runName="", validationSplit=0.0, collect=False, featuresCol="features", labelCol="label", seed=0)
        self._set(**self._input_kwargs)

    def setParams(self, **given) -> "DescentEstimator":
        return self._set(**given)

    @property
    def is_supervised(self) -> bool:
        return self.getOrDefault(self.algorithm) not in ("kmeans", "pca")

    def transformSchema(self, schema):
        """Refuses a frame that cannot be trained on; otherwise gives its schema with the columns that a model adds."""
        frames.check_schema(schema, self.getFeaturesCol(), self.getLabelCol() if self.is_supervised else None)
        return schema

    def _fit(self, dataset) -> DescentModel:
        self.transformSchema(dataset.schema)
        features, label = self.getFeaturesCol(), self.getLabelCol() if self.is_supervised else None
        names = frames.feature_names(dataset, features)
        target = label
        while target in names:
            target += "_"
        rows = frames.numbers(dataset, features, label, len(names))
        train = self._fetched if self.getOrDefault(self.collect) else self._distributed
        run, folder = train(dataset.sparkSession, rows, names, target)
        with open(os.path.join(folder, "model.json"), encoding="utf-8") as file:
            document = file.read()
        model = DescentModel(
            document=document, inputNames=names, run=run, response=self._response(), featuresCol=features)
        return self._copyValues(model)

    def _response(self) -> str:
        kind = self.getOrDefault(self.algorithm)
        return {"kmeans": "clusters", "pca": "projection", "xgboost": "prediction"}.get(kind, self.response)

    def _arguments(self, data: str, target: "str | None", names: list) -> list:
        get = self.getOrDefault
        arguments = ["train", data, "--algorithm", get(self.algorithm), "--json", "--experiment", get(self.experiment)]
        arguments += ["--validation-split", repr(get(self.validationSplit)), "--seed", str(abs(self.getSeed()) & 0xFFFF_FFFF)]
        if target:
            arguments += ["--target", target]
        for option, param in (("--task", self.task), ("--workspace", self.workspace), ("--name", self.runName)):
            if get(param):
                arguments += [option, get(param)]
        for name in names:
            arguments += ["--keep", name]
        settings = dict(get(self.hyperparameters))
        settings.update({name: self.getOrDefault(name) for name in self.settings if self.isDefined(name)})
        for name, value in sorted(settings.items()):
            arguments += ["--set", f"{name}={_text(value)}"]
        return arguments

    def _distributed(self, spark, rows, names: list, target: "str | None") -> tuple:
        from descent.spark.serving import Server

        server = Server(spark, rows, names + ([target] if target else []))
        try:
            arguments = self._arguments("frame", target, names) + ["--engine", "spark"]
            run = _trained(arguments, {"DESCENT_SPARK_SESSION": server.path})
            return run, server.work.folder
        finally:
            server.close()

    def _fetched(self, spark, rows, names: list, target: "str | None") -> tuple:
        import pyarrow.parquet

        with tempfile.TemporaryDirectory(prefix="descent-spark-") as folder:
            path = os.path.join(folder, "frame.parquet")
            table = rows.toArrow().rename_columns(names + ([target] if target else []))
            pyarrow.parquet.write_table(table, path)
            run = _trained(self._arguments(path, target, names), {})
        workspace = self.getOrDefault(self.workspace)
        status, output, error = binary.run(["runs", "show", run] + (["--workspace", workspace] if workspace else []))
        folders = [line.split(None, 1)[1].strip() for line in output.splitlines() if line.startswith("artifacts ")]
        if status != 0 or not folders:
            raise binary.TrainingFailed(error or f"the run {run} is not in the workspace")
        return run, folders[0]


def _text(value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _trained(arguments: list, environment: dict) -> str:
    """Trains, and gives the run's id."""
    done = subprocess.run(
        [binary.path()] + arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True,
        env=binary._environment(environment))
    finished = [json.loads(line) for line in done.stdout.splitlines() if '"kind":"jobFinished"' in line]
    if done.returncode != 0 or not finished or finished[-1]["status"] != "Completed":
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        reason = finished[-1].get("reason") if finished else None
        raise binary.TrainingFailed(lines[-1] if lines else reason or "descent train ended without a word")
    return finished[-1]["run"]


class KMeansEstimator(DescentEstimator):
    """K-means: its model adds `distance_to_cluster` and `closest_cluster`."""

    own_algorithm = "kmeans"
    settings = ("k", "epochs", "init_method", "local_lloyd_max_iter", "local_lloyd_tol", "normalize_data")


class PCAEstimator(DescentEstimator):
    """Principal components: its model adds the vector `projection`."""

    own_algorithm = "pca"
    settings = ("num_components", "subtract_mean", "normalize_data")


class XGBoostEstimator(DescentEstimator):
    """XGBoost: its model adds `prediction`, and for classes `score`."""

    own_algorithm = "xgboost"
    settings = (
        "num_round", "eta", "max_depth", "min_child_weight", "subsample", "colsample_bytree", "gamma", "alpha", "objective",
        "tree_method", "max_bin", "scale_pos_weight")


class _LinearLearner(DescentEstimator):
    own_algorithm = "linear-learner"
    settings = ("epochs", "wd", "loss", "use_bias", "normalize_data", "positive_example_weight_mult")


class LinearLearnerRegressor(_LinearLearner):
    """Linear regression: its model adds `score`."""

    own_task = "regressor"


class LinearLearnerBinaryClassifier(_LinearLearner):
    """Logistic regression: its model adds `score` and `predicted_label`."""

    own_task = "binary_classifier"


class LinearLearnerMultiClassClassifier(_LinearLearner):
    """Softmax regression: its model adds the vector `score`, and `predicted_label`."""

    own_task = "multiclass_classifier"
