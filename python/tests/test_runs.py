"""The examples as runs: by the descent program, watched, steered, stopped, resumed and compared."""

import re

from .support import EXAMPLES, REPOSITORY, RunTest, needs, os, unittest

DIGITS = os.path.join(REPOSITORY, "sample-data", "digits.csv")
REVIEWS = os.path.join(REPOSITORY, "sample-data", "reviews.csv")


def settings(**values):
    return [word for name, value in values.items() for word in ("--set", "%s=%s" % (name, value))]


class Examples(RunTest):
    def example(self, name):
        return os.path.join(EXAMPLES, name)

    def printed(self, run, pattern):
        """The numbers that a script printed."""
        path = os.path.join(self.folder, "workspace", "artifacts", self.shown(run)["run"], "output.log")
        with open(path) as file:
            return [float(number) for number in re.findall(pattern, file.read())]

    def start(self, name, *arguments, until):
        """A run of an example, when its curve of a metric has so many points."""
        run, words = self.train_arguments(self.example(name), *arguments)
        process = self.begin(*words)
        self.addCleanup(lambda: process.poll() is None and process.kill())
        metric, count = until

        def is_there():
            self.assertIsNone(process.poll(), "it ended before: %s" % (process.stderr.read() if process.poll() is not None else ""))
            shown = self.begin("runs", "show", run, "--json")
            out, _ = shown.communicate()
            return shown.returncode == 0 and metric in out and len(self.curves(run_of(run)).get(metric, [])) >= count
        self.wait_for(is_there)
        return run_of(run), process

    def check(self, name, data, given, judged, direction="minimised", steered=None, more=2, resumes=True):
        """An example to its end; then steered, stopped and, where it can be, resumed to the same end. Gives the first run's curves."""
        whole = self.train(self.example(name), *data, *settings(**given))
        self.assertEqual(self.objective(whole), (judged, direction))
        self.assertEqual(self.shown(whole)["status"], "Completed")
        curves = self.curves(whole)
        for metric, points in curves.items():
            steps = [step for step, _ in points]
            self.assertEqual([step for step, after in zip(steps, steps[1:]) if after <= step], [], metric)
        run, process = self.start(name, *data, *settings(**given), until=(judged, more))
        if steered:
            setting, value = steered
            self.descent("runs", "steer", run.name, "%s=%s" % (setting, value))
            # Some frameworks hold it in single precision.
            self.wait_for(lambda: abs(float(self.shown(run)["hyperparameters"].get(setting, "nan")) - value) < 1e-6)
            # A resumed run goes back to its checkpoint, and to what was set until then.
            count = len(self.curves(run)[judged]) + 1
            self.wait_for(lambda: len(self.curves(run)[judged]) > count)
        self.descent("runs", "stop", run.name)
        self.end(process)
        self.assertEqual(self.shown(run)["status"], "Stopped")
        stopped = self.curves(run)
        self.assertLess(stopped[judged][-1][0], curves[judged][-1][0], "it ended before it was stopped")
        if resumes:
            self.descent("runs", "resume", run.name)
            self.assertEqual(self.shown(run)["status"], "Completed")
            self.assertEqual([step for step, _ in self.curves(run)[judged]], [step for step, _ in curves[judged]])
        if steered and not setting.startswith("learning_rate"):
            # A learning rate is what the checkpoint holds, which may be older.
            self.assertEqual(float(self.shown(run)["hyperparameters"][setting]), value)
        return whole, curves

    @needs("torch")
    def test_more_dropout_while_it_trains_closes_the_gap_between_training_and_validation(self):
        given = settings(epochs=24, augment="false", patience=100, dropout=0.2)
        kept = self.train(self.example("digits_torch.py"), DIGITS, *given)
        self.assertTrue([alert for alert in self.json("runs", "show", kept.name) if "0.5 instead of 0.2" in str(alert)], kept.errors)
        run, process = self.start("digits_torch.py", DIGITS, *given, until=("validation:loss", 11))
        self.descent("runs", "steer", run.name, "dropout=0.5")
        self.end(process)
        self.assertEqual(self.shown(run)["hyperparameters"]["dropout"], "0.5")
        gaps = {}
        for one in (kept, run):
            curves = self.curves(one)
            training, gaps[one.name] = dict(curves["train:loss"]), []
            for step, value in curves["validation:loss"]:
                gaps[one.name].append(value - sum(training[s] for s in range(step - 44, step + 1)) / 45)
        kept, steered = gaps[kept.name], gaps[run.name]
        # To the bit the same until it is steered, and then less of a gap, at the end of an epoch as in the mean of the last five.
        begins = next(epoch for epoch in range(24) if kept[epoch] != steered[epoch])
        self.assertGreaterEqual(begins, 10)
        self.assertLess(begins, 19, "it was steered too late")
        mean = [sum(gap[-5:]) / 5 for gap in (kept, steered)]
        self.assertGreater(mean[0], 0.005)
        self.assertLess(mean[1], mean[0] / 2)
        print("\ngap of dropout 0.2: %.4f, of 0.5 from epoch %d on: %.4f" % (mean[0], begins + 1, mean[1]))

    @needs("torch")
    def test_an_image_classifier_in_pytorch(self):
        whole, curves = self.check("digits_torch.py", [DIGITS, "--validation-split", "0.2"], {"epochs": 20, "patience": 100},
                                   "validation:loss", steered=("dropout", 0.5))
        self.assertEqual(sorted(curves), ["train:accuracy", "train:loss", "validation:accuracy", "validation:loss"])
        self.assertEqual([step for step, _ in curves["train:loss"]], list(range(1, curves["validation:loss"][-1][0] + 1)))
        self.assertEqual([round(value, 4) for _, value in curves["validation:loss"]], self.printed(whole, r"val_loss: ([\d.]+)"))
        # Beside an algorithm of Descent's own on the same data.
        self.descent("train", DIGITS, "--target", "digit", "--algorithm", "linear-learner", "--set", "epochs=5", "--name", "own")
        compared = self.json("runs", "compare", "own", whole.name)[0]
        accuracies = {metric["name"]: metric["values"] for metric in compared["metrics"]}["validation:accuracy"]
        self.assertGreater(min(accuracies), 0.9)

    @needs("torch")
    def test_early_stopping_ends_it(self):
        run = self.train(self.example("digits_torch.py"), DIGITS, *settings(epochs=200, patience=2, augment="false"))
        values = [value for _, value in self.curves(run)["validation:loss"]]
        self.assertLess(len(values), 200)
        self.assertEqual(values.index(min(values)), len(values) - 3)

    @needs("torch")
    def test_fine_tuning_a_small_transformer(self):
        whole, curves = self.check("tiny_transformer.py", [REVIEWS], {"pretrain_steps": 40, "steps": 240}, "validation:loss",
                                   steered=("learning_rate", 0.002))
        self.assertEqual(sorted(curves), ["train:language_loss", "train:learning_rate", "train:loss", "validation:accuracy",
                                          "validation:loss"])
        self.assertEqual([step for step, _ in curves["train:language_loss"]], list(range(40)))
        self.assertEqual([step for step, _ in curves["validation:loss"]], list(range(59, 280, 20)))
        self.assertEqual([round(value, 4) for _, value in curves["validation:loss"]], self.printed(whole, r"val_loss: ([\d.]+)"))

    @needs("sklearn")
    def test_sgd_of_scikit_learn(self):
        whole, curves = self.check("sgd_sklearn.py", [DIGITS], {"epochs": 120}, "validation:loss", steered=("eta0", 0.005))
        self.assertEqual(sorted(curves), ["train:loss", "validation:accuracy", "validation:loss"])
        self.assertEqual([step for step, _ in curves["validation:loss"]], list(range(23, 120 * 23 + 1, 23)))
        self.assertEqual([round(value, 4) for _, value in curves["validation:loss"]], self.printed(whole, r"val_loss: ([\d.]+)"))

    @needs("keras")
    def test_a_network_of_keras(self):
        whole, curves = self.check("digits_keras.py", [DIGITS], {"epochs": 30, "patience": 100}, "validation:loss",
                                   steered=("learning_rate", 0.002))
        for metric in ("train:loss", "train:accuracy", "validation:loss", "validation:accuracy"):
            self.assertIn(metric, curves)
        self.assertEqual([step for step, _ in curves["validation:loss"]], list(range(45, 30 * 45 + 1, 45)))
        self.assertEqual([round(value, 4) for _, value in curves["validation:loss"]], self.printed(whole, r"val_loss: ([\d.]+)"))

    @needs("xgboost")
    def test_xgboost_in_a_script(self):
        _, curves = self.check("xgboost_script.py", [DIGITS], {"num_round": 600}, "validation:mlogloss",
                               steered=("learning_rate", 0.1), more=6)
        self.assertEqual([step for step, _ in curves["validation:mlogloss"]], list(range(1, 601)))

    def test_scripts_without_the_package(self):
        run = self.train(self.example("no_package.py"), *settings(epochs=5))
        self.assertEqual(self.objective(run), ("train:loss", "minimised"))
        printed = self.printed(run, r"loss: ([\d.]+)")
        self.assertEqual(self.curves(run)["train:loss"], list(zip(range(1, 6), printed)))
        run = self.train(self.example("train.sh"), *settings(number=9, steps=6))
        self.assertEqual(self.objective(run), ("train:loss", "minimised"))
        points = self.curves(run)["train:loss"]
        self.assertEqual([step for step, _ in points], [1, 2, 3, 4, 5, 6])
        self.assertEqual(points[0][1], 16)


def run_of(name):
    from .support import Run

    return Run(name, "")


if __name__ == "__main__":
    unittest.main()
