"""Data, models and results in object stores and on web servers. moto checks no signature; what does is in the Swift tests."""

import csv
import functools
import http.server
import shutil
import tempfile
import threading

from .support import REPOSITORY, json, needs, os, program, subprocess, unittest

INSURANCE = os.path.join(REPOSITORY, "sample-data", "insurance.csv")


@unittest.skipIf(program() is None, "not built: descent (set DESCENT_BINARY)")
class Objects(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="descent-test-")
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)

    def descent(self, *arguments, status=0, **environment):
        variables = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        variables.update(XDG_CACHE_HOME=os.path.join(self.folder, "cache"), HOME=self.folder, **environment)
        done = subprocess.run([program()] + list(arguments) + ["--workspace", os.path.join(self.folder, "workspace")], env=variables,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True)
        self.assertEqual(done.returncode, status, done.stderr)
        return done.stdout + done.stderr


class Web(Objects):
    def test_data_of_a_web_server_is_fetched_once_for_each_version(self):
        shutil.copy(INSURANCE, os.path.join(self.folder, "rows.csv"))
        handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=self.folder)
        handler.log_message = lambda *_: None
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            address = "http://127.0.0.1:%d/" % server.server_address[1]
            said = self.descent("data", "profile", address + "rows.csv", "--json")
            self.assertIn("charges", said)
            self.assertIn("is not there", self.descent("data", "profile", address + "none.csv", status=3))
            server.shutdown()
        self.assertIn("nobody listens", self.descent("data", "profile", "http://127.0.0.1:1/rows.csv", status=1))


    def test_what_a_store_does_not_take_is_kept_here_and_said_where(self):
        said = self.descent("data", "split", INSURANCE, "--test", "0.2", "--out", "s3://bucket/parts", AWS_ACCESS_KEY_ID="a",
                            AWS_SECRET_ACCESS_KEY="b", AWS_ENDPOINT_URL="http://127.0.0.1:1", status=1)
        path = said.strip().rsplit("what was made is kept at ", 1)[1]
        self.addCleanup(shutil.rmtree, os.path.dirname(path))
        self.assertEqual(sorted(os.listdir(path)), ["insurance-test.csv", "insurance-train.csv"])


@needs("moto", "boto3", "flask")
class Store(Objects):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        import logging

        from moto.server import ThreadedMotoServer
        import boto3

        logging.getLogger("werkzeug").setLevel(logging.ERROR)

        cls.server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        cls.server.start()
        cls.addClassCleanup(cls.server.stop)
        cls.url = "http://127.0.0.1:%d" % cls.server.get_host_and_port()[1]
        cls.client = boto3.client("s3", endpoint_url=cls.url, region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b")
        cls.client.create_bucket(Bucket="bucket")
        cls.client.upload_file(INSURANCE, "bucket", "in put/insurance.csv")

    def stored(self, *arguments, **more):
        return self.descent(*arguments, AWS_ACCESS_KEY_ID="a", AWS_SECRET_ACCESS_KEY="b", AWS_ENDPOINT_URL=self.url, **more)

    def test_a_model_is_trained_on_an_object_and_its_predictions_become_one(self):
        data = "s3://bucket/in put/insurance.csv"
        self.stored("train", data, "--target", "charges", "--algorithm", "linear-learner", "--set", "epochs=2", "--name", "r")
        self.assertIn("fetched before", self.stored("predict", "r", data, "--out", "s3://bucket/out/p.csv"))
        body = self.client.get_object(Bucket="bucket", Key="out/p.csv")["Body"].read().decode()
        rows = list(csv.DictReader(body.splitlines()))
        self.assertEqual(len(rows), 1338)
        self.assertIn("prediction", rows[0])

    def test_what_is_large_goes_in_parts_and_comes_back_whole(self):
        path = os.path.join(self.folder, "large.csv")
        with open(path, "w") as file:
            file.write("a,b\n" + "1.2345678,9.8765432\n" * 2000000)
        self.assertGreater(os.path.getsize(path), 32 << 20)
        self.stored("train", INSURANCE, "--target", "charges", "--algorithm", "linear-learner", "--set", "epochs=1", "--name", "m")
        self.stored("models", "export", "m", "--format", "mlflow", "--out", "s3://bucket/models/m")
        keys = [entry["Key"] for entry in self.client.list_objects_v2(Bucket="bucket", Prefix="models/m/")["Contents"]]
        self.assertIn("models/m/MLmodel", keys)
        self.assertIn("models/m/code/descent_onnx.py", keys)
        self.client.upload_file(path, "bucket", "large.csv")
        said = self.stored("data", "split", "s3://bucket/large.csv", "--test", "0.2", "--out", os.path.join(self.folder, "parts"))
        self.assertIn("large.csv", said)

    def test_a_folder_and_a_pattern_are_data_of_many_files(self):
        with open(INSURANCE) as file:
            head, *rows = file.read().splitlines()
        for number, part in enumerate((rows[:500], rows[500:1000], rows[1000:])):
            body = "\n".join([head] + part) + "\n"
            self.client.put_object(Bucket="bucket", Key="years/%d/p a+rt.csv" % (2020 + number), Body=body.encode())
        self.client.put_object(Bucket="bucket", Key="years/_SUCCESS", Body=b"")
        said = self.stored("data", "profile", "s3://bucket/years/")
        self.assertIn("3 files", said)
        self.assertIn("1338", said.replace(",", ""))
        self.assertIn("fetched before", self.stored("data", "profile", "s3://bucket/years/"))
        said = self.stored("train", "s3://bucket/years/202[01]/*.csv", "--target", "charges", "--algorithm", "linear-learner",
                           "--set", "epochs=1", "--name", "parts")
        self.assertIn("2 files", said)
        self.assertIn("no object is there", self.stored("data", "profile", "s3://bucket/nothing/", status=3))

    def captured(self, prefix):
        found = self.client.list_objects_v2(Bucket="bucket", Prefix=prefix).get("Contents", [])
        return {entry["Key"]: self.client.get_object(Bucket="bucket", Key=entry["Key"])["Body"].read() for entry in found}

    def test_what_an_endpoint_captures_is_sent_and_nothing_is_lost_when_the_host_is_killed(self):
        import signal
        import time

        self.stored("train", INSURANCE, "--target", "charges", "--algorithm", "linear-learner", "--set", "epochs=1", "--name", "served")
        def stop():
            try:
                self.stored("serve", "stop")
            except AssertionError:
                pass  # No host is there any more.

        self.addCleanup(stop)
        self.stored("endpoint", "create", "told", "--model", "served", "--capture-to", "s3://bucket/captures/all")
        with open(INSURANCE) as file:
            rows = [line.rsplit(",", 1)[0] for line in file.read().splitlines()[1:4]]
        path = os.path.join(self.folder, "row.csv")

        def ask(row, tries=1):
            with open(path, "w") as file:
                file.write(row + "\n")
            for _ in range(tries - 1):
                try:
                    return self.stored("endpoint", "invoke", "told", path, "--content-type", "text/csv")
                except AssertionError:
                    time.sleep(1)
            self.stored("endpoint", "invoke", "told", path, "--content-type", "text/csv")

        ask(rows[0])
        ask(rows[1])
        # Written within a fiftieth of a second; what was written is sent after the kill, and what came after it, too.
        time.sleep(1)
        status = json.loads(self.stored("serve", "status", "--json").splitlines()[0])
        os.kill(status["pid"], signal.SIGKILL)
        self.stored("serve", "--detach")
        # Until the endpoint is in service again.
        ask(rows[2], tries=30)
        self.stored("serve", "stop")
        objects = self.captured("captures/all/")
        for key in objects:
            self.assertRegex(key, r"^captures/all/told/[^/]+/\d{4}/\d\d/\d\d/\d\d/[^/]+\.jsonl$")
        lines = [json.loads(line) for body in objects.values() for line in body.decode().splitlines()]
        inputs = sorted(line["captureData"]["endpointInput"]["data"].strip() for line in lines)
        self.assertEqual(inputs, sorted(rows))
        self.assertIn("to s3://bucket/captures/all: 2 files sent", self.stored("endpoint", "show", "told"))
        self.assertIn("give s3://", self.stored("endpoint", "update", "told", "--capture-to", "captures", status=2))

    def test_what_is_not_there_is_said(self):
        self.assertIn("is not there", self.stored("data", "profile", "s3://bucket/none.csv", status=3))
        self.assertIn("no such bucket", self.stored("data", "profile", "s3://other-bucket/none.csv", status=3))
        self.assertIn("names no object", self.stored("data", "profile", "s3://bucket", status=2))


if __name__ == "__main__":
    unittest.main()
