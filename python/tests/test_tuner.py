import shutil
import tempfile

from .support import REPOSITORY, os, program, sys, unittest

DATA = os.path.join(REPOSITORY, "sample-data", "insurance.csv")


class Ranges(unittest.TestCase):
    def test_ranges_are_written_as_the_program_reads_them(self):
        from descent.sagemaker import CategoricalParameter, ContinuousParameter, IntegerParameter

        self.assertEqual(ContinuousParameter(0, 1).spec(), "auto:0.0:1.0")
        self.assertEqual(ContinuousParameter(1e-5, 1, scaling_type="Logarithmic").spec(), "log:1e-05:1.0")
        self.assertEqual(ContinuousParameter(0.5, 0.999, "ReverseLogarithmic").spec(), "reverse-log:0.5:0.999")
        self.assertEqual(IntegerParameter(2, 10).spec(), "int:2:10")
        self.assertEqual(IntegerParameter(1, 1000, "Logarithmic").spec(), "int:log:1:1000")
        self.assertEqual(CategoricalParameter(["adam", True]).spec(), "cat:adam,true")
        self.assertRaises(ValueError, ContinuousParameter, 0, 1, "Cubic")
        self.assertRaises(ValueError, CategoricalParameter, ["1,2"])


@unittest.skipIf(program() is None, "not built: descent (set DESCENT_BINARY)")
class WithTheProgram(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="descent-test-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        before = os.environ.get("DESCENT_BINARY")
        os.environ["DESCENT_BINARY"] = program()
        self.addCleanup(lambda: os.environ.update(DESCENT_BINARY=before) if before else os.environ.pop("DESCENT_BINARY", None))

    def tuner(self, **more):
        from descent.sagemaker import CategoricalParameter, ContinuousParameter, HyperparameterTuner, IntegerParameter, LinearLearner

        estimator = LinearLearner(predictor_type="regressor", epochs=3, target="charges", workspace=os.path.join(self.folder, "workspace"))
        ranges = {"learning_rate": ContinuousParameter(1e-4, 1, scaling_type="Logarithmic"), "mini_batch_size": IntegerParameter(16, 64),
                  "optimizer": CategoricalParameter(["adam", "sgd"])}
        arguments = dict(objective_metric_name="validation:rmse", objective_type="Minimize", hyperparameter_ranges=ranges, max_jobs=4,
                         max_parallel_jobs=2, early_stopping_type="Auto", strategy="Random")
        arguments.update(more)
        return HyperparameterTuner(estimator, **arguments)

    def test_a_tuner_as_sagemaker_s_users_write_it(self):
        from descent.sagemaker import HyperparameterTuner, HyperparameterTuningJobAnalytics, WarmStartConfig, WarmStartTypes

        tuner = self.tuner()
        tuner.fit({"train": DATA, "validation": DATA}, job_name="search")
        rows = tuner.analytics().rows()
        self.assertEqual(len(rows), 4)
        self.assertEqual(set(rows[0]), {"learning_rate", "mini_batch_size", "optimizer", "TrainingJobName", "TrainingJobStatus",
                                        "FinalObjectiveValue", "TrainingElapsedTimeSeconds"})
        self.assertIn(rows[0]["optimizer"], ("adam", "sgd"))
        self.assertTrue(16 <= rows[0]["mini_batch_size"] <= 64)
        done = [row for row in rows if row["TrainingJobStatus"] == "Completed"]
        best = min(done, key=lambda row: row["FinalObjectiveValue"])
        self.assertEqual(tuner.best_training_job(), best["TrainingJobName"])
        described = tuner.describe()
        self.assertEqual(described["HyperParameterTuningJobStatus"], "Completed")
        self.assertEqual(described["BestTrainingJob"]["FinalHyperParameterTuningJobObjectiveMetric"]["Value"], best["FinalObjectiveValue"])
        predictions = tuner.best_estimator().predict(DATA)
        self.assertEqual(len(predictions), 1338)
        again = HyperparameterTuner.attach("search", workspace=os.path.join(self.folder, "workspace"))
        self.assertEqual(again.best_training_job(), best["TrainingJobName"])
        table = os.path.join(self.folder, "trials.csv")
        HyperparameterTuningJobAnalytics("search", workspace=os.path.join(self.folder, "workspace")).export_csv(table)
        with open(table) as file:
            self.assertEqual(len(file.readlines()), 5)
        # A second one begins with the first, and does not wait.
        warm = self.tuner(strategy="Bayesian", max_jobs=2, early_stopping_type="Off",
                          warm_start_config=WarmStartConfig(WarmStartTypes.TRANSFER_LEARNING, {"search"}))
        warm.fit({"train": DATA, "validation": DATA}, wait=False)
        warm.wait()
        first = warm.analytics().training_job_summaries()[0]
        self.assertEqual(first["why"], "the best of search")

    def test_what_cannot_be_searched_says_why(self):
        from descent.sagemaker import TrainingFailed

        with self.assertRaisesRegex(ValueError, "needs the channel validation"):
            self.tuner().fit({"train": DATA})
        with self.assertRaisesRegex(ValueError, "objective_type is Maximize, and less of validation:rmse is better"):
            self.tuner(objective_type="Maximize").fit({"train": DATA, "validation": DATA})
        with self.assertRaisesRegex(TrainingFailed, "does not measure 'nope'"):
            self.tuner(objective_metric_name="validation:nope").fit({"train": DATA, "validation": DATA})
        with self.assertRaisesRegex(ValueError, "strategy is Best"):
            self.tuner(strategy="Best")

    def test_a_script_s_metric_is_searched_whichever_way_is_said(self):
        from descent.sagemaker import ContinuousParameter, Estimator, HyperparameterTuner

        script = os.path.join(self.folder, "hill.py")
        with open(script, "w") as file:
            file.write("import os\nx = float(os.environ['SM_HP_X'])\nprint('height: %.6f' % (1 - (x - 0.25) ** 2))\n")
        estimator = Estimator(command=[sys.executable, script], workspace=os.path.join(self.folder, "workspace"),
                              metric_definitions=[{"Name": "height", "Regex": "height: ([0-9.]+)"}])
        tuner = HyperparameterTuner(estimator, "height", {"x": ContinuousParameter(0, 1)}, max_jobs=3, strategy="Random")
        tuner.fit()
        rows = tuner.analytics().rows()
        best = max(rows, key=lambda row: row["FinalObjectiveValue"])
        self.assertEqual(tuner.best_training_job(), best["TrainingJobName"])
        self.assertAlmostEqual(best["FinalObjectiveValue"], 1 - (best["x"] - 0.25) ** 2, places=4)
