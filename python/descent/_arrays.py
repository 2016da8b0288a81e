"""Summaries of arrays of numpy, for frameworks that hand their weights out so."""

from ._summaries import CELLS, stride_for


def sample(array):
    """The elements that stand for all, in double precision."""
    import numpy

    elements = numpy.ravel(array)
    return elements[::stride_for(elements.size, array.shape[-1] if array.ndim > 1 else 0)].astype(numpy.float64)


def summary(name, collection, step, array, values=None):
    """A message's members; `values` are the sampled elements where they are not those of `array`, which then tells nothing else."""
    import numpy

    whole = numpy.ravel(array).astype(numpy.float64) if values is None else values
    values = sample(array) if values is None else values
    finite = values[numpy.isfinite(values)]
    all_finite = whole[numpy.isfinite(whole)]
    used = finite.size
    squares = float(numpy.dot(finite, finite))
    message = {
        "step": step, "name": name, "collection": collection, "shape": list(array.shape) or None, "count": int(array.size),
        "sampled": int(values.size), "mean": float(finite.mean()) if used else 0.0, "std": float(finite.std()) if used else 0.0,
        "mean_magnitude": float(numpy.abs(finite).mean()) if used else 0.0,
        "min": float(all_finite.min()) if all_finite.size else None, "max": float(all_finite.max()) if all_finite.size else None,
        "l2": (squares / used * array.size) ** 0.5 if used else 0.0, "zeros": int((finite == 0).sum()),
        "nans": int(numpy.isnan(whole).sum()), "infinities": int(numpy.isinf(whole).sum()), "histogram": _histogram(finite)}
    return message


def _histogram(finite):
    import numpy

    numbers = finite[finite != 0]
    if not numbers.size:
        return [0, [], []]
    # frexp: x = m 2^e with 1/2 <= |m| < 1.
    exponents = numpy.frexp(numbers)[1] - 1
    first = max(int(exponents.min()), int(exponents.max()) - CELLS + 1)
    cells = numpy.maximum(exponents - first, 0)
    length = int(cells.max()) + 1
    return [first, numpy.bincount(cells[numbers < 0], minlength=length).tolist(),
            numpy.bincount(cells[numbers > 0], minlength=length).tolist()]


class Weights:
    """The weights of a model at the ends of epochs, and what became of them since the one before."""

    def __init__(self, interval, collections):
        #: Epochs between two; 0 = never.
        self.interval, self.collections = interval, collections
        self._before = {}

    def tell(self, writer, step, named):
        """`named`: pairs of a name and an array."""
        for name, array in named:
            collection = "biases" if is_bias(name) else "weights"
            message = summary(name, collection, step, array)
            if collection in self.collections:
                writer.summary(message)
            now = sample(array)
            before = self._before.get(name)
            self._before[name] = now
            if before is not None and before.size == now.size and "updates" in self.collections:
                update = summary("update/" + name, "updates", step, array, now - before)
                if message["l2"]:
                    update["ratio"] = update["l2"] / message["l2"]
                writer.summary(update)


def is_bias(name):
    """As in `fc.bias`, `dense/bias` and, of recurrent layers, `rnn.bias_ih_l0`."""
    return name.replace("/", ".").rsplit(".", 1)[-1].startswith("bias")
