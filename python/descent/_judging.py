"""What a model makes of the rows that it is judged by: inputs and activations of the first pass of an evaluation."""

import time

from ._session import session
from ._summaries import Batch
from .hook import _Capture, _Clock, tensors_in


class Judging:
    """Looks at the first pass of some evaluations: passes without learning that come after a step."""

    def __init__(self, hook, asked):
        """`asked`: every how many evaluations, or "off"; else as many as the hook's share of time has room for."""
        self._hook, self._asked = hook, asked
        #: Evaluations there were, and how many steps there had been at the last one.
        self._count, self._seen = 0, None
        self._batch, self._handles = None, []
        #: Seconds that the capture under way has taken, and that the last one did; how many steps there had been then.
        self._spent, self._estimate, self._last = 0.0, 0.0, 0

    def passes(self, inputs):
        """Before a pass that is not learned from."""
        if self._hook.steps == self._seen or self._asked == "off":
            return
        self._seen = self._hook.steps
        number, self._count = self._count, self._count + 1
        if self._wants(number):
            self._guard(self._begin, inputs)

    def close(self):
        for handle in self._handles:
            handle.remove()
        self._handles, self._batch = [], None

    def _wants(self, number):
        if isinstance(self._asked, int) and self._asked > 0:
            return number % self._asked == 0
        hook = self._hook
        if hook.limit == float("inf"):
            return True
        return hook._begun is not None and \
            (time.perf_counter() - hook._begun) * hook.limit >= hook.seconds + self._estimate

    def _guard(self, function, *arguments):
        """An error of ours ends this, never the script."""
        started = time.perf_counter()
        try:
            function(*arguments)
        except Exception as error:
            session.note("evaluations are not captured any more (%s: %s); training goes on" % (type(error).__name__, error))
            self._asked = "off"
            self.close()
        spent = time.perf_counter() - started
        self._hook.seconds += spent
        self._spent += spent

    def _begin(self, inputs):
        # What an earlier pass left that ended in an error.
        self.close()
        self._spent, hook = 0.0, self._hook
        self._batch = Batch()
        if "inputs" in hook._collections:
            self._batch.add_output("inputs", "inputs", tensors_in(inputs))
        if "activations" in hook._collections:
            for name, module in hook.layers():
                self._handles.append(module.register_forward_hook(_Capture(self, name, "activations")))
        self._handles.append(hook.model.register_forward_hook(_Clock(self, "end", None)))

    # What the hooks call

    def _forwarded(self, name, collection, output, module):
        if self._batch is not None:
            self._guard(self._batch.add_output, name, collection, tensors_in(output), module)

    def _mark(self, _):
        if self._batch is not None:
            self._guard(self._emit)
            self._estimate = self._spent

    def _emit(self):
        started = time.perf_counter()
        batch = self._batch
        self.close()
        writer = session.writer(self._hook.is_automatic)
        if writer is None:
            return
        for message in batch.messages(self._seen):
            writer.summary(dict(message, mode="eval"))
        # What it has cost so far is none of the next step's.
        hook, now = self._hook, time.perf_counter()
        elapsed = now - (hook._begun or now)
        seconds = hook.seconds + now - started + (hook.observer.seconds if hook.observer is not None else 0.0)
        writer.send("cost", seconds=round(seconds, 6), share=round(seconds / elapsed, 6) if elapsed > 0 else 0.0,
                    interval=self._seen - self._last, spent=None)
        self._last = self._seen
