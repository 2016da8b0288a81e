"""The generated sets the benchmarks train on, as BASE_X.npy, BASE_y.npy (single precision) and, for reading, BASE.csv with the
target first. Made once, from seed 7; sets of the same names that are there already are taken instead."""
import os
import tempfile

DATA = os.environ.get("BENCH_DATA", os.path.join(tempfile.gettempdir(), "descent-bench"))


def higgs(r, np, n=1_000_000):
    """28 features of mixed distributions; a binary target with one interaction."""
    x = r.standard_normal((n, 28)).astype("f4")
    x[:, 7:14] = np.exp(0.5 * x[:, 7:14])
    x[:, 14:21] = r.uniform(-3.14, 3.14, (n, 7))
    x[:, 21:28] = np.abs(x[:, 0:7] * x[:, 7:14])
    x = np.round(x, 4)
    z = (x - x.mean(0)) / x.std(0) @ r.normal(0, 0.3, 28) + 0.8 * x[:, 0] * x[:, 1]
    return x, r.random(n) < 1 / (1 + np.exp(-z))


def year(r, np, n=500_000):
    """90 correlated features on scales from 1 to 1,000; a number near 2000 with a linear and a bent part."""
    x = r.standard_normal((n, 90)).astype("f4")
    x[:, 1:] += 0.5 * x[:, :-1]
    y = x @ r.normal(0, 1, 90) + 2 * np.abs(x[:, 3]) * x[:, 7] + r.normal(0, 8, n)
    return x * np.geomspace(1, 1000, 90).astype("f4"), 1998 + y


def digits(r, np, n=60_000):
    """28 x 28 grey images of 10 classes, each a blurred prototype, shifted and noisy."""
    prototypes = r.random((10, 7, 7)).repeat(4, 1).repeat(4, 2)
    y = r.integers(0, 10, n)
    dy, dx = r.integers(-3, 4, n), r.integers(-3, 4, n)
    x = np.stack([np.roll(prototypes[c], (a, b), (0, 1)) for c, a, b in zip(y, dy, dx)]).reshape(n, 784)
    return np.round(np.clip(x + r.normal(0, 0.5, x.shape), 0, 1) * 255), y


SETS = {"higgs": higgs, "year": year, "digits": digits}


def base(name, csv=False):
    """Where a set lies, without its ending; made if it is not there."""
    path = os.path.join(DATA, name)
    if not os.path.exists(path + "_y.npy"):
        import numpy as np
        os.makedirs(DATA, exist_ok=True)
        x, y = SETS[name](np.random.default_rng(7), np)
        np.save(path + "_X.npy", np.ascontiguousarray(x, "f4"))
        np.save(path + "_y.npy", np.ascontiguousarray(y, "f4"))
    if csv and not os.path.exists(path + ".csv"):
        import numpy as np
        x, y = np.load(path + "_X.npy"), np.load(path + "_y.npy")
        with open(path + ".csv.partial", "w") as f:
            f.write("y," + ",".join(f"f{i}" for i in range(x.shape[1])) + "\n")
            for i in range(0, len(y), 20_000):
                rows = zip(y[i:i + 20_000].tolist(), x[i:i + 20_000].tolist())
                f.write("\n".join(f"{b:g}," + ",".join(map("{:.7g}".format, a)) for b, a in rows) + "\n")
        os.rename(path + ".csv.partial", path + ".csv")
    return path
