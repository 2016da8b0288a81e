"""A callback for Keras 3 and tf.keras: `model.fit(..., callbacks=[descent.keras.Callback()])`."""

import json
import os

import descent

from ._arrays import Weights
from ._commands import Refusal, commands
from ._rate_watch import WatchedRate
from ._session import first_step, guarded, session
from ._whole import asked as asked_whole
from .hook import COLLECTIONS, asked_for

try:
    import keras
except ImportError:
    from tensorflow import keras


class Callback(keras.callbacks.Callback):
    """Logs what Keras computes, lets the learning rate be set and the run be stopped from the studio.

    - `every`: batches between two values within an epoch; as in Keras' own bar these are means of the epoch so far.
    At the end of each epoch (of one in `--debug-save-interval`, where that is a number) weights, biases and what the epoch changed of them
    are summed up.

    - `checkpoint`: a path (`model.keras`) to which the model is saved after each epoch and announced, so that the run can go on.
    """

    def __init__(self, every=20, checkpoint=None):
        super().__init__()
        self._every, self._checkpoint = max(1, int(every)), checkpoint
        self._step = first_step()
        self._epoch = None
        self._rate = None
        self._best = None
        self._in_part = False
        every, limit, collections = asked_for(1, 0.02, frozenset(COLLECTIONS))
        self._weights = Weights(every if limit else 0, collections)
        self._whole = asked_whole()

    def __deepcopy__(self, memo):
        return self

    @guarded()
    def on_train_begin(self, logs=None):
        epochs, steps = self.params.get("epochs"), self.params.get("steps")
        descent.plan(steps=epochs * steps if epochs and steps else None, epochs=epochs)
        optimizer = getattr(self.model, "optimizer", None)
        if optimizer is None or not descent.active:
            return
        if hasattr(optimizer, "learning_rate"):
            rate = WatchedRate(lambda: _number(optimizer.learning_rate), lambda value: _set(optimizer, value))
            if self._rate is None:
                rate.begin()
            self._rate = rate
            commands.add(rate)

    def on_epoch_begin(self, epoch, logs=None):
        self._epoch = epoch

    @guarded()
    def on_train_batch_begin(self, batch, logs=None):
        if batch == 0 and self._rate is not None:
            # Keras' schedules are callbacks at the beginning or end of an epoch.
            self._rate.check()

    @guarded()
    def on_train_batch_end(self, batch, logs=None):
        self._step += 1
        # The last batch of an epoch is told with the epoch.
        if batch and self._step % self._every == 0 and batch + 1 != self.params.get("steps"):
            descent.log(_numbers(logs), step=self._step, epoch=self._epoch)
        commands.turn("batch", self._step)
        if descent.should_stop():
            self.model.stop_training = True
            self._in_part = batch + 1 != self.params.get("steps")

    @guarded()
    def on_epoch_end(self, epoch, logs=None):
        if self._in_part:
            # Keras ends a part of an epoch as it ends an epoch: the checkpoint before it is what the run goes on from.
            return
        values = _numbers(logs)
        descent.log(values, step=self._step, epoch=epoch + 1)
        writer = session.writer() if descent.active else None
        if writer is not None and writer.rank == 0 and self._weights.interval and epoch % self._weights.interval == 0:
            self._weights.tell(writer, self._step, self._named())
            save = self._whole.choice(self._step) if self._whole is not None else None
            for name, values in self._named() if save is not None else ():
                save(name, values)
        if self._checkpoint:
            value = values.get("val_loss", values.get("loss"))
            best = value is not None and (self._best is None or value < self._best)
            if best:
                self._best = value
            self._save(epoch, best)

    def _named(self):
        for variable in self.model.trainable_variables:
            yield getattr(variable, "path", variable.name), variable.numpy() if hasattr(variable, "numpy") else variable

    def _save(self, epoch, best):
        path = os.fspath(self._checkpoint)
        folder, name = os.path.split(os.path.abspath(path))
        os.makedirs(folder, exist_ok=True)
        part = os.path.join(folder, "part-" + name)
        self.model.save(part)
        os.replace(part, path)
        with open(path + ".json.part", "w") as file:
            json.dump({"epoch": epoch + 1, "step": self._step}, file)
        os.replace(path + ".json.part", path + ".json")
        descent.checkpoint(path, step=self._step, epoch=epoch + 1, best=best)


def resume():
    """The model to go on with and the number of epochs that it has had, or None where the run starts anew.

        resumed = descent.keras.resume()
        model, epochs = resumed or (build(), 0)
        model.fit(..., initial_epoch=epochs)
    """
    checkpoint = descent.resume_from()
    if checkpoint is None:
        return None
    with open(checkpoint.path + ".json") as file:
        epoch = json.load(file)["epoch"]
    return keras.models.load_model(checkpoint.path), epoch


def _number(value):
    try:
        return float(value)
    except TypeError:
        return float(value.numpy())


def _numbers(logs):
    return {name: value for name, value in (logs or {}).items() if name not in ("batch", "size")}


def _set(optimizer, value):
    schedule = getattr(optimizer, "_learning_rate", None)
    if isinstance(schedule, keras.optimizers.schedules.LearningRateSchedule):
        raise Refusal("the optimizer's learning rate is a schedule (%s), which Keras does not let be changed" % type(schedule).__name__)
    optimizer.learning_rate = value
