"""An instance type as a compute budget: how many processors of this machine a training job may use."""

import os
import re

from .binary import say_once

_SIZES = {"medium": 2, "large": 2, "xlarge": 4}
#: Families whose odd sizes do not follow from their names.
_ODD = {"c4.8xlarge": 36, "m4.10xlarge": 40, "t2.medium": 2}
_ACCELERATED = ("p", "g", "inf", "trn", "dl")


def processors_of(instance_type):
    """The number of virtual processors that the name stands for, or None where it is not known."""
    match = re.match(r"^ml\.([a-z]+)(\d\w*)(?:-\w+)?\.(\d*)(\w+)$", instance_type)
    if not match:
        return None
    family, generation, times, size = match.groups()
    odd = _ODD.get("%s%s.%s%s" % (family, generation, times, size))
    if odd is not None:
        return odd
    if times:
        return 4 * int(times) if size == "xlarge" else None
    return _SIZES.get(size)


def budget(instance_type):
    """The processors of this machine that a job on `instance_type` may use, or None for all of them; says what it decided."""
    if instance_type is None or instance_type in ("local", "local_gpu"):
        return None
    if not hasattr(os, "sched_getaffinity"):
        say_once("instance_type %s: this system sets no limit of processors, all are used" % instance_type)
        return None
    here = sorted(os.sched_getaffinity(0))
    number = processors_of(instance_type)
    if number is None:
        say_once("instance_type %s is not known: all %d processors of this machine are used" % (instance_type, len(here)))
        return None
    family = re.match(r"^ml\.([a-z]+)", instance_type).group(1)
    if family in _ACCELERATED:
        say_once("instance_type %s has accelerators: the job runs on this machine, with those that it has" % instance_type)
    if number >= len(here):
        if number > len(here):
            say_once("instance_type %s has %d processors, this machine has %d: all are used" % (instance_type, number, len(here)))
        return None
    say_once("instance_type %s: %d of this machine's %d processors are used" % (instance_type, number, len(here)))
    return here[:number]
