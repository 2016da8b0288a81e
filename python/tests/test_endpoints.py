"""Endpoints by the package, and by boto3 where that is installed."""

import csv
import importlib.util
import shutil
import ssl
import struct
import tempfile
import urllib.error
import urllib.request

from .support import REPOSITORY, json, needs, os, program, subprocess, time, unittest

INSURANCE = os.path.join(REPOSITORY, "sample-data", "insurance.csv")
ROW = [22, "male", 26.11, 0, "no", "northeast"]


@unittest.skipIf(program() is None, "not built: descent (set DESCENT_BINARY)")
class Endpoints(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        from descent.sagemaker import DataCaptureConfig, LinearLearner

        cls.folder = tempfile.mkdtemp(prefix="descent-test-")
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.before = os.environ.get("DESCENT_BINARY")
        os.environ["DESCENT_BINARY"] = program()
        cls.workspace = os.path.join(cls.folder, "workspace")
        cls.addClassCleanup(cls.stop)
        cls.estimator = LinearLearner(epochs=3, predictor_type="regressor", target="charges", workspace=cls.workspace)
        cls.estimator.fit({"train": INSURANCE}, logs=False)
        cls.predictor = cls.estimator.deploy(1, "ml.m5.large", endpoint_name="charges",
                                             data_capture_config=DataCaptureConfig(sampling_percentage=100))

    @classmethod
    def stop(cls):
        subprocess.run([program(), "serve", "stop", "--quiet", "--workspace", cls.workspace], stderr=subprocess.DEVNULL)
        os.environ.pop("DESCENT_BINARY")
        if cls.before is not None:
            os.environ["DESCENT_BINARY"] = cls.before

    @classmethod
    def said(cls, *arguments):
        done = subprocess.run([program()] + list(arguments) + ["--json", "--workspace", cls.workspace], stdout=subprocess.PIPE, check=True)
        return json.loads(done.stdout.splitlines()[-1])

    def check(self, answer):
        """The same single-precision number as predict's, whichever digits it is written with."""
        self.assertEqual(list(answer), ["predictions"])
        self.same(answer["predictions"][0]["score"])

    def same(self, number):
        self.assertEqual(struct.pack("f", number), struct.pack("f", self.estimator.predict([ROW])[0]))

    def test_deploy_predict_and_what_is_refused(self):
        from descent.sagemaker import CSVSerializer, EndpointError, Predictor

        self.check(self.predictor.predict([ROW]))
        self.check(self.predictor.predict(ROW, inference_id="mine"))
        plain = Predictor("charges", serializer=CSVSerializer(), workspace=self.workspace)
        answer = plain.predict("22,male,26.11,0,no,northeast\n", initial_args={"Accept": "text/csv"})
        self.same(float(answer.decode("utf-8").split(",")[0]))
        with self.assertRaises(EndpointError) as refused:
            self.predictor.predict([[1, 2]])
        self.assertEqual((refused.exception.code, refused.exception.status, refused.exception.original_status), ("ModelError", 424, 400))
        with self.assertRaises(EndpointError) as unknown:
            self.predictor.predict([ROW], target_variant="none")
        self.assertEqual(unknown.exception.code, "ValidationError")

    def test_an_endpoint_is_deleted(self):
        other = self.estimator.deploy()
        self.check(other.predict([ROW]))
        other.delete_endpoint()
        with self.assertRaises(Exception):
            other.predict([ROW])
        self.assertEqual(self.said("endpoint", "list")["endpoint"], "charges")

    def client(self, **different):
        import boto3

        known = self.said("endpoint", "credentials")
        named = dict({"aws_access_key_id": known["access_key_id"], "aws_secret_access_key": known["secret_access_key"]}, **different)
        return boto3.client("sagemaker-runtime", endpoint_url=known["endpoint_url"], region_name="eu-central-1", **named)

    @needs("boto3")
    def test_boto3_asks_it_unchanged(self):
        runtime = self.client()
        body = "22,male,26.11,0,no,northeast\n"
        answer = runtime.invoke_endpoint(EndpointName="charges", ContentType="text/csv", Accept="application/json", Body=body,
                                         InferenceId="abc", TargetVariant="AllTraffic", CustomAttributes="a=b")
        self.check(json.loads(answer["Body"].read()))
        self.assertEqual((answer["ContentType"], answer["InvokedProductionVariant"]), ("application/json", "AllTraffic"))
        rows = json.dumps({"instances": [{"features": ROW}]})
        answer = runtime.invoke_endpoint(EndpointName="charges", ContentType="application/json", Body=rows)
        self.check(json.loads(answer["Body"].read()))

    @needs("boto3")
    def test_boto3_reads_a_streamed_answer(self):
        runtime = self.client()
        rows = "22,male,26.11,0,no,northeast\n" * 20000
        whole = runtime.invoke_endpoint(EndpointName="charges", ContentType="text/csv", Accept="text/csv", Body=rows)["Body"].read()
        answer = runtime.invoke_endpoint_with_response_stream(EndpointName="charges", ContentType="text/csv", Accept="text/csv", Body=rows)
        parts = [event["PayloadPart"]["Bytes"] for event in answer["Body"]]
        self.assertGreater(len(parts), 1)
        self.assertEqual(b"".join(parts), whole)
        self.assertEqual((answer["ContentType"], answer["InvokedProductionVariant"]), ("text/csv", "AllTraffic"))
        with self.assertRaises(runtime.exceptions.ModelError):
            runtime.invoke_endpoint_with_response_stream(EndpointName="charges", ContentType="text/csv", Body="1,2\n")

    @needs("boto3")
    def test_boto3_asks_for_an_answer_later(self):
        from botocore.exceptions import ClientError

        runtime = self.client()
        # Older ones take rows from a file alone, and know no names of outputs.
        known = runtime.meta.service_model.operation_model("InvokeEndpointAsync").input_shape.members
        takes_rows = "Body" in known

        def rows(text, name):
            if takes_rows:
                return {"Body": text}
            given = os.path.join(self.workspace, "async", "input", name)
            os.makedirs(os.path.dirname(given), exist_ok=True)
            with open(given, "w") as file:
                file.write(text)
            return {"InputLocation": "file://" + given}

        said = runtime.invoke_endpoint_async(EndpointName="charges", ContentType="text/csv", Accept="text/csv", InferenceId="mine",
                                             RequestTTLSeconds=60, InvocationTimeoutSeconds=10, **rows("22,male,26.11,0,no,northeast\n", "first.csv"))
        self.assertEqual((said["InferenceId"], said["ResponseMetadata"]["HTTPStatusCode"]), ("mine", 202))
        self.assertTrue(said["FailureLocation"].startswith("file:///"))
        self.same(float(self.arrived(said["OutputLocation"])))
        given = os.path.join(self.workspace, "async", "input", "rows.csv")
        with open(given, "w") as file:
            file.write("22,male,26.11,0,no,northeast\n")
        names = {name: value for name, value in (("S3OutputPathExtension", "day"), ("Filename", "rows.csv")) if name in known}
        said = runtime.invoke_endpoint_async(EndpointName="charges", ContentType="text/csv", Accept="text/csv", InputLocation="file://" + given,
                                             **names)
        self.same(float(self.arrived(said["OutputLocation"])))
        said = runtime.invoke_endpoint_async(EndpointName="charges", ContentType="text/csv", **rows("1,2\n", "bad.csv"))
        self.assertEqual(json.loads(self.arrived(said["FailureLocation"]))["OriginalStatusCode"], 400)
        refused = [{"InputLocation": "file:///etc/passwd"}, {"InputLocation": "s3://bucket/key"},
                   {"InputLocation": "file://" + given + "/../../../credentials.json"}]
        for named in refused + ([{"Body": b"1" * 128001}, {}] if takes_rows else []):
            with self.assertRaises(ClientError) as failure:
                runtime.invoke_endpoint_async(EndpointName="charges", **named)
            self.assertEqual(failure.exception.response["Error"]["Code"], "ValidationError", named)

    @needs("boto3", "sagemaker")
    def test_the_sdks_predictor_asks_it_unchanged(self):
        if importlib.util.find_spec("sagemaker.predictor") is None:
            self.skipTest("this SageMaker SDK has no Predictor")
        os.environ["SAGEMAKER_SUPPRESS_V2_WARNING"] = "1"
        import boto3
        from sagemaker.amazon.common import RecordDeserializer
        from sagemaker.deserializers import CSVDeserializer, JSONDeserializer
        from sagemaker.predictor import Predictor
        from sagemaker.serializers import CSVSerializer, JSONSerializer
        from sagemaker.session import Session

        session = Session(boto_session=boto3.Session(region_name="eu-central-1"), sagemaker_client=object(),
                          sagemaker_runtime_client=self.client())
        predictor = Predictor("charges", sagemaker_session=session, serializer=CSVSerializer(), deserializer=JSONDeserializer())
        self.check(predictor.predict([ROW]))
        predictor.deserializer = CSVDeserializer()
        self.same(float(predictor.predict([ROW])[0][0]))
        predictor.serializer = JSONSerializer()
        self.same(float(predictor.predict({"instances": [{"features": ROW}]})[0][0]))
        predictor.deserializer = RecordDeserializer()
        records = list(predictor.predict({"instances": [{"features": ROW}, {"features": ROW}]}))
        self.assertEqual(len(records), 2)
        self.same(records[1].label["score"].float32_tensor.values[0])
        with self.assertRaises(session.sagemaker_runtime_client.exceptions.ModelError):
            predictor.predict({"instances": [[1, 2]]})

    @needs("boto3", "sagemaker_core")
    def test_sagemaker_cores_endpoint_asks_it_unchanged(self):
        os.environ.setdefault("AWS_DEFAULT_REGION", "eu-central-1")
        from sagemaker_core.main.resources import Endpoint
        from sagemaker_core.main.utils import SageMakerClient

        # The client of the runtime is the only one that is used.
        SageMakerClient(region_name="eu-central-1").sagemaker_runtime_client = self.client()
        said = Endpoint(endpoint_name="charges").invoke(body="22,male,26.11,0,no,northeast\n", content_type="text/csv",
                                                        accept="application/json")
        self.check(json.loads(said.body.read()))

    def arrived(self, location):
        path = location[len("file://"):]
        for _ in range(400):
            if os.path.exists(path):
                with open(path) as file:
                    return file.read()
            time.sleep(0.05)
        self.fail("nothing arrived at " + path)

    @needs("boto3")
    def test_boto3_has_answers_explained(self):
        runtime = self.client()
        answer = runtime.invoke_endpoint(EndpointName="charges", ContentType="text/csv", Accept="text/csv", EnableExplanations="`true`",
                                         Body="22,male,26.11,0,no,northeast\n52,female,31.2,0,no,northeast\n")
        said = json.loads(answer["Body"].read())
        scores = [float(line) for line in said["predictions"]["data"].splitlines()]
        self.same(scores[0])
        self.assertEqual((said["version"], said["predictions"]["content_type"]), ("1.0", "text/csv"))
        records = said["explanations"]["kernel_shap"]
        self.assertEqual([part["feature_header"] for part in records[0]], ["age", "sex", "bmi", "children", "smoker", "region"])
        expected = said["explanations"]["expected_value"][0]
        for score, record in zip(scores, records):
            total = expected + sum(part["attributions"][0]["attribution"][0] for part in record)
            self.assertAlmostEqual(total / score, 1, places=4)
        # The same as the command says.
        rows = os.path.join(self.folder, "explained.csv")
        with open(rows, "w") as file:
            file.write("age,sex,bmi,children,smoker,region\n22,male,26.11,0,no,northeast\n52,female,31.2,0,no,northeast\n")
        values = os.path.join(self.folder, "values.csv")
        done = subprocess.run([program(), "explain", "@latest", rows, "--out", values, "--quiet", "--workspace", self.workspace],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, 0, done.stderr)
        with open(values, newline="") as file:
            for told, record in zip(csv.DictReader(file), records):
                for part in record:
                    self.assertAlmostEqual(float(told[part["feature_header"]]), part["attributions"][0]["attribution"][0], places=3)

    @needs("boto3")
    def test_boto3_understands_every_error(self):
        from botocore.exceptions import ClientError

        runtime = self.client()

        def fault(client, **named):
            named = dict({"EndpointName": "charges", "ContentType": "text/csv", "Body": b"1,2\n"}, **named)
            with self.assertRaises(ClientError) as caught:
                client.invoke_endpoint(**named)
            return caught.exception.response, caught.exception
        response, error = fault(runtime)
        self.assertIsInstance(error, runtime.exceptions.ModelError)
        self.assertEqual(response["OriginalStatusCode"], 400)
        self.assertIn("2 values", response["OriginalMessage"])
        for named, code in (({"EndpointName": "none"}, "ValidationError"), ({"TargetVariant": "none"}, "ValidationError"),
                            ({"Body": b"x" * (7 << 20)}, "ValidationError"), ({"ContentType": "image/png"}, "ModelError")):
            self.assertEqual(fault(runtime, **named)[0]["Error"]["Code"], code)
        self.assertEqual(fault(self.client(aws_secret_access_key="wrong"))[0]["Error"]["Code"], "InvalidSignatureException")
        self.assertEqual(fault(self.client(aws_access_key_id="AKIANONE00000000"))[0]["Error"]["Code"], "UnrecognizedClientException")


@unittest.skipIf(program() is None, "not built: descent (set DESCENT_BINARY)")
@unittest.skipIf(shutil.which("openssl") is None, "not installed: openssl")
class Secured(unittest.TestCase):
    """An endpoint behind TLS, with a certificate that nobody signed."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="descent-test-")
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.workspace = os.path.join(cls.folder, "workspace")
        cls.certificate, key = (os.path.join(cls.folder, name) for name in ("certificate.pem", "key.pem"))
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", key, "-out", cls.certificate,
                        "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"], check=True, stderr=subprocess.DEVNULL)
        done = cls.run_("train", INSURANCE, "--target", "charges", "--algorithm", "linear-learner", "--set", "epochs=1", "--name", "one", "--quiet")
        assert done.returncode == 0, done.stderr
        # With a certificate a host is one of this terminal, or of a unit file.
        cls.host = subprocess.Popen([program(), "serve", "--certificate", cls.certificate, "--key", key, "--workspace", cls.workspace],
                                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        cls.addClassCleanup(cls.host.wait)
        cls.addClassCleanup(cls.run_, "serve", "stop", "--quiet")
        for _ in range(200):
            if cls.run_("serve", "status").returncode == 0 and cls.said("serve", "status").get("pid") == cls.host.pid:
                break
            time.sleep(0.05)
        done = cls.run_("endpoint", "create", "charges", "--model", "one")
        assert done.returncode == 0, done.stderr
        cls.url = cls.said("endpoint", "list")["url"]
        cls.known = cls.said("endpoint", "credentials")

    @classmethod
    def run_(cls, *arguments):
        return subprocess.run([program()] + list(arguments) + ["--workspace", cls.workspace], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              universal_newlines=True)

    @classmethod
    def said(cls, *arguments):
        return json.loads(cls.run_(*arguments, "--json").stdout.splitlines()[-1])

    def ask(self, url, context=None):
        request = urllib.request.Request(url, b"22,male,26.11,0,no,northeast\n", {
            "Authorization": "Bearer " + self.known["token"], "Content-Type": "text/csv", "Accept": "text/csv"})
        return urllib.request.urlopen(request, timeout=20, context=context).read()

    def test_whoever_trusts_the_certificate_is_answered_and_nobody_else(self):
        self.assertTrue(self.url.startswith("https://127.0.0.1:"))
        trusting = ssl.create_default_context(cafile=self.certificate)
        answer = self.ask(self.url, trusting)
        float(answer)
        with self.assertRaises(urllib.error.URLError):
            self.ask(self.url)
        # Who speaks no TLS hears nothing that could be an answer.
        with self.assertRaises(Exception):
            self.ask(self.url.replace("https://", "http://"))
        old = ssl.create_default_context(cafile=self.certificate)
        try:
            old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
            with self.assertRaises(urllib.error.URLError):
                self.ask(self.url, old)
        except ValueError:
            pass
        rows = os.path.join(self.folder, "rows.csv")
        with open(rows, "w") as file:
            file.write("22,male,26.11,0,no,northeast\n")
        done = self.run_("endpoint", "invoke", "charges", rows, "--accept", "text/csv", "--authorities", self.certificate)
        self.assertEqual((done.returncode, done.stdout.encode()), (0, answer))
        self.assertEqual(self.run_("endpoint", "invoke", "charges", rows).returncode, 1)
        if shutil.which("curl"):
            words = ["curl", "-sS", "--data-binary", "@" + rows, "-H", "Authorization: Bearer " + self.known["token"], "-H", "Content-Type: text/csv",
                     "-H", "Accept: text/csv", self.url]
            self.assertEqual(subprocess.run(words + ["--cacert", self.certificate], stdout=subprocess.PIPE).stdout, answer)
            self.assertNotEqual(subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).returncode, 0)

    @needs("boto3")
    def test_boto3_verifies_it(self):
        import boto3
        from botocore.exceptions import SSLError

        def client(verify):
            return boto3.client("sagemaker-runtime", endpoint_url=self.known["endpoint_url"], region_name="eu-central-1", verify=verify,
                                aws_access_key_id=self.known["access_key_id"], aws_secret_access_key=self.known["secret_access_key"])
        body = "22,male,26.11,0,no,northeast\n"
        answer = client(self.certificate).invoke_endpoint(EndpointName="charges", ContentType="text/csv", Accept="text/csv", Body=body)
        self.assertEqual(answer["Body"].read(), self.ask(self.url, ssl.create_default_context(cafile=self.certificate)))
        with self.assertRaises(SSLError):
            client(True).invoke_endpoint(EndpointName="charges", ContentType="text/csv", Body=body)


if __name__ == "__main__":
    unittest.main()
