"""Messages as lines of JSON. Formatting by `%` is eight times faster than `json.dumps`, which is left for what is rare."""

import json

_INFINITY = float("inf")
_quoted = {}


class NotANumber(Exception):
    """A value that is not a number; the text says which."""


def quoted(name):
    """`name` as JSON text, remembered: a run logs the same few names again and again."""
    text = _quoted.get(name)
    if text is None:
        text = json.dumps(name if isinstance(name, str) else str(name))
        if len(_quoted) < 10_000:
            _quoted[name] = text
    return text


def number(value):
    """A number as JSON; what is not finite is a text, as the messages' description says."""
    kind = type(value)
    if kind is bool:
        return "1" if value else "0"
    if kind is int:
        # What no double can hold is no number for a reader.
        if -(2 ** 53) <= value <= 2 ** 53:
            return str(value)
        try:
            value = float(value)
        except OverflowError:
            return '"Infinity"' if value > 0 else '"-Infinity"'
    elif kind is not float:
        # Not repr(): a numpy float64 is a float whose repr is "np.float64(1.0)".
        value = float(value)
    if value - value == 0:
        return float.__repr__(value)
    if value != value:
        return '"NaN"'
    return '"Infinity"' if value > 0 else '"-Infinity"'


def plain(name, value):
    """`value` as a bool, int or float, now: what can change after the call (an array, a tensor) is read before it does.

    A tensor on an accelerator is copied there and read by the writer, so that training does not wait for the device.
    """
    if value is True or value is False or isinstance(value, (int, float)):
        return value
    if isinstance(value, (str, bytes)) or value is None:
        raise NotANumber("%s is %r, not a number" % (name, value))
    device = getattr(value, "device", None)
    if device is not None and getattr(device, "type", "cpu") not in ("cpu", "meta") and hasattr(value, "detach"):
        if value.numel() == 1:
            return value.detach().clone()
    item = getattr(value, "item", None)
    try:
        if item is not None:
            value = item()
        elif callable(getattr(value, "numpy", None)):
            value = value.numpy().item()
        if isinstance(value, complex):
            raise TypeError
        return value if isinstance(value, (bool, int, float)) else float(value)
    except Exception:
        raise NotANumber("%s is %s, not one number" % (name, _describe(value)))


def _describe(value):
    shape = getattr(value, "shape", None)
    return "%s of shape %s" % (type(value).__name__, tuple(shape)) if shape is not None else "a " + type(value).__name__


def metrics(step, epoch, time, values):
    members = ",".join(["%s:%s" % (quoted(name), number(value)) for name, value in values.items()])
    if epoch is None:
        return '{"kind":"metrics","step":%d,"time":%.3f,"values":{%s}}\n' % (step, time, members)
    return '{"kind":"metrics","step":%d,"epoch":%d,"time":%.3f,"values":{%s}}\n' % (step, epoch, time, members)


def short(value):
    """A number of a summary, which has no more than single precision anyway."""
    if value - value == 0:
        return "%.7g" % value
    return number(value)


def tensor(summary):
    """A summary: more text than all else together, so it is formatted like `metrics`."""
    members = []
    for name, value in summary.items():
        if value is None:
            continue
        kind = type(value)
        if kind is int:
            text = "%d" % value
        elif kind is float:
            text = short(value)
        elif kind is list:
            text = str(value).replace(" ", "")
        elif kind is dict:
            text = json.dumps(value, separators=(",", ":"))
        else:
            text = quoted(value)
        members.append('"%s":%s' % (name, text))
    return '{"kind":"tensor",%s}\n' % ",".join(members)


def finite(value):
    """`value` with every number in it such that JSON can say it."""
    if isinstance(value, dict):
        return {str(key): finite(member) for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [finite(member) for member in value]
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, (int, float)):
        text = number(value)
        return text[1:-1] if text[0] == '"' else (value if type(value) in (int, float) else float(value))
    return str(value)


def message(kind, members):
    line = {"kind": kind}
    for name, value in members.items():
        if value is not None:
            line[name] = value
    try:
        return json.dumps(line, allow_nan=False, separators=(",", ":")) + "\n"
    except (TypeError, ValueError):
        return json.dumps(finite(line), allow_nan=False, separators=(",", ":")) + "\n"
