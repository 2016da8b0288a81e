"""A learning rate that a framework's own schedule may overwrite: the part that does not depend on the framework."""

import math

from ._commands import RATES, Knob, Refusal, commands


class WatchedRate(Knob):
    """`read()` gives the rate, `write(value)` sets it; `check()` is called where a schedule has had its turn.

    A schedule that goes on from the rate that is there (a plateau's, a decay) is left alone. One that computes it anew
    overwrites what was set: from then on its rates are multiplied.
    """

    def __init__(self, read, write, name="learning_rate"):
        super().__init__(name, 0.1)
        self._read, self._write = read, write
        self._left = None
        self._before = None

    def begin(self):
        """Sets what a fork or resume was given, where the model that was restored has another rate."""
        given = commands.given(*RATES, like=0.1)
        if given is None or not given[1] or math.isclose(self.get(), given[0], rel_tol=1e-6):
            return
        try:
            self.set(given[0])
        except Refusal as refusal:
            commands.refuse_given(refusal)

    def get(self):
        self.value = float(self._read())
        return self.value

    def set(self, value):
        if value < 0:
            raise Refusal("%s must not be negative" % self.name)
        before = self.get()
        self._write(value)
        self._left, self._before = self.get(), before if self._left is None else self._before * before / self._left
        self.value = self._left
        return self.value

    def check(self):
        if self._left is None:
            return
        now = self.get()
        if math.isclose(now, self._left, rel_tol=1e-6) or min(now, self._left, self._before) <= 0:
            return
        if abs(math.log(now / self._before)) < abs(math.log(now / self._left)):
            ratio = self._left / self._before
            self._write(now * ratio)
            self._before = now
        else:
            self._before *= now / self._left
        self._left = self.get()
