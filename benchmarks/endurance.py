"""A hand that presses anything and drags the window about, on the real program in a terminal of its own while runs train: whether it
stands it, what it keeps in memory, and whether it answers at once afterwards."""
import fcntl
import os
import random
import select
import shutil
import statistics
import struct
import tempfile
import termios

from screen import Screen

FRAME = b"\x1b[?2026l"
# No q, no ctrl-c, no ctrl-z: those leave it, as they should.
KEYS = [bytes([c]) for c in range(32, 127) if chr(c) not in "qQ"] + [
    b"\r", b"\t", b"\x1b[A", b"\x1b[B", b"\x1b[C", b"\x1b[D", b"\x1b[5~", b"\x1b[6~", b"\x1b[H", b"\x1b[F", b"\x7f", b"\x1b[Z",
    "é".encode(), "日".encode(), b"\x1b[<0;10;10M", b"\x1b[<64;50;10M", b"\x1b[<32;60;20M"] + [b"\x1b "] * 8


def measure(binary, keys, sizes):
    folder = tempfile.mkdtemp()
    chance = random.Random(7)
    # Whatever is exported lands in the folder.
    os.symlink(os.path.abspath("sample-data"), os.path.join(folder, "sample-data"))
    screen = Screen([os.path.abspath(binary), "demo", "--pace", "400", "--workspace", os.path.join(folder, "w")], folder, 120, 40)
    screen.until(10, lambda seen: b"running" in seen)
    samples = []
    for number in range(keys):
        # A program that waits for its output to be read does not read keys.
        while not select.select([], [screen.fd], [], 0)[1]:
            screen.read(0.01)
        screen.press(chance.choice(KEYS))
        if number * sizes // keys != (number - 1) * sizes // keys:
            size = struct.pack("HHHH", chance.randint(1, 70), chance.randint(1, 220), 0, 0)
            fcntl.ioctl(screen.fd, termios.TIOCSWINSZ, size)
        text = screen.read(0)
        if text is None:
            raise SystemExit(f"endurance: the program ended after {number} keys")
        if number % (keys // 8) == keys // 8 - 1:
            screen.settle(0.2, 20)
            samples.append(resident(screen.pid))
    fcntl.ioctl(screen.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    # Another size is always another frame. What the hand left behind is done first.
    screen.settle(1.2, 20)
    answers = []
    for number in range(20):
        at = screen.now()
        fcntl.ioctl(screen.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 121 + number % 2, 0, 0))
        answers.append((screen.until(5, lambda text: FRAME in text) - at) * 1000)
        screen.settle(0.05, 1)
    print(f"endurance/terminal {keys} keys, {sizes} sizes: alive, memory {', '.join(f'{m:.0f}' for m in samples)} MB, a new size's frame "
          f"afterwards after {statistics.median(answers):.1f} ms, at most {max(answers):.1f}", flush=True)
    os.kill(screen.pid, 15)
    screen.close(())
    shutil.rmtree(folder)


def resident(pid):
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024
