"""Our tuner beside Optuna's samplers, on functions that both sides see through this script.

usage: tune.py peers [--seeds N] [--trials N] [--functions a,b] [--samplers tpe,gp,random]
       tune.py ours PROGRAM [--seeds N] [--trials N] [--functions a,b] [--strategies bayesian,tpe,…]
       tune.py tabulate DESCENT [--tasks a,b] [--trials N]
       tune.py table [--functions a,b]
       tune.py transfer PROGRAM [--seeds N] [--trials N] [--functions a,b]

Besides functions there are tasks: a learner on a table, tried once at 1,024 configurations that are spread evenly (`tabulate`, by
`descent tune --strategy sobol`) and stored in benchmarks/tuning/tasks. What lies between them is interpolated, so that both sides see
the same function and a trial costs nothing. Their values are above the best of the table, in parts of it.

`peers` needs optuna and torch and stores what it measures in benchmarks/tuning/peers.jsonl, so that it is run once; `ours` asks
`PROGRAM suggest …` (the built Benchmarks) and stores ours.jsonl; `table` compares what is stored, seed by seed. Values are
differences to the best there is; `transfer` compares searches that begin with an earlier one with those that begin with nothing; times
are processor time of the suggestion alone, without the function.
"""
import argparse
import csv
import functools
import json
import math
import pathlib
import random
import statistics
import subprocess
import time

FOLDER = pathlib.Path(__file__).parent / "tuning"
MARKS = (25, 50, 100)


def branin(p, _):
    x, y = p["x"], p["y"]
    a = y - 5.1 / (4 * math.pi**2) * x * x + 5 / math.pi * x - 6
    return a * a + 10 * (1 - 1 / (8 * math.pi)) * math.cos(x) + 10 - 0.39788735772973816


HARTMANN_A = [[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14]]
HARTMANN_P = [
    [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886], [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
    [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650], [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381]]


def hartmann6(p, _):
    x = [p[f"x{i}"] for i in range(6)]
    return 3.322368011415512 - sum(
        c * math.exp(-sum(a * (v - q) ** 2 for a, v, q in zip(row, x, centre)))
        for c, row, centre in zip((1, 1.2, 3, 3.2), HARTMANN_A, HARTMANN_P))


def ackley5(p, _):
    x = [p[f"x{i}"] for i in range(5)]
    return (20 + math.e - 20 * math.exp(-0.2 * math.sqrt(sum(v * v for v in x) / 5))
            - math.exp(sum(math.cos(2 * math.pi * v) for v in x) / 5))


def rosenbrock5(p, _):
    x = [p[f"x{i}"] for i in range(5)]
    return sum(100 * (b - a * a) ** 2 + (1 - a) ** 2 for a, b in zip(x, x[1:]))


def mixed(p, _):
    kind = "abcd".index(p["kind"])
    shift, weight, best, offset = (-3, 1, 2.5, 4)[kind], (1, 0.5, 0.3, 1.5)[kind], (2, 7, 4, 5)[kind], (0.4, 0.15, 0, 0.8)[kind]
    return (offset + (p["x"] - shift) ** 2 / 10 + weight * (math.log10(p["rate"]) + 2 + 0.4 * kind) ** 2
            + 0.05 * (p["count"] - best) ** 2)


def conditional(p, _):
    layers = p["layers"]
    widths = [math.log2(p[f"width{i + 1}"]) for i in range(layers)]
    wanted = ((6.5,), (7, 5), (7.5, 6, 4))[layers - 1]
    return ((0.5, 0, 0.2)[layers - 1] + sum((a - b) ** 2 for a, b in zip(widths, wanted)) / 8
            + 0.4 * (math.log10(p["rate"]) + 2 + 0.3 * layers) ** 2)


def noisy6(p, source):
    value = sum((p[f"x{i}"] - (0.15 + 0.12 * i)) ** 2 * (1 + i / 3) for i in range(6))
    return value + (source.gauss(0, 0.1) if source else 0)


def numbers(count, low, high):
    return {f"x{i}": ("float", low, high) for i in range(count)}


# name: (function, {parameter: kind, bounds}, whether it is noisy)
FUNCTIONS = {
    "branin": (branin, {"x": ("float", -5, 10), "y": ("float", 0, 15)}, False),
    "hartmann6": (hartmann6, numbers(6, 0, 1), False),
    "ackley5": (ackley5, numbers(5, -32.8, 20), False),
    "rosenbrock5": (rosenbrock5, numbers(5, -5, 10), False),
    "mixed": (mixed, {"kind": ("cat", *"abcd"), "x": ("float", -5, 5), "rate": ("log", 1e-5, 1), "count": ("int", 1, 8)}, False),
    "conditional": (conditional, {
        "layers": ("int", 1, 3), "rate": ("log", 1e-5, 1), "width1": ("logint", 8, 256),
        "width2": ("logint", 8, 256, ("layers", 2)), "width3": ("logint", 8, 256, ("layers", 3))}, False),
    "noisy6": (noisy6, numbers(6, 0, 1), True),
}


LINEAR = {"learning_rate": ("log", 1e-4, 1), "wd": ("log", 1e-7, 1), "l1": ("log", 1e-7, 1), "mini_batch_size": ("logint", 8, 256)}
NETWORK = {"learning_rate": ("log", 1e-4, 0.1), "mini_batch_size": ("logint", 8, 256), "dropout": ("float", 0, 0.6),
           "wd": ("log", 1e-7, 0.1), "optimizer": ("cat", "adam", "sgd")}
TREES = {"eta": ("log", 0.01, 0.5), "max_depth": ("int", 2, 10), "subsample": ("float", 0.4, 1), "min_child_weight": ("log", 1, 30),
         "lambda": ("log", 1e-3, 10)}

# name: (sample data, target, algorithm, objective, what is searched, what is held)
TASKS = {
    "linear-diabetes": ("diabetes", "progression", "linear-learner", "rmse", LINEAR, ["epochs=30"]),
    "linear-cancer": ("breast_cancer", "diagnosis", "linear-learner", "log_loss", LINEAR, ["epochs=30"]),
    "network-digits": ("digits", "digit", "neural-network", "log_loss", NETWORK, ["epochs=8"]),
    "xgboost-insurance": ("insurance", "charges", "xgboost", "rmse", TREES, ["num_round=60"]),
    "xgboost-credit": ("credit", "default", "xgboost", "log_loss", TREES, ["num_round=60"]),
}


def place(spec, value):
    """Where a value lies in its range, in [0, 1]."""
    low, high, value = spec[1], spec[2], float(value)
    if spec[0].startswith("log"):
        low, high, value = math.log(low), math.log(high), math.log(value)
    return (value - low) / (high - low)


@functools.cache
def tabulated(name):
    """By words: rows of places and a value; and the best value. Trials that failed are as bad as the worst."""
    space, rows = TASKS[name][4], []
    with open(FOLDER / "tasks" / f"{name}.csv", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            rows.append((tuple(row[n] for n, s in space.items() if s[0] == "cat"),
                         [place(s, row[n]) for n, s in space.items() if s[0] != "cat"], row["value"]))
    known = [float(value) for _, _, value in rows if value]
    groups = {}
    for words_of_row, places, value in rows:
        groups.setdefault(words_of_row, []).append((places, float(value) if value else max(known)))
    return groups, min(known)


def task(name, p, _):
    """Between the nearest configurations that were tried: weights fall to 0 at the next one beyond them (Franke and Little)."""
    groups, best = tabulated(name)
    space = TASKS[name][4]
    here = [place(s, p[n]) for n, s in space.items() if s[0] != "cat"]
    rows = groups[tuple(p[n] for n, s in space.items() if s[0] == "cat")]
    near = sorted((math.dist(here, places), value) for places, value in rows)[: 2 * len(here) + 2]
    if near[0][0] < 1e-12:
        return near[0][1] / best - 1
    edge = near[-1][0]
    weights = [((edge - distance) / (edge * distance)) ** 2 for distance, _ in near]
    return sum(w * value for w, (_, value) in zip(weights, near)) / sum(weights) / best - 1


for known_task in TASKS:
    FUNCTIONS[known_task] = (functools.partial(task, known_task), TASKS[known_task][4], False)


def tabulate(given):
    import tempfile
    (FOLDER / "tasks").mkdir(exist_ok=True)
    for name in given.tasks.split(","):
        data, target, algorithm, metric, space, held = TASKS[name]
        with tempfile.TemporaryDirectory() as folder:
            search = [given.program, "tune", str(FOLDER.parent.parent / "sample-data" / f"{data}.csv"), "--target", target, "--algorithm",
                      algorithm, "--objective", f"validation:{metric}", "--strategy", "sobol", "--max-jobs", str(given.trials), "--seed",
                      "1", "--confirm", "0", "--max-parallel-jobs", "2", "--name", "t", "--quiet", "--workspace", folder]
            for setting in ["early_stopping_patience=off", *held]:
                search += ["--set", setting]
            for range_words in words(space):
                search += ["--range", range_words]
            subprocess.run(search, check=True, stdout=subprocess.DEVNULL)
            shown = subprocess.run([given.program, "tune", "show", "t", "--json", "--workspace", folder], check=True, capture_output=True,
                                   text=True).stdout
        with open(FOLDER / "tasks" / f"{name}.csv", "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow([*space, "value"])
            for line in shown.splitlines():
                trial = json.loads(line)
                if "trial" in trial:
                    values = trial["hyperparameters"]
                    numbers_of_row = [values[n] if s[0] == "cat" else f"{float(values[n]):.6g}" for n, s in space.items()]
                    writer.writerow([*numbers_of_row, f"{trial['value']:.6g}" if trial.get("value") is not None else ""])
        print(name, flush=True)


def noise(seed):
    return random.Random(1000 + seed)


def summary(values, scored):
    """Best so far at the marks; with noise, what the configuration is worth that looked best then."""
    found = {}
    for mark in MARKS:
        if mark <= len(values):
            found[str(mark)] = scored[min(range(mark), key=values.__getitem__)]
    return found


def store(name, record):
    FOLDER.mkdir(exist_ok=True)
    with open(FOLDER / name, "a", encoding="utf-8") as file:
        file.write(json.dumps(record) + "\n")


def stored(name):
    path = FOLDER / name
    if not path.exists():
        return {}
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    return {(r["function"], r["sampler"], r["seed"]): r for r in rows}


def optuna_value(trial, name, spec):
    kind = spec[0]
    if kind == "cat":
        return trial.suggest_categorical(name, list(spec[1:]))
    if kind in ("int", "logint"):
        return trial.suggest_int(name, spec[1], spec[2], log=kind == "logint")
    return trial.suggest_float(name, spec[1], spec[2], log=kind == "log")


def run_peer(optuna, sampler, function, seed, trials):
    evaluate, space, is_noisy = FUNCTIONS[function]
    kinds = {"tpe": optuna.samplers.TPESampler, "gp": optuna.samplers.GPSampler, "random": optuna.samplers.RandomSampler}
    study = optuna.create_study(sampler=kinds[sampler](seed=seed))
    source, values, scored, times = noise(seed) if is_noisy else None, [], [], []
    for _ in range(trials):
        start = time.process_time()
        trial = study.ask()
        chosen = {}
        for name, spec in space.items():
            if len(spec) < 4 or spec[0] == "cat" or chosen[spec[3][0]] >= spec[3][1]:
                chosen[name] = optuna_value(trial, name, spec)
        times.append(time.process_time() - start)
        values.append(evaluate(chosen, source))
        scored.append(evaluate(chosen, None))
        study.tell(trial, values[-1])
    return values, scored, times


def words(space):
    for name, spec in space.items():
        kind = {"float": "linear:", "log": "log:", "int": "int:", "logint": "int:log:", "cat": "cat:"}[spec[0]]
        bounds = ",".join(spec[1:]) if spec[0] == "cat" else f"{spec[1]}:{spec[2]}"
        condition = f"?{spec[3][0]}>={spec[3][1]}" if spec[0] != "cat" and len(spec) > 3 else ""
        yield f"{name}={kind}{bounds}{condition}"


def run_ours(program, strategy, function, seed, trials, evaluate=None, earlier=None, told=None):
    """`evaluate` stands for the function where it is another one; `earlier` are searches to begin with; `told` gets the trials."""
    own, space, is_noisy = FUNCTIONS[function]
    evaluate = evaluate or own
    process = subprocess.Popen(
        [program, "suggest", strategy, str(seed), str(trials), *words(space)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    source, values, scored, times, chosen, marks = noise(seed) if is_noisy else None, [], [], [], [], {}

    def say(message):
        process.stdin.write(json.dumps(message) + "\n")
        process.stdin.flush()
        return json.loads(process.stdout.readline())

    if earlier:
        say({"begin": "transfer", "searches": earlier})
    for number in range(trials):
        answer = say({"ask": True})
        times.append(answer["seconds"])
        chosen.append(answer["values"])
        values.append(evaluate(answer["values"], source))
        scored.append(evaluate(answer["values"], None))
        say({"tell": answer["trial"], "value": values[-1]})
        if told is not None:
            told.append({"values": answer["values"], "value": values[-1]})
        if is_noisy and number + 1 in MARKS:
            marks[str(number + 1)] = scored[say({"best": True})["trial"]]
    process.stdin.close()
    process.wait()
    return values, scored, times, marks


def record(function, sampler, seed, values, scored, times, marks=None):
    late = sorted(times[max(0, len(times) - 20):])
    near50 = sorted(times[45:55]) or [0]
    return {"function": function, "sampler": sampler, "seed": seed,
            "best": {k: float(f"{v:.6g}") for k, v in (marks or summary(values, scored)).items()},
            "ms50": round(1000 * near50[len(near50) // 2], 3), "msLast": round(1000 * late[len(late) // 2], 3)}


def quartiles(values):
    if len(values) < 2:
        return values[0], values[0], values[0]
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return middle, low, high


def table(functions=tuple(FUNCTIONS)):
    rows = {**stored("peers.jsonl"), **stored("ours.jsonl")}
    print("| function | sampler | seeds | after 25 | after 50 | after 100 | ms at 50 | ms at 100 |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for function in functions:
        for sampler in sorted({k[1] for k in rows if k[0] == function}):
            found = [r for (f, s, _), r in rows.items() if (f, s) == (function, sampler)]
            cells = []
            for mark in MARKS:
                values = [r["best"][str(mark)] for r in found if str(mark) in r["best"]]
                cells.append("%.3g (%.2g to %.2g)" % quartiles(values) if values else "")
            times = [statistics.median(r[k] for r in found) for k in ("ms50", "msLast")]
            print(f"| {function} | {sampler} | {len(found)} | " + " | ".join(cells) + f" | {times[0]:.2g} | {times[1]:.2g} |")
    print()
    pairs(rows, functions)


def pairs(rows, functions):
    """For each function, how often ours found better than the peers on the same seed, and the sign test's p."""
    ours = sorted({k[1] for k in rows if k[1].startswith("descent-")})
    peers = sorted({k[1] for k in rows if k[1].startswith("optuna-") and k[1] != "optuna-random"})
    for function in functions:
        for mine in ours:
            for peer in peers:
                wins, losses = 0, 0
                for (f, s, seed), row in rows.items():
                    other = rows.get((function, peer, seed))
                    if (f, s) == (function, mine) and other and "100" in row["best"] and "100" in other["best"]:
                        wins += row["best"]["100"] < other["best"]["100"]
                        losses += row["best"]["100"] > other["best"]["100"]
                total = wins + losses
                if total:
                    extreme = max(wins, losses)
                    p = min(1, 2 * sum(math.comb(total, k) for k in range(extreme, total + 1)) / 2**total)
                    print(f"{function}: {mine} better than {peer} on {wins} of {total} seeds at 100 trials (sign test p = {p:.2g})")


def moved(function, share):
    """The function with every number moved by a share of its range, on another scale."""
    evaluate, space, _ = FUNCTIONS[function]

    def other(p, source):
        p = dict(p)
        for name, spec in space.items():
            if spec[0] == "float":
                p[name] -= share * (spec[2] - spec[1])
        return 7 + 3 * evaluate(p, source)
    return other


def transfer(given):
    """Median regret of searches that begin with 30 trials of something else, beside those that begin with nothing."""
    marks = (3, 5, 10, 20, 40)
    print("| function | begins with | " + " | ".join(f"after {m}" for m in marks) + " | better at 10, at the end |")
    print("| --- | --- |" + " --- |" * (len(marks) + 1))
    for function in given.functions.split(","):
        evaluate = FUNCTIONS[function][0]
        kinds = {"nothing": None, "the same": evaluate, "moved by 3 %": moved(function, 0.03), "moved by 10 %": moved(function, 0.1),
                 "its opposite": lambda p, s: -evaluate(p, s), "chance": lambda p, s: random.Random(repr(sorted(p.items()))).random(),
                 "moved and opposite": None}
        best = {kind: [] for kind in kinds}
        for seed in range(given.seeds):
            earlier = {}
            for kind, other in kinds.items():
                if other:
                    earlier[kind] = []
                    run_ours(given.program, "bayesian", function, 100 + seed, 30, other, told=earlier[kind])
            for kind in kinds:
                begin = [earlier[kind]] if kind in earlier else []
                if kind == "moved and opposite":
                    begin = [earlier["its opposite"], earlier["moved by 3 %"]]
                scored = run_ours(given.program, "bayesian", function, seed, max(marks), earlier=begin)[1]
                best[kind].append([min(scored[:mark]) for mark in marks])
        for kind, rows in best.items():
            cells = ["%.3g" % statistics.median(row[place] for row in rows) for place in range(len(marks))]
            against = [sum(a[place] < b[place] for a, b in zip(rows, best["nothing"])) for place in (2, len(marks) - 1)]
            wins = "" if kind == "nothing" else f"{against[0]}, {against[1]} of {len(rows)}"
            print(f"| {function} | {kind} | " + " | ".join(cells) + f" | {wins} |", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=("peers", "ours", "tabulate", "table", "transfer"))
    parser.add_argument("program", nargs="?")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--trials", type=int)
    parser.add_argument("--functions", default=",".join(FUNCTIONS))
    parser.add_argument("--tasks", default=",".join(TASKS))
    parser.add_argument("--samplers", default="tpe,gp,random")
    parser.add_argument("--strategies", default="bayesian,tpe")
    parser.add_argument("--again", action="store_true", help="measure ours again where it is stored")
    given = parser.parse_args()
    given.trials = given.trials or (1024 if given.what == "tabulate" else 100)
    if given.what == "table":
        return table(given.functions.split(","))
    if given.what == "tabulate":
        return tabulate(given)
    if given.what == "transfer":
        return transfer(given)
    if given.what == "peers":
        import optuna
        import torch
        optuna.logging.set_verbosity(optuna.logging.WARNING)
        import warnings
        warnings.simplefilter("ignore")
        torch.set_num_threads(1)
    known = stored("peers.jsonl" if given.what == "peers" else "ours.jsonl")
    for seed in range(given.seeds):
        for function in given.functions.split(","):
            for name in (given.samplers if given.what == "peers" else given.strategies).split(","):
                sampler = ("optuna-" if given.what == "peers" else "descent-") + name
                if (function, sampler, seed) in known and not given.again:
                    continue
                if given.what == "peers":
                    store("peers.jsonl", record(function, sampler, seed, *run_peer(optuna, name, function, seed, given.trials)))
                else:
                    store("ours.jsonl", record(function, sampler, seed, *run_ours(given.program, name, function, seed, given.trials)))


if __name__ == "__main__":
    main()
