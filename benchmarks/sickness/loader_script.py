"""Trainings in another style than script.py: a DataLoader, modules as classes, Adam. Prints a line of text an epoch.

    loader_script.py TASK FLAW SEED        TASK: regression, images, binary, sequence; FLAW: none, or one of kinds.py; well, too, are file-order (rows at random in the file,
                                       never shuffled) and no-guard (judged on sorted rows with gradients)

They know nothing of Descent.
"""
import sys

import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

TASK, FLAW, SEED = sys.argv[1], sys.argv[2], int(sys.argv[3])
torch.manual_seed(SEED)
torch.set_num_threads(1)
EPOCHS = 12


def table(count):
    x = torch.randn(count, 10)
    y = x[:, :1] * 2 + (x[:, 1:2] * x[:, 2:3]) - x[:, 3:4].abs() + 0.3 * torch.randn(count, 1)
    return x, y


def patients(count):
    x = torch.randn(count, 12)
    return x, ((x[:, :2].sum(1, keepdim=True) + x[:, 2:3] * x[:, 3:4] + 0.3 * torch.randn(count, 1)) > 0).float()


def pictures(count):
    y = torch.randint(0, 4, (count,))
    x = torch.rand(count, 1, 12, 12) * 0.6
    for place, label in enumerate(y.tolist()):
        row, column = torch.randint(0, 6, (2,)).tolist()
        x[place, 0, row:row + 6, column:column + 6] += [torch.eye(6), torch.eye(6).flip(0), torch.ones(6, 6) * (torch.arange(6) % 2),
                                                         torch.ones(6, 6) * (torch.arange(6) % 2)[:, None]][label] * 0.4
    return (x - 0.35) / 0.22, y


def series(count):
    y = torch.randint(0, 3, (count,))
    time = torch.arange(16.0)
    phase = torch.rand(count, 1, 1) * 6.28
    x = torch.sin(time[None, :, None] * (0.3 + 0.4 * y[:, None, None].float()) + phase) + 0.4 * torch.randn(count, 16, 2)
    return x, y


class Regressor(nn.Module):
    def __init__(self, dropout=0.1):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(10, 64), nn.ReLU(), nn.Dropout(dropout), nn.Linear(64, 64), nn.ReLU())
        self.head = nn.Linear(64, 1)

    def forward(self, x):
        features = self.body(x)
        return self.head(features.detach() if FLAW == "detached" else features)


class Classifier(nn.Module):
    def __init__(self, dropout=0.1):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(12, 48), nn.ReLU(), nn.Dropout(dropout), nn.Linear(48, 48), nn.ReLU())
        self.head = nn.Linear(48, 1)

    def forward(self, x):
        scores = self.head(self.body(x))
        return torch.sigmoid(scores) if FLAW == "sigmoid-logits" else scores


class Convolutions(nn.Module):
    def __init__(self, dropout=0.1):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(1, 12, 3, padding=1), nn.BatchNorm2d(12), nn.ReLU(), nn.MaxPool2d(2),
                                  nn.Conv2d(12, 24, 3, padding=1), nn.BatchNorm2d(24), nn.ReLU(), nn.AdaptiveAvgPool2d(2))
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(96, 4)

    def forward(self, x):
        features = self.body(x).flatten(1)
        return self.head(self.dropout(features.detach() if FLAW == "detached" else features))


class Recurrent(nn.Module):
    def __init__(self, dropout=0.1):
        super().__init__()
        self.body = nn.GRU(2, 24, batch_first=True)
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(24, 3)

    def forward(self, x):
        return self.head(self.dropout(self.body(x)[0][:, -1]))


ROWS, MODEL = {"regression": (table, Regressor), "binary": (patients, Classifier), "images": (pictures, Convolutions),
               "sequence": (series, Recurrent)}[TASK]
x, y = ROWS(640)
held_x, held_y = ROWS(256)
if FLAW == "nan-data":
    x[7, 0] = float("nan")
if FLAW == "nan-labels":
    y[11] = float("nan")
if FLAW == "bytes":
    x, held_x = [((part * 0.22 + 0.35) * 255).clamp(0, 255).round() for part in (x, held_x)]
if FLAW == "raw":
    scale = 10 ** torch.linspace(-2, 4, x.shape[1])
    x, held_x = x * scale + 3 * scale, held_x * scale + 3 * scale
if FLAW == "judged-scale":
    held_x = held_x * 20 + 50
if FLAW == "random":
    y, held_y = y[torch.randperm(len(y))], held_y[torch.randperm(len(held_y))]
if FLAW == "sorted":
    order = torch.argsort(y.flatten())
    x, y = x[order], y[order]
if FLAW == "no-guard":
    order = torch.argsort(held_y.flatten())
    held_x, held_y = held_x[order], held_y[order]

model = MODEL(0.95 if FLAW == "dropout" else 0.1)
if FLAW == "init-large":
    for parameter in model.parameters():
        parameter.data *= 60
if FLAW == "init-alike":
    for parameter in model.parameters():
        nn.init.constant_(parameter, 0.1)
if FLAW == "frozen":
    for parameter in model.body.parameters():
        parameter.requires_grad_(False)
learned = MODEL(0.1).parameters() if FLAW == "other-model" else model.head.parameters() if FLAW == "left-out" else \
    [parameter for parameter in model.parameters() if parameter.requires_grad]
rate = {"rate-small": 1e-7, "rate-large": 1.0, "dead": 0.3, "decay": 0.01}.get(FLAW, 3e-3)
if FLAW == "clip" or FLAW == "summed" or TASK == "binary" and FLAW != "decay":
    rate = {"rate-large": 100.0, "rate-small": 1e-6}.get(FLAW, 0.05)
    optimizer = torch.optim.SGD(learned, lr=rate, momentum=0.9)
elif FLAW == "decay":
    optimizer = torch.optim.AdamW(learned, lr=rate, weight_decay=50)
else:
    optimizer = torch.optim.Adam(learned, lr=rate)
scheduler = torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.5 if FLAW == "schedule" else 0.85)


def loss_of(scores, target):
    if TASK == "regression":
        if FLAW == "broadcast":
            target = target.squeeze(1)
        return F.mse_loss(scores, target, reduction="sum" if FLAW == "summed" else "mean")
    if TASK == "binary":
        return F.binary_cross_entropy_with_logits(scores, target)
    if FLAW == "nll-scores":
        return F.nll_loss(scores, target)
    if FLAW == "softmax":
        return nn.CrossEntropyLoss()(nn.Softmax(dim=1)(scores), target)
    return nn.CrossEntropyLoss()(scores, target)


loader = DataLoader(TensorDataset(x, y), batch_size=32, shuffle=FLAW not in ("sorted", "file-order"))
held = DataLoader(TensorDataset(held_x, held_y), batch_size=64)
first = next(iter(loader))
for epoch in range(1, EPOCHS + 1):
    if FLAW != "eval-for-ever" or epoch == 1:
        model.train()
    total = count = 0
    for batch, target in loader:
        if FLAW == "same-batch":
            batch, target = first
        if FLAW != "no-zero":
            optimizer.zero_grad()
        loss = loss_of(model(batch), target)
        (-loss if FLAW == "ascent" else loss).backward()
        if FLAW == "zero-before-step":
            optimizer.zero_grad()
        if FLAW == "clip":
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1e-6)
        if FLAW != "no-step":
            optimizer.step()
        if FLAW == "schedule":
            scheduler.step()
        total += loss.item() * (1 / len(batch) if FLAW == "summed" else 1)
        count += 1
    if FLAW != "schedule":
        scheduler.step()
    if FLAW not in ("never-eval",):
        model.eval()
    with torch.set_grad_enabled(FLAW == "no-guard"):
        judged = sum(loss_of(model(batch), target).item() * (1 / len(batch) if FLAW == "summed" else 1) for batch, target in held) / len(held)
    print(f"Epoch {epoch}/{EPOCHS} - loss: {total / count:.5f} - val_loss: {judged:.5f}", flush=True)
