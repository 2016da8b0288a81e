"""What only somebody inside sees of how a model is trained: what its loss is given, which rows come, in which mode it judges, what
becomes of gradients. Facts as figures and words; what is wrong about them is for Descent's rules to say.

Passes are looked at in windows: a stretch of training passes one after the other, and then none until the cost allows for the next.
"""

import math
import time
import weakref

from . import _inside
from ._gradients import Gradients, Optimizers
from ._losses import Losses
from ._modes import Modes
from ._rows import Columns, Labels
from ._session import session

#: Training passes of a window, of the first one and of others, and those that are looked at whatever it costs.
FIRST, LATER, LEAST = 48, 24, 6
#: Seconds that may be spent whatever share of the time that is, so that short runs are seen; and beyond that, this share of the hook's.
ALLOWANCE, SHARE = 0.03, 0.25
#: Judging passes that are all looked at, rows of them whose columns are, and how often a fact is told.
JUDGED, ROWS, TOLD = 64, 4096, 24


class Observer:
    def __init__(self, hook, model, clean):
        self._hook, self._clean = hook, clean
        self._model = weakref.ref(model)
        self.is_closed = False
        #: Whether the pass that is on is one that is learned from.
        self.trains = False
        self.seconds, self._begun = 0.0, time.perf_counter()
        self._losses, self._labels, self._inputs, self._judged = Losses(self), Labels(), Columns(), Columns()
        self._gradients, self._optimizers, self._modes = Gradients(model), Optimizers(), Modes(model)
        #: Training passes in all, those left in the window, windows so far, and when the next one may open.
        self._passes, self._left, self._windows, self._due = 0, 0, 0, 0.0
        #: Sums of batches that were fed: as many as are different.
        self._prints = set()
        self._first_loss = None
        #: By name and subject of a fact, what was told last and how often.
        self._told = {}
        self.tell("model", *_inside.model_facts(model))
        facts = None if hook.goes_on else _inside.weight_facts(model, clean)
        if facts is not None:
            self.tell("beginning", *facts)
        self.seconds += time.perf_counter() - self._begun

    # An error of ours ends the observer, never the script

    def guard(self, function, *arguments):
        if self.is_closed:
            return
        started = time.perf_counter()
        try:
            function(*arguments)
        except Exception as error:
            session.note("how it trains is not watched any more (%s: %s: %s); training goes on"
                         % (function.__name__.strip("_"), type(error).__name__, error))
            self.close()
        self.seconds += time.perf_counter() - started

    def close(self):
        self.is_closed = True
        self._losses.close()
        self._gradients.let_go()

    def finish(self):
        self.guard(self._close_window if self._left else self._flush)
        self.close()

    # What the hook calls

    def fed(self, inputs, named):
        """Before each forward pass of the whole model."""
        import torch

        if self.is_closed:
            return
        model = self._model()
        # Some judge without leaving gradients out: in evaluation mode, unless steps are made in that.
        self.trains = torch.is_grad_enabled() and model is not None and (model.training or self._modes.rests)
        if self.trains:
            self._passes += 1
            if self._left or time.perf_counter() >= self._due:
                self.guard(self._train, inputs, named)
        elif self._modes.judged < JUDGED or self._modes.judged % 16 == 0:
            self.guard(self._judge, inputs, named)
        else:
            self._modes.judged += 1

    def before_step(self, optimizer):
        if self.is_closed:
            return
        self._optimizers.before_step(optimizer, self._hook.steps)
        model = self._model()
        if model is not None:
            self._modes.steps(model)
        if self._gradients.is_held:
            self.guard(self._gradients.before_step, optimizer, self._optimizers.owned, self._optimizers.graded)

    # Passes

    def _train(self, inputs, named):
        if self._left:
            self._left -= 1
            length = FIRST if self._windows == 1 else LATER
            if not self._left or self.seconds > self._budget() and length - self._left > LEAST:
                return self._close_window()
        else:
            self._open_window()
        tensor = _first(inputs, named)
        if tensor is not None:
            self._inputs.take(tensor, with_columns=self._left % 3 == 0)

    def _judge(self, inputs, named):
        self._modes.judges(self._hook.steps)
        tensor = _first(inputs, named)
        if tensor is not None and self._judged.count < ROWS:
            self._judged.take(tensor)

    # Windows

    def _budget(self):
        return ALLOWANCE + SHARE * self._hook.limit * (time.perf_counter() - self._begun)

    def _open_window(self):
        self._windows += 1
        self._left = FIRST if self._windows == 1 else LATER
        self._losses.open()
        self._gradients.hold(self._optimizers.owned)

    def _close_window(self):
        self._left = 0
        self._losses.close()
        self._gradients.let_go()
        self._flush()
        # Not sooner than can be looked at, and when the share of time allows for as much again.
        now = time.perf_counter()
        over = self.seconds * (1 + 1 / self._windows) - ALLOWANCE
        self._due = max(now + min(0.5, 0.02 * self._windows), self._begun + over / max(1e-9, SHARE * self._hook.limit))

    def _digest(self):
        prints = self._inputs.digest()
        self._prints.update(prints)
        if len(self._prints) > 4096:
            self._prints = set(prints)
        self._judged.digest()
        targets, signs, values = self._losses.digest()
        self._gradients.digest(signs)
        if values and self._first_loss is None:
            self._first_loss = sum(values[:LATER]) / len(values[:LATER])
        if targets:
            name = targets[-1][0]
            samples = [sample for other, sample in targets if other == name]
            are_classes = name in ("cross_entropy", "nll_loss") or name.startswith("binary") and \
                all(value in (0, 1) for sample in samples for value in sample)
            self._labels.take(samples, are_classes)

    # Telling

    def _flush(self):
        self._digest()
        self._tell_of_rows()
        for name, seen in self._losses.seen.items():
            if seen.get("looks") or seen["detached"]:
                self.tell("loss", *self._losses.facts(name, seen), subject=name)
        hook, optimizers, model = self._hook, self._optimizers, self._model()
        figures, words = self._modes.facts()
        self.tell("modes", dict(figures, steps=hook.steps, passes=self._passes), words)
        own = hook.steps - hook.first_step
        self.tell("gradients", dict(self._gradients.facts(), **{"passes": self._passes, "all steps": optimizers.steps, "own steps": own}), {})
        if model is not None and optimizers.owned:
            figures, words = _inside.ownership_facts(model, optimizers.owned, optimizers.graded, self._clean)
            self.tell("parameters", dict(figures, steps=optimizers.steps), words)
        for figures, words in optimizers.facts(hook.steps, hook.first_step):
            self.tell("optimizer", figures, words, subject=words["optimizer"])

    def _tell_of_rows(self):
        if self._inputs.looks:
            figures, words = self._inputs.facts()
            self.tell("inputs", dict(figures, **{"different batches": len(self._prints)}), words)
            compared = self._inputs.compared(self._judged)
            if compared:
                self.tell("judged inputs", compared, {})
        figures, words = self._labels.facts()
        losses = list(self._losses.seen.values())
        if self._first_loss is not None and len(losses) == 1:
            figures.update({"plain": int(losses[0]["plain"]), "first loss": self._first_loss})
        if figures["rows"] or figures["labels that are not finite"]:
            self.tell("labels", figures, words)

    def tell(self, name, figures, words, subject=None):
        """Says a fact where it is another than was told, to a factor of about 1.4."""
        words = {word: text for word, text in words.items() if text}
        key, rough = (name, subject), (_rough(figures), words)
        last, count = self._told.get(key, (None, 0))
        if rough == last or count >= TOLD:
            return
        self._told[key] = (rough, count + 1)
        session.observe("observed", name=name, subject=subject, step=self._hook.steps, figures=figures, words=words)


def _rough(figures):
    return {name: (round(2 * math.log2(abs(value))) if value and abs(value) < math.inf else 0, value > 0)
            for name, value in figures.items() if value == value}


def _first(inputs, named):
    """The first tensor that a model is fed, where it holds numbers with a fraction."""
    for value in list(inputs) + list(named.values() if named else ()):
        if hasattr(value, "is_floating_point"):
            return value if value.is_floating_point() else None
    return None
