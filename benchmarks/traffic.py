"""What the studio sends over the terminal while four runs train (`descent demo`, 120 x 40): kilobytes a second in the first ten seconds
and in those after them, here and as over SSH; and whether a key is answered at once meanwhile."""
import os
import shutil
import statistics
import tempfile

from screen import Screen

SECONDS = 25
FRAME = b"\x1b[?2026l"


def measure(binary, name, **variables):
    folder = tempfile.mkdtemp()
    before = dict(os.environ)
    os.environ.update(variables)
    try:
        screen = Screen([os.path.abspath(binary), "demo", "--workspace", os.path.join(folder, "w")], width=120, height=40)
    finally:
        os.environ.clear()
        os.environ.update(before)
    written, frames = [0] * SECONDS, [0] * SECONDS
    start = screen.now()
    while (second := int(screen.now() - start)) < SECONDS:
        text = screen.read(0.05)
        if text is None:
            break
        written[second] += len(text)
        frames[second] += text.count(FRAME)
    answers = []
    for key in (b"j", b"k") * 10:
        screen.settle(0.01, 0.3)
        at = screen.press(key)
        answers.append((screen.until(2, lambda text: FRAME in text) - at) * 1000)
    screen.close((b"q", b"s"))
    shutil.rmtree(folder)
    mean = lambda values: sum(values) / len(values) / 1000
    print(f"traffic/{name:6} first second {written[0] / 1000:.1f} kB  seconds 2 to 10 {mean(written[1:10]):.1f} kB/s  "
          f"then {mean(written[10:]):.1f} kB/s  most in one {max(written[1:]) / 1000:.1f} kB  frames/s {sum(frames) / SECONDS:.1f}  "
          f"key to frame {statistics.median(answers):.1f} ms, at most {max(answers):.1f} ms", flush=True)
