"""Python runs this when it starts, since Descent puts its folder on PYTHONPATH: once torch is imported, its training is watched.

It must do no harm in any Python: it goes on with the `sitecustomize` that would have been run without it, and leaves no trace in
`sys.path`.
"""

import os
import sys
import time

_HERE = os.path.dirname(os.path.abspath(__file__))


class _WhenTorchIsThere(object):
    """A finder that finds nothing by itself: it has `begin` called when the module torch has been executed."""

    def __init__(self):
        self.started = time.perf_counter()

    def find_spec(self, name, path=None, target=None):
        if name != "torch":
            return None
        sys.meta_path[:] = [finder for finder in sys.meta_path if finder is not self]
        try:
            from importlib.util import find_spec

            spec = find_spec(name)
            loader = spec.loader
            execute = loader.exec_module

            def exec_module(module):
                del loader.exec_module
                execute(module)
                _begin(self.started)
            loader.exec_module = exec_module
            return spec
        except Exception:
            return None


def _begin(started):
    try:
        from descent import _automatic

        _automatic.begin(started)
    except Exception as error:
        sys.stderr.write("descent: torch is not watched (%s: %s); training goes on\n" % (type(error).__name__, error))


def _others():
    """The folders of the path without this one."""
    return [folder for folder in sys.path if os.path.abspath(folder or ".") != _HERE]


def _go_on():
    """Runs the `sitecustomize` that this one stands before, if there is one."""
    from importlib.machinery import PathFinder
    from importlib.util import module_from_spec

    spec = PathFinder.find_spec("sitecustomize", _others())
    if spec is None or spec.loader is None:
        return
    module = module_from_spec(spec)
    sys.modules["sitecustomize"] = module
    spec.loader.exec_module(module)


if sys.version_info >= (3, 6):
    if os.environ.get("DESCENT_MESSAGES"):
        sys.meta_path.insert(0, _WhenTorchIsThere())
    sys.path[:] = _others()
    _go_on()
