"""Deploys again and again under load: every strategy, alarms at any moment, models that do not fit, killed hosts.

    python3 benchmarks/deployments.py [--count 200] [--seed 1] [--descent .build/release/descent]

Clients ask without a pause meanwhile, half of them with a connection for each request, and others ask for answers later. Each request has two rows,
and each version says something else of every row. So an answer that two versions gave is seen, and so is one that belongs to another request. What
is counted: requests without an answer while there was a host (dropped), answers of no version or of two (mixed), and deployments that ended
otherwise than they had to (astray).
"""

import argparse
import csv
import http.client
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

REPOSITORY = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
INSURANCE = os.path.join(REPOSITORY, "sample-data", "insurance.csv")
ROWS = ["22,male,26.11,0,no,northeast", "52,female,31.2,0,no,northeast", "40,male,29.9,2,yes,southeast", "19,female,24.5,1,no,southwest",
        "61,male,35.1,0,yes,northwest", "33,female,22.7,3,no,southeast"]


class Program:
    def __init__(self, path, workspace):
        self.path, self.workspace = path, workspace

    def run(self, *words):
        return subprocess.run([self.path, *words, "--workspace", self.workspace], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              universal_newlines=True)

    def said(self, *words):
        done = self.run(*words, "--json")
        if not done.stdout.strip():
            raise RuntimeError("%s: %s" % (" ".join(words), done.stderr.strip()))
        return json.loads(done.stdout.splitlines()[-1])


class Load:
    """Clients, and what they were answered."""

    def __init__(self, url, token, versions, clients):
        self.place = urllib.parse.urlsplit(url)
        self.headers = {"Authorization": "Bearer " + token, "Content-Type": "text/csv", "Accept": "text/csv"}
        self.versions, self.asked, self.dropped, self.mixed = versions, 0, [], []
        self.by_version = dict.fromkeys(versions, 0)
        self.later, self.spoilt = [], 0
        self.over, self.away, self.lock = threading.Event(), threading.Event(), threading.Lock()
        self.threads = [threading.Thread(target=self.work, args=(number,), daemon=True) for number in range(clients)]
        self.threads.append(threading.Thread(target=self.work_later, daemon=True))
        for thread in self.threads:
            thread.start()

    def close(self):
        self.over.set()
        for thread in self.threads:
            thread.join()

    def post(self, connection, path, body):
        connection.request("POST", path, body, self.headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode(), answer

    def connect(self):
        return http.client.HTTPConnection(self.place.hostname, self.place.port, timeout=30)

    def version(self, rows, text):
        """Which version answered; None: none, or two."""
        said = text.split()
        for name, known in self.versions.items():
            if said == [known[row] for row in rows]:
                return name
        return None

    def work(self, number):
        chance, connection = random.Random(number), None
        while not self.over.is_set():
            rows = chance.sample(ROWS, 2)
            was_away = self.away.is_set()
            try:
                if connection is None or number % 2:
                    if connection is not None:
                        connection.close()
                    connection = self.connect()
                status, text, _ = self.post(connection, self.place.path, "\n".join(rows) + "\n")
            except Exception as error:
                connection = None
                # Whoever asks while there is no host, or when it is killed, has no answer.
                if not (was_away or self.away.is_set()):
                    self.dropped.append(repr(error))
                time.sleep(0.01)
                continue
            version = self.version(rows, text) if status == 200 else None
            with self.lock:
                self.asked += 1
                if version:
                    self.by_version[version] += 1
            if status == 429 and (was_away or self.away.is_set()):
                continue
            if status != 200:
                self.dropped.append("%d %s" % (status, text[:200]))
            elif version is None:
                self.mixed.append("%s: %s" % (rows, text))

    def work_later(self):
        chance = random.Random(99)
        while not self.over.is_set():
            rows = chance.sample(ROWS, 2)
            was_away = self.away.is_set()
            try:
                connection = self.connect()
                status, text, answer = self.post(connection, self.place.path.replace("/invocations", "/async-invocations"), "\n".join(rows) + "\n")
                connection.close()
                if status == 202:
                    self.later.append((rows, answer.getheader("X-Amzn-SageMaker-OutputLocation")[len("file://"):]))
                elif not (was_away or self.away.is_set()):
                    self.dropped.append("later: %d %s" % (status, text[:200]))
            except Exception as error:
                if not (was_away or self.away.is_set()):
                    self.dropped.append("later: %r" % error)
            time.sleep(0.05)

    def spoil(self):
        """Sends what no version can answer."""
        self.spoilt = time.time() + 1
        connection = self.connect()
        for _ in range(3):
            self.post(connection, self.place.path, "1,2\n")
        connection.close()

    def late(self):
        """Answers that came later: how many, those that are missing, and those of no version or of two."""
        end = time.time() + 60
        while time.time() < end and any(not os.path.exists(path) for _, path in self.later):
            time.sleep(0.1)
        missing, mixed = 0, []
        for rows, path in self.later:
            if not os.path.exists(path):
                missing += 1
                continue
            with open(path) as file:
                text = file.read()
            if self.version(rows, text) is None:
                mixed.append("%s: %s" % (rows, text))
        return len(self.later), missing, mixed


class Torture:
    STRATEGIES = {"all-at-once": [], "canary": ["--canary-size", "20%"], "linear": ["--step-size", "34%"], "rolling": ["--step-size", "34%"]}
    STEPS = {"all-at-once": 1, "canary": 2, "linear": 3, "rolling": 3}
    KINDS = ["plain", "alarm", "alarm", "late alarm", "early alarm", "bad model", "no model", "kill", "rollback", "promote"]

    def __init__(self, program, count, seed, wait):
        self.program, self.count, self.wait, self.chance = program, count, wait, random.Random(seed)
        self.astray, self.ends = [], {}
        self.served = "old"

    def prepare(self, folder):
        narrow = os.path.join(folder, "narrow.csv")
        with open(INSURANCE, newline="") as whole, open(narrow, "w", newline="") as part:
            csv.writer(part).writerows([row[0], row[2], row[-1]] for row in csv.reader(whole))
        for name, data, epochs in (("old", INSURANCE, 3), ("new", INSURANCE, 1), ("narrow", narrow, 1)):
            done = self.program.run("train", data, "--target", "charges", "--algorithm", "linear-learner", "--set", "epochs=%d" % epochs,
                                    "--name", name, "--quiet")
            assert done.returncode == 0, done.stderr
        rows = os.path.join(folder, "rows.csv")
        with open(rows, "w") as file:
            file.write("age,sex,bmi,children,smoker,region\n" + "\n".join(ROWS) + "\n")
        versions = {}
        for name in ("old", "new"):
            lines = self.program.run("predict", name, rows).stdout.splitlines()[1:]
            versions[name] = dict(zip(ROWS, (line.split(",")[-1] for line in lines)))
        assert all(versions["old"][row] != versions["new"][row] for row in ROWS)
        url = self.program.said("endpoint", "create", "charges", "--model", "old")["url"]
        self.program.said("alarm", "create", "errors", "--endpoint", "charges", "--metric", "InvocationModelErrors", "--statistic", "Sum",
                          "--threshold", "0", "--period", "1")
        return url, versions

    def model(self):
        return self.program.said("endpoint", "show", "charges")["variants"][0]["model"]

    def calm(self, load):
        """Waits until the alarm is off: it looks at whole seconds, twice in each."""
        time.sleep(max(0, load.spoilt + 2.5 - time.time()))
        for _ in range(200):
            if self.program.said("alarm", "show", "errors")["state"] == "OK":
                return
            time.sleep(0.1)
        self.astray.append("the alarm does not go off again")

    def expect(self, number, what, found, wanted):
        if found != wanted:
            self.astray.append("%d %s: %r instead of %r" % (number, what, found, wanted))

    def one(self, number, load):
        strategy = self.chance.choice(sorted(self.STRATEGIES))
        kind, target = self.chance.choice(self.KINDS), "new" if self.served == "old" else "old"
        what = "%s, %s" % (strategy, kind)
        length = self.STEPS[strategy] * self.wait
        words = ["endpoint", "update", "charges", "--model", target, "--strategy", strategy, *self.STRATEGIES[strategy], "--wait", str(self.wait),
                 "--termination-wait", "0.5", "--alarm", "errors"]
        self.calm(load)
        if kind == "bad model":
            done = self.program.run("endpoint", "update", "charges", "--model", "narrow", "--strategy", strategy)
            self.expect(number, what, (done.returncode, "gets no requests" in done.stderr), (1, True))
        elif kind == "no model":
            self.expect(number, what, self.program.run("endpoint", "update", "charges", "--model", "none").returncode, 2)
        elif kind == "early alarm":
            load.spoil()
            for _ in range(100):
                if self.program.said("alarm", "show", "errors")["state"] == "ALARM":
                    break
                time.sleep(0.02)
            done = self.program.run(*words)
            # A slow machine may see the alarm end before it asks.
            if done.returncode == 0:
                self.served = target
            else:
                self.expect(number, what, (done.returncode, "errors" in done.stderr + done.stdout), (1, True))
        elif kind in ("alarm", "late alarm", "plain"):
            timer = None
            if kind != "plain":
                # From the first step on, or so late that nobody is left who could be brought back.
                delay = self.chance.uniform(0.1, max(0.2, length - 2.0)) if kind == "alarm" else length + 2.5
                timer = threading.Timer(delay, load.spoil)
                timer.start()
            ended = self.program.said(*words)
            if timer:
                timer.join()
            self.expect(number, what, (ended["status"], ended["rolledBack"]), ("InService", kind == "alarm"))
            if kind == "alarm":
                self.expect(number, what, "errors" in ended["reason"], True)
            else:
                self.served = target
        elif kind in ("rollback", "promote"):
            self.program.said(*words, "--no-wait")
            time.sleep(self.chance.uniform(0, length * 0.8))
            ended = self.program.said("endpoint", kind, "charges")
            self.expect(number, what, (ended["status"], ended["rolledBack"]), ("InService", kind == "rollback"))
            if kind == "promote":
                self.served = target
        elif kind == "kill":
            self.program.said(*words, "--no-wait")
            time.sleep(self.chance.uniform(0, length * 0.8))
            load.away.set()
            process = self.program.said("serve", "status")["pid"]
            os.kill(process, signal.SIGKILL)
            time.sleep(0.1)
            self.program.run("serve", "--detach")
            for _ in range(300):
                shown = self.program.said("endpoint", "show", "charges")
                if shown["status"] == "InService" and shown.get("reason", "").startswith("rolled back"):
                    break
                time.sleep(0.1)
            time.sleep(0.3)
            load.away.clear()
            self.expect(number, what, (shown["status"], shown.get("reason", "").startswith("rolled back")), ("InService", True))
        now = self.model()
        self.expect(number, what, now, self.served)
        self.served = now
        self.ends[kind] = self.ends.get(kind, 0) + 1

    def run(self, folder):
        url, versions = self.prepare(folder)
        began = time.time()
        load = Load(url, self.program.said("endpoint", "credentials")["token"], versions, 4)
        time.sleep(1.5)
        told = strange = 0
        for number in range(1, self.count + 1):
            self.one(number, load)
            for fault in (load.dropped[told:] + self.astray[strange:])[:5]:
                print("%d: %s" % (number, fault), file=sys.stderr)
            told, strange = len(load.dropped), len(self.astray)
            if number % 20 == 0:
                print("%d of %d, %d requests, %d dropped, %d mixed, %d astray" % (number, self.count, load.asked, len(load.dropped), len(load.mixed),
                                                                                len(self.astray)), file=sys.stderr)
        load.close()
        later, missing, mixed_later = load.late()
        result = {"deployments": self.count, "kinds": dict(sorted(self.ends.items())), "seconds": round(time.time() - began),
                "requests": load.asked, "byVersion": load.by_version, "later": later, "dropped": len(load.dropped) + missing,
                "mixed": len(load.mixed) + len(mixed_later), "astray": len(self.astray)}
        print(json.dumps(result))
        for fault in (load.dropped + load.mixed + mixed_later + self.astray)[:20]:
            print(fault, file=sys.stderr)
        return result["dropped"] + result["mixed"] + result["astray"] == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--wait", type=float, default=2.5, help="seconds that each step is watched")
    parser.add_argument("--descent", default=os.path.join(REPOSITORY, ".build", "release", "descent"))
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="descent-deployments-")
    program = Program(os.path.abspath(options.descent), os.path.join(folder, "workspace"))
    try:
        return 0 if Torture(program, options.count, options.seed, options.wait).run(folder) else 1
    finally:
        program.run("serve", "stop", "--quiet")
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
