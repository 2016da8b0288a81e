"""Deployments under load: who asks meanwhile gets every answer, each of exactly one version."""

import csv
import http.client
import shutil
import tempfile
import threading
import urllib.parse

from .support import REPOSITORY, json, os, program, signal, subprocess, time, unittest

INSURANCE = os.path.join(REPOSITORY, "sample-data", "insurance.csv")
ROW = b"22,male,26.11,0,no,northeast\n"


class Load:
    """Clients that ask without a pause, half of them with a connection for each request."""

    def __init__(self, url, token, clients=2):
        self.answers, self.faults = {}, []
        self._place = urllib.parse.urlsplit(url)
        self._headers = {"Authorization": "Bearer " + token, "Content-Type": "text/csv", "Accept": "text/csv"}
        self._over, self._lock = threading.Event(), threading.Lock()
        self._threads = [threading.Thread(target=self._work, args=(number % 2 == 0,)) for number in range(clients)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _work(self, keeps):
        connection = None
        while not self._over.is_set():
            try:
                if connection is None or not keeps:
                    if connection is not None:
                        connection.close()
                    connection = http.client.HTTPConnection(self._place.hostname, self._place.port, timeout=20)
                connection.request("POST", self._place.path, ROW, self._headers)
                answer = connection.getresponse()
                said = (answer.status, answer.read())
                with self._lock:
                    self.answers[said] = self.answers.get(said, 0) + 1
            except Exception as error:
                self.faults.append(repr(error))
                connection = None
        if connection is not None:
            connection.close()


@unittest.skipIf(program() is None, "not built: descent (set DESCENT_BINARY)")
class Guardrails(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="descent-test-")
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.workspace = os.path.join(cls.folder, "workspace")
        cls.addClassCleanup(cls.run_, "serve", "stop", "--quiet")
        narrow = os.path.join(cls.folder, "narrow.csv")
        with open(INSURANCE, newline="") as whole, open(narrow, "w", newline="") as part:
            rows = csv.reader(whole)
            csv.writer(part).writerows([row[0], row[2], row[-1]] for row in rows)
        for name, data, epochs in (("old", INSURANCE, 3), ("new", INSURANCE, 1), ("other", narrow, 1)):
            done = cls.run_("train", data, "--target", "charges", "--algorithm", "linear-learner", "--set", "epochs=%d" % epochs, "--name", name,
                            "--quiet")
            assert done.returncode == 0, done.stderr
        cls.url = cls.said("endpoint", "create", "charges", "--model", "old")["url"]
        cls.token = cls.said("endpoint", "credentials")["token"]

    @classmethod
    def run_(cls, *arguments):
        return subprocess.run([program()] + list(arguments) + ["--workspace", cls.workspace], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              universal_newlines=True)

    @classmethod
    def said(cls, *arguments, status=0):
        done = cls.run_(*arguments, "--json")
        assert done.returncode == status, (arguments, done.returncode, done.stderr)
        return json.loads(done.stdout.splitlines()[-1])

    def models(self):
        return [variant["model"] for variant in self.said("endpoint", "show", "charges")["variants"]]

    def setUp(self):
        # Each test begins with the old version.
        if self.models() != ["old"]:
            self.said("endpoint", "update", "charges", "--model", "old")

    def alarm(self, name, *more):
        self.said("alarm", "create", name, "--endpoint", "charges", "--period", "1", *more)
        self.addCleanup(self.run_, "alarm", "delete", name, "--quiet")

    def test_every_strategy_shifts_all_requests_and_drops_none(self):
        for strategy in (["all-at-once"], ["canary", "--canary-size", "10%"], ["linear", "--step-size", "25%"], ["rolling", "--step-size", "20%"]):
            with self.subTest(strategy[0]), Load(self.url, self.token) as load:
                time.sleep(0.2)
                ended = self.said("endpoint", "update", "charges", "--model", "new", "--wait", "0.3", "--termination-wait", "0.2", "--strategy",
                                  *strategy)
                self.assertEqual((ended["kind"], ended["status"], ended["rolledBack"]), ("endpointUpdated", "InService", False))
                back = self.said("endpoint", "update", "charges", "--model", "old")
                self.assertFalse(back["rolledBack"])
                time.sleep(0.2)
            self.assertEqual(load.faults, [])
            self.assertEqual({status for status, _ in load.answers}, {200})
            self.assertEqual(len(load.answers), 2)

    def test_an_alarm_brings_the_old_version_back(self):
        self.alarm("errors", "--metric", "InvocationModelErrors", "--statistic", "Sum", "--threshold", "0")
        with Load(self.url, self.token) as load:
            time.sleep(1.2)
            ended = self.said("endpoint", "update", "charges", "--model", "other", "--strategy", "canary", "--wait", "30", "--alarm", "errors",
                              "--no-check", status=1)
            self.assertEqual((ended["status"], ended["rolledBack"]), ("InService", True))
            self.assertIn("errors", ended["reason"])
            after = dict(load.answers)
            time.sleep(0.5)
            grown = {said for said, count in load.answers.items() if count > after.get(said, 0)}
        self.assertEqual({status for status, _ in grown}, {200})
        self.assertEqual(load.faults, [])
        self.assertEqual({status for status, _ in load.answers}, {200, 424})
        self.assertEqual(self.models(), ["old"])
        self.assertIn("ALARM", [change["state"] for change in self.said("alarm", "show", "errors")["history"]])

    def test_what_the_old_version_did_just_before_a_step_counts_as_well(self):
        self.alarm("late", "--metric", "InvocationModelErrors", "--statistic", "Sum", "--threshold", "0")
        place = urllib.parse.urlsplit(self.url)

        def spoil():
            # Within the second that ends with the step to all requests, and nearly all of it at the old version.
            for _ in range(200):
                shown = self.said("endpoint", "show", "charges")
                if shown.get("pending"):
                    break
                time.sleep(0.02)
            time.sleep(max(0, shown["updatedAt"] + 2.6 - time.time()))
            connection = http.client.HTTPConnection(place.hostname, place.port, timeout=20)
            for _ in range(4):
                connection.request("POST", place.path, b"1,2\n", {"Authorization": "Bearer " + self.token, "Content-Type": "text/csv"})
                connection.getresponse().read()
            connection.close()
        spoiling = threading.Thread(target=spoil)
        spoiling.start()
        ended = self.said("endpoint", "update", "charges", "--model", "new", "--strategy", "canary", "--canary-size", "1%", "--wait", "3",
                          "--alarm", "late", status=1)
        spoiling.join()
        self.assertEqual((ended["status"], ended["rolledBack"]), ("InService", True))
        self.assertEqual(self.models(), ["old"])

    def test_what_cannot_be_deployed_changes_nothing(self):
        self.alarm("busy", "--metric", "Invocations", "--statistic", "Sum", "--threshold", "0")
        with Load(self.url, self.token, clients=1):
            time.sleep(2.2)
            done = self.run_("endpoint", "update", "charges", "--model", "new", "--alarm", "busy")
            self.assertEqual(done.returncode, 1)
            self.assertIn("on already", done.stderr)
        for words, word in ((["--model", "missing"], "missing"), (["--model", "new", "--alarm", "none"], "no alarm"),
                            (["--model", "new", "--strategy", "linear", "--step-size", "5%"], "10 % to 50 %"),
                            (["--model", "new", "--strategy", "sideways"], "sideways"), ([], "--model")):
            done = self.run_("endpoint", "update", "charges", *words)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn(word, done.stderr)
        # A model that does not take what clients send never gets any of it.
        with Load(self.url, self.token) as load:
            time.sleep(0.3)
            done = self.run_("endpoint", "update", "charges", "--model", "other")
            self.assertEqual(done.returncode, 1)
            self.assertIn("gets no requests", done.stderr)
            time.sleep(0.2)
        self.assertEqual({status for status, _ in load.answers}, {200})
        self.assertEqual(self.models(), ["old"])

    def test_a_deployment_is_ended_by_hand(self):
        for verb, models, rolled_back in (("promote", ["new"], False), ("rollback", ["new"], True)):
            model = "new" if verb == "promote" else "old"
            begun = self.said("endpoint", "update", "charges", "--model", model, "--strategy", "canary", "--wait", "300", "--no-wait")
            self.assertEqual((begun["status"], begun["pending"][0]["share"]), ("Updating", 0.1))
            busy = self.run_("endpoint", "update", "charges", "--model", "old")
            self.assertEqual(busy.returncode, 1)
            self.assertIn("Updating", busy.stderr)
            ended = self.said("endpoint", verb, "charges")
            self.assertEqual((ended["status"], ended["rolledBack"]), ("InService", rolled_back))
            self.assertEqual(self.models(), models)

    def test_a_host_that_is_killed_meanwhile_leaves_the_old_version(self):
        self.said("endpoint", "update", "charges", "--model", "new", "--strategy", "linear", "--wait", "300", "--no-wait")
        os.kill(self.said("serve", "status")["pid"], signal.SIGKILL)
        time.sleep(0.2)
        self.run_("serve", "--detach")
        for _ in range(100):
            shown = self.said("endpoint", "show", "charges")
            if shown["status"] == "InService" and "host ended" in shown.get("reason", ""):
                break
            time.sleep(0.05)
        self.assertIn("host ended", shown["reason"])
        self.assertEqual(self.models(), ["old"])
        with Load(self.url, self.token, clients=1) as load:
            time.sleep(0.2)
        self.assertEqual((load.faults, {status for status, _ in load.answers}), ([], {200}))


if __name__ == "__main__":
    unittest.main()
