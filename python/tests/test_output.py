"""What Descent reads in the output of a script that does not know it, beside what the framework itself kept of its training."""

from .support import RunTest, json, needs, os, unittest

#: In the script `keep(name, [(step, value), …])` says what the framework knows.
KEEP = """
import atexit, json
truth = {}
def keep(name, points): truth[name] = [[int(step), float(value)] for step, value in points]
atexit.register(lambda: json.dump(truth, open("truth.json", "w")))
import numpy
x = numpy.random.RandomState(1).rand(240, 4).astype("float32"); y = (x.sum(1) > 2).astype("int64")
"""


class Output(RunTest):
    def compare(self, code, digits, environment=None):
        """Every curve has the framework's steps, and its values as far as they were printed; gives the curves' names."""
        run = self.train(self.write(KEEP + code), environment=environment)
        with open(os.path.join(self.folder, "truth.json")) as file:
            truth = json.load(file)
        curves = self.curves(run)
        self.assertEqual(sorted(curves), sorted(truth), run.errors)
        for name, points in truth.items():
            self.assertEqual([step for step, _ in curves[name]], [step for step, _ in points], name)
            for (_, measured), (_, kept) in zip(curves[name], points):
                self.assertLessEqual(abs(measured - kept), max(0.5000001 * 10 ** -digits, abs(kept) * 0.5000001 * 10 ** -digits), name)
        return run

    def check_keras(self, backend, verbose):
        run = self.compare("""
import keras
keras.utils.set_random_seed(1)
model = keras.Sequential([keras.layers.Dense(8, activation="relu"), keras.layers.Dense(2, activation="softmax")])
model.compile(keras.optimizers.SGD(0.1), "sparse_categorical_crossentropy", metrics=["accuracy"])
reduce = keras.callbacks.ReduceLROnPlateau(patience=1)
first = model.fit(x, y, validation_split=0.25, epochs=3, batch_size=16, verbose=%d, callbacks=[reduce]).history
second = model.fit(x, y, validation_split=0.25, epochs=2, batch_size=16, verbose=%d, callbacks=[reduce]).history
names = {"loss": "train:loss", "accuracy": "train:accuracy", "val_loss": "validation:loss", "val_accuracy": "validation:accuracy"}
for name, values in first.items(): keep(names.get(name, name), enumerate(values + second[name], 1))
loss, accuracy = model.evaluate(x[:50], y[:50], verbose=%d)
keep("test:loss", [(5, loss)]); keep("test:accuracy", [(5, accuracy)])
""" % (verbose, verbose, verbose), 4, {"KERAS_BACKEND": backend})
        self.assertEqual(self.objective(run), ("validation:loss", "minimised"))
        self.assertIn("epochs begin anew", run.errors)

    @needs("keras", "torch")
    def test_keras_by_torch_with_bars(self):
        self.check_keras("torch", 1)

    @needs("keras", "tensorflow")
    def test_keras_by_tensorflow_with_lines(self):
        self.check_keras("tensorflow", 2)

    LIGHTNING = """
import lightning, torch
lightning.seed_everything(1)
class Net(lightning.LightningModule):
    def __init__(self):
        super().__init__(); self.layer = torch.nn.Linear(4, 2)
    def training_step(self, batch, index):
        loss = torch.nn.functional.cross_entropy(self.layer(batch[0]), batch[1])
        self.log("train_loss", loss, prog_bar=True, on_step=False, on_epoch=True); return loss
    def validation_step(self, batch, index):
        output = self.layer(batch[0])
        self.log("val_loss", torch.nn.functional.cross_entropy(output, batch[1]), prog_bar=True)
        self.log("val_acc", (output.argmax(1) == batch[1]).float().mean(), prog_bar=True)
    def test_step(self, batch, index):
        self.log("test_acc", (self.layer(batch[0]).argmax(1) == batch[1]).float().mean())
    def configure_optimizers(self): return torch.optim.SGD(self.parameters(), 0.1)
kept = []
class Keep(lightning.Callback):
    def on_train_epoch_end(self, trainer, module):
        kept.append({name: value.item() for name, value in trainer.callback_metrics.items()})
data = torch.utils.data.TensorDataset(torch.tensor(x), torch.tensor(y))
load = lambda: torch.utils.data.DataLoader(data, batch_size=20)
bars = %s
trainer = lightning.Trainer(max_epochs=4, callbacks=[Keep()] + bars, log_every_n_steps=2, logger=False, accelerator="cpu",
                            enable_checkpointing=False)
net = Net()
trainer.fit(net, load(), load())
names = {"train_loss": "train:loss", "val_loss": "validation:loss", "val_acc": "validation:accuracy"}
for name in names: keep(names[name], [(epoch, kept[epoch][name]) for epoch in %s])
keep("test:accuracy", [(3, trainer.test(net, load())[0]["test_acc"])])
"""

    @needs("lightning", "torch")
    def test_lightning_with_bars_of_tqdm(self):
        run = self.compare(self.LIGHTNING % ("[lightning.pytorch.callbacks.TQDMProgressBar(refresh_rate=1)]", "range(4)"), 3)
        self.assertEqual(self.objective(run), ("validation:loss", "minimised"))

    @needs("lightning", "torch", "rich")
    def test_lightning_with_the_bar_of_rich_tells_its_last_epoch(self):
        self.compare(self.LIGHTNING % ("[lightning.pytorch.callbacks.RichProgressBar()]", "[3]"), 3)

    @needs("transformers", "torch", "accelerate")
    def test_hugging_face_s_trainer(self):
        for quiet in (True, False):
            run = self.compare("""
import warnings; warnings.simplefilter("ignore")
import torch, transformers
transformers.set_seed(1)
config = transformers.BertConfig(vocab_size=50, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16, max_position_embeddings=16)
model = transformers.BertForSequenceClassification(config)
data = [{"input_ids": torch.randint(0, 50, (8,)), "labels": torch.tensor(i % 2)} for i in range(64)]
arguments = transformers.TrainingArguments("out", num_train_epochs=3, per_device_train_batch_size=8, logging_steps=2, eval_strategy="epoch",
    save_strategy="no", learning_rate=0.01, report_to=[], disable_tqdm=QUIET, use_cpu=True)
trainer = transformers.Trainer(model, arguments, train_dataset=data, eval_dataset=data)
trainer.train()
history = trainer.state.log_history
# The lines say epochs of three digits and no steps: those of training are counted.
rows = [row for row in history if "loss" in row]
for name, ours in (("loss", "train:loss"), ("grad_norm", "grad_norm"), ("learning_rate", "learning_rate")):
    keep(ours, [(i + 1, row[name]) for i, row in enumerate(rows)])
keep("validation:loss", [(4 * (i + 1), row["eval_loss"]) for i, row in enumerate(row for row in history if "eval_loss" in row)])
""".replace("QUIET", str(quiet)), 3)
            self.assertEqual(self.objective(run), ("validation:loss", "minimised"))
            self.assertIn("its lines are counted", run.errors)

    @needs("xgboost")
    def test_xgboost(self):
        run = self.compare("""
import xgboost
train, valid = xgboost.DMatrix(x[:180], y[:180]), xgboost.DMatrix(x[180:], y[180:])
result = {}
xgboost.train({"objective": "binary:logistic", "eval_metric": ["auc", "logloss", "error@0.6"], "nthread": 1}, train, 8,
              evals=[(train, "train"), (valid, "validation")], evals_result=result)
names = {"auc": "roc_auc", "logloss": "log_loss", "error@0.6": "error_at_0.6"}
for rows in result:
    for name, values in result[rows].items(): keep(rows + ":" + names[name], enumerate(values))
""", 5)
        self.assertEqual(self.objective(run), ("validation:log_loss", "minimised"))

    @needs("lightgbm")
    def test_lightgbm(self):
        run = self.compare("""
import lightgbm
train = lightgbm.Dataset(x[:180], y[:180]); valid = lightgbm.Dataset(x[180:], y[180:], reference=train)
result = {}
lightgbm.train({"objective": "binary", "metric": ["auc", "binary_logloss"], "learning_rate": 0.5, "num_threads": 1}, train, 40, valid_sets=[train, valid],
               callbacks=[lightgbm.log_evaluation(1), lightgbm.record_evaluation(result), lightgbm.early_stopping(3)])
assert len(result["valid_1"]["auc"]) < 40
for rows, ours in (("training", "train:"), ("valid_1", "validation:")):
    for name, values in result[rows].items(): keep(ours + name.replace("auc", "roc_auc"), enumerate(values, 1))
""", 5)
        self.assertEqual(self.objective(run)[1], "minimised")

    @needs("sklearn")
    def test_scikit_learn_s_networks_and_trees(self):
        self.compare("""
from sklearn.neural_network import MLPClassifier
model = MLPClassifier((8,), max_iter=12, verbose=True, random_state=1, early_stopping=True, n_iter_no_change=20).fit(x, y)
keep("train:loss", enumerate(model.loss_curve_, 1))
keep("validation:score", enumerate(model.validation_scores_, 1))
""", 6)
        run = self.compare("""
from sklearn.ensemble import GradientBoostingClassifier
model = GradientBoostingClassifier(n_estimators=10, verbose=1, random_state=1).fit(x, y)
keep("train:loss", enumerate(model.train_score_, 1))
""", 4)
        self.assertEqual(self.objective(run), ("train:loss", "minimised"))

    @needs("sklearn")
    def test_scikit_learn_s_sgd(self):
        # It keeps no history: what it prints of one epoch more is what a fit of one epoch more ends with.
        run = self.compare("""
import contextlib, io, re
from sklearn.linear_model import SGDClassifier
def fit(epochs): return SGDClassifier(loss="log_loss", verbose=1, max_iter=epochs, tol=None, random_state=1).fit(x, y)
fit(4)
losses = []
for epochs in range(1, 5):
    import os, sys
    sys.stdout.flush(); saved = os.dup(1)
    with open("printed", "w+") as file:
        os.dup2(file.fileno(), 1); fit(epochs); sys.stdout.flush(); os.dup2(saved, 1); file.seek(0)
        losses.append(float(re.findall("Avg. loss: ([0-9.]+)", file.read())[-1]))
keep("train:loss", enumerate(losses, 1))
""", 6)
        self.assertEqual(self.objective(run), ("train:loss", "minimised"))


if __name__ == "__main__":
    unittest.main()
