"""The package's functions where Descent is around."""

from . import _encode
from ._commands import Knob, commands
from ._session import guarded, session


@guarded()
def log(*values, step=None, epoch=None, **named):
    if values:
        if len(values) > 1 or not isinstance(values[0], dict):
            session.note("descent.log takes names and values, or one dictionary of them")
            return
        named = dict(values[0], **named)
    session.log(step, epoch, named)


@guarded()
def log_parameters(*values, **named):
    if values:
        named = dict(values[0], **named)
    session.send("parameters", values={str(name): _text(value) for name, value in named.items()})


def _text(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else str(value)


@guarded()
def plan(steps=None, epochs=None):
    session.send("plan", steps=None if steps is None else int(steps), epochs=None if epochs is None else int(epochs))


@guarded()
def checkpoint(path, step=None, epoch=None, best=False):
    import os

    if step is None:
        step = session.step if session.step is not None else 0
    epoch = session.epoch if epoch is None else epoch
    writer = session.send("checkpoint", step=int(step), epoch=None if epoch is None else int(epoch),
                          path=os.path.abspath(os.fspath(path)), best=True if best else None)
    if writer is not None:
        # What was announced is acknowledged: it is in the file when the call returns.
        writer.flush()


def steer(name=None, default=None, *, optimizer=None, scheduler=None, **defaults):
    try:
        if optimizer is not None:
            from ._learning_rate import steer_optimizer

            steer_optimizer(optimizer, scheduler)
        if name is None and not defaults:
            return None
        wanted = dict(defaults)
        if name is not None:
            wanted = dict([(name, default)], **defaults)
        knobs = commands.knobs
        for key in wanted:
            if key not in knobs:
                commands.add(Knob(key, _encode.plain(key, wanted[key]) if not isinstance(wanted[key], str) else wanted[key]))
        commands.turn(next(iter(wanted)))
        if len(wanted) == 1:
            return knobs[next(iter(wanted))].get()
        return tuple(knobs[key].get() for key in wanted)
    except Exception as error:
        session.disable("steer: %s: %s" % (type(error).__name__, error))
        from . import _quiet

        return _quiet.steer(name, default, **defaults)


@guarded(otherwise=False)
def should_stop():
    return commands.should_stop()
