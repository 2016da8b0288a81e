"""What becomes of gradients: whether those of the step before are still there when new ones come, whether a step has any, how long they
are. And what optimizers have of the model, and how their rate goes."""

import weakref

#: Of that many steps the gradients' lengths are kept; of one step in so many they are taken.
_NORMS, _EACH = 64, 3


class Gradients:
    """A probe stands before one parameter's gradients are added up: on the node of the graph, not on the parameter, since hooks of tensors
    are warned about when a model is saved."""

    def __init__(self, model):
        self._model = weakref.ref(model)
        self._probe = self._value = self._handle = self._node = None
        #: Whether the probe has been seen to change.
        self._moved = 0
        #: Backward passes since the last step; None = the window opened in the middle of one.
        self._since = None
        self._backwards = 0
        self._counts = {"steps": 0, "left over": 0, "clean": 0, "without backward": 0, "without gradient": 0}
        self._norms = []
        self.signs = {"up": 0, "down": 0}

    def hold(self, owned):
        """- `owned`: ids of the parameters that optimizers have; empty where none has stepped."""
        import torch

        probe = self._probe() if self._probe is not None else None
        model = self._model()
        if probe is None and model is not None:
            free = [parameter for parameter in model.parameters() if parameter.requires_grad and parameter.numel()
                    and (not owned or id(parameter) in owned)]
            # Of the smallest the last: of what comes last every batch has a gradient.
            probe = min(reversed(free), key=lambda parameter: parameter.numel(), default=None)
            if probe is not None:
                self._probe = weakref.ref(probe)
                self._value = _some(probe).clone()
        if probe is None or type(probe.data).__name__ != "Tensor":
            return
        with torch.enable_grad():
            self._node = probe.view_as(probe).grad_fn.next_functions[0][0]
        self._handle = self._node.register_prehook(self._arrives)
        self._since = None

    def let_go(self):
        handle, self._handle, self._node = self._handle, None, None
        if handle is not None:
            handle.remove()

    @property
    def is_held(self):
        return self._handle is not None

    def _arrives(self, gradients):
        try:
            self._backwards += 1
            if self._since is None:
                # What is there may belong to the step that is on.
                return
            self._since += 1
            if self._since == 1:
                probe = self._probe()
                gradient = probe.grad if probe is not None else None
                self._counts["left over" if gradient is not None and bool(gradient.any()) else "clean"] += 1
        except Exception:
            pass

    def before_step(self, optimizer, owned, graded):
        """Looks at what a step is made with; notes in `graded` which parameters had a gradient."""
        import torch

        parameters = [parameter for group in optimizer.param_groups for parameter in group["params"] if parameter.grad is not None]
        graded.update(id(parameter) for parameter in parameters)
        counts = self._counts
        counts["steps"] += 1
        counts["without gradient"] += not parameters
        if self._since == 0 and self._probe is not None and id(self._probe()) in owned:
            counts["without backward"] += 1
        self._since = 0
        gradients = [parameter.grad for parameter in parameters]
        if gradients and counts["steps"] % _EACH == 0 and len(self._norms) < _NORMS and \
                all(gradient.layout == torch.strided for gradient in gradients):
            with torch.no_grad():
                norms = torch._foreach_norm(gradients)
                self._norms.append(torch.stack([norm.to(gradients[0].device) for norm in norms]).norm())

    def digest(self, signs):
        """Reads what is on a device. - `signs`: of the gradients at losses."""
        import torch

        for sign in signs:
            self.signs["up" if sign < 0 else "down"] += 1
        probe = self._probe() if self._probe is not None else None
        if probe is not None and not self._moved and not torch.equal(_some(probe), self._value):
            self._moved = 1
        self._norms = [float(norm) for norm in self._norms][-_NORMS:]

    def facts(self):
        figures = dict(self._counts, backwards=self._backwards, moved=self._moved, **self.signs)
        if self._norms:
            figures.update({"smallest norm": min(self._norms), "largest norm": max(self._norms), "norms": len(self._norms)})
        return figures


class Optimizers:
    """Every optimizer that steps, the model's or not."""

    def __init__(self):
        self.known = weakref.WeakSet()
        self.steps = 0
        #: Ids of the parameters that they have, and of those that had a gradient.
        self.owned, self.graded = set(), set()
        self._rate = self._most = self._fell = None

    def before_step(self, optimizer, step):
        self.steps += 1
        if optimizer not in self.known:
            self.known.add(optimizer)
            self.owned.update(id(parameter) for group in optimizer.param_groups for parameter in group["params"])
        rate = optimizer.param_groups[0]["lr"]
        if type(rate) is float and rate != self._rate:
            self._follow(rate, step)

    def _follow(self, rate, step):
        """Where the rate has come down to next to nothing of the largest."""
        self._rate = rate
        if self._most is None or rate > self._most:
            self._most, self._fell = rate, None
        elif rate < 1e-3 * self._most:
            if self._fell is None:
                self._fell = step
        else:
            self._fell = None

    def facts(self, step, first_step):
        """Of each optimizer figures and words, the rate's course with the first one's."""
        from ._inside import optimizer_facts

        for place, optimizer in enumerate(list(self.known)[:4]):
            figures, words = optimizer_facts(optimizer)
            figures["steps"] = step - first_step
            if place == 0 and self._most is not None:
                figures["largest rate so far"] = self._most
                if self._fell is not None:
                    figures["next to nothing since"] = self._fell - first_step
            yield figures, words


def _some(parameter):
    return parameter.detach().reshape(-1)[:16]
