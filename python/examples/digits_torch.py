"""An image classifier in PyTorch: handwritten digits, with dropout, shifted images and early stopping.

    descent train sample-data/digits.csv --algorithm script --script python/examples/digits_torch.py --set dropout=0.2

`dropout` and the learning rate can be set while it trains. Without Descent: python digits_torch.py --dropout 0.5
"""

import csv
import os
import random

import torch
from torch import nn

import descent

HERE = os.path.dirname(os.path.abspath(__file__))
DIGITS = os.path.join(HERE, "..", "..", "sample-data", "digits.csv")


def read(path):
    """Images [n, 1, 8, 8] between 0 and 1, and labels [n]."""
    with open(path, newline="") as file:
        rows = [[float(value) for value in row] for row in list(csv.reader(file))[1:]]
    table = torch.tensor(rows)
    return table[:, :-1].reshape(-1, 1, 8, 8) / 16, table[:, -1].long()


def shifted(images):
    """Each image moved by up to one pixel in both directions."""
    result = torch.empty_like(images)
    padded = nn.functional.pad(images, (1, 1, 1, 1))
    for place in range(len(images)):
        down, right = random.randint(0, 2), random.randint(0, 2)
        result[place] = padded[place, :, down:down + 8, right:right + 8]
    return result


class Network(nn.Module):
    def __init__(self, channels, dropout):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(1, channels, 3, padding=1), nn.BatchNorm2d(channels), nn.ReLU(),
                                      nn.Conv2d(channels, 2 * channels, 3, padding=1), nn.BatchNorm2d(2 * channels), nn.ReLU(),
                                      nn.MaxPool2d(2))
        self.dropout = nn.Dropout(dropout)
        self.classifier = nn.Linear(2 * channels * 16, 10)

    def forward(self, images):
        return self.classifier(self.dropout(self.features(images).flatten(1)))


def main():
    given = descent.hyperparameters(dropout=0.2, learning_rate=0.003, epochs=20, batch_size=32, channels=8, patience=5,
                                    augment=True, seed=1)
    torch.manual_seed(given["seed"])
    random.seed(given["seed"])
    images, labels = read(descent.channel("train", DIGITS))
    validation = descent.channel("validation")
    if validation:
        held_images, held_labels = read(validation)
    else:
        order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(0))
        held, kept = order[:len(order) // 5], order[len(order) // 5:]
        held_images, held_labels, images, labels = images[held], labels[held], images[kept], labels[kept]

    model = Network(given["channels"], given["dropout"])
    optimizer = torch.optim.AdamW(model.parameters(), lr=given["learning_rate"])
    loss_function = nn.CrossEntropyLoss()
    folder = os.environ.get("SM_CHECKPOINT_DIR", "checkpoints")
    os.makedirs(folder, exist_ok=True)
    epoch, step, best, since_best = 0, 0, float("inf"), 0
    resumed = descent.resume_from()
    if resumed:
        state = torch.load(resumed.path, weights_only=False)
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        epoch, step, best, since_best = state["epoch"], state["step"], state["best"], state["since_best"]
        torch.set_rng_state(state["torch_random"])
        random.setstate(state["random"])
        print("goes on from epoch %d, step %d" % (epoch, step))

    hook = descent.Hook(model, optimizer)
    batches = -(-len(labels) // given["batch_size"])
    descent.plan(steps=batches * given["epochs"], epochs=given["epochs"])
    stopped = False
    while epoch < given["epochs"] and since_best < given["patience"] and not stopped:
        model.train()
        total, right = 0.0, 0
        for chosen in torch.randperm(len(labels)).split(given["batch_size"]):
            model.dropout.p = descent.steer("dropout", given["dropout"])
            batch = shifted(images[chosen]) if given["augment"] else images[chosen]
            output = model(batch)
            loss = loss_function(output, labels[chosen])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            step += 1
            total += loss.item() * len(chosen)
            right += (output.argmax(1) == labels[chosen]).sum().item()
            descent.log({"train:loss": loss.item()}, step=step, epoch=epoch)
            if descent.should_stop():
                stopped = True
                break
        if stopped:
            # The checkpoint of the last whole epoch is what a resumed run goes on from, to the same end.
            break
        model.eval()
        with torch.no_grad():
            output = model(held_images)
            held_loss = loss_function(output, held_labels).item()
            accuracy = (output.argmax(1) == held_labels).float().mean().item()
        epoch += 1
        is_best = held_loss < best
        best, since_best = (held_loss, 0) if is_best else (best, since_best + 1)
        descent.log({"train:accuracy": right / len(labels), "validation:loss": held_loss, "validation:accuracy": accuracy},
                    step=step, epoch=epoch)
        print("epoch %d: loss: %.4f val_loss: %.4f val_accuracy: %.4f" % (epoch, total / len(labels), held_loss, accuracy), flush=True)
        path = os.path.join(folder, "digits.pt")
        torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict(), "epoch": epoch, "step": step, "best": best,
                    "since_best": since_best, "torch_random": torch.get_rng_state(), "random": random.getstate()}, path + ".part")
        os.replace(path + ".part", path)
        descent.checkpoint(path, step=step, epoch=epoch, best=is_best)
        if is_best:
            output_folder = os.environ.get("SM_MODEL_DIR", "model")
            os.makedirs(output_folder, exist_ok=True)
            torch.save(model.state_dict(), os.path.join(output_folder, "digits.pt"))
    hook.close()


if __name__ == "__main__":
    main()
