"""The package's functions where Descent is around."""

from time import monotonic, time

from . import _encode
from ._commands import ASKED, Knob, commands
from ._session import FARTHEST, guarded, session
from ._writer import HELP_LIMIT


def log(*values, step=None, epoch=None, **named):
    # The usual call in as little code as can be: between two steps of training all of it is read from memory anew.
    writer = session.open_writer
    if writer is not None and type(step) is int and -FARTHEST <= step <= FARTHEST and not values \
            and (epoch is None or type(epoch) is int and -FARTHEST <= epoch <= FARTHEST):
        for value in named.values():
            if type(value) is not float and type(value) is not int:
                break
        else:
            if step != session.step:
                session.step, session.names = step, named
            else:
                session.names = dict(session.names, **named)
            if epoch is not None:
                session.epoch = epoch
            if named:
                queue = writer.queue
                queue.append((step, epoch, time(), named))
                if len(queue) > HELP_LIMIT:
                    writer.help()
            return
    _log(values, step, epoch, named)


@guarded()
def _log(values, step, epoch, named):
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
    session.send("plan", steps=session.whole(steps, "a count of steps"), epochs=session.whole(epochs, "a count of epochs"))


@guarded()
def checkpoint(path, step=None, epoch=None, best=False):
    import os

    step = session.whole(step, "a checkpoint's step", "it is that of the last values")
    if step is None:
        step = session.step if session.step is not None else 0
    epoch = session.whole(epoch, "a checkpoint's epoch", "it is that of the last values")
    epoch = session.epoch if epoch is None else epoch
    writer = session.send("checkpoint", step=step, epoch=epoch,
                          path=os.path.abspath(os.fspath(path)), best=True if best else None)
    if writer is not None:
        # What was announced is acknowledged: it is in the file when the call returns.
        writer.flush()


def steer(name=None, default=None, *, optimizer=None, scheduler=None, **defaults):
    try:
        if name in commands.knobs and not defaults and optimizer is None and monotonic() < commands.look_at:
            return _given(commands.knobs[name])
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
                value = wanted[key] if isinstance(wanted[key], str) else _encode.plain(key, wanted[key])
                commands.add(Knob(key, commands.remembered(key, value)))
            knobs[key].given_after = ASKED
        commands.turn(next(iter(wanted)))
        if len(wanted) == 1:
            return _given(knobs[next(iter(wanted))])
        return tuple(_given(knobs[key]) for key in wanted)
    except Exception as error:
        session.disable("steer: %s: %s" % (type(error).__name__, error))
        from . import _quiet

        return _quiet.steer(name, default, **defaults)


def _given(knob):
    knob.given_after = session.step
    return knob.get()


def should_stop():
    return commands.stopping if monotonic() < commands.look_at else _should_stop()


@guarded(otherwise=False)
def _should_stop():
    return commands.should_stop()
