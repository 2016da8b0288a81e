"""A Keras network on handwritten digits; any backend (KERAS_BACKEND=torch, tensorflow or jax).

    descent train sample-data/digits.csv --algorithm script --script python/examples/digits_keras.py --set dropout=0.3
"""

import csv
import importlib.util
import os

import numpy

# Looked for and not imported: TensorFlow and PyTorch do not always live in one process.
if "KERAS_BACKEND" not in os.environ and importlib.util.find_spec("tensorflow") is None:
    os.environ["KERAS_BACKEND"] = "torch"
import keras

import descent

HERE = os.path.dirname(os.path.abspath(__file__))
DIGITS = os.path.join(HERE, "..", "..", "sample-data", "digits.csv")


def read(path):
    with open(path, newline="") as file:
        table = numpy.array([[float(value) for value in row] for row in list(csv.reader(file))[1:]], dtype="float32")
    return table[:, :-1].reshape(-1, 8, 8, 1) / 16, table[:, -1].astype("int32")


def build(dropout, learning_rate):
    model = keras.Sequential([
        keras.Input((8, 8, 1)),
        keras.layers.Conv2D(8, 3, padding="same", activation="relu"),
        keras.layers.MaxPooling2D(),
        keras.layers.Flatten(),
        keras.layers.Dropout(dropout),
        keras.layers.Dense(10, activation="softmax"),
    ])
    model.compile(keras.optimizers.Adam(learning_rate), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def main():
    given = descent.hyperparameters(dropout=0.2, learning_rate=0.01, epochs=10, batch_size=32, patience=3, seed=1)
    keras.utils.set_random_seed(given["seed"])
    x, y = read(descent.channel("train", DIGITS))
    validation = descent.channel("validation")
    held = read(validation) if validation else None
    resumed = descent.keras.resume()
    model, epochs = resumed or (build(given["dropout"], given["learning_rate"]), 0)
    folder = os.environ.get("SM_CHECKPOINT_DIR", "checkpoints")
    model.fit(x, y, validation_data=held, validation_split=0.0 if held else 0.2, epochs=given["epochs"], initial_epoch=epochs,
              batch_size=given["batch_size"], verbose=2,
              callbacks=[keras.callbacks.EarlyStopping(patience=given["patience"], restore_best_weights=True),
                         descent.keras.Callback(checkpoint=os.path.join(folder, "digits.keras"))])
    folder = os.environ.get("SM_MODEL_DIR", "model")
    os.makedirs(folder, exist_ok=True)
    model.save(os.path.join(folder, "digits.keras"))


if __name__ == "__main__":
    main()
