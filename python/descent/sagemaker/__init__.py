"""SageMaker's estimators against this machine: `from descent.sagemaker import LinearLearner`, and the rest as it was.

They drive the `descent` program (DESCENT_BINARY, else found by PATH) and read its events; runs are kept in its workspace.
"""

from .algorithms import PCA, KMeans, LinearLearner, PyTorch, SKLearn, TensorFlow, XGBoost
from .binary import DescentNotFound, TrainingFailed
from .data import RecordSet, TrainingInput
from .estimator import Estimator, NotYetHere, image_uris
from .job import TrainingJob
from .tuner import (CategoricalParameter, ContinuousParameter, HyperparameterTuner, HyperparameterTuningJobAnalytics, IntegerParameter,
                    TuningJobCompletionCriteriaConfig, WarmStartConfig, WarmStartTypes)

#: What SageMaker's package calls it.
UnexpectedStatusException = TrainingFailed

__all__ = ["CategoricalParameter", "ContinuousParameter", "DescentNotFound", "Estimator", "HyperparameterTuner",
           "HyperparameterTuningJobAnalytics", "IntegerParameter", "KMeans", "LinearLearner", "NotYetHere", "PCA", "PyTorch", "RecordSet",
           "SKLearn", "TensorFlow", "TrainingFailed", "TrainingInput", "TrainingJob", "TuningJobCompletionCriteriaConfig",
           "UnexpectedStatusException", "WarmStartConfig", "WarmStartTypes", "XGBoost", "image_uris"]
