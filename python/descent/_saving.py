"""Saving a booster so that a run can go on from it."""

import os

import descent


def save(model, path, step):
    """Writes the model to `path` in whole or not at all, and announces it as a checkpoint of `step`."""
    folder, name = os.path.split(os.path.abspath(os.fspath(path)))
    os.makedirs(folder, exist_ok=True)
    part = os.path.join(folder, "part-" + name)
    model.save_model(part)
    os.replace(part, path)
    descent.checkpoint(path, step=step)
