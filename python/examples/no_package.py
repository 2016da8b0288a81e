"""A script that knows nothing of Descent: what it prints is read. Fits a line by gradient descent.

    descent train --algorithm script --script python/examples/no_package.py --set learning_rate=0.1
"""

import argparse
import random

parser = argparse.ArgumentParser()
parser.add_argument("--learning_rate", type=float, default=0.2)
parser.add_argument("--epochs", type=int, default=40)
arguments = parser.parse_args()

random.seed(1)
points = [(x / 50, 3 * x / 50 - 1 + random.gauss(0, 0.1)) for x in range(100)]
slope, offset = 0.0, 0.0
for epoch in range(1, arguments.epochs + 1):
    errors = [slope * x + offset - y for x, y in points]
    slope -= arguments.learning_rate * 2 * sum(error * x for error, (x, _) in zip(errors, points)) / len(points)
    offset -= arguments.learning_rate * 2 * sum(errors) / len(points)
    loss = sum(error * error for error in errors) / len(points)
    print("Epoch %d/%d" % (epoch, arguments.epochs))
    print("loss: %.6f" % loss, flush=True)
print("slope %.3f, offset %.3f" % (slope, offset))
