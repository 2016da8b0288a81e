"""In which mode a model judges and trains: passes without gradients, and whether dropout or batch normalisation is at work in them."""

import weakref


class Modes:
    def __init__(self, model):
        modules = list(model.modules())
        self._dropouts = [weakref.ref(module) for module in modules
                          if "Dropout" in type(module).__name__ and getattr(module, "p", 0) >= 0.05]
        self._norms = [weakref.ref(module) for module in modules if "BatchNorm" in type(module).__name__
                       and getattr(module, "track_running_stats", False)]
        self.judged = self._with_dropout = self._with_norm = self._blocks = 0
        self._looked = self._resting = self.rests = 0
        #: The step of the last judging pass.
        self._last = None

    def judges(self, step):
        """A pass without gradients. Those with no step between them are a block, such as an evaluation."""
        self.judged += 1
        if step != self._last:
            self._last = step
            self._blocks += 1
        self._with_dropout += any(_trains(module) for module in self._dropouts)
        self._with_norm += any(_trains(module) for module in self._norms)

    def steps(self, model):
        """Before a step of an optimizer."""
        self._looked += 1
        self.rests = int(not model.training)
        self._resting += self.rests

    def facts(self):
        figures = {"judging passes": self.judged, "with dropout": self._with_dropout, "with batch norm": self._with_norm,
                   "blocks": self._blocks, "looked at": self._looked, "resting steps": self._resting, "rests": self.rests}
        return figures, {"dropout": _kind(self._dropouts), "norm": _kind(self._norms)}


def _trains(reference):
    module = reference()
    return module is not None and module.training


def _kind(references):
    module = references[0]() if references else None
    return type(module).__name__ if module is not None else ""
