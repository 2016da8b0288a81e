"""What the package costs a training script: CPU time of the same steps with and without it, in turns of half a second.

    python python/overhead.py [SECONDS]

`nothing` is the measurement's own noise: both halves of a turn do the same. `log` is descent.log and descent.should_stop at
each step, `hook` these and descent.Hook with its defaults. Machines are noisier than a per cent: beside the comparison stands
what the clocks of the calls and of the writer's thread add up to.

MLP: 784-256-256-10, batch 64, Adam. CNN: 16 and 32 channels, 28 x 28 images, batch 16, Adam. One thread.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))


def build(name):
    """A network and its step, as a function that gives the loss."""
    import torch
    from torch import nn

    torch.manual_seed(0)
    if name == "MLP":
        model = nn.Sequential(nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 256), nn.ReLU(), nn.Linear(256, 10))
        x, y = torch.randn(64, 784), torch.randint(0, 10, (64,))
    else:
        model = nn.Sequential(nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
                              nn.Flatten(), nn.Linear(32 * 14 * 14, 10))
        x, y = torch.randn(16, 1, 28, 28), torch.randint(0, 10, (16,))
    optimizer, loss_function = torch.optim.Adam(model.parameters(), 0.001), nn.CrossEntropyLoss()

    def step():
        optimizer.zero_grad()
        loss = loss_function(model(x), y)
        loss.backward()
        optimizer.step()
        return loss.item()
    return model, optimizer, step


def measure(name, variant, seconds):
    import torch

    import descent

    torch.set_num_threads(1)
    _, _, plain = build(name)
    model, optimizer, watched = build(name)
    if variant != "hook":
        # The same tensors: where others lie in memory alone makes some per cent.
        plain = watched
    hook = descent.Hook(model, optimizer) if variant == "hook" else None
    calls, number = 0.0, 0
    clock = time.perf_counter

    def plain_half(steps):
        for _ in range(steps):
            plain()

    def watched_half(steps):
        nonlocal calls, number
        if hook is not None and hook._begun is not None:
            # The hook's share is of the time of its own training.
            hook._begun += clock() - left
        for _ in range(steps):
            value = watched()
            number += 1
            if variant != "nothing":
                begun = clock()
                descent.log(step=number, loss=value)
                descent.should_stop()
                calls += clock() - begun

    def cpu(half, steps):
        begun = time.process_time()
        half(steps)
        # The writer writes what is left in a time of its own.
        time.sleep(0.25)
        return time.process_time() - begun

    begun = clock()
    for _ in range(100):
        plain()
    steps = max(10, int(0.5 / ((clock() - begun) / 100)))
    left = clock()
    watched_half(steps)
    calls, number, turns, begun, written = 0.0, 0, [], clock(), writer_seconds()
    while clock() - begun < seconds:
        pair = {}
        halves = [plain_half, watched_half] if len(turns) % 2 == 0 else [watched_half, plain_half]
        for half in halves:
            pair[half] = cpu(half, steps)
            if half is watched_half:
                left = clock()
        turns.append((pair[plain_half], pair[watched_half]))
    ratios = [with_it / without - 1 for without, with_it in turns]
    error = statistics.stdev(ratios) / len(ratios) ** 0.5
    step = statistics.median(without for without, _ in turns) / steps
    own = (calls + writer_seconds() - written) / number
    print("%s, %s: %.0f us a step, %+.2f %% (standard error %.2f, median %+.2f)%s%s" % (
        name, variant, step * 1e6, statistics.mean(ratios) * 100, error * 100, statistics.median(ratios) * 100,
        "; by clocks: calls %.1f us, writer %.1f us, %.2f %%" % (
            calls / number * 1e6, (writer_seconds() - written) / number * 1e6, own / step * 100) if variant == "log" else "",
        "; %d captures in %d steps, by its own clock %.2f %%" % (hook.captures, number, hook.share * 100) if hook else ""), flush=True)


def writer_seconds():
    """CPU time of the writer's thread so far, where the system tells it."""
    for thread in threading.enumerate():
        if thread.name == "descent":
            with open("/proc/self/task/%d/schedstat" % thread.native_id) as file:
                return int(file.read().split()[0]) / 1e9
    return 0.0


def main():
    seconds = sys.argv[1] if len(sys.argv) > 1 else "60"
    for name in ("MLP", "CNN"):
        for variant in ("nothing", "log", "hook"):
            folder = tempfile.mkdtemp()
            environment = dict(os.environ, PYTHONPATH=HERE, OMP_NUM_THREADS="1", DESCENT_MESSAGES=folder,
                               DESCENT_COMMANDS=os.path.join(folder, "commands"))
            subprocess.run([sys.executable, __file__, "measure", name, variant, seconds], env=environment, check=True)
    code = ("import time, timeit\nfrom descent import log\n"
            "def burst():\n    time.sleep(0.2)\n    return timeit.timeit('log(step=1, loss=0.5)', number=1000, globals=globals())\n"
            "print('a call of log %s Descent: %%.2f us' %% (min(burst() for _ in range(20)) / 1000 * 1e6))")
    for name, environment in (("without", {}), ("with", {"DESCENT_MESSAGES": tempfile.mkdtemp()})):
        subprocess.run([sys.executable, "-c", code % name], env=dict(os.environ, PYTHONPATH=HERE, **environment), check=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["measure"]:
        measure(sys.argv[2], sys.argv[3], float(sys.argv[4]))
    else:
        main()
