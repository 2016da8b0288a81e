"""Makes the pictures of docs/pictures: trains runs on the sample data in a workspace of its own and writes the studio's screens as SVG.

    benchmarks/pictures.py [FOLDER [SIZE…]]       default docs/pictures, and the few that README.md shows; with sizes, every screen at each

Takes the release build's program, or DESCENT. Runs of 100,000 steps among them: some 20 seconds.
"""
import html
import os
import re
import subprocess
import sys
import tempfile

from screen import Screen

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BIN = os.environ.get("DESCENT", os.path.join(ROOT, ".build/release/descent"))
THEMES = ["descent-dark", "descent-light", "colour-blind", "monochrome"]
LONG = {"mini_batch_size": "32", "epochs": "200", "early_stopping_patience": "1000"}

# name: file, target, options
RUNS = [
    ("charges-too-fast", "insurance", "charges", {"epochs": "40", "optimizer": "sgd", "learning_rate": "0.9"}),
    ("unshuffled", "brokerage", "churned", LONG | {"shuffle": "false", "epochs": "20"}),
    ("sgd-slow", "brokerage", "churned", LONG | {"optimizer": "sgd", "learning_rate": "0.0003"}),
    ("sgd-momentum", "brokerage", "churned", LONG | {"optimizer": "sgd", "learning_rate": "0.002", "momentum": "0.9"}),
    ("adam", "brokerage", "churned", LONG),
]
# name: screen, run, keys
SCREENS = {
    "home": ("home", "adam", "space space space 3 K"),
    "run": ("run", "adam", ""),
    "curves": ("curves", "adam", ""),
    "metrics": ("metrics", "adam", ""),
    "compare": ("experiments", "adam", "space space space c"),
    "data": ("datasets", None, "j j j"),
    "form": ("new-run", None, ""),
    "help": ("help", None, ""),
    "themes": ("themes", "adam", ""),
    "experiments": ("experiments", "adam", ""),
    "alerts": ("alerts", None, ""),
}
# What README.md shows: file, screen, size, theme.
SHOWN = [
    ("home", "home", "120x40", "descent-dark"), ("compare", "compare", "120x40", "descent-light"),
    ("data", "data", "120x32", "descent-dark"),
]


def descent(*arguments):
    done = subprocess.run([BIN, *arguments], cwd=ROOT, capture_output=True, text=True, env=ENVIRONMENT)
    if done.returncode:
        raise SystemExit(f"descent {' '.join(arguments)}: {done.stderr.strip()}")
    return done.stdout


def train(workspace):
    for name, file, target, settings in RUNS:
        sets = [word for key, value in settings.items() for word in ("--set", f"{key}={value}")]
        descent("train", f"sample-data/{file}.csv", "--target", target, "--name", name, "--quiet", "--workspace", workspace, *sets)
    # The studio reads the data that is opened or was trained on, and keeps what it found.
    files = [f"sample-data/{name}.csv" for name in ("digits", "iris", "credit")]
    screen = Screen([BIN, *files, "--workspace", workspace], ROOT, 120, 40)
    screen.settle(1.5, 20)
    screen.close((b"q",))


def draw(workspace, path, screen, size, theme):
    name, run, keys = SCREENS[screen]
    words = ["frame", name, "--size", size, "--theme", theme, "--out", path, "--workspace", workspace]
    descent(*words, *(["--run", run] if run else []), *(["--keys", keys] if keys else []))
    with open(path) as file:
        picture = file.read()
    with open(path, "w") as file:
        file.write(re.sub(r'textLength="\d+"([^>]*)>([^<]*)', anywhere, picture))


def anywhere(match):
    """A piece of text without the place where the project lies on this machine."""
    text = match[2].replace(ROOT, "~/descent")
    return f'textLength="{8 * len(html.unescape(text))}"{match[1]}>{text}' if text != match[2] else match[0]


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else os.path.join(ROOT, "docs/pictures")
    sizes = sys.argv[2:]
    os.makedirs(folder, exist_ok=True)
    folder = os.path.abspath(folder)
    with tempfile.TemporaryDirectory() as scratch:
        ENVIRONMENT["XDG_CONFIG_HOME"] = scratch
        workspace = os.path.join(scratch, "sample")
        train(workspace)
        if not sizes:
            for file, screen, size, theme in SHOWN:
                draw(workspace, os.path.join(folder, file + ".svg"), screen, size, theme)
        for size in sizes:
            for theme in THEMES:
                for screen in SCREENS:
                    draw(workspace, os.path.join(folder, f"{screen}-{size}-{theme}.svg"), screen, size, theme)


ENVIRONMENT = dict(os.environ)

if __name__ == "__main__":
    main()
