"""Summaries of tensors. A float's sign and exponent are its top nine bits: one shift gives an exact histogram of powers of two."""

SAMPLES = 4096
CELLS = 64


def _is_prime(number):
    divisor = 2
    while divisor * divisor <= number:
        if number % divisor == 0:
            return False
        divisor += 1
    return number > 1


_strides = {}


def stride_for(count, row):
    """A prime stride that leaves at most SAMPLES elements and does not see the same columns of each row."""
    if count <= SAMPLES:
        return 1
    key = (count, row)
    stride = _strides.get(key)
    if stride is None:
        stride = -(-count // SAMPLES)
        while not _is_prime(stride) or row % stride == 0:
            stride += 1
        _strides[key] = stride
    return stride


def flat(tensor):
    """All elements in one dimension, in the order of memory: no copy where the tensor is dense."""
    if tensor.is_contiguous():
        return tensor.view(-1)
    import torch

    try:
        dense = (tensor.dim() == 4 and tensor.is_contiguous(memory_format=torch.channels_last)) or \
            (tensor.dim() == 2 and tensor.t().is_contiguous())
        if dense:
            return tensor.as_strided((tensor.numel(),), (1,))
    except Exception:
        pass
    return tensor.reshape(-1)


def sampled(tensor):
    """A copy of the sampled elements as float32, on the tensor's device."""
    import torch

    elements = flat(tensor)
    stride = stride_for(elements.numel(), tensor.shape[-1] if tensor.dim() > 1 else 0)
    return elements[::stride].to(torch.float32, copy=True)


#: What units put out when they are at rest, and where their function is flat (its slope below 1 % of its largest), by the name of the
#: module: magnitudes up to the first number are rest, outputs outside the others are flat.
_FUNCTIONS = {
    "ReLU": (0.0, None, None), "ReLU6": (0.0, None, None), "GELU": (1e-4, None, None), "SiLU": (1e-4, None, None),
    "Mish": (1e-4, None, None), "Tanh": (0.0, -0.9949874, 0.9949874), "Sigmoid": (0.0, 0.0025063, 0.9974937),
}
#: Outputs of which it is looked at, from the first row on.
_UNIT_ELEMENTS = 1 << 20


def activity(module, output):
    """How the units of an activation behave over a batch, as three numbers where the output is: how many there are, how many are at
    work for less than 1 % of the rows, how many are flat for more than 99 %. None for other modules."""
    limits = _FUNCTIONS.get(type(module).__name__)
    if limits is None or output.dim() < 2 or not output.is_floating_point() or output.numel() == 0:
        return None
    import torch

    output = output.detach()
    output = output[:max(1, _UNIT_ELEMENTS * output.shape[0] // output.numel())]
    # Of images the channels, else what is last.
    values = output.transpose(1, -1).flatten(0, -2) if output.dim() > 3 else output.flatten(0, -2)
    rest, low, high = limits
    count = values.shape[1]
    inactive = ((values.abs() > rest).float().mean(0) < 0.01).sum()
    flat = inactive * 0
    if low is not None:
        flat = (((values < low) | (values > high)).float().mean(0) > 0.99).sum()
    return torch.stack([torch.full_like(inactive, count), inactive, flat, flat * 0]).float()


class Batch:
    """The tensors of one step. What is on an accelerator stays there until all are together and is copied once."""

    #: Devices whose numbers can be read at once.
    host = ("cpu",)

    def __init__(self):
        self._entries = []
        self._samples = []
        self._extremes = []
        self._copied = None
        #: Saves a tensor whole where that is wanted; None = none is.
        self.save = None

    def add(self, name, collection, tensor, units=None):
        import torch

        tensor = tensor.detach()
        count = tensor.numel()
        if tensor.layout != torch.strided:
            if not tensor.is_sparse:
                return
            tensor = tensor.coalesce().values()
            count = tensor.numel()
        if tensor.is_complex():
            tensor = torch.view_as_real(tensor)
            count = tensor.numel()
        if not tensor.is_floating_point() or count == 0 or tensor.device.type == "meta":
            return
        if self.save is not None:
            self.save(name, tensor)
        sample = sampled(tensor)
        whole = None
        if sample.numel() < count:
            whole = self._whole(flat(tensor))
        if units is not None:
            self._extremes.append(units)
            units = len(self._extremes) - 1
        self._append(name, collection, count, sample, whole, shape=list(tensor.shape), units=units)

    def add_output(self, name, collection, tensors, module=None):
        """What went into a pass or came out of it; further tensors of one output have numbers behind the name."""
        for place, tensor in enumerate(tensors):
            units = activity(module, tensor) if module is not None and place == 0 else None
            self.add(name if place == 0 else "%s_%d" % (name, place), collection, tensor, units)

    def add_sample(self, name, collection, count, sample, ratio_to=None):
        """A sample that the caller took: what is known of all elements is known of these alone."""
        self._append(name, collection, count, sample, None, ratio_to)

    def _append(self, name, collection, count, sample, whole, ratio_to=None, shape=None, units=None):
        self._entries.append([name, collection, count, sample.numel(), whole, ratio_to, shape, units])
        self._samples.append(sample)

    def _whole(self, elements):
        """[min, max, NaNs, infinities] of all elements; minimum and maximum are of the finite ones."""
        import torch

        at_once = elements.device.type in self.host
        if at_once:
            low, high = torch.aminmax(elements)
            low, high = float(low), float(high)
            if high - low == high - low and abs(low) != float("inf") and abs(high) != float("inf"):
                return [low, high, 0, 0]
        finite = torch.isfinite(elements)
        infinite = torch.full((), float("inf"), dtype=elements.dtype, device=elements.device)
        values = torch.stack([torch.where(finite, elements, infinite).amin().float(),
                              torch.where(finite, elements, -infinite).amax().float(),
                              torch.isnan(elements).sum().float(), torch.isinf(elements).sum().float()])
        if at_once:
            return values.tolist()
        self._extremes.append(values)
        return len(self._extremes) - 1

    def copy(self):
        """Starts the one copy from an accelerator; `ready` and `messages` come a step later, when it has arrived."""
        import torch

        if self._copied is not None or not self._samples:
            return
        devices = {sample.device for sample in self._samples}
        if len(devices) > 1:
            first = self._samples[0].device
            self._samples = [sample.to(first) for sample in self._samples]
            self._extremes = [values.to(first) for values in self._extremes]
        everything = torch.cat(self._samples + self._extremes)
        event = None
        if everything.device.type == "cuda":
            target = torch.empty(everything.shape, dtype=everything.dtype, pin_memory=True)
            target.copy_(everything, non_blocking=True)
            event = torch.cuda.Event()
            event.record()
            everything = target
        elif everything.device.type != "cpu":
            everything = everything.cpu()
        self._copied = (everything, event)
        self._samples = []

    @property
    def waits(self):
        """Whether the copy may still be under way."""
        return self._copied is not None and self._copied[1] is not None

    def messages(self, step):
        """The summaries, one dictionary a tensor."""
        import torch

        self.copy()
        if self._copied is None:
            return []
        everything, event = self._copied
        if event is not None:
            event.synchronize()
        number = len(self._entries)
        lengths = torch.tensor([entry[3] for entry in self._entries])
        total = int(lengths.sum())
        values, extremes = everything[:total], everything[total:].view(-1, 4).tolist()
        index = torch.repeat_interleave(torch.arange(number), lengths)
        bits = values.view(torch.int32)
        exponents = (bits >> 23) & 255
        cells = index * 512 + (bits < 0) * 256 + exponents
        histogram = torch.bincount(cells, minlength=number * 512).view(number, 2, 256)
        finite = exponents < 255
        numbers = torch.where(finite, values, torch.zeros(())).double()
        sums = torch.zeros(number, dtype=torch.float64).index_add_(0, index, numbers).tolist()
        squares = torch.zeros(number, dtype=torch.float64).index_add_(0, index, numbers * numbers).tolist()
        magnitudes = torch.zeros(number, dtype=torch.float64).index_add_(0, index, numbers.abs()).tolist()
        zeros = torch.bincount(index[values == 0], minlength=number)
        # Zeros share their cell with numbers too small to be normal.
        histogram[:, 0, 0] -= torch.bincount(index[(values == 0) & (bits >= 0)], minlength=number)
        histogram[:, 1, 0] -= torch.bincount(index[(values == 0) & (bits < 0)], minlength=number)
        nans = torch.bincount(index[torch.isnan(values)], minlength=number).tolist()
        infinities = torch.bincount(index[torch.isinf(values)], minlength=number).tolist()
        low = torch.full((number,), float("inf")).scatter_reduce_(
            0, index, torch.where(finite, values, torch.tensor(float("inf"))), "amin").tolist()
        high = torch.full((number,), float("-inf")).scatter_reduce_(
            0, index, torch.where(finite, values, torch.tensor(float("-inf"))), "amax").tolist()
        counts, zeros = histogram.tolist(), zeros.tolist()
        result = []
        norms = {}
        for place, (name, collection, count, sample, whole, ratio_to, shape, units) in enumerate(self._entries):
            if isinstance(whole, int):
                whole = extremes[whole]
            least, most, nan_count, infinity_count = whole or [low[place], high[place], nans[place], infinities[place]]
            used = sample - nans[place] - infinities[place]
            mean = sums[place] / used if used else 0.0
            variance = max(0.0, squares[place] / used - mean * mean) if used else 0.0
            norm = (squares[place] / used * count) ** 0.5 if used else 0.0
            norms[name] = norm
            message = {"step": step, "name": name, "collection": collection, "count": count, "sampled": sample,
                       "shape": shape or None, "mean": mean, "std": variance ** 0.5,
                       "mean_magnitude": magnitudes[place] / used if used else 0.0, "min": least if used else None, "max": most if used else None,
                       "l2": norm, "zeros": zeros[place], "nans": int(nan_count), "infinities": int(infinity_count),
                       "histogram": folded(counts[place][1], counts[place][0])}
            if units is not None:
                message["units"] = dict(zip(("count", "inactive", "saturated"), (int(value) for value in extremes[units])))
            if ratio_to is not None and norms.get(ratio_to):
                message["ratio"] = norm / norms[ratio_to]
            result.append(message)
        return result


def folded(negative, positive):
    """Counts by biased exponent, as `[e0, negative counts, positive counts]` of at most CELLS powers of two.

    The first cell holds what is smaller too.
    """
    present = [exponent for exponent in range(255) if negative[exponent] or positive[exponent]]
    if not present:
        return [0, [], []]
    last = present[-1]
    first = max(present[0], last - CELLS + 1)

    def cut(counts):
        cells = counts[first:last + 1]
        cells[0] += sum(counts[:first])
        return cells
    return [first - 127, cut(negative), cut(positive)]
