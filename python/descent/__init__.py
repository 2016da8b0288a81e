"""What a training script says to Descent and hears from it.

    import descent
    descent.log(step=step, loss=loss, accuracy=accuracy)

Without Descent around (`descent train --algorithm script --script this.py`) every call does nothing.
"""

import os as _os

from ._script import Checkpoint, channel, hyperparameters, resume_from

__version__ = "0.1.0"

#: Whether a run of Descent listens.
active = bool(_os.environ.get("DESCENT_MESSAGES"))

if active:
    from ._live import checkpoint, log, log_parameters, plan, should_stop, steer
else:
    from ._quiet import checkpoint, log, log_parameters, plan, should_stop, steer

_estimators = ("Estimator", "LinearLearner", "XGBoost", "KNN", "KMeans", "PCA", "PyTorch", "TensorFlow", "SKLearn", "TrainingInput", "compare")
_modules = ("keras", "xgboost", "lightgbm", "lightning", "transformers", "sagemaker")

__all__ = ["active", "channel", "checkpoint", "hyperparameters", "log", "log_parameters", "plan", "resume_from",
           "should_stop", "steer", "Checkpoint", "Hook"] + list(_estimators) + list(_modules)


def __getattr__(name):
    """What needs a framework, or costs time to import, is imported when it is asked for."""
    import importlib

    if name == "Hook":
        value = importlib.import_module(".hook", __name__).Hook
    elif name in _modules:
        return importlib.import_module("." + name, __name__)
    elif name in _estimators:
        value = getattr(importlib.import_module(".sagemaker", __name__), name)
    else:
        raise AttributeError("module 'descent' has no attribute %r" % name)
    globals()[name] = value
    return value


def __dir__():
    return sorted(__all__)
