"""XGBoost in a script of its own: digits by boosted trees, with checkpoints from which it goes on.

    descent train sample-data/digits.csv --algorithm script --script python/examples/xgboost_script.py --set eta=0.1
"""

import csv
import os

import numpy
import xgboost

import descent

HERE = os.path.dirname(os.path.abspath(__file__))
DIGITS = os.path.join(HERE, "..", "..", "sample-data", "digits.csv")


def read(path):
    with open(path, newline="") as file:
        table = numpy.array([[float(value) for value in row] for row in list(csv.reader(file))[1:]])
    return table[:, :-1], table[:, -1].astype(int)


def main():
    given = descent.hyperparameters(eta=0.3, max_depth=4, num_round=30, subsample=0.8, seed=1)
    x, y = read(descent.channel("train", DIGITS))
    validation = descent.channel("validation")
    if validation:
        held_x, held_y = read(validation)
    else:
        order = numpy.random.RandomState(0).permutation(len(y))
        held, kept = order[:len(order) // 5], order[len(order) // 5:]
        held_x, held_y, x, y = x[held], y[held], x[kept], y[kept]
    train, valid = xgboost.DMatrix(x, y), xgboost.DMatrix(held_x, held_y)
    folder = os.environ.get("SM_CHECKPOINT_DIR", "checkpoints")
    resumed = descent.resume_from()
    rounds = given["num_round"] - (resumed.step if resumed else 0)
    parameters = {"objective": "multi:softprob", "num_class": 10, "eval_metric": ["mlogloss", "merror"], "eta": given["eta"],
                  "max_depth": given["max_depth"], "subsample": given["subsample"], "seed": given["seed"], "nthread": 2}
    booster = xgboost.train(parameters, train, rounds, evals=[(train, "train"), (valid, "validation")], verbose_eval=5,
                            xgb_model=resumed.path if resumed else None,
                            callbacks=[descent.xgboost.Callback(os.path.join(folder, "digits.ubj"), every=5, rounds=rounds)])
    folder = os.environ.get("SM_MODEL_DIR", "model")
    os.makedirs(folder, exist_ok=True)
    booster.save_model(os.path.join(folder, "digits.ubj"))


if __name__ == "__main__":
    main()
