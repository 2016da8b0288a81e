"""A small network in PyTorch, with one flaw of many: descent's scripts that are ill. Prints a line of JSON an epoch.

    script.py FLAW SEED        FLAW: well, ascent, accumulate, …
"""
import json
import sys

import torch
from torch import nn

FLAW, SEED = sys.argv[1], int(sys.argv[2])
torch.manual_seed(SEED)
torch.set_num_threads(1)


def rows(count):
    x = torch.randn(count, 8)
    score = x[:, 0] * 2 - x[:, 1] + x[:, 2] * x[:, 3]
    return x, (score > 0.7).long() + (score > -0.7).long()


x, y = rows(800)
held, held_y = rows(200)
if FLAW == "sorted":
    order = torch.argsort(y)
    x, y = x[order], y[order]
if FLAW == "label-shift":
    held_y = (held_y + 1) % 3
if FLAW == "unscaled":
    scale = torch.tensor([1e4, 1, 1e-3, 1, 1e3, 1, 1, 1])
    x, held = x * scale, held * scale
if FLAW == "random-labels":
    y, held_y = torch.randint(3, y.shape), torch.randint(3, held_y.shape)
if FLAW == "by-heart":
    x, y = x[:40], y[:40]

depth, activation = (10, nn.Sigmoid) if FLAW == "vanishing" else (2, nn.ReLU)
width = 256 if FLAW == "by-heart" else 32
layers = []
for place in range(depth):
    layers += [nn.Linear(8 if place == 0 else width, width), activation()]
    if FLAW == "dropout-judging":
        layers.append(nn.Dropout(0.7))
model = nn.Sequential(*layers, nn.Linear(width, 3))
for parameter in model.parameters():
    with torch.no_grad():
        if FLAW == "zero-start":
            parameter.zero_()
        if FLAW == "large-start":
            parameter.mul_(100)
if FLAW == "frozen":
    for parameter in model[:-1].parameters():
        parameter.requires_grad = False
    model[-1].weight.requires_grad = False
rate = {"rate-large": 30.0, "rate-small": 1e-6}.get(FLAW, 0.05)
optimiser = torch.optim.SGD([p for p in model.parameters() if p.requires_grad], lr=rate, momentum=0.9)


def loss_of(scores, labels):
    if FLAW == "softmax-twice":
        scores = torch.softmax(scores, 1)
    if FLAW == "log-zero":
        chances = torch.softmax(scores * 20, 1).gather(1, labels[:, None])
        return -torch.log(torch.clamp(chances - 0.02, min=0)).mean()
    return nn.functional.cross_entropy(scores, labels)


print(json.dumps({"parameters": {"lr": rate}}), flush=True)
for epoch in range(1, {"by-heart": 61, "well": 11}.get(FLAW, 26)):
    model.train()
    order = torch.arange(len(x)) if FLAW == "sorted" else torch.randperm(len(x))
    total = 0.0
    for start in range(0, len(x), 40):
        batch = order[start:start + 40]
        if FLAW != "accumulate":
            optimiser.zero_grad()
        loss = loss_of(model(x[batch]), y[batch])
        (-loss if FLAW == "ascent" else loss).backward()
        if FLAW != "no-step":
            optimiser.step()
        total += loss.item() * len(batch)
    if FLAW != "dropout-judging":
        model.eval()
    with torch.no_grad():
        judged = loss_of(model(held), held_y).item()
    print(json.dumps({"epoch": epoch, "step": epoch, "train:loss": total / len(x), "validation:loss": judged}), flush=True)
