#!/usr/bin/env python3
"""Trainings made ill in one known way each, and healthy ones: does the debugger name the cause, and does its remedy help?

    benchmarks/sick.py [--seeds N] [--only PATTERN] [--tables PATTERN] [--unseen] [--healthy-only] [--scripts] [--named-only] [--harm] [--binary PATH] [--details] [--json FILE]

A training is ill in one way, known here: a setting, what was done to its data, or a flaw of its script (benchmarks/sickness/kinds.py).
`descent debug report` is asked for its diagnoses, the gravest first. "named first" counts those whose first diagnosis names the cause,
"in two" those of which the first or second one does; "step" is the median step of the first alert that names it; "helped" are those
that, trained again with the first remedy that is a setting or an option, are at least 80 % of the way to the healthy twin, and "gap" is
the median share of that way. Settings that did no harm (within 5 % of the twin) are counted as harmless, and nowhere else; with --harm so are
wrong targets of which learning takes no harm: trained on such rows and on the right ones, judged by the same right ones. Where thresholds
were set: the tables of sickness/healthy.py's FIRST with seed 0. --unseen takes the others.

"SageMaker" are the built-in rules of SageMaker Debugger with their documented defaults (sickness/sagemaker.py), which look at the same
recorded runs: "right" counts runs on which one fired that is there for such a sickness (any of those that fired may be it, since they are not
ranked), "fired" those on which any did. Their alerts are left out of ours, and ours out of theirs.
Scripts want PyTorch in the python3 that is found first. Standard library only.
"""
import argparse
import json
import math
import os
import random
import re
import subprocess
import sys
import tempfile
import typing

from sickness import damage, healthy, kinds, sagemaker, tables

HERE = os.path.dirname(os.path.abspath(__file__))
# What scripts say they were given; sickness/script.py has the same.
RATES = {"rate-large": 30.0, "rate-small": 1e-6}
SCRIPT, LOADER_SCRIPT = [os.path.join(HERE, "sickness", name) for name in ("script.py", "loader_script.py")]


class Trained(typing.NamedTuple):
    """Diagnoses and alerts of ours with their steps, SageMaker's rules that fired, and the best validation loss."""
    diagnoses: list
    alerts: list
    theirs: set
    best: float


class Bench:
    """Trains with the binary, and reads what it says."""

    def __init__(self, binary, folder, named_only=False):
        self.binary, self.folder, self.named_only, self.count = binary, folder, named_only, 0

    def train(self, words, settings, seed, diagnoses=True):
        """What was found, and what the best validation loss was; None where it could not be trained."""
        self.count += 1
        workspace = os.path.join(self.folder, f"w{self.count}")
        words = [self.binary, "train", *words, "--json", "--seed", str(seed), "--name", "sick", "--workspace", workspace]
        for name, value in settings.items():
            words += ["--set", f"{name}={value}"]
        done = subprocess.run(words, capture_output=True, text=True, timeout=900)
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
        if ended is None or ended["status"] == "Failed" and not losses and not alerts:
            print(f"  not trained: {' '.join(words)}\n  {done.stderr.strip()[-300:]}", flush=True)
            return None
        found = self.diagnoses(workspace) if diagnoses and alerts else []
        theirs = self.sagemaker(workspace) if diagnoses and not self.named_only else set()
        subprocess.run(["rm", "-rf", workspace])
        return Trained(found, alerts, theirs, min([loss for loss in losses if loss == loss], default=math.inf))

    def diagnoses(self, workspace):
        words = [self.binary, "debug", "report", "sick", "--json", "--workspace", workspace]
        done = subprocess.run(words, capture_output=True, text=True, timeout=60)
        return [entry for entry in map(json.loads, done.stdout.splitlines()) if entry["kind"] == "diagnosis"]

    def sagemaker(self, workspace):
        words = [self.binary, "debug", "rules", "sick", "--file", sagemaker.RULES, "--json", "--workspace", workspace]
        done = subprocess.run(words, capture_output=True, text=True, timeout=60)
        return {entry["rule"] for entry in map(json.loads, done.stdout.splitlines()) if entry["kind"] == "alertRaised"} & sagemaker.NAMES


def set_words(remedies):
    return " ".join(f"{name}={value}" for remedy in remedies for name, value in remedy["set"].items())


def said(diagnosis):
    """All that a diagnosis says, for patterns to look at."""
    rules = " ".join(symptom["rule"] for symptom in diagnosis["symptoms"])
    texts = "|".join(remedy["text"] for remedy in diagnosis["remedies"])
    return f"{rules}|{diagnosis['title']}|{'|'.join(diagnosis['for'])}|{set_words(diagnosis['remedies'])}|{texts}"


def said_alert(alert):
    texts = "|".join(remedy["text"] for remedy in alert["remedies"])
    return f"{alert['rule']}|{alert['summary']}|{alert['cause']}|{set_words(alert['remedies'])}|{texts}"


def cure(diagnosis):
    """The first remedy that can be tried: settings, and options of the command line that its text names."""
    for remedy in diagnosis["remedies"]:
        if remedy["set"]:
            return remedy["set"], []
        found = re.findall(r"(--(?:missing|task|drop)) ('[^']*'|[^ )]+)", remedy["text"])
        if found:
            return {}, [word.strip("'") for pair in found for word in pair]
    return None


def wilson(hits, count):
    """The 95 % interval of a share."""
    if count == 0:
        return 0, 1
    z, share = 1.96, hits / count
    middle, spread = share + z * z / (2 * count), z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    return (middle - spread) / (1 + z * z / count), (middle + spread) / (1 + z * z / count)


def median(values):
    values = sorted(values)
    return values[len(values) // 2] if values else None


def is_harmless(loss, healthy):
    return loss <= healthy + 0.05 * abs(healthy)


class Tally:
    """What came of the trainings of one sickness."""

    def __init__(self):
        self.runs = self.first = self.second = self.silent = self.tried = self.helped = self.harmless = 0
        self.theirs = self.fired = 0
        self.steps, self.shares = [], []

    def add(self, sickness, found):
        diagnoses, alerts = found.diagnoses, found.alerts
        hits = [bool(sickness.pattern.search(said(diagnosis))) for diagnosis in diagnoses]
        self.runs += 1
        self.first += bool(hits[:1] and hits[0])
        self.second += any(hits[:2])
        self.silent += not diagnoses
        self.theirs += bool(found.theirs & sickness.sagemaker)
        self.fired += bool(found.theirs)
        self.steps += [alert["step"] for alert in alerts if sickness.pattern.search(said_alert(alert))][:1]
        return bool(hits[:1] and hits[0])

    def add_cure(self, ill, cured, well):
        gap = ill - well
        share = 1.0 if math.isinf(ill) and math.isfinite(cured) else (ill - cured) / gap
        self.tried += 1
        self.helped += share >= 0.8
        self.shares.append(max(-1.0, min(1.5, share)))
        return share >= 0.8

    def line(self, name):
        step = median(self.steps)
        share = median(self.shares)
        return (f"{name:46} {self.runs:5} {self.first:6} {self.second:7} {self.silent:7} {'' if step is None else step:>6} "
                f"{self.helped:4}/{self.tried:<4} {'' if share is None else f'{share:.2f}':5} {self.theirs:6} {self.fired:6}  {self.harmless or ''}")

    def merge(self, other):
        for name in ("runs", "first", "second", "silent", "tried", "helped", "harmless", "theirs", "fired"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.steps += other.steps
        self.shares += other.shares


class Suite:
    def __init__(self, bench, arguments):
        self.bench, self.arguments = bench, arguments
        self.seeds = range(arguments.first_seed, arguments.first_seed + arguments.seeds)
        self.setups = [setup for setup in healthy.setups(arguments.unseen) if re.search(arguments.tables, setup[0])]
        self.twins, self.total, self.lines = {}, Tally(), []

    def path(self, name): return os.path.join(self.bench.folder, name)

    def rows(self, setup, seed):
        """The same for every algorithm."""
        return setup[1](random.Random(f"{setup[0].split()[0]} {seed}"))

    def words(self, data, setup): return [data, "--target", setup[2], "--algorithm", setup[3]]

    def well(self, setup, seed):
        """What the healthy twin came to, trained when it is first asked for."""
        key = setup[0], seed
        if key not in self.twins:
            data = tables.write(self.rows(setup, seed), self.path("well.csv"))
            self.twins[key] = self.bench.train(self.words(data, setup), setup[4], seed)
        return self.twins[key]

    def healthy(self):
        count, accused, rules, theirs = 0, 0, {}, []
        for setup in self.setups:
            for seed in self.seeds:
                found = self.well(setup, seed)
                if found is None:
                    continue
                theirs.append(found.theirs)
                loud = [diagnosis for diagnosis in found.diagnoses if diagnosis["severity"] != "info"]
                count += 1
                if loud:
                    accused += 1
                    for diagnosis in loud:
                        rules[diagnosis["cause"]] = rules.get(diagnosis["cause"], 0) + 1
                    print(f"  accused: {setup[0]}, seed {seed}: " + "; ".join(said(diagnosis)[:170] for diagnosis in loud), flush=True)
        low, high = wilson(accused, count)
        self.say(f"healthy: {accused} of {count} accused ({100 * accused / max(1, count):.1f} %, 95 %: {100 * low:.1f} to {100 * high:.1f} %) {rules or ''}")
        if self.bench.named_only:
            return
        fired = sum(map(bool, theirs))
        each = {name: sum(name in found for found in theirs) for name in sorted(set().union(*theirs))}
        low, high = wilson(fired, count)
        self.say(f"SageMaker's: {fired} of {count} accused ({100 * fired / max(1, count):.1f} %, 95 %: {100 * low:.1f} to {100 * high:.1f} %) {each or ''}")

    def say(self, line):
        print(line, flush=True)
        self.lines.append(line)

    def sick(self):
        self.say(f"{'sickness':46} {'runs':>5} {'first':>6} {'in two':>7} {'silent':>7} {'step':>6} {'helped':>8}  gap   {'right':>6} {'fired':>6}  harmless")
        for sickness in kinds.all_kinds():
            if not re.search(self.arguments.only, sickness.name) or bool(sickness.script) != self.arguments.scripts:
                continue
            tally = Tally()
            for setup in ([("script", None, None, None, {})] if sickness.script else self.setups):
                if not sickness.script and (setup[3] not in sickness.algorithms or sickness.only and not re.search(sickness.only, setup[0])):
                    continue
                for seed in self.seeds:
                    self.one(sickness, setup, seed, tally)
            if tally.runs:
                self.say(tally.line(sickness.name))
                self.total.merge(tally)
        total = self.total
        self.say(f"all: {total.first} of {total.runs} named first ({100 * total.first / max(1, total.runs):.1f} %), {total.second} among "
                 f"the first two, {total.silent} silent, {total.harmless} harmless; {total.helped} of {total.tried} remedies helped")
        if self.bench.named_only:
            return
        self.say(f"SageMaker's: the right one fired on {total.theirs} ({100 * total.theirs / max(1, total.runs):.1f} %), any on {total.fired}")

    def one(self, sickness, setup, seed, tally):
        ill = dict(setup[4], **sickness.settings)
        try:
            words = self.script_words(sickness, seed) if sickness.script else self.ill_words(sickness, setup, seed)
        except IndexError:
            return  # The table has no such column.
        found = self.bench.train(words, ill, seed)
        if found is None:
            return
        diagnoses, best = found.diagnoses, found.best
        twin = None
        if sickness.has_twin:
            twin = self.bench.train(words, setup[4], seed, diagnoses=False)
        elif sickness.is_measured:
            twin = self.well(setup, seed)
        # A setting that did no harm is none to be named.
        if twin and is_harmless(best, twin.best) or self.arguments.harm and sickness.wrong_targets and self.learns_as_well(sickness, setup, seed):
            tally.harmless += 1
            return
        is_named = tally.add(sickness, found)
        if self.arguments.details and not is_named:
            print(f"    {setup[0]}, seed {seed}: " + ("; ".join(said(diagnosis)[:230] for diagnosis in diagnoses) or "silent"), flush=True)
        what = cure(diagnoses[0]) if diagnoses and not self.bench.named_only else None
        if what is None or twin is None:
            return
        cured = self.bench.train(words + what[1], dict(ill, **what[0]), seed, diagnoses=False)
        if cured and not tally.add_cure(best, cured.best, twin.best) and self.arguments.details:
            print(f"    not cured: {setup[0]}, seed {seed}: {what}: {best:.4g} -> {cured.best:.4g}, healthy {twin.best:.4g}", flush=True)

    def learns_as_well(self, sickness, setup, seed):
        """From rows some of whose targets are wrong as well as from the same rows without, judged by other rows that are right."""
        learned, judged = damage.halves(self.rows(setup, seed), random.Random(seed))
        judging = ["--validation", tables.write(judged, self.path("judged.csv"))]
        losses = []
        for rows in (sickness.data(learned, setup[2], random.Random(seed)), learned):
            found = self.bench.train(self.words(tables.write(rows, self.path("learned.csv")), setup) + judging, setup[4], seed, diagnoses=False)
            if found is None:
                return False
            losses.append(found.best)
        return is_harmless(*losses)

    def ill_words(self, sickness, setup, seed):
        rows, chance = self.rows(setup, seed), random.Random(seed)
        more = list(sickness.options)
        if sickness.pair:
            rows, judged = sickness.pair(rows, setup[2], chance)
            more += ["--validation", tables.write(judged, self.path("judged.csv"))]
        elif sickness.data:
            rows = sickness.data(rows, setup[2], chance)
        return self.words(tables.write(rows, self.path("sick.csv")), setup) + more

    def script_words(self, sickness, seed):
        return self.words_of_script(sickness.script, seed)

    def words_of_script(self, script, seed):
        file = LOADER_SCRIPT if " " in script else SCRIPT
        told = [] if " " in script else ["--set", f"lr={RATES.get(script, 0.05)}"]
        return ["--algorithm", "script", "--command", f"python3 '{file}' {script} {seed}", *told]

    def healthy_scripts(self):
        count, accused = 0, 0
        for script in kinds.HEALTHY_SCRIPTS:
            for seed in self.seeds:
                found = self.bench.train(self.words_of_script(script, seed), {}, seed)
                if found is None:
                    continue
                loud = [diagnosis for diagnosis in found[0] if diagnosis["severity"] != "info"]
                count += 1
                accused += bool(loud)
                if loud:
                    print(f"  accused: {script}, seed {seed}: " + "; ".join(said(diagnosis)[:230] for diagnosis in loud), flush=True)
        low, high = wilson(accused, count)
        self.say(f"healthy scripts: {accused} of {count} accused ({100 * accused / max(1, count):.1f} %, 95 %: {100 * low:.1f} to {100 * high:.1f} %)")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--only", default="", help="sicknesses whose name matches")
    parser.add_argument("--tables", default="", help="set-ups whose name matches, such as 'demand|mpg'")
    parser.add_argument("--unseen", action="store_true", help="other tables, on which no threshold was set")
    parser.add_argument("--healthy-only", action="store_true")
    parser.add_argument("--sick-only", action="store_true")
    parser.add_argument("--scripts", action="store_true", help="the scripts, instead of our own algorithms")
    parser.add_argument("--named-only", action="store_true", help="neither remedies nor SageMaker's rules")
    parser.add_argument("--harm", action="store_true", help="leave out wrong targets of which learning takes no harm")
    parser.add_argument("--binary", default=os.path.join(tables.ROOT, ".build/release/descent"))
    parser.add_argument("--details", action="store_true", help="say what was said instead")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        suite = Suite(Bench(arguments.binary, folder, arguments.named_only), arguments)
        if not arguments.sick_only:
            suite.healthy_scripts() if arguments.scripts else suite.healthy()
        if not arguments.healthy_only:
            suite.sick()


main()
