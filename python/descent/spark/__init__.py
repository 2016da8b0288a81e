"""Descent as stages of Spark ML: estimators that train on a frame's executors, and models that add columns to frames.

    from descent.spark import KMeansEstimator, XGBoostEstimator

    model = XGBoostEstimator(num_round=50, featuresCol="features", labelCol="label").fit(frame)
    model.transform(frame)

A frame has a column of vectors and, for supervised training, one of doubles. Rows stay with Spark: the `descent` program (DESCENT_BINARY,
else PATH) asks for sums over them, so that runs, curves, checkpoints and models are those of `descent train`, in its workspace.
"""

from descent.spark.estimators import (
    DescentEstimator,
    KMeansEstimator,
    LinearLearnerBinaryClassifier,
    LinearLearnerMultiClassClassifier,
    LinearLearnerRegressor,
    PCAEstimator,
    XGBoostEstimator,
)
from descent.spark.models import DescentModel

__all__ = [
    "DescentEstimator", "DescentModel", "KMeansEstimator", "LinearLearnerBinaryClassifier", "LinearLearnerMultiClassClassifier",
    "LinearLearnerRegressor", "PCAEstimator", "XGBoostEstimator",
]
