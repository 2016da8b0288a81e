"""PyTorch watched without a line in the script: finds the model that trains and makes a hook for it.

Until the first step of an optimizer every module that is called is looked at, after that none: the model is what was called, by itself
and with gradients, and holds what the optimizer steps.
"""

import functools
import gc
import os
import weakref

from . import _process
from ._session import session

#: Calls of modules until which an optimizer must have stepped or a gradient must be there.
_PATIENCE = 100_000
_state = None


def begin(started):
    """Called when torch has been imported; `started` is when Python was, on the clock of `time.perf_counter`."""
    global _state
    from .hook import asked_for

    if _state is None and session.folder is not None and asked_for(1, 1.0, frozenset())[1]:
        _state = _Search(started)
        _make_way()


def stand_aside():
    """The script, or a callback in it, makes a hook by itself."""
    if _state is not None:
        _state.end()
        if _state.hook is not None:
            _state.hook.close()


def _make_way():
    """What takes a model apart would take hooks for parts of it: a script that does so while it is watched is not watched any more."""
    import torch

    places = [(torch.jit, "script"), (torch.jit, "trace"), (torch.jit, "trace_module")]
    places += [(place, "export") for place in (getattr(torch, "export", None), getattr(torch, "onnx", None)) if place is not None]
    for place, name in places:
        _precede(place, name, lambda named: True)
    # Otherwise what is compiled goes around hooks.
    _precede(torch, "compile", lambda named: bool(named.get("fullgraph")))


def _precede(place, name, is_meant):
    original = getattr(place, name, None)
    if not callable(original):
        return

    @functools.wraps(original)
    def function(*arguments, **named):
        if _state is not None and _state.hook is not None and is_meant(named):
            stand_aside()
        return original(*arguments, **named)

    try:
        setattr(place, name, function)
    except Exception:
        pass


def _claimed():
    """Whether this process is the one that is watched: the first of rank 0 that trains."""
    if _process.rank() != 0 or session.is_worker():
        return False
    path = os.path.join(session.folder, "watched-%d" % _process.attempt())
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644))
        return True
    except OSError:
        return False


class _Search:
    def __init__(self, started):
        from torch.nn.modules import module
        from torch.optim import optimizer

        self.hook = None
        self._started = started
        self._count = 0
        #: What was called by itself, and the ids of all modules in it.
        self._called = []
        self._inside = set()
        #: The ids of what the first optimizer that stepped holds.
        self._stepped = None
        self._handles = [module.register_module_forward_pre_hook(self._forward),
                         optimizer.register_optimizer_step_pre_hook(self._step)]

    def end(self):
        handles, self._handles = self._handles, []
        for handle in handles:
            handle.remove()

    def _forward(self, module, inputs):
        try:
            self._look(module, inputs)
        except Exception as error:
            self._fail(error)

    def _look(self, module, inputs):
        import torch

        if self._stepped is not None:
            return self._settle()
        self._count += 1
        if self._count > _PATIENCE:
            return self.end()
        if id(module) in self._inside or not torch.is_grad_enabled() or _is_compiling(torch):
            return
        if not any(parameter.requires_grad for parameter in module.parameters()):
            return
        if not self._called and not _claimed():
            return self.end()
        if len(self._called) >= 16:
            return
        self._called.append(weakref.ref(module))
        self._inside.update(id(child) for child in module.modules())
        if self.hook is None:
            self._make(module)
            self.hook.first_pass(inputs)

    def _step(self, optimizer, arguments, named):
        """The first step: the search is over. Hooks of optimizers are neither put in nor taken out while they run."""
        if self._stepped is None:
            self._stepped = {id(parameter) for group in optimizer.param_groups for parameter in group["params"]}

    def _settle(self):
        """Before the next pass: whether the right model is watched."""
        self.end()
        if self.hook is not None:
            model = self._holder(self._stepped)
            if model is not None and model is not self.hook.model:
                self.hook.close()
                self._make(model)

    def _holder(self, wanted):
        """What was called and holds the parameters of an optimizer, or else the smallest module that holds all of them; None where what
        is watched is as good as any."""
        called = [module for module in (reference() for reference in self._called) if module is not None]

        def held(module):
            return len(wanted.intersection(id(parameter) for parameter in module.parameters()))
        best = max(called, key=held, default=None)
        if best is None or held(best) == len(wanted):
            return best
        import torch

        wholes = [candidate for candidate in gc.get_objects()
                  if issubclass(type(candidate), torch.nn.Module) and held(candidate) == len(wanted)]
        whole = min(wholes, key=lambda module: sum(1 for _ in module.parameters()), default=None)
        parts = {id(child) for child in whole.modules()} if whole is not None else ()
        return whole if any(id(module) in parts for module in called) else best if held(best) else None

    def _make(self, model):
        from .hook import Hook

        self.hook = Hook(model, steer=False, is_automatic=True, begun=self._started)

    def _fail(self, error):
        self.end()
        session.note("torch is not watched (%s: %s); training goes on" % (type(error).__name__, error))


def _is_compiling(torch):
    compiler = getattr(torch, "compiler", None)
    return compiler is not None and hasattr(compiler, "is_compiling") and compiler.is_compiling()
