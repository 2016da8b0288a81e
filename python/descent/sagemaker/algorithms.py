"""The estimators by name: built-in algorithms, whose arguments are hyperparameters, and frameworks, which run a script."""

import inspect

from .estimator import _OF_A_CLUSTER, _REFUSED, Estimator
from .predictor import JSONDeserializer

_COMMON = set(inspect.signature(Estimator.__init__).parameters) | _OF_A_CLUSTER | set(_REFUSED)


class _BuiltIn(Estimator):
    """An algorithm of Descent's own: what is no argument of every estimator is a hyperparameter."""

    def __init__(self, role=None, instance_count=1, instance_type=None, **arguments):
        common = {name: value for name, value in arguments.items() if name in _COMMON}
        own = {name: value for name, value in arguments.items() if name not in _COMMON}
        hyperparameters = dict(common.pop("hyperparameters", None) or {}, **own)
        super().__init__(role=role, instance_count=instance_count, instance_type=instance_type, hyperparameters=hyperparameters, **common)

    def _deserializer(self):
        return JSONDeserializer()


class LinearLearner(_BuiltIn):
    """SageMaker's linear learner: `LinearLearner(role, 1, "ml.m5.xlarge", predictor_type="regressor", epochs=10)`."""

    algorithm = "linear-learner"

    def __init__(self, role=None, instance_count=1, instance_type=None, predictor_type=None, **arguments):
        kinds = ("binary_classifier", "multiclass_classifier", "regressor")
        if predictor_type is not None and predictor_type not in kinds:
            raise ValueError("predictor_type is %s: it must be one of %s" % (predictor_type, ", ".join(kinds)))
        super().__init__(role, instance_count, instance_type, predictor_type=predictor_type, **arguments)

    def set_hyperparameters(self, **hyperparameters):
        # The objective of tuning is called so here; the loss is the hyperparameter `loss`.
        objective = hyperparameters.pop("objective", None)
        if objective is not None:
            self._objective = objective
        super().set_hyperparameters(**hyperparameters)

    _objective = None

    def _settings(self):
        return (["--objective", self._objective] if self._objective else []) + super()._settings()


class KNN(_BuiltIn):
    """SageMaker's k nearest neighbours: `KNN(role, 1, "ml.m5.xlarge", k=10, sample_size=1000, predictor_type="classifier")`."""

    algorithm = "knn"

    def __init__(self, role=None, instance_count=1, instance_type=None, k=None, sample_size=None, predictor_type=None, **arguments):
        if predictor_type not in (None, "classifier", "regressor"):
            raise ValueError("predictor_type is %s: it must be one of classifier, regressor" % predictor_type)
        # How many classes there are is seen in the data.
        kind = None if predictor_type == "classifier" else predictor_type
        super().__init__(role, instance_count, instance_type, k=k, sample_size=sample_size, predictor_type=kind, **arguments)


class KMeans(_BuiltIn):
    """SageMaker's k-means: `KMeans(role, 1, "ml.m5.xlarge", k=10)`."""

    algorithm = "kmeans"
    needs_target = False

    def __init__(self, role=None, instance_count=1, instance_type=None, k=None, **arguments):
        super().__init__(role, instance_count, instance_type, k=k, **arguments)


class PCA(_BuiltIn):
    """SageMaker's PCA: `PCA(role, 1, "ml.m5.xlarge", num_components=3)`."""

    algorithm = "pca"
    needs_target = False

    def __init__(self, role=None, instance_count=1, instance_type=None, num_components=None, **arguments):
        super().__init__(role, instance_count, instance_type, num_components=num_components, **arguments)


class XGBoost(_BuiltIn):
    """The XGBoost algorithm by its hyperparameters, or as a framework by `entry_point`."""

    algorithm = "xgboost"

    def __init__(self, entry_point=None, role=None, instance_count=1, instance_type=None, **arguments):
        super().__init__(role, instance_count, instance_type, entry_point=entry_point, **arguments)

    def _deserializer(self):
        # Its answer is a line of numbers, which its users take apart themselves.
        return None


class _Framework(Estimator):
    is_framework = True

    def __init__(self, entry_point, role=None, instance_count=1, instance_type=None, source_dir=None, hyperparameters=None, **arguments):
        super().__init__(role=role, instance_count=instance_count, instance_type=instance_type, entry_point=entry_point,
                         source_dir=source_dir, hyperparameters=hyperparameters, **arguments)


class PyTorch(_Framework):
    """A script that uses PyTorch, in the Python that finds itself first in PATH."""


class TensorFlow(_Framework):
    """A script that uses TensorFlow or Keras."""


class SKLearn(_Framework):
    """A script that uses scikit-learn."""
