"""A callback for Lightning: `Trainer(callbacks=[descent.lightning.Callback()])`; `fit(ckpt_path=descent.lightning.ckpt_path())` goes on."""

import math
import os

import descent

from ._commands import commands
from ._session import guarded

try:
    from lightning.pytorch import Callback as _Base
except ImportError:
    from pytorch_lightning import Callback as _Base


def ckpt_path():
    """The checkpoint to go on from, for `Trainer.fit`, or None."""
    checkpoint = descent.resume_from()
    return checkpoint.path if checkpoint else None


class Callback(_Base):
    """Logs what the module logs, announces Lightning's checkpoints, lets the learning rate be set and the run be stopped.

    - `hook`: whether the model's inside is summarised too, as by `descent.Hook`.
    """

    def __init__(self, hook=False):
        super().__init__()
        self._hook = hook
        self._announced = set()
        self._of_steps = set()
        self._of_validation = set()
        self._of_training = None

    @guarded()
    def on_train_start(self, trainer, pl_module):
        if not descent.active:
            return
        steps = trainer.estimated_stepping_batches
        epochs = trainer.max_epochs
        descent.plan(steps=int(steps) if steps and math.isfinite(steps) and steps > 0 else None,
                     epochs=epochs if epochs and epochs > 0 else None)
        from ._learning_rate import steer_optimizer

        for optimizer in trainer.optimizers:
            steer_optimizer(optimizer)
        if self._hook:
            from .hook import Hook

            self._hook = Hook(pl_module, list(trainer.optimizers), start_step=self._step(trainer))

    @staticmethod
    def _step(trainer):
        # Lightning counts the steps of all optimizers together.
        return trainer.global_step // max(1, len(trainer.optimizers))

    def _log(self, trainer, metrics):
        if metrics and trainer.is_global_zero and not trainer.sanity_checking:
            descent.log(dict(metrics), step=self._step(trainer), epoch=trainer.current_epoch)

    @guarded()
    def on_train_batch_end(self, trainer, pl_module, outputs, batch, batch_idx):
        if not descent.active:
            return
        if trainer.global_step % max(1, trainer.log_every_n_steps) == 0:
            # The last values of a validation stay in the list.
            values = {name: value for name, value in trainer.logged_metrics.items() if name not in self._of_validation}
            self._of_steps.update(values)
            self._log(trainer, values)
        self._announce(trainer)
        commands.turn("batch")
        if descent.should_stop():
            trainer.should_stop = True

    @guarded()
    def on_train_epoch_end(self, trainer, pl_module):
        self._log(trainer, {name: value for name, value in trainer.callback_metrics.items() if not name.endswith("_step")
                            and name not in self._of_steps and name not in self._of_validation})
        self._announce(trainer)

    @guarded()
    def on_validation_start(self, trainer, pl_module):
        self._of_training = set(trainer.callback_metrics)

    @guarded()
    def on_validation_end(self, trainer, pl_module):
        # Lightning has one list of metrics for all: those of a validation are the ones that it brought.
        metrics = trainer.callback_metrics
        if not trainer.sanity_checking:
            self._of_validation.update(set(metrics) - (self._of_training or set()))
        self._log(trainer, {name: metrics[name] for name in metrics if name in self._of_validation})
        self._announce(trainer)

    @guarded()
    def on_train_end(self, trainer, pl_module):
        self._announce(trainer)

    on_fit_end = on_train_end

    def _announce(self, trainer):
        """ModelCheckpoint runs after all others and says nothing: what it wrote is seen at the next turn."""
        if not trainer.is_global_zero:
            return
        for keeper in trainer.checkpoint_callbacks:
            best = getattr(keeper, "best_model_path", "")
            for path in {best, getattr(keeper, "last_model_path", ""), getattr(keeper, "_last_checkpoint_saved", "")}:
                if not path or not os.path.exists(path):
                    continue
                key = (path, os.stat(path).st_mtime_ns)
                if key not in self._announced:
                    self._announced.add(key)
                    step = getattr(keeper, "_last_global_step_saved", None) or trainer.global_step
                    descent.checkpoint(path, step=step // max(1, len(trainer.optimizers)), epoch=trainer.current_epoch,
                                       best=path == best)
