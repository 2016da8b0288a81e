"""Statistics of the rows that a script feeds: of the columns of its inputs, and of the labels of its batches."""

import collections

#: Columns and rows of a batch that are looked at.
COLUMNS, ROWS = 512, 256
#: Batches whose labels are kept, and rows that a group of small batches has.
BATCHES, GROUP = 400, 16


class Columns:
    """Moments of columns: of a table's its columns, of images the channels, of sequences what is last. Read from the device at `digest`."""

    def __init__(self):
        self._waiting = []
        self.kind, self.shape, self.width = "", [], 0
        self.count, self.sums, self.squares, self.least, self.most = 0, None, None, float("inf"), float("-inf")
        self.fingerprints, self.looks, self.broken = [], 0, 0

    def take(self, tensor, with_columns=True):
        """- `with_columns`: whether moments are taken, which costs more than a fingerprint."""
        if not tensor.is_floating_point() or tensor.dim() < 2 or tensor.numel() == 0:
            return
        tensor = tensor.detach()
        whole = tensor.double().sum() if tensor.numel() <= 1 << 16 else tensor.float().sum().double()
        if not with_columns:
            self._waiting.append((whole, None, None))
            return
        self.kind = {2: "table", 4: "images"}.get(tensor.dim(), "sequence")
        self.shape = list(tensor.shape)
        rows = tensor[:ROWS]
        rows = rows.transpose(1, -1).flatten(0, -2) if tensor.dim() == 4 else rows.flatten(0, -2)
        rows = rows[:1 << 14, :COLUMNS].double()
        if self.width not in (0, rows.shape[1]):
            return
        self.width = rows.shape[1]
        self._waiting.append((whole, rows.shape[0], (rows.sum(0), (rows * rows).sum(0), rows.amin(), rows.amax())))

    def digest(self):
        """Reads what waits; returns the batches' fingerprints."""
        fingerprints = []
        for whole, rows, moments in self._waiting:
            value = float(whole)
            self.looks += 1
            fingerprints.append(value)
            if value - value != 0:
                self.broken += 1
                continue
            if moments is None:
                continue
            sums, squares = moments[0].tolist(), moments[1].tolist()
            self.count += rows
            self.sums = [a + b for a, b in zip(self.sums, sums)] if self.sums else sums
            self.squares = [a + b for a, b in zip(self.squares, squares)] if self.squares else squares
            self.least, self.most = min(self.least, float(moments[2])), max(self.most, float(moments[3]))
        self._waiting = []
        return fingerprints

    def moments(self):
        """By column, mean and standard deviation."""
        if self.count < 2:
            return []
        means = [value / self.count for value in self.sums]
        return [(mean, max(0.0, square / self.count - mean * mean) ** 0.5) for mean, square in zip(means, self.squares)]

    def facts(self):
        moments = self.moments()
        figures = {"rows": self.count, "rows in a batch": self.shape[0] if self.shape else 0, "columns": self.width, "batches": self.looks, "batches that are not finite": self.broken}
        words = {"kind": self.kind, "shape": str(self.shape)}
        # What differs by less than its rounding does not differ.
        vary = [(deviation, place) for place, (mean, deviation) in enumerate(moments) if deviation > 1e-6 * abs(mean) and deviation > 0]
        figures["constant columns"] = len(moments) - len(vary)
        if vary:
            widest, narrowest = max(vary), min(vary)
            offset, place = max((abs(moments[place][0]) / deviation, place) for deviation, place in vary)
            size = (sum(self.squares) / self.count / self.width) ** 0.5
            figures.update({"widest deviation": widest[0], "narrowest deviation": narrowest[0], "size": size, "smallest": self.least,
                            "largest": self.most, "offset in deviations": offset})
            words.update({"widest": str(widest[1]), "narrowest": str(narrowest[1]), "most offset": str(place)})
        return figures, words

    def compared(self, other):
        """How the columns of `other`, which judge, differ: the median shift in deviations, and the median ratio of deviations."""
        pairs = [(a, b) for a, b in zip(self.moments(), other.moments()) if a[1] > 1e-6 * abs(a[0]) and a[1] > 0]
        if not pairs or self.width != other.width:
            return None
        shifts = sorted(abs(b[0] - a[0]) / a[1] for a, b in pairs)
        ratios = sorted(b[1] / a[1] for a, b in pairs)
        return {"rows that learn": self.count, "rows that judge": other.count, "rows of a judging pass": other.shape[0], "columns": len(pairs),
                "shift in deviations": shifts[len(shifts) // 2], "ratio of deviations": ratios[len(ratios) // 2]}


class Labels:
    """Targets by batch: whether those of one batch are more alike than those of all."""

    def __init__(self):
        self.batches = []
        self.kind = ""
        self.broken = 0

    def take(self, samples, are_classes):
        """- `samples`: lists of targets, of batches one after the other; small ones are joined, as what follows each other is."""
        group = []
        for sample in samples:
            finite = [value for value in sample if value - value == 0]
            self.broken += len(sample) - len(finite)
            group += finite
            if len(group) >= GROUP:
                self.batches.append(group)
                group = []
        if are_classes is not None:
            self.kind = "classes" if are_classes else "numbers"
        del self.batches[:-BATCHES]

    def facts(self):
        rows = sum(len(batch) for batch in self.batches)
        figures = {"rows": rows, "groups": len(self.batches), "labels that are not finite": self.broken}
        if rows == 0:
            return figures, {"kind": self.kind}
        figures.update(self._of_classes(rows) if self.kind == "classes" else self._of_numbers(rows))
        return figures, {"kind": self.kind}

    def _of_classes(self, rows):
        """Pairs of one batch that agree, against all pairs; and chi squared of batches by classes, in standard deviations."""
        counts = [collections.Counter(batch) for batch in self.batches]
        total = sum(counts, collections.Counter())
        shares = {label: count / rows for label, count in total.items()}
        import math

        figures = {"classes": len(total), "largest share": max(shares.values()), "smallest share": min(shares.values()),
                   "loss of a constant": -sum(share * math.log(share) for share in shares.values())}
        chance = sum(share * share for share in shares.values())
        pairs = sum(len(batch) * (len(batch) - 1) for batch in self.batches)
        if len(total) < 2 or len(counts) < 4 or not pairs:
            return figures
        agree = sum(count * (count - 1) for counter in counts for count in counter.values())
        squares = 0.0
        for counter, batch in zip(counts, self.batches):
            # Sum over classes of (seen - expected)^2 / expected.
            squares += sum(count * count / (len(batch) * shares[label]) for label, count in counter.items()) - len(batch)
        freedom = (len(counts) - 1) * (len(total) - 1)
        figures["likeness in a batch"] = (agree / pairs - chance) / (1 - chance)
        figures["z"] = (squares - freedom) / (2 * freedom) ** 0.5
        return figures

    def _of_numbers(self, rows):
        """The share of the variance that lies between batches, and F in standard deviations."""
        mean = sum(sum(batch) for batch in self.batches) / rows
        total = sum((value - mean) ** 2 for batch in self.batches for value in batch)
        figures = {"mean": mean, "deviation": (total / rows) ** 0.5, "loss of a constant": total / rows}
        groups = len(self.batches)
        if groups < 4 or rows <= groups or total <= 0:
            return figures
        between = sum(len(batch) * (sum(batch) / len(batch) - mean) ** 2 for batch in self.batches)
        within = (total - between) / (rows - groups)
        size = rows / groups
        mean_square = between / (groups - 1)
        figures["likeness in a batch"] = (mean_square - within) / max(mean_square + (size - 1) * within, 1e-300)
        ratio = mean_square / max(within, 1e-12 * total / rows)
        figures["z"] = (ratio - 1) / (2 / (groups - 1) + 2 / (rows - groups)) ** 0.5
        return figures
