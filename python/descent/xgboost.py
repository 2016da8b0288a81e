"""A callback for XGBoost: `xgboost.train(..., callbacks=[descent.xgboost.Callback()])`, or of its scikit-learn estimators."""

import json

import descent

from ._commands import Knob, Refusal, commands
from ._saving import save
from ._session import guarded

import xgboost


class _Eta(Knob):
    def __init__(self, booster):
        super().__init__("learning_rate", 0.3)
        self.booster = booster
        self.value = self._configured()

    def _configured(self):
        try:
            booster = json.loads(self.booster.save_config())["learner"]["gradient_booster"]
            parameters = booster.get("tree_train_param") or booster.get("gbtree", {}).get("tree_train_param") or \
                booster.get("gblinear_train_param") or {}
            return float(parameters.get("learning_rate", parameters.get("eta", 0.3)))
        except Exception:
            return 0.3

    def set(self, value):
        if value <= 0:
            raise Refusal("learning_rate must be greater than 0")
        self.booster.set_param({"learning_rate": value})
        self.value = value
        return value


class Callback(xgboost.callback.TrainingCallback):
    """Logs each round's metrics as `dataset:metric`, lets the learning rate be set and the run be stopped from the studio.

    - `checkpoint`: a path (`model.ubj`) to which the model is saved every `every` rounds and announced;
      `xgboost.train(..., xgb_model=descent.resume_from().path)` goes on from it.
    """

    def __init__(self, checkpoint=None, every=10, rounds=None):
        super().__init__()
        self._checkpoint, self._every, self._rounds = checkpoint, max(1, int(every)), rounds
        self._before = 0
        self._knob = None

    @guarded()
    def _begin(self, model):
        try:
            self._before = int(model.num_boosted_rounds())
        except Exception:
            self._before = 0
        if self._rounds:
            descent.plan(steps=self._before + int(self._rounds))
        if descent.active and hasattr(model, "save_config"):
            self._knob = _Eta(model)
            before = commands.remembered("learning_rate", self._knob.value)
            if before != self._knob.value:
                # Parameters are no part of a saved model.
                self._knob.set(before)
            commands.add(self._knob)

    def before_training(self, model):
        self._begin(model)
        return model

    def after_iteration(self, model, epoch, evals_log):
        return bool(self._round(model, epoch, evals_log))

    @guarded(otherwise=False)
    def _round(self, model, epoch, evals_log):
        step = self._before + epoch + 1
        values = {}
        for dataset, metrics in evals_log.items():
            for metric, series in metrics.items():
                last = series[-1]
                values["%s:%s" % (dataset, metric)] = last[0] if isinstance(last, tuple) else last
        if values:
            descent.log(values, step=step)
        if self._checkpoint and step % self._every == 0 and hasattr(model, "save_model"):
            save(model, self._checkpoint, step)
        commands.turn("round", step + 1)
        if not descent.should_stop():
            return False
        if hasattr(model, "cvfolds"):
            # Cross-validation cuts its table there.
            model.set_attr(best_iteration=str(epoch))
        return True
