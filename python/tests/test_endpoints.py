"""Endpoints by the package, and by boto3 where that is installed."""

import shutil
import struct
import tempfile

from .support import REPOSITORY, json, needs, os, program, subprocess, unittest

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


if __name__ == "__main__":
    unittest.main()
