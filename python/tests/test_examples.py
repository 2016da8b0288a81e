import shutil
import subprocess

from .support import EXAMPLES, ScriptTest, json, needs, os, unittest


class Examples(ScriptTest):
    """Each example alone, under Descent, stopped in the middle, and resumed."""

    def setUp(self):
        super().setUp()
        self.environment = {"SM_MODEL_DIR": os.path.join(self.folder, "model"),
                            "SM_CHECKPOINT_DIR": os.path.join(self.folder, "checkpoints")}

    def example(self, name, **options):
        return self.run_script(os.path.join(EXAMPLES, name), **options)

    def begin_again(self, **environment):
        for path in self.files():
            os.remove(path)
        if os.path.exists(self.commands):
            os.remove(self.commands)
        self.environment.update(environment)

    def check_resume(self, name, metric, hyperparameters, same=True, after="checkpoint"):
        """The run as it is, and stopped after a checkpoint and resumed: the same curve from there on."""
        self.environment["SM_HPS"] = json.dumps(hyperparameters)
        self.example(name)
        whole = self.series(metric)
        checkpoints = self.messages("checkpoint")
        self.assertTrue(os.path.exists(checkpoints[-1]["path"]))
        self.assertTrue(os.listdir(os.path.join(self.folder, "model")))
        shutil.rmtree(os.path.join(self.folder, "checkpoints"))
        self.begin_again()
        process = self.start(os.path.join(EXAMPLES, name))
        self.wait_for(lambda: self.messages(after, whole=False), process)
        self.command(seq=1, stop=True)
        out, error = process.communicate(timeout=600)
        self.assertEqual(process.returncode, 0, error)
        self.assertEqual(self.messages("steered")[-1]["seq"], 1)
        last = self.messages("checkpoint")[-1]
        self.assertLess(last["step"], checkpoints[-1]["step"], "it ended before it was stopped")
        self.begin_again(DESCENT_CHECKPOINT=last["path"], DESCENT_STEP=str(last["step"]))
        self.example(name)
        rest = self.series(metric)
        expected = [point for point in whole if point[0] > last["step"]]
        self.assertEqual([step for step, _ in rest], [step for step, _ in expected])
        self.assertGreater(len(rest), 0)
        if same:
            self.assertEqual(rest, expected)

    @needs("torch")
    def test_digits_torch(self):
        self.check_resume("digits_torch.py", "validation:loss", {"epochs": 12, "dropout": 0.2, "patience": 20})
        self.assertIn("gradient/classifier.weight", {message["name"] for message in self.messages("tensor")})

    @needs("torch")
    def test_digits_torch_learns_and_stops_early_without_descent(self):
        out, _ = self.example("digits_torch.py", descent=False, arguments=["--dropout", "0.5", "--epochs", "40", "--patience", "2"])
        lines = out.splitlines()
        self.assertLess(len(lines), 40)
        self.assertGreater(float(lines[-1].split("val_accuracy: ")[1]), 0.9)
        self.assertEqual(self.files(), [])

    @needs("sklearn")
    def test_sgd_sklearn(self):
        self.check_resume("sgd_sklearn.py", "validation:loss", {"epochs": 60})
        self.assertIn("eta0", self.messages("steerable")[0]["values"])

    @needs("torch")
    def test_tiny_transformer(self):
        self.environment["SM_HPS"] = json.dumps({"pretrain_steps": 60, "steps": 160})
        self.example("tiny_transformer.py")
        self.assertEqual(len(self.series("train:language_loss")), 60)
        first, last = self.series("train:language_loss")[0][1], self.series("train:language_loss")[-1][1]
        self.assertLess(last, first - 1)
        self.assertGreater(max(value for _, value in self.series("validation:accuracy")), 0.65)
        self.assertIn("update/body.words.weight", {message["name"] for message in self.messages("tensor")})

    def check_keras(self, backend):
        self.environment["KERAS_BACKEND"] = backend
        self.check_resume("digits_keras.py", "val_loss", {"epochs": 8, "patience": 20}, same=False)
        self.assertGreater(self.series("val_accuracy")[-1][1], 0.85)

    @needs("keras", "torch")
    def test_digits_keras_by_torch(self):
        self.check_keras("torch")

    @needs("keras", "tensorflow")
    def test_digits_keras_by_tensorflow(self):
        self.check_keras("tensorflow")

    @needs("xgboost")
    def test_xgboost_script(self):
        self.check_resume("xgboost_script.py", "validation:mlogloss", {"num_round": 60, "subsample": 1.0}, same=False)
        self.assertLess(self.series("validation:merror")[-1][1], 0.1)

    def test_scripts_without_the_package_print_what_can_be_read(self):
        out, _ = self.example("no_package.py", arguments=["--epochs", "5"])
        losses = [float(line.split("loss: ")[1]) for line in out.splitlines() if line.startswith("loss: ")]
        self.assertEqual(len(losses), 5)
        self.assertLess(losses[-1], losses[0])
        out = subprocess.run(["sh", os.path.join(EXAMPLES, "train.sh"), "--number", "9", "--steps", "6"], stdout=subprocess.PIPE,
                             universal_newlines=True, check=True).stdout
        self.assertIn("the root of 9 is 3", out)
        self.assertEqual(out.count("loss: "), 6)


if __name__ == "__main__":
    unittest.main()
