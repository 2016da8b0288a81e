"""SageMaker's estimators against this machine: `from descent.sagemaker import LinearLearner`, and the rest as it was.

They drive the `descent` program (DESCENT_BINARY, else found by PATH) and read its events; runs are kept in its workspace.
"""

from .algorithms import KNN, PCA, KMeans, LinearLearner, PyTorch, SKLearn, TensorFlow, XGBoost
from .binary import DescentNotFound, TrainingFailed
from .data import RecordSet, TrainingInput
from .display import compare
from .estimator import Estimator, NotYetHere, image_uris
from .job import TrainingJob
from .predictor import (BytesDeserializer, CSVDeserializer, CSVSerializer, DataCaptureConfig, EndpointError, JSONDeserializer, JSONSerializer,
                        Predictor, StringDeserializer)
from .tuner import (CategoricalParameter, ContinuousParameter, HyperparameterTuner, HyperparameterTuningJobAnalytics, IntegerParameter,
                    TuningJobCompletionCriteriaConfig, WarmStartConfig, WarmStartTypes)

#: What SageMaker's package calls it.
UnexpectedStatusException = TrainingFailed

__all__ = ["BytesDeserializer", "CSVDeserializer", "CSVSerializer", "CategoricalParameter", "ContinuousParameter", "DataCaptureConfig",
           "DescentNotFound", "EndpointError", "Estimator", "JSONDeserializer", "JSONSerializer", "Predictor", "StringDeserializer", "HyperparameterTuner",
           "HyperparameterTuningJobAnalytics", "IntegerParameter", "KMeans", "KNN", "LinearLearner", "NotYetHere", "PCA", "PyTorch", "RecordSet",
           "SKLearn", "TensorFlow", "TrainingFailed", "TrainingInput", "TrainingJob", "TuningJobCompletionCriteriaConfig",
           "UnexpectedStatusException", "WarmStartConfig", "WarmStartTypes", "XGBoost", "compare", "image_uris"]
