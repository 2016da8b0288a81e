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

    def test_what_is_not_there_is_said(self):
        self.assertIn("is not there", self.stored("data", "profile", "s3://bucket/none.csv", status=3))
        self.assertIn("no such bucket", self.stored("data", "profile", "s3://other-bucket/none.csv", status=3))
        self.assertIn("names no object", self.stored("data", "profile", "s3://bucket", status=2))


if __name__ == "__main__":
    unittest.main()
