"""How long the studio takes to answer "what if": from the key that ends a changed value to the last of what it paints for it, which is
the row's new attribution and prediction, beside the processor time of the whole program for it. Prints medians and the slowest of
EDITS edits a learner as a Markdown table. A frame is 33 ms: the studio paints no more than 30 a second.

    benchmarks/whatif.py PROGRAM [FILE TARGET VALUES]       columns are numbers; default: sample-data/diabetes.csv, progression 20,40,60,80
"""
import os
import statistics
import subprocess
import sys
import tempfile

from screen import Screen

EDITS = int(os.environ.get("EDITS", "20"))
LEARNERS = (("linear-learner", []), ("xgboost", ["--set", "num_round=100", "--set", "max_depth=6", "--set", "early_stopping_patience=1000"]),
            ("neural-network", ["--set", "hidden_layers=64,64"]))


def measure(program, learner, words, file, target, values):
    with tempfile.TemporaryDirectory() as folder:
        workspace = os.path.join(folder, "w")
        subprocess.run([program, "train", file, "--target", target, "--algorithm", learner, "--name", "one", *words,
                        "--workspace", workspace, "--quiet"], check=True, capture_output=True)
        screen = Screen([program, "--workspace", workspace], folder)
        screen.settle(1)
        screen.press(b"2")
        screen.settle(0.3)
        screen.press(b"Y")
        screen.settle(1.5)
        for _ in range(2):
            screen.press(b"\t")
            screen.settle(0.5)
        times, used = [], []
        for edit in range(EDITS):
            screen.press(b"\r")
            screen.settle(0.25)
            screen.press(b"\x15" + values[edit % len(values)].encode())
            screen.settle(0.25)
            before, start = screen.cpu(), screen.press(b"\r")
            _, last = screen.settle(0.25)
            times.append(1000 * (last - start))
            used.append(1000 * (screen.cpu() - before))
        screen.close()
    print(f"| {os.path.basename(file)} | {learner} | {EDITS} | {statistics.median(times):.1f} | {max(times):.1f} | "
          f"{statistics.median(used):.1f} |", flush=True)


if __name__ == "__main__":
    given = sys.argv[2:] or [os.path.join(os.path.dirname(__file__), "..", "sample-data", "diabetes.csv"), "progression", "20,40,60,80"]
    print("| file | learner | edits | key to last paint, ms | slowest | processor, ms |\n" + "| --- " * 6 + "|")
    for learner, words in LEARNERS:
        measure(os.path.abspath(sys.argv[1]), learner, words, os.path.abspath(given[0]), given[1], given[2].split(","))
