"""Which process this is: its rank in a run of many, and whether it is a worker that has nothing to say."""

import os
import sys

_RANKS = ("RANK", "OMPI_COMM_WORLD_RANK", "PMI_RANK", "SLURM_PROCID")
_WORLDS = ("WORLD_SIZE", "OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_NTASKS")


def _first_integer(names, default):
    for name in names:
        try:
            return int(os.environ[name])
        except (KeyError, ValueError):
            continue
    return default


def process_group():
    """torch.distributed where this process has joined a group, else None; never imports torch."""
    distributed = sys.modules.get("torch.distributed")
    try:
        if distributed is not None and distributed.is_available() and distributed.is_initialized():
            return distributed
    except Exception:
        pass
    return None


def rank():
    group = process_group()
    return group.get_rank() if group is not None else _first_integer(_RANKS, 0)


def world():
    group = process_group()
    return group.get_world_size() if group is not None else _first_integer(_WORLDS, 1)


def attempt():
    """How often the launcher has started the ranks anew (torchrun restarts them all)."""
    return _first_integer(("TORCHELASTIC_RESTART_COUNT",), 0)


def is_worker(forked=False, group_before_fork=False):
    """Whether another process of this program is the one that trains: DataLoader and multiprocessing workers are silent.

    Children that joined a process group themselves (`torch.multiprocessing.spawn`) are ranks, not workers.
    """
    data = sys.modules.get("torch.utils.data")
    if data is not None:
        try:
            if data.get_worker_info() is not None:
                return True
        except Exception:
            pass
    if process_group() is not None and not group_before_fork:
        return False
    multiprocessing = sys.modules.get("multiprocessing.process")
    parent = getattr(multiprocessing, "parent_process", None)
    return forked or (parent is not None and parent() is not None)
