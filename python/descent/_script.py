"""What a script finds in its environment: hyperparameters, channels, the checkpoint to go on from. Works without Descent."""

import collections
import os
import sys

Checkpoint = collections.namedtuple("Checkpoint", ["path", "step"])


def hyperparameters(**defaults):
    """The hyperparameters with their types: of SM_HPS, else of `--name value` arguments, on top of `defaults`."""
    import json

    values = dict(defaults)
    text = os.environ.get("SM_HPS")
    given = None
    if text:
        try:
            given = json.loads(text)
        except ValueError:
            given = None
    if isinstance(given, dict):
        given = {name: _typed(value) for name, value in given.items()}
    else:
        given = _arguments(sys.argv[1:])
    for name, value in given.items():
        spelled = name.replace("-", "_")
        default = values.get(spelled)
        if isinstance(default, float) and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        values[spelled if spelled in values else name] = value
    return values


def _typed(value):
    import json

    if not isinstance(value, str):
        return value
    if value in ("True", "False"):
        return value == "True"
    try:
        return json.loads(value)
    except ValueError:
        try:
            return float(value) if value.strip() and not value.strip().isalpha() else value
        except ValueError:
            return value


def _arguments(arguments):
    values = {}
    name = None
    for argument in arguments:
        if argument.startswith("--") and len(argument) > 2:
            if name is not None:
                values[name] = True
            name, given, value = argument[2:].partition("=")
            if given:
                values[name] = _typed(value)
                name = None
        elif name is not None:
            values[name] = _typed(argument)
            name = None
    if name is not None:
        values[name] = True
    return values


def channel(name="train", default=None):
    """The path of a channel's data: a file where the folder holds just one, else the folder; `default` where there is none."""
    path = os.environ.get("SM_CHANNEL_" + name.upper())
    if not path:
        return default
    try:
        inside = [entry for entry in os.listdir(path) if not entry.startswith(".")]
    except OSError:
        return path
    return os.path.join(path, inside[0]) if len(inside) == 1 else path


def resume_from():
    """The checkpoint to go on from, as it was announced, and its step; None where the run starts anew."""
    path = os.environ.get("DESCENT_CHECKPOINT")
    if not path:
        return None
    try:
        return Checkpoint(path, int(os.environ.get("DESCENT_STEP", "0")))
    except ValueError:
        return Checkpoint(path, 0)
