"""Spark: what runs on its executors, and `descent.spark` on a session of its own. Everything is skipped, by name, without the engine's
packages: run it by the engine's own Python (`make spark`)."""

import base64
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import unittest

from .support import PACKAGE, needs, program

HAS_JAVA = shutil.which("java") is not None or "JAVA_HOME" in os.environ


@needs("numpy", "pyarrow")
class ColumnTests(unittest.TestCase):
    """Values and medians, without Spark."""

    def look(self, numbers, pieces=3, sample=200):
        import numpy
        import pyarrow
        from descent._spark import columns, values

        reading = values.Reading({}, ["", "na", "?"], ["", "NA"])
        table = pyarrow.table({"c0": pyarrow.array(numbers)})
        batches = [pyarrow.RecordBatch.from_arrays([pyarrow.array(part)], ["c0"]) for part in numpy.array_split(numbers, pieces)]
        passes = []

        def summed(frame, looks, reading):
            import copy

            passes.append(looks)
            parts = []
            for batch in batches:
                own = copy.deepcopy(looks)
                for one in own:
                    one.add(batch, reading)
                parts.append(own)
            for other in parts[1:]:
                for one, more in zip(parts[0], other):
                    one += more
            return parts[0]

        found = columns.survey(None, [columns.Numbers("x", "c0", 0, 0)], table.slice(0, sample), reading, summed)
        return found["x"], len(passes)

    def test_medians_are_exact_whatever_the_sample_was(self):
        import numpy

        source = numpy.random.default_rng(5)
        for numbers in (source.normal(size=40_001), source.integers(0, 3, 10_000) * 1.0, numpy.full(500, 7.0),
                        numpy.sort(source.lognormal(0, 4, 9_999)), numpy.arange(10.0), numpy.concatenate([numpy.zeros(300), source.normal(9, 1, 4_000)])):
            found, passes = self.look(numbers)
            self.assertEqual(found["median"], float(numpy.median(numbers)))
            self.assertLess(passes, 6)

    def test_missing_numbers_are_counted_and_left_out(self):
        import numpy

        found, _ = self.look(numpy.array([1.0, numpy.nan, 3.0, numpy.nan, 2.0]), sample=5)
        self.assertEqual(found, {"missing": 2, "median": 2.0})

    def test_texts_become_numbers_as_the_program_reads_them(self):
        import numpy
        import pyarrow
        from descent._spark import values

        reading = values.Reading({"columns": [{"name": "x", "missing": ["nix"]}]}, ["", "na", "?"], [""])
        texts = pyarrow.array([" 1.5", "+2", "-3e2", ".5", "NA", "nix", None, "inf", "4.", "1_000", "12abc"])
        numbers, count, example = values.numbers_of(texts, "x", reading)
        numpy.testing.assert_array_equal(
            numbers, [1.5, 2, -300, .5, numpy.nan, numpy.nan, numpy.nan, numpy.inf, 4, numpy.nan, numpy.nan])
        self.assertEqual((count, example), (2, "1_000"))

    def test_figures_of_parts_are_those_of_all_rows(self):
        import copy
        import pickle

        import numpy
        import pyarrow
        from descent._spark import figures, values

        source = numpy.random.default_rng(8)
        count = 5_003
        whole = source.integers(-5, 300, count).astype(float)
        number = numpy.where(source.random(count) < 0.1, numpy.nan, source.lognormal(0, 3, count))
        texts = numpy.array(["red", "green", "NA", "blue"])[source.integers(0, 4, count)]
        days = numpy.array([f"2024-{month:02}-{day:02}" for month, day in zip(source.integers(1, 13, count), source.integers(1, 29, count))])
        local = numpy.array([f"{day}.02.2024" for day in source.integers(1, 29, count)])
        table = pyarrow.table({"c0": whole, "c1": pyarrow.array(number.astype(str)), "c2": texts, "c3": days, "c4": local})
        reading = values.Reading({}, ["", "nan"], ["", "NA"])
        batches = table.to_batches(max_chunksize=700)

        def summed(frame, looks, reading):
            parts = []
            for batch in batches:
                own = pickle.loads(pickle.dumps(looks))
                for look in own:
                    look.add(batch, reading)
                parts.append(own)
            for other in parts[1:]:
                for look, more in zip(parts[0], other):
                    look += more
            return parts[0]

        def counted(frame, partition):
            counts: dict = {}
            for batch in partition(iter(copy.copy(batches))):
                for place, value, text, rows in zip(*(column.to_pylist() for column in batch.columns)):
                    counts[place, value, text] = counts.get((place, value, text), 0) + rows
            # Values lie in some parts, as a shuffle leaves them.
            parts = [[], [], []]
            for (place, value, text), rows in counts.items():
                parts[hash((value, text)) % 3].append((place, value, text, rows))
            found = []
            for part in parts:
                columns = list(zip(*part)) or [()] * 4
                kinds = [pyarrow.int32(), pyarrow.float64(), pyarrow.string(), pyarrow.int64()]
                batch = pyarrow.RecordBatch.from_arrays(
                    [pyarrow.array(list(column), kind) for column, kind in zip(columns, kinds)], ["place", "number", "text", "count"])
                found += [pickle.loads(row.as_py()) for made in figures.best(iter([batch])) for row in made.column(0)]
            return figures.merged(found)

        wanted = [{"name": "whole", "as": "numbers", "whole": True}, {"name": "number", "as": "numbers"}, {"name": "texts", "as": "texts"},
                  {"name": "days", "as": "dates"}, {"name": "local", "as": "dates"}]
        places = {column["name"]: f"c{place}" for place, column in enumerate(wanted)}
        found = figures.figures(None, wanted, table.slice(0, 400), places, reading, summed, counted)
        seconds = days.astype("datetime64[s]").astype(numpy.int64).astype(float)
        for column, expected in ((found[0], whole), (found[1], number[~numpy.isnan(number)]), (found[3], seconds)):
            mean, deviation, least, low, middle, high, most, width = numpy.frombuffer(base64.b64decode(column["numbers"]))
            self.assertEqual([least, low, middle, high, most], numpy.quantile(expected, [0, .25, .5, .75, 1]).tolist())
            numpy.testing.assert_allclose([mean, deviation], [expected.mean(), expected.std(ddof=1)], rtol=1e-12)
            self.assertEqual((column["count"], column["distinct"]), (len(expected), len(set(expected))))
            edges = least + width * numpy.arange(len(column["histogram"]) + 1)
            bins = numpy.minimum(len(edges) - 2, ((expected - least) / width).astype(int))
            self.assertEqual(column["histogram"], numpy.bincount(bins, minlength=len(edges) - 1).tolist())
        self.assertEqual(numpy.frombuffer(base64.b64decode(found[0]["numbers"]))[7], 13, "whole numbers have bins of whole numbers")
        values_, counts = numpy.unique(whole, return_counts=True)
        best = sorted(zip(-counts, values_))[:10]
        self.assertEqual(found[0]["top"], [(-rows, value) for rows, value in best])
        self.assertEqual(found[2]["count"], int((texts != "NA").sum()))
        self.assertEqual({text for _, text in found[2]["top"]}, {"red", "green", "blue"})
        # Dates that are not written in ISO form are counted as they are written.
        self.assertEqual((found[4]["as"], found[4]["distinct"]), ("texts", len(set(local))))
        self.assertNotIn("numbers", found[4])

    def test_sums_have_the_slopes_of_their_losses(self):
        import numpy
        from descent._spark import sums

        source = numpy.random.default_rng(1)
        x, y = source.normal(size=(50, 3)).astype("<f4"), source.integers(0, 2, 50).astype(float)
        for loss, scores in (("squared_loss", 1), ("huber_loss", 1), ("logistic", 1), ("softmax_loss", 2)):
            point = source.normal(size=scores * 4)

            def at(parameters):
                query = dict(loss=loss, lossParameter=0.7, scores=scores, parameters=parameters, means=numpy.zeros(3),
                             inverses=numpy.ones(3), targetMean=0.2, targetInverse=1.5, classWeights=numpy.array([1.0, 3.0]),
                             curvature=True)
                return sums.linear(x, y, query).arrays

            loss_here, gradient, curvature = at(point)
            for place in range(len(point)):
                step = numpy.zeros(len(point))
                step[place] = 1e-6
                slope = (at(point + step)[0][0] - at(point - step)[0][0]) / 2e-6
                self.assertAlmostEqual(slope, gradient.reshape(-1)[place], delta=1e-4 * (1 + abs(slope)))
            self.assertEqual(curvature.shape, (4, 4))


@needs("pyspark", "pyarrow", "numpy", "pandas", "xgboost")
@unittest.skipUnless(HAS_JAVA, "not installed: Java")
@unittest.skipIf(program() is None, "not built: descent (set DESCENT_BINARY)")
class FrameTests(unittest.TestCase):
    """Estimators and models on a session of two tasks."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="descent-spark-test-")
        os.environ["DESCENT_BINARY"] = program()
        os.environ["PYSPARK_PYTHON"] = sys.executable
        os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
        os.environ["PYTHONPATH"] = PACKAGE
        from pyspark.sql import SparkSession

        cls.spark = (
            SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").config("spark.sql.shuffle.partitions", 2)
            .config("spark.driver.host", "127.0.0.1").config("spark.driver.bindAddress", "127.0.0.1").getOrCreate())
        cls.spark.sparkContext.setLogLevel("ERROR")

    @classmethod
    def tearDownClass(cls):
        cls.spark.stop()
        shutil.rmtree(cls.folder, ignore_errors=True)

    def workspace(self):
        return os.path.join(self.folder, "workspace")

    def frame(self, rows=600, groups=3):
        from pyspark.ml.linalg import Vectors

        source = random.Random(4)
        data = []
        for row in range(rows):
            group = row % groups
            x = [group * 6 + source.gauss(0, 1), group * -4 + source.gauss(0, 1), source.gauss(0, 1)]
            data.append((Vectors.dense(x), float(x[0] + 2 * x[2] > 5), 3 * x[0] - x[1] + source.gauss(0, .1), float(group)))
        return self.spark.createDataFrame(data, ["features", "label", "amount", "group"]).repartition(2).cache()

    def command(self, *words):
        done = subprocess.run([program(), *words, "--workspace", self.workspace()], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_a_pipeline_of_two_engines_is_saved_and_loaded(self):
        from descent.spark import KMeansEstimator
        from pyspark.ml import Pipeline, PipelineModel
        from pyspark.ml.feature import PCA

        frame = self.frame()
        stages = [PCA(k=2, inputCol="features", outputCol="projected"),
                  KMeansEstimator(k=3, featuresCol="projected", normalize_data=False, workspace=self.workspace(), runName="groups")]
        model = Pipeline(stages=stages).fit(frame)
        found = model.transform(frame).select("group", "closest_cluster", "distance_to_cluster").collect()
        pairs = {(row.group, row.closest_cluster) for row in found}
        self.assertEqual(len(pairs), 3, "every group is a cluster")
        path = os.path.join(self.folder, "pipeline")
        model.write().overwrite().save(path)
        again = PipelineModel.load(path).transform(frame).select("group", "closest_cluster", "distance_to_cluster").collect()
        self.assertEqual(sorted(found), sorted(again))
        runs = [json.loads(line) for line in self.command("runs", "list", "--json").splitlines()]
        self.assertIn(("groups", "Completed"), [(run["name"], run["status"]) for run in runs])

    def test_cross_validation_varies_a_parameter(self):
        from descent.spark import XGBoostEstimator
        from pyspark.ml.evaluation import RegressionEvaluator
        from pyspark.ml.tuning import CrossValidator, ParamGridBuilder

        frame = self.frame(400)
        estimator = XGBoostEstimator(num_round=4, labelCol="amount", workspace=self.workspace())
        grid = ParamGridBuilder().addGrid(estimator.eta, [0.01, 0.5]).build()
        search = CrossValidator(
            estimator=estimator, estimatorParamMaps=grid, numFolds=2, seed=1,
            evaluator=RegressionEvaluator(labelCol="amount", predictionCol="prediction", metricName="rmse"))
        model = search.fit(frame)
        self.assertGreater(model.avgMetrics[0], model.avgMetrics[1], "four steps of 0.01 go less far than four of 0.5")

    def test_what_a_model_adds_is_what_predict_gives_to_the_bit(self):
        import numpy
        import pyarrow
        import pyarrow.parquet
        from descent.spark import (
            KMeansEstimator, LinearLearnerBinaryClassifier, LinearLearnerMultiClassClassifier, LinearLearnerRegressor, PCAEstimator,
            XGBoostEstimator)

        frame = self.frame(300)
        common = dict(workspace=self.workspace())
        for estimator, columns in (
            (LinearLearnerRegressor(labelCol="amount", **common), {"score": "prediction"}),
            (LinearLearnerBinaryClassifier(**common), {"score": "score", "predicted_label": "prediction"}),
            (LinearLearnerMultiClassClassifier(labelCol="group", **common), {"predicted_label": "prediction"}),
            (KMeansEstimator(k=3, **common), {"distance_to_cluster": "distance", "closest_cluster": "prediction"}),
            (PCAEstimator(num_components=2, **common), {}),
            (XGBoostEstimator(num_round=5, **common), {"score": "score", "prediction": "prediction"}),
        ):
            with self.subTest(type(estimator).__name__):
                model = estimator.fit(frame)
                rows = model.transform(frame).collect()
                given = os.path.join(self.folder, "rows.parquet")
                made = os.path.join(self.folder, "made.parquet")
                features = numpy.array([row.features.toArray() for row in rows])
                names = model.getOrDefault(model.inputNames)
                pyarrow.parquet.write_table(pyarrow.table([pyarrow.array(c) for c in features.T], names=names), given)
                self.command("predict", model.getOrDefault(model.run), given, "--out", made, "--quiet")
                predicted = pyarrow.parquet.read_table(made).to_pandas()
                for ours, theirs in columns.items():
                    self.assertEqual([row[ours] for row in rows], [float(value) for value in predicted[theirs]], ours)
                numbers = model.copy({model.scorer: "numpy"}).transform(frame).collect()
                for ours in list(columns) or ["projection"]:
                    one, two = (numpy.array([numpy.ravel(row[ours].toArray() if hasattr(row[ours], "toArray") else row[ours]) for row in r])
                                for r in (rows, numbers))
                    numpy.testing.assert_allclose(one, two, rtol=2e-5, atol=2e-6, err_msg=ours)

    def test_rows_that_are_fetched_give_the_same_optimum(self):
        from descent.spark import LinearLearnerRegressor

        frame = self.frame(500)
        models = [
            LinearLearnerRegressor(labelCol="amount", wd=0.01, collect=collect, workspace=self.workspace(),
                                   hyperparameters={"optimizer": "lbfgs"}).fit(frame) for collect in (False, True)]
        scores = [[row.score for row in model.transform(frame).collect()] for model in models]
        size = max(map(abs, scores[0]))
        self.assertLess(max(abs(one - two) for one, two in zip(*scores)) / size, 1e-6)

    def test_a_frame_of_other_columns_is_refused_before_any_work(self):
        from descent.spark import KMeansEstimator, LinearLearnerRegressor

        from pyspark.sql import functions as F

        frame = self.frame(10).withColumn("whole", F.lit(1))
        with self.assertRaisesRegex(ValueError, "no column 'vectors'"):
            KMeansEstimator(k=2, featuresCol="vectors").fit(frame)
        with self.assertRaisesRegex(TypeError, "column 'label' is double: it must hold vectors"):
            KMeansEstimator(k=2, featuresCol="label").fit(frame)
        with self.assertRaisesRegex(TypeError, "column 'whole' is int: it must hold doubles"):
            LinearLearnerRegressor(labelCol="whole").fit(frame)

    def test_a_refusal_of_the_program_is_told(self):
        from descent.sagemaker.binary import TrainingFailed
        from descent.spark import XGBoostEstimator

        with self.assertRaisesRegex(TrainingFailed, "booster = 'dart' is not to be had of xgboost on a cluster"):
            XGBoostEstimator(hyperparameters={"booster": "dart"}, workspace=self.workspace()).fit(self.frame(50))


if __name__ == "__main__":
    unittest.main()
