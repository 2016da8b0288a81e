"""A callback for LightGBM: `lightgbm.train(..., callbacks=[descent.lightgbm.callback()])`, or of its scikit-learn estimators."""


import descent

from ._commands import Knob, Refusal, commands
from ._saving import save
from ._session import guarded


class _Rate(Knob):
    def __init__(self, model, value):
        super().__init__("learning_rate", float(value))
        self.model = model

    def set(self, value):
        if value <= 0:
            raise Refusal("learning_rate must be greater than 0")
        self.model.reset_parameter({"learning_rate": value})
        self.value = value
        return value


class _Callback:
    """LightGBM calls it after each round; it is picklable, as estimators that hold it are copied."""

    def __init__(self, checkpoint, every):
        self._checkpoint, self._every = checkpoint, max(1, int(every))
        self._known = False
        # LightGBM gives an order to instances that have none of their own.
        self.order, self.before_iteration = 25, False

    def __getstate__(self):
        return dict(self.__dict__, _known=False)

    def __call__(self, env):
        if self._round(env):
            from lightgbm.callback import EarlyStopException

            raise EarlyStopException(env.iteration, env.evaluation_result_list)

    @guarded(otherwise=False)
    def _round(self, env):
        model = env.model
        if not self._known:
            self._known = True
            descent.plan(steps=env.end_iteration)
            if descent.active and hasattr(model, "reset_parameter"):
                params = env.params or {}
                rate = next((params[name] for name in ("learning_rate", "eta", "shrinkage_rate") if name in params), 0.1)
                knob = _Rate(model, rate)
                before = commands.remembered("learning_rate", knob.value)
                if before != knob.value:
                    # Parameters are no part of a saved model.
                    knob.set(before)
                commands.add(knob)
        step = env.iteration + 1
        values = dict(_result(entry) for entry in env.evaluation_result_list or [])
        if values:
            descent.log(values, step=step)
        if self._checkpoint and step % self._every == 0 and hasattr(model, "save_model"):
            save(model, self._checkpoint, step)
        commands.turn("round", step + 1)
        return descent.should_stop()


def _result(entry):
    """Entries are tuples, from 4.7 on objects."""
    if hasattr(entry, "metric_name"):
        dataset, metric, value = entry.dataset_name, entry.metric_name, entry.metric_value
    else:
        dataset, metric, value = entry[0], entry[1], entry[2]
    return "%s:%s" % ("train" if dataset == "training" else dataset, metric), value


def callback(checkpoint=None, every=10):
    """Logs each round's metrics as `dataset:metric`, lets the learning rate be set and the run be stopped from the studio.

    - `checkpoint`: a path to which the model is saved every `every` rounds and announced; `init_model=` goes on from it.
    """
    return _Callback(checkpoint, every)
