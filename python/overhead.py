"""What the package costs a training script: CPU time of the same steps with and without it, in turns of 50 steps.

    python python/overhead.py [SECONDS]

`nothing` is the measurement's own noise: both halves of a turn do the same. `log` is descent.log and descent.should_stop at
each step, `hook` these and descent.Hook with its defaults.

MLP: 784-256-256-10, batch 64, Adam. CNN: 16 and 32 channels, 28 x 28 images, batch 16, Adam. One thread.
"""

import os
import statistics
import subprocess
import sys
import tempfile
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
    from descent._session import session

    torch.set_num_threads(1)
    _, _, plain = build(name)
    model, optimizer, watched = build(name)
    if variant != "hook":
        # The same tensors: where others lie in memory alone makes some per cent.
        plain = watched
    hook = descent.Hook(model, optimizer) if variant == "hook" else None
    turns, number = [], 0
    begun = time.perf_counter()
    while time.perf_counter() - begun < seconds:
        wall, cpu = time.perf_counter(), time.process_time()
        for _ in range(50):
            plain()
        cpu = time.process_time() - cpu
        if hook is not None and hook._begun is not None:
            # The hook's share is of the time of its own training.
            hook._begun += time.perf_counter() - wall
        other = time.process_time()
        for _ in range(50):
            value = watched()
            number += 1
            if variant != "nothing":
                descent.log(step=number, loss=value)
                descent.should_stop()
        if variant != "nothing":
            session.writer().flush()
        turns.append((cpu, time.process_time() - other))
    # The first turns load kernels and take memory.
    turns = turns[3:]
    total = [sum(turn[place] for turn in turns) for place in range(2)]
    middle = statistics.median(with_it / without for without, with_it in turns)
    print("%s, %s: %.0f us a step, %+.2f %% (half of the turns below %+.2f %%)%s" % (
        name, variant, total[0] / len(turns) / 50 * 1e6, (total[1] / total[0] - 1) * 100, (middle - 1) * 100,
        "; %d captures in %d steps, by its own clock %.2f %%" % (hook.captures, number, hook.share * 100) if hook else ""), flush=True)


def main():
    seconds = sys.argv[1] if len(sys.argv) > 1 else "30"
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
