"""Models are pickled and copied without what is hooked to them here, so that whoever loads one needs nothing of Descent."""

_HOOKS = ("_forward_hooks", "_forward_pre_hooks")
#: What torch keeps of hooks beside them, by the same keys.
_BESIDE = ("_forward_hooks_with_kwargs", "_forward_hooks_always_called", "_forward_pre_hooks_with_kwargs")
_is_done = False


def leave_out(kind):
    """Has every module pickled without hooks of a kind."""
    global _is_done
    if _is_done:
        return
    _is_done = True
    from torch import nn

    original = nn.Module.__reduce_ex__

    def reduce(self, protocol):
        value = original(self, protocol)
        try:
            return _stripped(value, kind)
        except Exception:
            return value

    reduce.__doc__ = original.__doc__
    nn.Module.__reduce_ex__ = reduce


def _stripped(value, kind):
    if not isinstance(value, tuple) or len(value) < 3 or not isinstance(value[2], dict):
        return value
    state = value[2]
    ours = {key for name in _HOOKS for key, hook in (state.get(name) or {}).items() if isinstance(hook, kind)}
    if not ours:
        return value
    state = dict(state)
    for name in _HOOKS + _BESIDE:
        if state.get(name):
            state[name] = type(state[name])((key, hook) for key, hook in state[name].items() if key not in ours)
    return value[:2] + (state,) + value[3:]
