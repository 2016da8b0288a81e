import contextlib
import io
import shutil
import stat
import subprocess
import tarfile
import tempfile

from .support import PACKAGE, REPOSITORY, json, needs, os, program, sys, unittest

SAMPLES = os.path.join(REPOSITORY, "sample-data")


class Estimators(unittest.TestCase):
    def setUp(self):
        from descent.sagemaker import binary

        self.folder = tempfile.mkdtemp(prefix="descent-test-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.workspace = os.path.join(self.folder, "workspace")
        binary._said.clear()
        before = os.environ.get("DESCENT_BINARY")

        def restore():
            if before is None:
                os.environ.pop("DESCENT_BINARY", None)
            else:
                os.environ["DESCENT_BINARY"] = before
        self.addCleanup(restore)

    def said(self, action):
        """What is said on standard error meanwhile."""
        text = io.StringIO()
        with contextlib.redirect_stderr(text):
            result = action()
        return result, text.getvalue()


@unittest.skipIf(program() is None, "not built: descent (set DESCENT_BINARY)")
class WithTheProgram(Estimators):
    def setUp(self):
        super().setUp()
        os.environ["DESCENT_BINARY"] = program()

    def test_a_linear_learner_as_sagemaker_s_users_write_it(self):
        from descent.sagemaker import LinearLearner

        data = os.path.join(SAMPLES, "insurance.csv")
        output = os.path.join(self.folder, "output")

        def train():
            estimator = LinearLearner(role="arn:aws:iam::1:role/Any", instance_count=1, instance_type="ml.m5.large", epochs=5,
                                      predictor_type="regressor", output_path="file://" + output, target="charges",
                                      workspace=self.workspace, volume_size=30)
            estimator.fit({"train": "file://" + data, "validation": data, "test": data}, logs=False)
            return estimator
        estimator, said = self.said(train)
        self.assertEqual(said.count("role is ignored"), 1)
        self.assertIn("volume_size", said)
        job = estimator.latest_training_job
        description = job.describe()
        self.assertEqual(description["TrainingJobStatus"], "Completed")
        self.assertEqual(description["HyperParameters"]["epochs"], "5")
        metrics = {entry["MetricName"]: entry["Value"] for entry in description["FinalMetricDataList"]}
        self.assertGreater(metrics["validation:r2"], 0.5)
        self.assertAlmostEqual(metrics["test:rmse"], metrics["validation:rmse"], delta=1)
        names = {row["metric_name"] for row in estimator.training_job_analytics.rows()}
        self.assertIn("train:loss", names)
        self.assertEqual(estimator.model_data, os.path.join(output, job.name, "output", "model.tar.gz"))
        with tarfile.open(estimator.model_data) as archive:
            self.assertIn("model.json", archive.getnames())
        predictions = estimator.predict(data)
        self.assertEqual(len(predictions), 1338)
        self.assertIsInstance(predictions[0], float)
        again = LinearLearner.attach(job.name, workspace=self.workspace)
        self.assertEqual(again.predict(data), predictions)

    def test_files_in_sagemaker_s_order(self):
        from descent.sagemaker import LinearLearner

        train, rows = os.path.join(self.folder, "train.csv"), os.path.join(self.folder, "rows.csv")
        with open(train, "w") as file:
            for i in range(200):
                file.write("%.1f,%.1f,%d\n" % (3 * (i * 37 % 101 / 2) + 7 * (i % 5), i * 37 % 101 / 2, i % 5))
        with open(rows, "w") as file:
            file.write("10,0\n20,4\n")
        estimator = LinearLearner(workspace=self.workspace, predictor_type="regressor", epochs=200)
        _, said = self.said(lambda: estimator.fit({"train": train}, logs=False))
        self.assertIn("column_1", said)
        for predictions in (estimator.predict(rows), estimator.predict([[10, 0], [20, 4]])):
            self.assertAlmostEqual(predictions[0], 30, delta=4)
            self.assertAlmostEqual(predictions[1], 88, delta=4)
        with self.assertRaisesRegex(ValueError, "a row has 3 values, the model was trained on 2 features"):
            estimator.predict([[1, 2, 3]])

    @needs("numpy", "pandas")
    def test_tables_arrays_and_records(self):
        import numpy
        import pandas

        from descent.sagemaker import KNN, KMeans, LinearLearner, PCA

        table = pandas.read_csv(os.path.join(SAMPLES, "iris.csv"))
        label = table.columns[-1]
        estimator = LinearLearner(predictor_type="multiclass_classifier", epochs=20, target=label, workspace=self.workspace)
        self.said(lambda: estimator.fit({"train": table}, logs=False))
        right = (estimator.predict(table.drop(columns=label)) == table[label].to_numpy()).mean()
        self.assertGreater(right, 0.85)
        rows = estimator.predict(table, scores=True)
        self.assertAlmostEqual(sum(value for name, value in rows[0].items() if name.startswith("score_")), 1, 4)
        features = table.drop(columns=label).to_numpy().astype("float32")
        codes = table[label].astype("category").cat.codes.to_numpy().astype("float32")
        classifier = LinearLearner("role", 1, "local", "multiclass_classifier", epochs=20, workspace=self.workspace)
        self.said(lambda: classifier.fit([classifier.record_set(features, codes)], logs=False))
        self.assertGreater(numpy.mean(classifier.predict(features).astype(float) == codes), 0.85)
        neighbours = KNN("role", 1, "local", k=5, sample_size=120, predictor_type="classifier", workspace=self.workspace)
        self.said(lambda: neighbours.fit([neighbours.record_set(features, codes)], logs=False))
        self.assertGreater(numpy.mean(neighbours.predict(features).astype(float) == codes), 0.9)
        clusters = KMeans("role", 1, "local", k=3, workspace=self.workspace)
        self.said(lambda: clusters.fit(clusters.record_set(features), logs=False))
        self.assertEqual(len(set(clusters.predict(features).tolist())), 3)
        components = PCA("role", 1, "local", 2, workspace=self.workspace)
        self.said(lambda: components.fit(components.record_set(features), logs=False))
        self.assertEqual(components.predict(features).shape, (150, 2))

    @unittest.skipUnless(program() and "script" in subprocess.run([program(), "train", "--help"], stdout=subprocess.PIPE,
                                                                  universal_newlines=True).stdout, "the program runs no scripts")
    def test_a_script_is_trained_and_its_model_packed(self):
        from descent.sagemaker import Estimator, NotYetHere

        script = os.path.join(self.folder, "train.sh")
        with open(script, "w") as file:
            file.write("echo loss: 0.5\necho weights $2 > $SM_MODEL_DIR/model.txt\n")
        estimator = Estimator(entry_point=script, hyperparameters={"rate": 0.1}, workspace=self.workspace, output_path=self.folder)
        estimator.fit(logs=False)
        with tarfile.open(estimator.model_data) as archive:
            self.assertEqual(archive.extractfile("model.txt").read(), b"weights 0.1\n")
        self.assertIn(0.5, estimator.latest_training_job.metrics.values())
        with self.assertRaisesRegex(NotYetHere, "model.tar.gz"):
            estimator.predict([[1]])

    def test_a_job_that_fails_says_why(self):
        from descent.sagemaker import LinearLearner, TrainingFailed

        estimator = LinearLearner(target="nothing", workspace=self.workspace)
        with self.assertRaisesRegex(TrainingFailed, "no column named 'nothing'"):
            self.said(lambda: estimator.fit({"train": os.path.join(SAMPLES, "iris.csv")}, logs=False))
        wrong = LinearLearner(target="charges", no_such_setting=3, workspace=self.workspace)
        with self.assertRaisesRegex(TrainingFailed, "no_such_setting"):
            self.said(lambda: wrong.fit({"train": os.path.join(SAMPLES, "insurance.csv")}, logs=False))

    def test_a_job_that_is_not_waited_for(self):
        from descent.sagemaker import Estimator, image_uris

        estimator = Estimator(image_uris.retrieve("linear-learner", "eu-west-1"), target="charges", workspace=self.workspace)
        estimator.set_hyperparameters(epochs=5)
        self.said(lambda: estimator.fit({"train": os.path.join(SAMPLES, "insurance.csv")}, wait=False, logs=False, job_name="later"))
        estimator.wait()
        self.assertEqual(estimator.latest_training_job.name, "later")
        self.assertEqual(len(Estimator.attach("later", workspace=self.workspace).predict(os.path.join(SAMPLES, "insurance.csv"))), 1338)


class WithoutTheProgram(Estimators):
    def fake(self, events="", status=0, error=""):
        """A program that writes down how it was called."""
        path = os.path.join(self.folder, "descent")
        with open(path, "w") as file:
            file.write("#!%s\nimport json, os, sys\nopen(%r, 'a').write(json.dumps(sys.argv[1:]) + '\\n')\n"
                       "open(%r, 'w').write(json.dumps([sorted(os.sched_getaffinity(0)), os.environ.get('FLAVOUR')]))\n"
                       "print(%r)\nsys.stderr.write(%r)\nsys.exit(%d)\n"
                       % (sys.executable, path + ".calls", path + ".env", events, error, status))
        os.chmod(path, os.stat(path).st_mode | stat.S_IXUSR)
        os.environ["DESCENT_BINARY"] = path

        def calls():
            with open(path + ".calls") as file:
                return [json.loads(line) for line in file]
        return calls

    def test_a_script_becomes_the_command_line(self):
        from descent.sagemaker import PyTorch

        calls = self.fake('{"kind":"runRegistered","run":"abc","name":"mine"}\n'
                          '{"kind":"jobFinished","run":"abc","name":"mine","status":"Completed","metrics":{"loss":0.5}}')
        script = os.path.join(self.folder, "train.py")
        for path in (script, os.path.join(self.folder, "data.csv")):
            with open(path, "w") as file:
                file.write("a\n1\n")
        def train():
            estimator = PyTorch(entry_point="train.py", source_dir=self.folder, role="x", instance_type="ml.t3.medium",
                                hyperparameters={"lr": 0.1, "layers": [1, 2], "flag": True}, framework_version="2.1",
                                environment={"FLAVOUR": "salt"}, max_run=60,
                                metric_definitions=[{"Name": "loss", "Regex": "loss: (.*)"}], workspace=self.workspace)
            estimator.fit(os.path.join(self.folder, "data.csv"), job_name="mine")
            return estimator
        estimator, said = self.said(train)
        self.assertEqual(calls()[0], [
            "train", os.path.join(self.folder, "data.csv"), "--validation-split", "0", "--algorithm", "script", "--script", script,
            "--metric", "loss=loss: (.*)", "--set", "lr=0.1", "--set", "layers=[1, 2]", "--set", "flag=true", "--name", "mine",
            "--max-runtime", "60", "--json", "--workspace", self.workspace])
        with open(os.path.join(self.folder, "descent.env")) as file:
            self.assertEqual(json.load(file)[1], "salt")
        self.assertEqual(estimator.latest_training_job.metrics["loss"], 0.5)
        self.assertIn("framework_version", said)

    def test_any_program_without_data(self):
        from descent.sagemaker import Estimator

        calls = self.fake('{"kind":"runRegistered","run":"abc","name":"x"}\n'
                          '{"kind":"jobFinished","run":"abc","name":"x","status":"Completed","metrics":{}}')
        Estimator(command=["./train", "a b"]).fit(logs=False)
        self.assertEqual(calls()[0], ["train", "--algorithm", "script", "--command", "./train 'a b'", "--json", "--quiet"])

    @unittest.skipUnless(hasattr(os, "sched_getaffinity") and len(os.sched_getaffinity(0)) > 1, "one processor")
    def test_an_instance_type_is_a_budget_of_processors(self):
        from descent.sagemaker import Estimator, instances

        for name, number in (("ml.m5.large", 2), ("ml.m5.xlarge", 4), ("ml.c5.18xlarge", 72), ("ml.p4d.24xlarge", 96),
                             ("ml.c4.8xlarge", 36), ("ml.t3.medium", 2), ("ml.m5.huge", None), ("my-laptop", None)):
            self.assertEqual(instances.processors_of(name), number, name)
        self.assertIn("not known", self.said(lambda: instances.budget("ml.z9.huge"))[1])
        self.assertIn("accelerators", self.said(lambda: instances.budget("ml.p4d.24xlarge"))[1])
        self.fake('{"kind":"runRegistered","run":"abc","name":"x"}\n'
                  '{"kind":"jobFinished","run":"abc","name":"x","status":"Completed","metrics":{}}')
        before = instances.processors_of
        instances.processors_of = lambda name: 1
        try:
            self.said(lambda: Estimator(command="true", instance_type="ml.tiny.large").fit(logs=False))
        finally:
            instances.processors_of = before
        with open(os.path.join(self.folder, "descent.env")) as file:
            self.assertEqual(len(json.load(file)[0]), 1)

    def test_what_cannot_be_is_refused_with_what_to_do(self):
        from descent.sagemaker import DescentNotFound, Estimator, LinearLearner, PyTorch, TrainingFailed

        with self.assertRaisesRegex(ValueError, "instance_count is 2.*must be 1"):
            LinearLearner(instance_count=2)
        with self.assertRaisesRegex(ValueError, "distribution has no meaning here"):
            PyTorch(entry_point="x.py", distribution={"torch_distributed": {"enabled": True}})
        with self.assertRaisesRegex(ValueError, "predictor_type is tree"):
            LinearLearner(predictor_type="tree")
        with self.assertRaisesRegex(ValueError, "image blazingtext is not run here"):
            Estimator("blazingtext")
        with self.assertRaisesRegex(TypeError, "PyTorch has no argument typo"):
            PyTorch(entry_point="x.py", typo=1)
        self.fake()
        with self.assertRaisesRegex(ValueError, "lies elsewhere: copy it here"):
            LinearLearner().fit({"train": "s3://bucket/train.csv"})
        with self.assertRaisesRegex(FileNotFoundError, "there is no file"):
            LinearLearner().fit({"train": "/nowhere/train.csv"})
        with self.assertRaisesRegex(ValueError, "call fit first"):
            LinearLearner().predict([[1]])
        self.fake(status=2, error="descent: train: unknown option --algorithm script: see descent train --help\n")
        with self.assertRaisesRegex(TrainingFailed, "unknown option"):
            Estimator(command="true").fit(logs=False)
        os.environ["DESCENT_BINARY"] = "/nowhere/descent"
        with self.assertRaisesRegex(DescentNotFound, "DESCENT_BINARY is /nowhere/descent"):
            Estimator(command="true").fit(logs=False)


class Package(unittest.TestCase):
    def test_the_names_that_are_promised_are_there(self):
        code = "import descent\nfor name in descent._estimators + ('sagemaker', 'Hook'): getattr(descent, name)\nprint('yes')"
        out = subprocess.run([sys.executable, "-c", code], env=dict(os.environ, PYTHONPATH=PACKAGE), stdout=subprocess.PIPE,
                             universal_newlines=True)
        self.assertEqual(out.stdout, "yes\n")


if __name__ == "__main__":
    unittest.main()
