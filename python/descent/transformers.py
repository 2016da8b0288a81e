"""A callback for Hugging Face's Trainer: `Trainer(..., callbacks=[descent.transformers.Callback()])`."""

import os

import descent

from ._commands import commands
from ._session import guarded

from transformers import TrainerCallback

#: What the trainer sums up at the end, or says of its own speed: no curves.
_NO_CURVES = {"epoch", "total_flos", "train_loss", "train_runtime", "train_samples_per_second", "train_steps_per_second",
              "eval_runtime", "eval_samples_per_second", "eval_steps_per_second"}


def checkpoint_path():
    """The checkpoint to go on from, for `Trainer.train(resume_from_checkpoint=…)`, or None."""
    checkpoint = descent.resume_from()
    return checkpoint.path if checkpoint else None


class Callback(TrainerCallback):
    """Logs what the trainer logs in full precision, announces its checkpoints, lets the rate be set and the run be stopped.

    - `hook`: whether the model's inside is summarised too, as by `descent.Hook`.
    """

    def __init__(self, hook=False):
        self._hook = hook

    @guarded()
    def on_train_begin(self, args, state, control, model=None, optimizer=None, lr_scheduler=None, **others):
        if not descent.active:
            return
        epochs = args.num_train_epochs
        descent.plan(steps=state.max_steps if state.max_steps and state.max_steps > 0 else None,
                     epochs=int(epochs) if epochs and epochs == int(epochs) and epochs > 0 else None)
        if optimizer is not None:
            from ._learning_rate import steer_optimizer

            steer_optimizer(optimizer, lr_scheduler)
            if self._hook and model is not None:
                from .hook import Hook

                self._hook = Hook(model, optimizer, start_step=state.global_step)

    @guarded()
    def on_log(self, args, state, control, logs=None, **others):
        if state.is_world_process_zero:
            values = {name: value for name, value in (logs or {}).items()
                      if name not in _NO_CURVES and isinstance(value, (int, float))}
            if values:
                descent.log(values, step=state.global_step, epoch=None if state.epoch is None else int(state.epoch))

    def on_step_end(self, args, state, control, **others):
        return self._stepped(state, control)

    @guarded()
    def _stepped(self, state, control):
        commands.turn("step", state.global_step + 1)
        if descent.should_stop():
            control.should_training_stop = True
        return control

    @guarded()
    def on_save(self, args, state, control, **others):
        path = os.path.join(args.output_dir, "checkpoint-%d" % state.global_step)
        if state.is_world_process_zero and os.path.isdir(path):
            best = getattr(state, "best_model_checkpoint", None)
            descent.checkpoint(path, step=state.global_step, epoch=None if state.epoch is None else int(state.epoch),
                               best=best is not None and os.path.abspath(best) == os.path.abspath(path))
