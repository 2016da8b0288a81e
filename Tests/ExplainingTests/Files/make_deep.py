# Makes Tests/ExplainingTests/Files/deep.json: what shap's DeepExplainer says of small networks of PyTorch's.
import json
import sys
import warnings

import numpy as np
import shap
import torch
from torch import nn

warnings.filterwarnings("ignore")
torch.manual_seed(3)
random = np.random.default_rng(3)
ACTIVATIONS = {"relu": nn.ReLU, "tanh": nn.Tanh, "sigmoid": nn.Sigmoid}
cases = []


def numbers(values):
    return [float(value) for value in np.asarray(values, dtype=np.float32).ravel()]


def case(name, sizes, activation, outputs, normal=False):
    layers, widths = [], [5, *sizes]
    for inputs, units in zip(widths, widths[1:]):
        layers.append(nn.Linear(inputs, units, bias=not normal))
        if normal:
            layers.append(nn.BatchNorm1d(units))
        layers.append(ACTIVATIONS[activation]())
    layers.append(nn.Linear(widths[-1], outputs))
    net = nn.Sequential(*layers)
    for layer in layers:
        if isinstance(layer, nn.BatchNorm1d):
            layer.weight.data = torch.tensor(random.uniform(0.5, 2, layer.num_features), dtype=torch.float32)
            layer.bias.data = torch.tensor(random.normal(size=layer.num_features), dtype=torch.float32)
            layer.running_mean = torch.tensor(random.normal(size=layer.num_features), dtype=torch.float32)
            layer.running_var = torch.tensor(random.uniform(0.3, 2, layer.num_features), dtype=torch.float32)
    net.eval()
    means, inverses = random.normal(size=5).astype(np.float32), random.uniform(0.3, 3, 5).astype(np.float32)
    rows, background = (random.normal(size=(count, 5)).astype(np.float32) for count in (4, 7))
    scaled = lambda x: torch.tensor((x - means) * inverses)  # noqa: E731
    explainer = shap.DeepExplainer(net, scaled(background))
    found = np.asarray(explainer.shap_values(scaled(rows)))  # [rows, features, outputs]
    parameters, statistics = [], []
    for layer in layers:
        if isinstance(layer, nn.Linear):
            parameters += numbers(layer.weight.detach().numpy().T)
            if layer.bias is not None:
                parameters += numbers(layer.bias.detach())
        if isinstance(layer, nn.BatchNorm1d):
            parameters += numbers(layer.weight.detach()) + numbers(layer.bias.detach())
            statistics += numbers(layer.running_mean) + numbers(layer.running_var)
    cases.append({
        "name": name, "hidden": sizes, "activation": activation, "outputs": outputs, "normalizes": normal,
        "parameters": parameters, "statistics": statistics, "means": numbers(means), "inverses": numbers(inverses),
        "rows": [numbers(row) for row in rows], "background": [numbers(row) for row in background],
        "scores": numbers(net(scaled(rows)).detach()),
        "expected": numbers(explainer.expected_value), "values": numbers(found.transpose(0, 2, 1))})


case("relu", [8, 6], "relu", 1)
case("tanh, three classes", [7], "tanh", 3)
case("sigmoid", [6, 4], "sigmoid", 1)
case("batch normalisation", [8, 5], "relu", 2 + 1, normal=True)
json.dump({"shap": shap.__version__, "torch": torch.__version__, "cases": cases}, open(sys.argv[1], "w"))
