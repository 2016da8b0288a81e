"""A learning rate that was set while a run trains, under whatever else sets it: PyTorch's schedulers or the script itself."""

import gc
import math
import time
import weakref

from ._commands import RATES, Knob, Refusal, commands
from ._session import guarded

#: Each step of these goes on from the rate that is there, or from base values that can be scaled.
_SCALED = {"StepLR", "MultiStepLR", "ExponentialLR", "LinearLR", "ConstantLR", "PolynomialLR", "MultiplicativeLR",
           "CosineAnnealingLR", "ReduceLROnPlateau", "LambdaLR", "OneCycleLR", "CyclicLR"}


def unwrapped(optimizer):
    """The torch optimizer within what Lightning and Accelerate wrap around it."""
    import torch

    # Accelerate's wrapper is an Optimizer itself, without what makes one.
    while isinstance(getattr(optimizer, "optimizer", None), torch.optim.Optimizer):
        optimizer = optimizer.optimizer
    if not isinstance(optimizer, torch.optim.Optimizer):
        raise TypeError("%s is no optimizer of torch" % type(optimizer).__name__)
    return optimizer


_rates = weakref.WeakKeyDictionary()


def steer_optimizer(optimizer, scheduler=None):
    """Lets the learning rate of `optimizer` be set from the studio, as `learning_rate` (a second one: `learning_rate_2`)."""
    optimizer = unwrapped(optimizer)
    rate = _rates.get(optimizer)
    if rate is None:
        name = "learning_rate" if not _rates else "learning_rate_%d" % (len(_rates) + 1)
        rate = _rates[optimizer] = Rate(name, optimizer)
        commands.add(rate)
    if scheduler is not None:
        rate.given = list(scheduler) if isinstance(scheduler, (list, tuple)) else [scheduler]
    return rate


class Rate(Knob):
    def __init__(self, name, optimizer):
        super().__init__(name, 0.1)
        self._optimizer = weakref.ref(optimizer)
        self.given = None
        #: What the schedule's own rate is multiplied with for the length of a step, where its base cannot be changed.
        self._factor = 1.0
        self._scheduled = None
        #: (rates that we left, rates before): to see whether the script overwrites what was set.
        self._watched = None
        #: What is to hold from the first step on, and whether it does so whatever the checkpoint has.
        self._beginning = commands.given(*(RATES if name == RATES[0] else (name,)), like=0.1)
        #: The rate as it was made or restored: one that is another at the first step is computed by the script.
        self._made = _number(optimizer.param_groups[0]["lr"])
        if self._beginning is not None and hasattr(optimizer, "register_load_state_dict_post_hook"):
            optimizer.register_load_state_dict_post_hook(self._after_restore)
        optimizer.register_step_pre_hook(self._before_step)
        optimizer.register_step_post_hook(self._after_step)

    def get(self):
        optimizer = self._optimizer()
        if optimizer is None:
            return self.value
        if self._beginning is not None and self._beginning[1]:
            return self._beginning[0]
        self.value = _number(optimizer.param_groups[0]["lr"]) * (self._factor if self._scheduled is None else 1.0)
        return self.value

    def set(self, value):
        if value < 0:
            raise Refusal("%s must not be negative" % self.name)
        optimizer = self._optimizer()
        if optimizer is None:
            raise Refusal("the optimizer is gone")
        self._beginning = None
        groups = optimizer.param_groups
        schedulers = _flat(self.given if self.given is not None else _schedulers_of(optimizer))
        before = [_number(group["lr"]) for group in groups]
        current = before[0] * self._factor
        if current <= 0:
            if schedulers:
                raise Refusal("the schedule's learning rate is 0 now and would stay so as a multiple: try again at a later step")
            if len(groups) > 1 and len(set(before)) > 1:
                raise Refusal("the first parameter group's learning rate is 0, so the others have no ratio to it")
            _put(groups, [value for _ in groups])
            return value
        ratio = value / current
        known = all(type(scheduler).__name__ in _SCALED or type(scheduler).__name__ == "CosineAnnealingWarmRestarts"
                    for scheduler in schedulers)
        if not known or self._factor != 1.0:
            # Any schedule: it goes on as it is, and each step is made with a multiple of it.
            self._factor *= ratio
            return value
        wanted = [rate * ratio for rate in before]
        changes = [_scaled(scheduler, ratio, wanted) for scheduler in schedulers]
        for change in changes:
            change()
        for group in groups:
            if schedulers and "initial_lr" in group:
                group["initial_lr"] = _times(group["initial_lr"], ratio)
        _put(groups, wanted)
        self._watched = (wanted, before) if not schedulers else None
        return value

    # The first step: scripts restore their optimizer whenever they like before it.

    def _after_restore(self, optimizer):
        self._made = _number(optimizer.param_groups[0]["lr"])

    def _begin(self, optimizer):
        value, is_new = self._beginning
        group = optimizer.param_groups[0]
        rates = [_number(group[name]) for name in ("lr", "initial_lr", "max_lr") if group.get(name) is not None]
        schedulers = self.given if self.given is not None else _schedulers_of(optimizer)
        if rates[0] <= 0 and schedulers:
            # A warm-up from nothing: a multiple of 0 would stay 0.
            return
        self._beginning = None
        if any(math.isclose(rate, value, rel_tol=1e-6) for rate in rates):
            # The script was made with it, or its checkpoint has it.
            return
        if not is_new and (optimizer.state or not math.isclose(_number(group.get("initial_lr", group["lr"])),
                                                               _number(optimizer.defaults["lr"]), rel_tol=1e-6)):
            # Where a checkpoint has brought it since.
            return
        try:
            if not schedulers and not math.isclose(rates[0], self._made, rel_tol=1e-6):
                raise Refusal("the script sets the learning rate by itself before each step: it has its settings as arguments")
            self.set(value)
        except Refusal as refusal:
            commands.refuse_given(refusal)
        commands.announce()

    # Around each step. With nothing set this is three comparisons.

    def _before_step(self, optimizer, arguments, named):
        try:
            if self._beginning is not None:
                self._begin(optimizer)
            if self._watched is not None:
                self._watch(optimizer)
            if self._factor != 1.0:
                self._scheduled = [_number(group["lr"]) for group in optimizer.param_groups]
                _put(optimizer.param_groups, [rate * self._factor for rate in self._scheduled])
        except Exception:
            self._watched = self._beginning = None

    def _after_step(self, optimizer, arguments, named):
        if self._scheduled is not None:
            _put(optimizer.param_groups, self._scheduled)
            self._scheduled = None
        if time.monotonic() >= commands.look_at:
            _turn()

    def _watch(self, optimizer):
        """A script that sets the rate by itself: does it go on from what was set, or from its own schedule?"""
        left, before = self._watched
        now = [_number(group["lr"]) for group in optimizer.param_groups]
        if now == left:
            return
        if now[0] > 0 and before[0] > 0 and left[0] > 0 and \
                abs(math.log(now[0] / before[0])) < abs(math.log(now[0] / left[0])):
            self._factor *= left[0] / before[0]
            self._watched = None
            _put(optimizer.param_groups, [old if new == set_to else new for new, set_to, old in zip(now, left, before)])
        else:
            self._watched = (now, before)


@guarded()
def _turn():
    commands.turn("optimizer")


def _number(rate):
    return rate if type(rate) is float else float(rate)


def _times(rate, ratio):
    return rate * ratio


def _put(groups, rates):
    for group, rate in zip(groups, rates):
        current = group["lr"]
        if hasattr(current, "fill_"):
            # Compiled and capturable optimizers hold the rate in a tensor that they go on reading.
            current.fill_(rate)
        else:
            group["lr"] = rate


def _schedulers_of(optimizer):
    """A scheduler knows its optimizer, not the other way round; a command is rare enough to look through what lives."""
    try:
        from torch.optim.lr_scheduler import LRScheduler as Base
    except ImportError:
        from torch.optim.lr_scheduler import _LRScheduler as Base
    from torch.optim.lr_scheduler import ReduceLROnPlateau

    found = []
    for candidate in gc.get_objects():
        try:
            # By its type: asking other objects for their class can wake up what they stand for.
            if issubclass(type(candidate), (Base, ReduceLROnPlateau)) and getattr(candidate, "optimizer", None) is optimizer:
                found.append(candidate)
        except Exception:
            continue
    return found


def _flat(schedulers):
    result = []
    for scheduler in schedulers:
        # Accelerate and Lightning wrap schedulers too.
        inner = getattr(scheduler, "_schedulers", None)
        wrapped = getattr(scheduler, "scheduler", None)
        if inner:
            parts = _flat(inner)
        elif wrapped is not None and not hasattr(scheduler, "base_lrs"):
            parts = _flat([wrapped])
        else:
            parts = [scheduler]
        result.extend(part for part in parts if not any(part is other for other in result))
    return result


def _scaled(scheduler, ratio, wanted):
    """What makes `scheduler` go on with `ratio` times its rates; raises Refusal before anything is changed."""
    kind = type(scheduler).__name__
    bases = None
    if kind == "CosineAnnealingWarmRestarts" and scheduler.eta_min:
        share = (1 + math.cos(math.pi * scheduler.T_cur / scheduler.T_i)) / 2
        if share < 1e-3 or min(wanted) < scheduler.eta_min:
            raise Refusal("the schedule is at its lowest rate, eta_min = %g, and does not go below it" % scheduler.eta_min)
        bases = [scheduler.eta_min + (rate - scheduler.eta_min) / share for rate in wanted]

    def change():
        if hasattr(scheduler, "base_lrs"):
            scheduler.base_lrs = bases or [_times(base, ratio) for base in scheduler.base_lrs]
        if kind == "CyclicLR":
            scheduler.max_lrs = [_times(rate, ratio) for rate in scheduler.max_lrs]
        if kind == "OneCycleLR":
            for group in scheduler.optimizer.param_groups:
                for name in ("max_lr", "min_lr"):
                    group[name] = _times(group[name], ratio)
        if getattr(scheduler, "_last_lr", None):
            scheduler._last_lr = list(wanted)
    return change
