"""The package's functions without Descent around: nothing, as cheaply as a call can be."""


def log(*values, step=None, epoch=None, **named):
    pass


def log_parameters(*values, **named):
    pass


def plan(steps=None, epochs=None):
    pass


def checkpoint(path, step=None, epoch=None, best=False):
    pass


def steer(name=None, default=None, *, optimizer=None, scheduler=None, **defaults):
    if not defaults:
        return default
    if name is None and len(defaults) == 1:
        return next(iter(defaults.values()))
    return (() if name is None else (default,)) + tuple(defaults.values())


def should_stop():
    return False
