#!/usr/bin/env python3
"""Trainings made ill in one known way each, and healthy ones: does the debugger name the cause, and does its remedy help?

    benchmarks/sick.py [--seeds N] [--only KIND] [--binary PATH] [--details]

A training is ill in one way, known here: a setting, or what was done to its data. Its alerts are read in the order in which they came.
"named first" counts those whose first alert of severity issue or warning names the cause, "in two" those of which the first or second
one does; "helped" those that, trained again with the first remedy that sets something, are at least 80 % of the way to the healthy twin.
Standard library only.
"""
import argparse
import csv
import json
import math
import os
import random
import re
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

# Set-ups that are healthy: data, target, algorithm, settings.
SETUPS = {
    "insurance linear": ("insurance.csv", "charges", "linear-learner", {"epochs": "20"}),
    "iris linear": ("iris.csv", "species", "linear-learner", {"epochs": "20"}),
    "wine linear": ("wine.csv", "", "linear-learner", {"epochs": "20"}),
    "cancer linear": ("breast_cancer.csv", "", "linear-learner", {"epochs": "20"}),
    "diabetes linear": ("diabetes.csv", "progression", "linear-learner", {"epochs": "20"}),
    "insurance network": ("insurance.csv", "charges", "neural-network", {"epochs": "20", "hidden_layers": "32"}),
    "iris network": ("iris.csv", "species", "neural-network", {"epochs": "30", "hidden_layers": "32"}),
    "wine network": ("wine.csv", "", "neural-network", {"epochs": "30", "hidden_layers": "32"}),
    "cancer network": ("breast_cancer.csv", "", "neural-network", {"epochs": "20", "hidden_layers": "32"}),
    "insurance trees": ("insurance.csv", "charges", "xgboost", {"num_round": "40"}),
    "wine trees": ("wine.csv", "", "xgboost", {"num_round": "40"}),
}


# Set-ups on which no threshold was set.
UNSEEN = {
    "credit linear": ("credit.csv", "default", "linear-learner", {}),
    "credit network": ("credit.csv", "default", "neural-network", {"epochs": "20"}),
    "credit trees": ("credit.csv", "default", "xgboost", {}),
    "demand linear": ("demand.csv", "demand", "linear-learner", {}),
    "demand network": ("demand.csv", "demand", "neural-network", {"epochs": "15"}),
    "salary linear": ("salary.csv", "salary", "linear-learner", {}),
    "diabetes network": ("diabetes.csv", "progression", "neural-network", {}),
    "diabetes trees": ("diabetes.csv", "progression", "xgboost", {}),
    "iris trees": ("iris.csv", "species", "xgboost", {}),
    "digits linear": ("digits.csv", "digit", "linear-learner", {}),
}


def rows_of(path):
    with open(path, newline="") as file:
        return list(csv.reader(file))


def order_by_target(rows, target, chance):
    place = rows[0].index(target)
    number = lambda text: float(text) if re.fullmatch(r"-?[0-9.]+(e-?[0-9]+)?", text) else text
    return rows[:1] + sorted(rows[1:], key=lambda row: number(row[place]))


def numeric(rows, target):
    return [
        place for place, name in enumerate(rows[0])
        if name != target and all(re.fullmatch(r"-?[0-9.]+", row[place] or "x") for row in rows[1:50])
        and len({row[place] for row in rows[1:]}) > 10
    ]


def scale_one(rows, target, chance):
    place = numeric(rows, target)[0]
    return rows[:1] + [row[:place] + [repr(float(row[place]) * 1e5)] + row[place + 1:] for row in rows[1:]]


def offset_one(rows, target, chance):
    place = numeric(rows, target)[0]
    return rows[:1] + [row[:place] + [repr(float(row[place]) + 1e3)] + row[place + 1:] for row in rows[1:]]


def shuffle_target(rows, target, chance):
    place = rows[0].index(target)
    values = [row[place] for row in rows[1:]]
    chance.shuffle(values)
    return rows[:1] + [row[:place] + [value] + row[place + 1:] for row, value in zip(rows[1:], values)]


class Sickness:
    def __init__(self, name, algorithms, settings, pattern, data=None, only=None):
        self.name, self.algorithms, self.settings, self.pattern = name, algorithms, settings, re.compile(pattern)
        self.data, self.only = data, only


LINEAR, NETWORK, TREES = "linear-learner", "neural-network", "xgboost"
# What an alert must say, in its rule, summary, cause or remedies (as rule|summary|cause|setting=value …).
SICK = [
    Sickness("rows in the order of the target", [LINEAR, NETWORK], {"shuffle": "false"}, r"^DataOrder|shuffle=true", order_by_target),
    Sickness("one feature 100,000 times as wide", [LINEAR, NETWORK], {"normalize_data": "false"}, r"^FeatureScale|normalize_data=true", scale_one),
    Sickness("one feature far from 0", [LINEAR, NETWORK], {"normalize_data": "false"}, r"normalize_data=true", offset_one),
    Sickness("target not normalised", [LINEAR, NETWORK], {"normalize_label": "false"}, r"normalize_label=(true|auto)", only="insurance"),
    Sickness("rate 100 times too large", [LINEAR, NETWORK], {"learning_rate": "30"}, r"learning_rate is 30|lower the learning rate"),
    Sickness("rate 1,000 times too small", [LINEAR, NETWORK], {"learning_rate": "1e-6"}, r"learning_rate is 1e-0?6|larger learning rate"),
    Sickness("momentum 0.999", [NETWORK], {"optimizer": "sgd", "learning_rate": "0.1", "momentum": "0.999"}, r"momentum"),
    Sickness("l1 far too strong", [LINEAR, NETWORK], {"l1": "10"}, r"\bl1\b"),
    Sickness("wd far too strong", [LINEAR, NETWORK], {"wd": "100"}, r"\bwd\b"),
    Sickness("weight decay far too strong", [NETWORK], {"weight_decay": "100"}, r"weight_decay"),
    Sickness("dropout 0.98", [NETWORK], {"dropout": "0.98"}, r"dropout"),
    Sickness("label smoothing 0.95", [NETWORK], {"label_smoothing": "0.95"}, r"label_smoothing", only="(iris|wine|cancer)"),
    Sickness("noise on the features", [NETWORK], {"augment_noise": "50"}, r"augment_noise"),
    Sickness("gradients cut to nothing", [NETWORK], {"optimizer": "sgd", "gradient_clip": "1e-7"}, r"gradient_clip"),
    Sickness("one hidden unit", [NETWORK], {"hidden_layers": "1,1,1"}, r"hidden_layers"),
    Sickness("no signal", [LINEAR, NETWORK, TREES], {}, r"say nothing|no signal", shuffle_target),
    Sickness("eta far too small", [TREES], {"eta": "0.0001"}, r"\beta\b"),
    Sickness("lambda far too strong", [TREES], {"lambda": "1000000"}, r"lambda"),
    Sickness("gamma far too strong", [TREES], {"gamma": "1e15"}, r"gamma"),
    Sickness("leaves far too large", [TREES], {"min_child_weight": "100000"}, r"min_child_weight"),
    Sickness("insensitive to errors", [LINEAR], {"loss": "eps_insensitive_absolute_loss", "loss_insensitivity": "1000000"}, r"loss_insensitivity", only="insurance"),
    Sickness("no penalty, much room", [NETWORK], {"hidden_layers": "512,512", "dropout": "0", "weight_decay": "0", "epochs": "80", "early_stopping_patience": "off"}, r"^Overfit", only="(diabetes|wine|iris|cancer)"),
    Sickness("deep trees, no penalty", [TREES], {"max_depth": "20", "lambda": "0", "min_child_weight": "0", "num_round": "200", "early_stopping_patience": "off"}, r"^Overfit", only="insurance"),
    Sickness("two epochs only", [LINEAR, NETWORK], {"epochs": "2", "learning_rate": "0.001"}, r"^StillImproving|epochs"),
]


class Bench:
    def __init__(self, binary, folder):
        self.binary, self.folder, self.count = binary, folder, 0

    def train(self, data, target, algorithm, settings, seed):
        self.count += 1
        words = [self.binary, "train", data, "--target", target, "--algorithm", algorithm, "--json", "--seed", str(seed),
                 "--workspace", os.path.join(self.folder, f"w{self.count}")]
        for name, value in settings.items():
            words += ["--set", f"{name}={value}"]
        done = subprocess.run(words, capture_output=True, text=True, timeout=600)
        alerts, losses, ended = [], [], None
        for line in done.stdout.splitlines():
            event = json.loads(line)
            if event["kind"] == "alertRaised":
                alerts.append(event)
            elif event["kind"] == "metricsRecorded" and "validation:loss" in event["metrics"]:
                value = event["metrics"]["validation:loss"]
                losses.append(value if isinstance(value, (int, float)) else math.inf)
            elif event["kind"] == "jobFinished":
                ended = event
        if ended is None:
            sys.exit(f"{' '.join(words)}\n{done.stderr}")
        subprocess.run(["rm", "-rf", os.path.join(self.folder, f"w{self.count}")])
        return alerts, min([loss for loss in losses if loss == loss], default=math.inf)


def said(alert):
    sets = " ".join(f"{name}={value}" for remedy in alert["remedies"] for name, value in remedy["set"].items())
    return f"{alert['rule']}|{alert['summary']}|{alert['cause']}|{sets}|" + "|".join(r["text"] for r in alert["remedies"])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--only", default="", help="sicknesses whose name has this; 'healthy' for those alone")
    parser.add_argument("--unseen", action="store_true", help="other set-ups, on which no threshold was set")
    parser.add_argument("--binary", default=os.path.join(ROOT, ".build/release/descent"))
    parser.add_argument("--details", action="store_true", help="say what was said instead")
    arguments = parser.parse_args()
    setups = UNSEEN if arguments.unseen else SETUPS
    seeds = range(arguments.first_seed, arguments.first_seed + arguments.seeds)
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(arguments.binary, folder)
        healthy, accused, twins = 0, 0, {}
        for name, (file, target, algorithm, settings) in setups.items():
            path = os.path.join(ROOT, "sample-data", file)
            target = target or rows_of(path)[0][-1]
            setups[name] = (path, target, algorithm, settings)
            for seed in seeds:
                alerts, best = bench.train(path, target, algorithm, settings, seed)
                twins[name, seed] = best
                loud = [alert for alert in alerts if alert["severity"] != "info"]
                healthy += 1
                if loud:
                    accused += 1
                    print(f"  accused: {name}, seed {seed}: " + "; ".join(said(alert)[:160] for alert in loud))
        print(f"healthy: {accused} of {healthy} accused", flush=True)
        total = [0, 0, 0, 0, 0]
        print(f"{'sickness':36} {'runs':>5} {'first':>6} {'in two':>7} {'silent':>7} {'helped':>9}")
        for sickness in SICK:
            if arguments.only not in sickness.name:
                continue
            runs = first = second = silent = tried = helped = 0
            for name, (path, target, algorithm, settings) in setups.items():
                if algorithm not in sickness.algorithms or (sickness.only and not re.search(sickness.only, name)):
                    continue
                for seed in seeds:
                    data = path
                    if sickness.data:
                        data = os.path.join(folder, "sick.csv")
                        with open(data, "w", newline="") as out:
                            csv.writer(out).writerows(sickness.data(rows_of(path), target, random.Random(seed)))
                    ill = dict(settings, **sickness.settings)
                    alerts, best = bench.train(data, target, algorithm, ill, seed)
                    loud = [alert for alert in alerts if alert["severity"] != "info"] or alerts
                    hits = [bool(sickness.pattern.search(said(alert))) for alert in loud]
                    runs += 1
                    first += bool(hits[:1] and hits[0])
                    second += any(hits[:2])
                    silent += not loud
                    if arguments.details and not (hits[:1] and hits[0]):
                        print(f"    {name}, seed {seed}: " + ("; ".join(said(alert)[:230] for alert in loud) or "silent"))
                    cure = next((r["set"] for alert in loud[:1] for r in alert["remedies"] if r["set"]), None)
                    gap = best - twins[name, seed]
                    if cure and gap > 0.05 * abs(twins[name, seed]) and sickness.name != "no signal":
                        tried += 1
                        _, cured = bench.train(data, target, algorithm, dict(ill, **cure), seed)
                        closed = math.isinf(best) and math.isfinite(cured) or (best - cured) >= 0.8 * gap
                        helped += closed
                        if arguments.details and not closed:
                            print(f"    not cured: {name}, seed {seed}: {cure}: {best:.4g} -> {cured:.4g}, healthy {twins[name, seed]:.4g}")
            print(f"{sickness.name:36} {runs:5} {first:6} {second:7} {silent:7} {helped:4}/{tried}", flush=True)
            for place, value in enumerate([runs, first, second, helped, tried]):
                total[place] += value
        print(f"all: {total[1]} of {total[0]} named first, {total[2]} among the first two; {total[3]} of {total[4]} helped")


main()
