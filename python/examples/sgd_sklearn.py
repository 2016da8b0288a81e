"""scikit-learn's SGDClassifier, pass by pass: a linear model that learns digits.

    descent train sample-data/digits.csv --algorithm script --script python/examples/sgd_sklearn.py --set alpha=0.001

`eta0` can be set while it trains. Without Descent: python sgd_sklearn.py --epochs 10
"""

import csv
import os
import pickle

import numpy
from sklearn.linear_model import SGDClassifier
from sklearn.metrics import log_loss

import descent

HERE = os.path.dirname(os.path.abspath(__file__))
DIGITS = os.path.join(HERE, "..", "..", "sample-data", "digits.csv")


def read(path):
    with open(path, newline="") as file:
        table = numpy.array([[float(value) for value in row] for row in list(csv.reader(file))[1:]])
    return table[:, :-1] / 16, table[:, -1].astype(int)


def main():
    given = descent.hyperparameters(alpha=0.0001, eta0=0.01, epochs=15, batch_size=64, seed=1)
    x, y = read(descent.channel("train", DIGITS))
    validation = descent.channel("validation")
    if validation:
        held_x, held_y = read(validation)
    else:
        order = numpy.random.RandomState(0).permutation(len(y))
        held, kept = order[:len(order) // 5], order[len(order) // 5:]
        held_x, held_y, x, y = x[held], y[held], x[kept], y[kept]
    classes = numpy.unique(numpy.concatenate([y, held_y]))
    folder = os.environ.get("SM_CHECKPOINT_DIR", "checkpoints")
    os.makedirs(folder, exist_ok=True)
    resumed = descent.resume_from()
    if resumed:
        with open(resumed.path, "rb") as file:
            state = pickle.load(file)
    else:
        state = {"model": SGDClassifier(loss="log_loss", alpha=given["alpha"], learning_rate="constant", eta0=given["eta0"],
                                        random_state=given["seed"]),
                 "random": numpy.random.RandomState(given["seed"]), "epoch": 0, "step": 0}
    model, random = state["model"], state["random"]
    descent.plan(epochs=given["epochs"])
    while state["epoch"] < given["epochs"]:
        order = random.permutation(len(y))
        for begin in range(0, len(y), given["batch_size"]):
            chosen = order[begin:begin + given["batch_size"]]
            model.set_params(eta0=descent.steer("eta0", given["eta0"]))
            model.partial_fit(x[chosen], y[chosen], classes=classes)
            state["step"] += 1
            if descent.should_stop():
                return
        state["epoch"] += 1
        values = {"train:loss": log_loss(y, model.predict_proba(x), labels=classes),
                  "validation:loss": log_loss(held_y, model.predict_proba(held_x), labels=classes),
                  "validation:accuracy": model.score(held_x, held_y)}
        descent.log(values, step=state["step"], epoch=state["epoch"])
        print("epoch %d: loss: %.4f val_loss: %.4f val_accuracy: %.4f" % (state["epoch"], *values.values()), flush=True)
        path = os.path.join(folder, "sgd.pickle")
        with open(path + ".part", "wb") as file:
            pickle.dump(state, file)
        os.replace(path + ".part", path)
        descent.checkpoint(path, step=state["step"], epoch=state["epoch"])
    output_folder = os.environ.get("SM_MODEL_DIR", "model")
    os.makedirs(output_folder, exist_ok=True)
    with open(os.path.join(output_folder, "sgd.pickle"), "wb") as file:
        pickle.dump(model, file)


if __name__ == "__main__":
    main()
