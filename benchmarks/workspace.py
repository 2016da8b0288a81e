"""The studio on a large workspace, in a terminal of 200 x 60: from the start to the first frame, to the runs and to a chart at rest;
from a key to the next painted frame, and to charts that are whole; peak memory."""
import os
import statistics

from screen import Screen, braille

FRAME = b"\x1b[?2026l"
DOWN, UP, RIGHT = b"j", b"k", b"\x1b[C"


def drop_cache(workspace):
    """Has the kernel forget the workspace's files, as far as a process may ask for that."""
    for name in os.listdir(workspace):
        path = os.path.join(workspace, name)
        if os.path.isfile(path):
            fd = os.open(path, os.O_RDONLY)
            os.fsync(fd)
            os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(fd)


def start(binary, workspace):
    """Opens the studio; milliseconds to the first frame, to the first run's name, and to the chart at rest."""
    screen = Screen([binary, "--workspace", workspace])
    seen, times = b"", {}
    while text := screen.read(0.5):
        seen += text
        now = (screen.now() - screen.started) * 1000
        if FRAME in seen:
            times.setdefault("first", now)
        if b"run-" in seen:
            times.setdefault("runs", now)
        if braille(text):
            times["chart"] = now
    return screen, times


def typed(text):
    return [bytes([byte]) for byte in text.encode()]


def press(screen, keys, rounds=1, silence=0.15):
    """Milliseconds from each key to the next frame and to the last frame that it brought about, and of processor until then."""
    painted, rested, spent = [], [], []
    for key in keys * rounds:
        before = screen.cpu()
        at = screen.press(key)
        first = screen.until(1, lambda text: FRAME in text)
        _, last = screen.settle(silence)
        # A key that changes nothing brings no frame.
        if first != first:
            continue
        painted.append((first - at) * 1000)
        rested.append(((last if last == last else first) - at) * 1000)
        spent.append((screen.cpu() - before) * 1000)
    return painted, rested, spent


def share(values, part):
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


def report(name, times):
    parts = (f"{word} p50 {share(values, .5):.1f} p99 {share(values, .99):.1f} ms"
             for word, values in zip(("to a frame", "whole", "CPU"), times))
    print(f"workspace/{name:26} keys {len(times[0]):3}  " + "  ".join(parts), flush=True)


def measure(binary, workspace, rounds):
    size = sum(os.path.getsize(os.path.join(workspace, name)) for name in os.listdir(workspace))
    print(f"workspace/size {size / 1e9:.2f} GB", flush=True)
    for name in ("cold", "warm"):
        opened = []
        for _ in range(rounds):
            if name == "cold":
                drop_cache(workspace)
            screen, times = start(binary, workspace)
            cpu, peak = screen.close()
            opened.append(times | {"cpu": cpu * 1000, "peak_mb": peak})
        print(f"workspace/open {name}" + "".join(
            f"  {key} {statistics.median(times[key] for times in opened):.0f}" for key in opened[0]), flush=True)
    screen, _ = start(binary, workspace)
    press(screen, [b"2"])
    report("next run", press(screen, [DOWN], 60))
    report("pages of runs", press(screen, [b"\x1b[6~", b"\x1b[6~", b"\x1b[5~"], 10))
    report("search typing", press(screen, [b"/"] + typed("validation:m3 < 4 run-7") + [b"\r", b"/", b"\x15", b"\r"], 2))
    press(screen, [b"3"])
    report("zoom, pan, cursor", press(screen, [b"+", b"+", b"h", b"l", RIGHT, b"s", b"S", b"0"], 5))
    press(screen, [b"2"])
    report("mark and go on", press(screen, [b" ", DOWN], 8))
    press(screen, [b"3", b"z"])
    report("zoom, pan of 8 runs", press(screen, [b"+", b"+", b"h", b"l", RIGHT, b"s", b"S", b"0"], 5))
    report("20 charts of 8 runs, open", press(screen, [b"t"], 1, 1))
    report("20 charts of 8 runs, pan", press(screen, [b"+", b"+", b"h", b"l", RIGHT, b"s", b"S", b"0"], 5))
    press(screen, [b"t", b"z", b"2"])
    print(f"workspace/peak {screen.peak():.0f} MB", flush=True)
    screen.close()
    opened = []
    for _ in range(rounds):
        screen, _ = start(binary, workspace)
        press(screen, [b"2"])
        opened.append([values[0] for values in press(screen, [b"G"], 1, 0.5)])
        screen.close()
    report("open 1,000,000 points", list(zip(*opened)))
