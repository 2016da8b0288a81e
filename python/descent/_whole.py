"""Whole tensors, where somebody asked for them: `.npy` files in the run's folder, which `descent debug tensors` lists and hands out.

What is asked for comes with the run (`--debug-save-whole`) or as a file in the folder, while it trains (`descent debug tensors RUN --save`).
"""

from fnmatch import fnmatchcase
import json
import os
import struct
from urllib.parse import quote, unquote

from ._session import session

ENDING = ".npy"


def asked():
    """What `DESCENT_WHOLE_TENSORS` says; None where the run has no folder for them."""
    try:
        whole = json.loads(os.environ.get("DESCENT_WHOLE_TENSORS") or "null")
    except ValueError:
        return None
    if not isinstance(whole, dict) or not isinstance(whole.get("folder"), str):
        return None
    return Whole(whole["folder"], whole.get("wanted") or [], int(whole.get("limit") or 25_000_000))


class Whole:
    def __init__(self, folder, wanted, limit):
        self.folder, self.limit = folder, limit
        self.wanted = [(str(one["pattern"]), one.get("every")) for one in wanted]
        self.used = sum(os.path.getsize(os.path.join(place, name)) for place, _, names in os.walk(folder) for name in names)
        self.is_full = False
        self._has_begun = False

    def due(self, step):
        """Whether a step is to be captured for the sake of whole tensors."""
        return any(every and step % every == 0 for _, every in self.wanted)

    def choice(self, step):
        """What is to be saved of a captured step: a function of name and tensor, or None. Takes what was wished for meanwhile."""
        patterns = [pattern for pattern, every in self.wanted if (step % every == 0 if every else not self._has_begun)]
        self._has_begun = True
        patterns += self._wishes()
        if not patterns:
            return None

        def save(name, tensor):
            if any(fnmatchcase(name, pattern) for pattern in patterns):
                self.save(step, name, tensor)
        return save

    def _wishes(self):
        folder = os.path.join(self.folder, "wishes")
        try:
            files = sorted(name for name in os.listdir(folder) if name.endswith(ENDING))[:64]
            for name in files:
                os.unlink(os.path.join(folder, name))
        except OSError:
            return []
        return [unquote(name[:-len(ENDING)]) for name in files]

    def save(self, step, name, tensor):
        """Writes a tensor as floats of four bytes, whole or not at all."""
        shape, data = _floats(tensor)
        if self.used + len(data) > self.limit:
            if not self.is_full:
                session.note("%s is not saved whole: whole tensors of this run may take %d bytes (half of --debug-limit)"
                             % (name, self.limit))
            self.is_full = True
            return
        folder = os.path.join(self.folder, str(int(step)))
        os.makedirs(folder, exist_ok=True)
        path = os.path.join(folder, quote(name, safe="") + ENDING)
        content = npy(shape, data)
        with open(path + ".partial", "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(path + ".partial", path)
        self.used += len(content)


def npy(shape, data):
    """A file of NumPy's format 1.0, of little-endian floats."""
    lengths = ", ".join(str(length) for length in shape) + ("," if len(shape) == 1 else "")
    header = "{'descr': '<f4', 'fortran_order': False, 'shape': (%s), }" % lengths
    header += " " * (-(len(header) + 11) % 64) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode("ascii") + data


def _floats(tensor):
    """Shape and bytes of PyTorch's, NumPy's and TensorFlow's tensors."""
    if hasattr(tensor, "detach"):
        import ctypes
        import torch

        dense = tensor.detach().to(device="cpu", dtype=torch.float32).contiguous()
        return list(dense.shape), ctypes.string_at(dense.data_ptr(), dense.numel() * 4) if dense.numel() else b""
    values = tensor.numpy() if hasattr(tensor, "numpy") else tensor
    return list(values.shape), values.astype("<f4").tobytes(order="C")
