"""Models as other programs read them: onnxruntime, MLflow, safetensors and XGBoost say what `descent predict` says."""

import csv
import datetime
import importlib.util
import random
import shutil
import tempfile

from .support import json, needs, os, program, subprocess, unittest

ROWS = 1000
TARGETS = ["price", "loud", "grade"]
MOMENTS = ["opened"]


def table(seed, unseen):
    """Rows with gaps everywhere, and, where asked for, with categories that come only there."""
    source = random.Random(seed)
    rows = []
    for _ in range(ROWS):
        size, count = source.gauss(3, 2), source.randrange(50)
        kind = source.choice(["red", "green", "blue"] + (["violet"] if unseen else []))
        city = "city%d" % source.randrange(120 if unseen else 90)
        member = source.choice(["yes", "no"])
        opened = datetime.datetime(2020, 1, 1) + datetime.timedelta(minutes=source.randrange(60 * 24 * 900))
        score = size + 0.05 * count + (2 if kind == "red" else 0) + (1 if member == "yes" else 0) + source.gauss(0, 0.5)
        row = {"size": "%.6f" % size, "stamp": str(1700000000 + source.randrange(1000)), "count": str(count), "kind": kind, "city": city,
               "member": member, "opened": opened.isoformat(sep=" "), "price": "%.4f" % score, "loud": "yes" if score > 5 else "no",
               "grade": "low" if score < 4 else "middle" if score < 7 else "high"}
        for name in ["size", "count", "kind", "city", "member", "opened"]:
            if source.random() < 0.08:
                row[name] = ""
        rows.append(row)
    return rows


@unittest.skipIf(program() is None, "not built: descent (set DESCENT_BINARY)")
class Exports(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="descent-test-")
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        for target in [None] + TARGETS:
            cls.write("train-%s.csv" % target, table(1, False), target)
        cls.write("new.csv", table(2, True), None)
        cls.rows = table(2, True)

    @classmethod
    def write(cls, name, rows, target):
        with open(cls.path(name), "w", newline="") as file:
            # In quotes a text keeps the blanks at its ends.
            writer = csv.DictWriter(file, [name for name in rows[0] if name == target or name not in TARGETS], extrasaction="ignore",
                                    quoting=csv.QUOTE_ALL if "body" in rows[0] else csv.QUOTE_MINIMAL)
            writer.writeheader()
            writer.writerows(rows)

    @classmethod
    def path(cls, name):
        return os.path.join(cls.folder, name)

    @classmethod
    def descent(cls, *arguments, status=0):
        done = subprocess.run([program()] + list(arguments) + ["--workspace", cls.path("workspace"), "--quiet"], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True)
        assert done.returncode == status, (arguments, done.returncode, done.stderr, done.stdout[-2000:])
        return done.stdout if status == 0 else done.stderr

    @classmethod
    def train(cls, name, algorithm, target, *settings):
        arguments = ["train", cls.path("train-%s.csv" % target), "--algorithm", algorithm, "--name", name, "--seed", "1"]
        if target:
            arguments += ["--target", target]
        for setting in settings:
            arguments += ["--set", setting]
        cls.descent(*arguments)
        return name

    @classmethod
    def predicted(cls, name):
        out = cls.path(name + ".predicted.csv")
        cls.descent("predict", name, cls.path("new.csv"), "--out", out)
        with open(out, newline="") as file:
            return list(csv.DictReader(file))

    @classmethod
    def feeds(cls, session):
        import numpy

        feeds = {}
        for port in session.get_inputs():
            texts = [row[port.name] for row in cls.rows]
            if port.type == "tensor(string)":
                values = numpy.array(texts, dtype=object)
            elif port.name in MOMENTS:
                values = numpy.array([cls.seconds(text) for text in texts])
            else:
                values = numpy.array([float(text or "nan") for text in texts])
            kind = {"tensor(float)": numpy.float32, "tensor(double)": numpy.float64}.get(port.type, object)
            feeds[port.name] = values.astype(kind).reshape(-1, 1)
        return feeds

    @staticmethod
    def seconds(text):
        if not text:
            return float("nan")
        return datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.timezone.utc).timestamp()

    def ask(self, name):
        """What onnxruntime makes of the exported model."""
        import onnxruntime

        path = self.path(name + ".onnx")
        self.descent("models", "export", name, "--format", "onnx", "--out", path)
        if importlib.util.find_spec("onnx"):
            import onnx

            onnx.checker.check_model(onnx.load(path), full_check=True)
        session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
        return dict(zip([port.name for port in session.get_outputs()], session.run(None, self.feeds(session))))

    @needs("onnxruntime", "numpy")
    def test_pipelines(self):
        steps = self.path("steps.json")
        with open(steps, "w") as file:
            json.dump([
                {"step": "rename", "column": "count", "to": "number"}, {"step": "impute", "columns": ["size"], "how": "mean"},
                {"step": "impute", "columns": ["kind"], "how": "mode"}, {"step": "clip", "columns": ["size"], "lower": -2, "upper": 7},
                {"step": "scale", "columns": ["size"], "how": "yeo-johnson"}, {"step": "scale", "columns": ["number"], "how": "log"},
                {"step": "product", "columns": ["size", "number"], "to": "both"},
                {"step": "ratio", "columns": ["size", "number"], "to": "each"},
                {"step": "difference", "column": "number", "from": "size", "to": "less"},
                {"step": "encode", "columns": ["kind"]}, {"step": "encode", "columns": ["member"], "how": "ordinal"},
                {"step": "encode", "columns": ["city"], "how": "target"}, {"step": "drop", "columns": ["stamp"]}], file)
        for target, algorithm in [("price", "linear-learner"), ("loud", "neural-network"), ("grade", "linear-learner")]:
            name = "piped-" + target
            self.descent("train", self.path("train-%s.csv" % target), "--target", target, "--algorithm", algorithm, "--name", name,
                         "--pipeline", steps, "--seed", "1", "--set", "epochs=5")
            self.compare(name)
        self.descent("automl", self.path("train-price.csv"), "--target", "price", "--pipeline", steps, "--max-candidates", "3", "--name",
                     "piped-best", "--folds", "3")
        self.compare("piped-best")
        with open(steps, "w") as file:
            json.dump([{"step": "scale", "columns": ["size"]}, {"step": "dates", "column": "opened", "parts": ["month"]}], file)
        self.descent("train", self.path("train-price.csv"), "--target", "price", "--algorithm", "linear-learner", "--name", "dated",
                     "--pipeline", steps, "--set", "epochs=1")
        out = self.path("dated.onnx")
        self.assertIn("step 2 (dates)", self.descent("models", "export", "dated", "--out", out, status=2))
        self.assertFalse(os.path.exists(out))

    def near(self, found, expected, what, most=1e-5):
        worst = max(abs(own - theirs) / max(1, abs(theirs)) for own, theirs in zip(found, expected))
        self.assertEqual(len(list(found)), len(expected), what)
        self.assertLess(worst, most, what)

    def compare(self, name):
        answers, rows = self.ask(name), self.predicted(name)
        if "label" not in answers:
            columns = ["prediction"] if "prediction" in rows[0] else [name for name in rows[0] if name.startswith("projection_")]
            for place, column in enumerate(columns):
                self.near(answers["variable"][:, place], [float(row[column]) for row in rows], name)
            return
        labels = [str(label) for label in answers["label"]]
        if "distance" in rows[0]:
            self.assertEqual(labels, [row["prediction"] for row in rows], name)
            self.near(answers["scores"].min(axis=1), [float(row["distance"]) for row in rows], name)
            return
        classes = [column[6:] for column in rows[0] if column.startswith("score_")]
        scores = answers["probabilities"]
        if classes:
            for place, column in enumerate(classes):
                self.near(scores[:, place], [float(row["score_" + column]) for row in rows], name)
        else:
            self.near(scores[:, 1], [float(row["score"]) for row in rows], name)
        # Where two classes are as likely as each other to the last digit, either may be named.
        self.assertLessEqual(sum(own != row["prediction"] for own, row in zip(labels, rows)), 1, name)


@needs("numpy", "onnxruntime")
class ONNX(Exports):
    def test_linear_models_say_the_same(self):
        for target in TARGETS:
            self.compare(self.train("linear-" + target, "linear-learner", target, "epochs=5"))

    def test_networks_say_the_same(self):
        for target in TARGETS:
            self.compare(self.train("network-" + target, "neural-network", target, "epochs=3"))
        self.compare(self.train("network-all", "neural-network", "grade", "epochs=2", "batch_normalization=true", "activation=gelu"))

    @needs("xgboost")
    def test_trees_say_the_same(self):
        for target in TARGETS:
            self.compare(self.train("trees-" + target, "xgboost", target, "num_round=20"))
        self.compare(self.train("trees-linear", "xgboost", "price", "num_round=5", "booster=gblinear"))

    def test_neighbours_say_the_same(self):
        for target in TARGETS:
            self.compare(self.train("knn-" + target, "knn", target, "k=7"))
        self.compare(self.train("knn-cosine", "knn", "loud", "k=5", "index_metric=COSINE"))

    def test_clusters_and_components_say_the_same(self):
        self.compare(self.train("clusters", "kmeans", None, "k=5"))
        self.compare(self.train("components", "pca", None, "num_components=3"))

    @needs("xgboost")
    def test_an_ensemble_of_automl_says_the_same(self):
        for target in ["price", "grade"]:
            name = "auto-" + target
            self.write("few.csv", table(1, False)[:150], target)
            self.descent("automl", self.path("few.csv"), "--target", target, "--name", name, "--max-candidates", "3", "--seed", "1")
            self.compare(name)


WORDS = ["good", "bad", "late", "train", "straße", "ÉTÉ", "été", "don't", "42", "x", "naïve", "İstanbul", "http://a.b/c", "www.d.e", "$5", "€7",
         "wow!!!", "日本語", "日", "テスト", "한국어", "🙂", "👩‍👩‍👧", "👍🏽", "🇩🇪🇫🇷🇮", "❤️", "™", "e\u0301t", "हिन्दी", "Ⅷ", "½", "٣٤", "\u200d", "\u20e3", "a\u20e3",
         "snake_case", "MiXed", "ΣΊΣΥΦΟΣ", "ǅ"]
GAPS = [" ", "  ", "\t", ", ", "-", "", "\u00a0", "\u3000", "..."]


def texts(seed, unseen):
    """Rows of two texts: of a few words, and of many; where asked for, with words that come only there."""
    source = random.Random(seed)
    rows = []
    for _ in range(ROWS):
        def text(most):
            words = [source.choice(WORDS + (["violet", "Ünseen", "𝒳", "語", "🦄🇪🇸"] if unseen else []))
                     + (str(source.randrange(9)) if unseen and source.random() < 0.1 else "") for _ in range(source.randrange(most))]
            return "".join(word + source.choice(GAPS) for word in words) + (" " if source.random() < 0.1 else "")
        title, body = text(5), text(60)
        score = 2 * title.count("good") - title.count("bad") + 0.5 * body.count("good") - 0.4 * body.count("🙂") + source.gauss(0, 0.1)
        row = {"title": title, "body": body, "size": "%.4f" % source.gauss(0, 1), "price": "%.4f" % score, "loud": "yes" if score > 0 else "no",
               "grade": "low" if score < -0.5 else "middle" if score < 0.5 else "high"}
        for name in ["title", "body", "size"]:
            if source.random() < 0.08:
                row[name] = ""
        # What a reader takes for no value is none here either.
        for name in ["title", "body"]:
            row[name] = row[name] if row[name].strip() else ""
        rows.append(row)
    return rows


@needs("numpy", "onnxruntime")
class Texts(Exports):
    test_pipelines = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for target in TARGETS:
            cls.write("train-%s.csv" % target, texts(1, False), target)
        cls.rows = texts(2, True)
        cls.write("new.csv", cls.rows, None)

    def train_on(self, name, algorithm, target, *arguments):
        self.descent("train", self.path("train-%s.csv" % target), "--algorithm", algorithm, "--target", target, "--name", name, "--seed", "1",
                     *arguments)
        return name

    def test_words_pairs_and_pieces_say_the_same(self):
        for method, target in [("words", "price"), ("ngrams", "loud"), ("chars", "grade"), ("chars", "price")]:
            name = self.train_on("text-%s-%s" % (method, target), "linear-learner", target, "--text", "title=" + method, "--text",
                                 "body=" + ("ngrams" if method == "chars" else method), "--set", "epochs=5")
            self.compare(name)

    def test_texts_read_as_they_come_say_the_same(self):
        self.compare(self.train_on("text-network", "neural-network", "loud", "--set", "epochs=3"))

    def test_rows_can_be_asked_for_one_by_one(self):
        import numpy
        import onnxruntime

        name = self.train_on("text-single", "linear-learner", "price", "--text", "title=chars", "--text", "body=ngrams", "--set", "epochs=3")
        all_of_them = self.ask(name)["variable"]
        session = onnxruntime.InferenceSession(self.path(name + ".onnx"), providers=["CPUExecutionProvider"])
        feeds = self.feeds(session)
        for row in range(100):
            own = session.run(None, {port: values[row:row + 1] for port, values in feeds.items()})[0]
            self.assertLess(numpy.abs(own - all_of_them[row]).max(), 1e-5)

    def test_hashed_words_are_refused(self):
        name = self.train_on("text-hash", "linear-learner", "price", "--text", "body=hash", "--set", "epochs=1")
        out = self.path("hash.onnx")
        self.assertIn("--text body=ngrams", self.descent("models", "export", name, "--out", out, status=2))
        self.assertFalse(os.path.exists(out))


class Others(Exports):
    def test_what_has_no_form_is_refused_and_nothing_is_left(self):
        name = self.train("plain", "linear-learner", "price", "epochs=1")
        out = self.path("plain.json")
        self.assertIn("none of XGBoost's", self.descent("models", "export", name, "--format", "xgboost", "--out", out, status=2))
        self.assertFalse(os.path.exists(out))
        self.assertIn("says no format", self.descent("models", "export", name, "--out", out, status=2))
        self.assertIn("use onnx, mlflow", self.descent("models", "export", name, "--format", "pmml", "--out", out, status=2))

    @needs("mlflow", "onnxruntime", "pandas")
    def test_mlflow_answers_as_predict_does(self):
        import mlflow
        import pandas

        frame = pandas.read_csv(self.path("new.csv"), parse_dates=["opened"])
        for target in TARGETS:
            name = self.train("mlflow-" + target, "linear-learner", target, "epochs=3")
            folder = self.path(name)
            self.descent("models", "export", name, "--format", "mlflow", "--out", folder)
            self.assertIn("already", self.descent("models", "export", name, "--format", "mlflow", "--out", folder, status=1))
            answers, rows = mlflow.pyfunc.load_model(folder).predict(self.typed(frame)), self.predicted(name)
            new = [column for column in rows[0] if column not in frame.columns]
            self.assertEqual(list(answers.columns), new)
            for column in new:
                if target != "price" and column == "prediction":
                    self.assertLessEqual(sum(str(a) != row[column] for a, row in zip(answers[column], rows)), 1)
                else:
                    self.near(list(answers[column]), [float(row[column]) for row in rows], name + " " + column)

    @staticmethod
    def typed(frame):
        """As MLflow wants what a signature calls a double."""
        import pandas

        frame = frame.copy()
        frame["opened"] = (frame["opened"] - pandas.Timestamp(0)) / pandas.Timedelta(seconds=1)
        for column in ["size", "stamp", "count"]:
            frame[column] = frame[column].astype(float)
        return frame

    @needs("safetensors", "numpy")
    def test_arrays_have_names_and_shapes(self):
        from safetensors.numpy import load_file

        name = self.train("arrays", "neural-network", "grade", "epochs=1", "hidden_layers=8")
        path = self.path("arrays.safetensors")
        self.descent("models", "export", name, "--out", path)
        arrays = load_file(path)
        last = sorted(key for key in arrays if key.endswith("dense.weight"))[-1]
        self.assertEqual(arrays[last].shape, (8, 3))

    @needs("xgboost", "numpy")
    def test_xgboost_reads_its_own_form(self):
        import xgboost

        name = self.train("booster", "xgboost", "price", "num_round=4")
        path = self.path("booster.json")
        self.descent("models", "export", name, "--format", "xgboost", "--out", path)
        booster = xgboost.Booster(model_file=path)
        self.assertEqual(booster.num_boosted_rounds(), 4)
        self.assertIn("size", booster.feature_names)

    @needs("tensorboard")
    def test_tensorboard_shows_runs(self):
        from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

        name = self.train("board", "linear-learner", "price", "epochs=4")
        folder = self.path("logs")
        self.descent("runs", "export", name, "--format", "tfevents", "--out", folder)
        events = EventAccumulator(os.path.join(folder, name)).Reload()
        self.assertIn("validation/loss", events.Tags()["scalars"])
        self.descent("runs", "export", name, "--out", self.path("board.csv"))
        with open(self.path("board.csv"), newline="") as file:
            ours = [float(row["value"]) for row in csv.DictReader(file) if row["metric"] == "validation:loss"]
        self.near([event.value for event in events.Scalars("validation/loss")], ours, name, 1e-6)

    @needs("pyarrow", "pandas")
    def test_pandas_reads_points(self):
        import pandas

        name = self.train("points", "linear-learner", "price", "epochs=4")
        self.descent("runs", "export", name, "--out", self.path("points.parquet"))
        frame = pandas.read_parquet(self.path("points.parquet"))
        self.assertEqual(list(frame.columns), ["run", "name", "metric", "step", "epoch", "time", "value"])
        self.assertEqual(str(frame["time"].dtype)[:10], "datetime64")
        self.assertEqual(set(frame["name"]), {name})

    def kinds(self):
        """Numbers, texts, truth values and dates with gaps, as Parquet."""
        with open(self.path("kinds.csv"), "w") as file:
            file.write("n,whole,word,ok,day\n1.5,1,é,true,2024-03-01\n,2,,false,\n-2.25,,b,,2024-03-02\n")
        self.descent("data", "query", "select * from kinds", "--data", self.path("kinds.csv"), "--out", self.path("kinds.parquet"))
        return self.path("kinds.parquet")

    @needs("duckdb")
    def test_duckdb_reads_parquet(self):
        import duckdb

        rows = duckdb.sql("select n, whole, word, ok, year(day) * 100 + day(day) from '%s'" % self.kinds()).fetchall()
        self.assertEqual(rows, [(1.5, 1, "é", True, 202401), (None, 2, None, False, None), (-2.25, None, "b", None, 202402)])

    @needs("polars")
    def test_polars_reads_parquet(self):
        import polars

        frame = polars.read_parquet(self.kinds())
        self.assertEqual(frame["n"].to_list(), [1.5, None, -2.25])
        self.assertEqual(frame["whole"].to_list(), [1, 2, None])
        self.assertEqual(frame["word"].to_list(), ["é", None, "b"])
        self.assertEqual(frame["ok"].to_list(), [True, False, None])
        self.assertEqual([day and day.day for day in frame["day"].to_list()], [1, None, 2])

    def test_views_answer_in_sql(self):
        import sqlite3

        name = self.train("viewed", "linear-learner", "price", "epochs=2")
        with sqlite3.connect("file:%s?mode=ro" % self.path("workspace/descent.sqlite"), uri=True) as database:
            ask = lambda text: database.execute(text, (name,)).fetchall()
            self.assertEqual(ask("SELECT algorithm, status, target, objective FROM v_runs WHERE name = ?"),
                             [("linear-learner", "Completed", "price", "validation:loss")])
            self.assertGreater(ask("SELECT value FROM v_metrics WHERE name = ? AND metric = 'validation:rmse'")[0][0], 0)
            self.assertEqual(ask("SELECT value FROM v_hyperparameters WHERE name = ? AND hyperparameter = 'epochs'"), [("2",)])
            self.assertGreater(ask("SELECT points FROM v_curves WHERE name = ? AND metric = 'train:loss'")[0][0], 1)
            database.execute("SELECT * FROM v_models").fetchall()

    @needs("yaml")
    def test_cards_can_be_read(self):
        import yaml

        name = self.train("carded", "linear-learner", "price", "epochs=1")
        path = self.path("README.md")
        self.descent("models", "export", name, "--out", path)
        with open(path) as file:
            text = file.read()
        front = yaml.safe_load(text.split("---")[1])
        self.assertEqual(front["pipeline_tag"], "tabular-regression")
        metrics = front["model-index"][0]["results"][0]["metrics"]
        self.assertIn("validation:rmse", [metric["name"] for metric in metrics])
        card = self.path("card.json")
        self.descent("models", "export", name, "--format", "sagemaker", "--out", card)
        with open(card) as file:
            self.assertEqual(json.load(file)["model_overview"]["model_name"], name)


if __name__ == "__main__":
    unittest.main()
