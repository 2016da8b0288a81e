"""Folders of W&B runs for leet.py: one run written by the wandb library, and copies of it under other ids."""
import glob
import os
import shutil
import struct
import subprocess
import sys
import zlib

WRITER = """
import math, os, random, sys
os.environ.update(WANDB_MODE="offline", WANDB_SILENT="true")
import wandb
n = int(sys.argv[1])
run = wandb.init(project="bench", id="bench000", name="bench000", config={"lr": 0.1},
                 settings=wandb.Settings(console="off", x_disable_stats=True))
for step in range(n):
    run.log({f"m{i}": math.exp(-3 * step / n) + random.gauss(0, 0.05) + i for i in range(20)})
run.finish()
"""
BLOCK = 32768


def write(folder, steps):
    """Logs a run of 20 metrics below a folder; returns its file."""
    subprocess.run([sys.executable, "-c", WRITER, str(steps)], cwd=folder, check=True, capture_output=True)
    return glob.glob(os.path.join(folder, "wandb", "offline-run-*", "*.wandb"))[0]


def copy(file, count):
    """Copies a run until there are `count`, each with an id of its own; returns the folder of them all."""
    run = os.path.dirname(file)
    with open(file, "rb") as source:
        content = source.read()
    for index in range(1, count):
        name = f"bench{index:03}"
        twin = run.replace("bench000", name)
        shutil.copytree(run, twin, ignore=shutil.ignore_patterns("*.wandb"))
        with open(os.path.join(twin, f"run-{name}.wandb"), "wb") as target:
            target.write(renamed(content, name.encode()))
    return os.path.dirname(run)


def renamed(content, name):
    """The log with another id of the same length in the records of its first block, whose checks are made anew."""
    block, at = bytearray(content[:BLOCK]), 7
    while at + 7 <= len(block):
        _, length, kind = struct.unpack_from("<IHB", block, at)
        end = at + 7 + length
        if kind == 0 or end > len(block):
            break
        data = bytes(block[at + 7:end]).replace(b"bench000", name)
        block[at:end] = struct.pack("<IHB", zlib.crc32(data, zlib.crc32(bytes([kind]))), length, kind) + data
        at = end
    return bytes(block) + content[BLOCK:]
