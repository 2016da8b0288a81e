"""What the steps of a PyTorch script spend their time on: every step's duration, waiting for rows, the update, judging."""

import struct
import sys
import time
import weakref

#: Seconds between two messages.
INTERVAL = 1.0
_FIRST_BITS = 1023 << 3
_SLOWEST = 3


def bin_of(seconds):
    """The bin of a duration: a double's exponent and its next three bits, of nanoseconds."""
    nanoseconds = seconds * 1e9
    if not nanoseconds >= 1:
        return 0
    return min(511, (struct.unpack("<Q", struct.pack("<d", nanoseconds))[0] >> 49) - _FIRST_BITS)


class StepProfile:
    """Told when an optimizer steps, it adds up what the time between two steps went into.

    Waiting for rows is what a DataLoader's iterator takes; judging is from a first pass without gradients, or in evaluation mode, to the next
    pass that trains. A step that judging goes on into, since no pass told its end, has no duration of its own.
    """

    def __init__(self, steps):
        self._steps = steps
        now = time.perf_counter()
        #: When the time that is accounted for ends, and up to when it was told.
        self._ended = self._told = now
        self._has_begun = False
        self._updating = None
        self._judging = None
        self._is_mixed = False
        self._loaders = None
        #: Shares of forward and backward, of the step that was captured last.
        self.shares = None
        self._own = 0.0
        #: How long the last step took that nobody looked at.
        self._usual = None
        self._clear()
        _watch_loaders(self)

    def _clear(self):
        self._spent = {"data": 0.0, "update": 0.0, "evaluate": 0.0, "record": 0.0, "other": 0.0}
        self._bins = {}
        self._slowest = []
        #: Of the step that is under way.
        self._data = self._update = self._judged = 0.0

    # What others tell

    def waited(self, seconds, workers):
        self._loaders = workers
        if self._judging is None:
            self._data += seconds

    def passes(self, trains):
        """Before a pass of the whole model."""
        if trains:
            if self._judging is not None:
                self._judged += time.perf_counter() - self._judging
                self._judging = None
        elif self._judging is None:
            self._judging = time.perf_counter()

    def begin_update(self):
        self._updating = time.perf_counter()
        if self._judging is not None:
            # When it went back to training nobody said.
            self._is_mixed = True
            self._judged += self._updating - self._judging
            self._judging = None

    def end_update(self):
        if self._updating is not None:
            self._update += time.perf_counter() - self._updating
            self._updating = None

    def step(self, step, own):
        """A step is over.

        - `own`: seconds that were spent on looking at steps so far.
        """
        now = time.perf_counter()
        own, self._own = max(0.0, own - self._own), own
        self._steps = step
        whole = now - self._ended
        self._ended = now
        if not self._has_begun:
            # The first step begins when the script says so, which nobody knows.
            self._has_begun, self._told = True, now
            return self._clear()
        # What looking cost is partly an estimate.
        self._judged = min(self._judged, whole)
        own = min(own, whole - self._judged)
        duration = whole - own - self._judged
        spent = self._spent
        spent["evaluate"] += self._judged
        spent["record"] += own
        data, update = min(self._data, duration), min(self._update, duration)
        if self._is_mixed:
            spent["evaluate"] += duration - update
            spent["update"] += update
        else:
            spent["data"] += data
            spent["update"] += update
            spent["other"] += max(0.0, duration - data - update)
            # A step that was looked at for most of its time has no duration that could be told from that.
            place = bin_of(duration if own < 0.5 * whole else self._usual or duration)
            self._usual = duration if own == 0 else self._usual
            self._bins[place] = self._bins.get(place, 0) + 1
            if len(self._slowest) < _SLOWEST or duration > self._slowest[-1][1]:
                self._slowest.append((step, duration))
                self._slowest.sort(key=lambda one: -one[1])
                del self._slowest[_SLOWEST:]
        self._is_mixed = False
        self._data = self._update = self._judged = 0.0

    @property
    def is_due(self):
        return self._ended - self._told >= INTERVAL and self._has_begun

    def message(self):
        """What to tell of the time since the last message; None where that is nothing. What is neither data nor update is spread over
        forward and backward as a captured step had it."""
        seconds = self._ended - self._told
        if seconds <= 0 or not self._bins:
            return None
        spent = {name: value for name, value in self._spent.items() if value > 0}
        for name, share in (self.shares or {}).items():
            spent[name] = spent.get(name, 0.0) + self._spent["other"] * share
        if self.shares:
            spent.pop("other", None)
        told = {
            "step": self._steps, "seconds": round(seconds, 6), "spent": {name: round(value, 6) for name, value in spent.items()},
            "durations": {str(place): count for place, count in sorted(self._bins.items())},
            "slowest": [[step, round(duration, 6)] for step, duration in self._slowest],
        }
        if self._loaders is not None:
            told["loaders"] = self._loaders
        self._told = self._ended
        data, update, judged = self._data, self._update, self._judged
        self._clear()
        self._data, self._update, self._judged = data, update, judged
        return told


_profiles = weakref.WeakSet()
_is_watching = set()


def _watch_loaders(profile):
    """How long loaders are waited for. Their iterators are PyTorch's own; where a version has none of that name nothing is told."""
    loading = sys.modules.get("torch.utils.data.dataloader")
    iterator = getattr(loading, "_BaseDataLoaderIter", None)
    if iterator is None:
        return
    _profiles.add(profile)
    if "loaders" in _is_watching:
        return
    _is_watching.add("loaders")
    original = iterator.__next__

    def following(self):
        if not _profiles:
            return original(self)
        started = time.perf_counter()
        try:
            return original(self)
        finally:
            waited = time.perf_counter() - started
            for one in list(_profiles):
                one.waited(waited, getattr(self, "_num_workers", None))

    iterator.__next__ = following
