"""What is handed to a loss: looked at while a window of training passes is open, by functions that stand before PyTorch's own."""

import functools

#: Losses of torch.nn.functional; the modules in torch.nn call them by these names.
NAMES = ("cross_entropy", "nll_loss", "binary_cross_entropy_with_logits", "binary_cross_entropy", "mse_loss", "l1_loss",
         "smooth_l1_loss", "huber_loss")
_OF_CLASSES = ("cross_entropy", "nll_loss")
_OF_TWO = ("binary_cross_entropy_with_logits", "binary_cross_entropy")
#: Rows of a batch, and elements of its targets, that are looked at.
ROWS, ELEMENTS = 256, 512
#: Steps back in the graph that only give an output another shape.
_SHAPES = ("Squeeze", "Unsqueeze", "View", "UnsafeView", "Reshape", "Transpose", "T", "Permute", "Slice", "Select", "ToCopy", "Alias")


def maker(tensor):
    """The function that made a tensor, such as `Softmax`, as its graph says; empty where nobody knows."""
    node = tensor.grad_fn
    for _ in range(4):
        if node is None:
            return ""
        name = node.name().rstrip("0123456789")
        name = name[:-8] if name.endswith("Backward") else name
        if name not in _SHAPES or not node.next_functions:
            return name
        node = node.next_functions[0][0]
    return ""


class Losses:
    """`open()` puts the functions in the place of PyTorch's, `close()` takes them out. Numbers stay on their device until `digest()`."""

    def __init__(self, observer):
        self._observer = observer
        self._put = {}
        self._signs, self._values = [], []
        #: By name of the loss: how often it was looked at, and what of it.
        self.seen = {}
        #: Targets of one batch each: (name, sample, whether they are classes by their type).
        self.targets = []

    def open(self):
        import torch

        functional = torch.nn.functional
        for name in NAMES:
            original = getattr(functional, name, None)
            if original is not None and name not in self._put:
                self._put[name] = (original, self._watched(name, original))
                setattr(functional, name, self._put[name][1])

    def close(self):
        import torch

        functional = torch.nn.functional
        for name, (original, ours) in self._put.items():
            # What somebody else has put over ours stays, and calls the original through it.
            if getattr(functional, name, None) is ours:
                setattr(functional, name, original)
        self._put = {}

    def _watched(self, name, original):
        @functools.wraps(original)
        def function(*arguments, **named):
            result = original(*arguments, **named)
            if name in self._put:
                self._observer.guard(self._take, name, arguments, named, result)
            return result
        return function

    def _take(self, name, arguments, named, result):
        import torch

        if not self._observer.trains or not torch.is_grad_enabled() or getattr(torch.compiler, "is_compiling", bool)():
            return
        given = arguments[0] if arguments else named["input"]
        target = arguments[1] if len(arguments) > 1 else named["target"]
        if not hasattr(given, "detach") or not hasattr(target, "detach"):
            return
        seen = self.seen.setdefault(name, {"calls": 0, "made": {}, "checks": [], "detached": 0, "shapes": "", "spread": 0})
        seen["calls"] += 1
        made = maker(given)
        seen["made"][made] = seen["made"].get(made, 0) + 1
        seen["reduction"] = named.get("reduction", "mean")
        # Only of a plain mean it is known what a constant loses.
        seen["plain"] = name != "l1_loss" and not name.startswith(("smooth", "huber")) and seen["reduction"] == "mean" and not any(
            named.get(word) is not None and named.get(word) != 0 for word in ("label_smoothing",)) and \
            all(named.get(word) is None for word in ("weight", "pos_weight"))
        seen["rows"] = given.shape[0] if given.dim() else 1
        if not given.requires_grad:
            seen["detached"] += 1
        if name not in _OF_CLASSES and given.shape != target.shape:
            shape = torch.broadcast_shapes(given.shape, target.shape)
            if shape.numel() > max(given.numel(), target.numel()):
                seen["spread"] += 1
                seen["shapes"] = "%s and %s" % (list(given.shape), list(target.shape))
        with torch.no_grad():
            self._check(name, seen, given.detach(), target.detach())
        if result.requires_grad and result.numel() == 1 and len(self._signs) < 256:
            self._values.append(result.detach())
            result.register_hook(self._gradient)

    def _gradient(self, gradient):
        self._signs.append(gradient.detach().sign().reshape(()))

    def _check(self, name, seen, given, target):
        import torch

        if given.is_floating_point() and given.numel() and len(seen["checks"]) < 64:
            rows = given[:ROWS].float()
            least, most = rows.amin(), rows.amax()
            off = torch.zeros((), device=rows.device)
            if name in _OF_CLASSES and rows.dim() >= 2 and rows.shape[1] > 1:
                # How far rows are from adding up to 1, as they are or as logarithms.
                sums = rows.sum(1) if name == "cross_entropy" else rows.logsumexp(1).exp()
                off = (sums - 1).abs().amax()
            seen["checks"].append(torch.stack([least, most, off]))
            seen["classes"] = rows.shape[1] if name in _OF_CLASSES and rows.dim() >= 2 else 1
        if len(self.targets) < 256 and (name not in _OF_CLASSES or not target.is_floating_point()):
            elements = target.reshape(-1)
            self.targets.append((name, elements[::max(1, elements.numel() // ELEMENTS)][:ELEMENTS].clone()))

    def digest(self):
        """What was seen since the last time, as numbers: (targets of batches as lists, signs of gradients, values)."""
        targets = [(name, sample.tolist()) for name, sample in self.targets]
        signs = [int(sign) for sign in self._signs]
        values = [float(value) for value in self._values]
        self.targets, self._signs, self._values = [], [], []
        for seen in self.seen.values():
            checks = [tuple(check.tolist()) for check in seen["checks"]]
            seen["checks"] = []
            seen.setdefault("looks", []).extend(checks)
            del seen["looks"][:-64]
        return targets, signs, values

    def facts(self, name, seen):
        """Figures and words of one loss."""
        looks = seen.get("looks", [])
        figures = {"calls": seen["calls"], "rows": seen.get("rows", 0), "classes": seen.get("classes", 1),
                   "detached": seen["detached"], "spread over rows": seen["spread"], "looks": len(looks)}
        if looks:
            figures["smallest"] = min(look[0] for look in looks)
            figures["largest"] = max(look[1] for look in looks)
            figures["farthest from a sum of 1"] = max(look[2] for look in looks)
        made = max(seen["made"], key=seen["made"].get)
        return figures, {"loss": name, "made by": made, "reduction": seen["reduction"], "shapes": seen["shapes"]}
