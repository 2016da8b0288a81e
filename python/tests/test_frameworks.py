from .support import ScriptTest, json, needs, os, unittest


class Frameworks(ScriptTest):
    """Each script trains, is steered after its third step or epoch by a command that it writes itself, and is then stopped."""

    prelude = """
        import json, os
        def command(**members):
            from descent._commands import commands
            commands.look_at = 0
            with open(os.environ["DESCENT_COMMANDS"], "a") as file: file.write(json.dumps(members) + "\\n")
        """

    def steered(self, value=0.01):
        messages = self.messages("steered")
        self.assertEqual([message["seq"] for message in messages], [1, 2], self.messages("refused"))
        self.assertAlmostEqual(messages[0]["values"]["learning_rate"], value, 6)

    @needs("keras", "torch")
    def test_keras_by_torch(self):
        self.check_keras("torch")

    @needs("keras", "tensorflow")
    def test_keras_by_tensorflow(self):
        self.check_keras("tensorflow")

    def check_keras(self, backend):
        self.environment = {"KERAS_BACKEND": backend}
        self.run_script(self.prelude + """
        import copy, keras, numpy, descent
        x = numpy.random.rand(64, 4).astype("float32"); y = (x.sum(1) > 2).astype("int32")
        model = keras.Sequential([keras.layers.Dense(8, activation="relu"), keras.layers.Dense(2, activation="softmax")])
        model.compile(keras.optimizers.SGD(0.1), "sparse_categorical_crossentropy", metrics=["accuracy"])
        rates = []
        class Commander(keras.callbacks.Callback):
            def on_epoch_begin(self, epoch, logs=None):
                if epoch == 3: command(seq=1, set={"learning_rate": "0.01"})
                if epoch == 6: command(seq=2, stop=True)
            def on_epoch_end(self, epoch, logs=None): rates.append(float(model.optimizer.learning_rate))
        model.fit(x, y, validation_split=0.25, epochs=20, batch_size=8, verbose=0, callbacks=[Commander(),
                  keras.callbacks.LearningRateScheduler(lambda epoch: 0.1 if epoch < 5 else 0.05), descent.keras.Callback(every=2, checkpoint="m.keras")])
        again, epochs = (lambda: (os.environ.update(DESCENT_CHECKPOINT=os.path.abspath("m.keras")), descent.keras.resume())[1])()
        assert epochs == 6, epochs
        assert again.predict(x, verbose=0).shape == (64, 2)
        print(rates)
        """)
        self.steered()
        self.assertEqual([step for step, _ in self.series("val_loss")], [6, 12, 18, 24, 30, 36])
        self.assertEqual(len(self.series("val_accuracy")), 6)
        self.assertIn(4, [step for step, _ in self.series("loss")])
        self.assertEqual([message["epoch"] for message in self.messages("checkpoint")], [1, 2, 3, 4, 5, 6])
        self.assertEqual(self.messages("plan")[0]["steps"], 120)

    @needs("keras", "torch")
    def test_weights_of_keras_by_torch(self):
        self.check_keras_weights("torch")

    @needs("keras", "tensorflow")
    def test_weights_of_keras_by_tensorflow(self):
        self.check_keras_weights("tensorflow")

    def check_keras_weights(self, backend):
        self.environment = {"KERAS_BACKEND": backend}
        out, _ = self.run_script(self.prelude + """
        import json, keras, numpy, descent
        x = numpy.random.rand(64, 4).astype("float32"); y = (x.sum(1) > 2).astype("int32")
        model = keras.Sequential([keras.layers.Dense(8, activation="relu"), keras.layers.Dense(2, activation="softmax")])
        model.compile(keras.optimizers.SGD(0.1), "sparse_categorical_crossentropy")
        said = []
        class Reader(keras.callbacks.Callback):
            def on_epoch_end(self, epoch, logs=None):
                said.append([(v.path, keras.ops.convert_to_numpy(v).astype("float64")) for v in model.trainable_variables])
        model.fit(x, y, epochs=3, batch_size=8, verbose=0, callbacks=[descent.keras.Callback(), Reader()])
        def numbers(a): return [a.size, float(a.mean()), float(a.std()), float(a.min()), float(a.max()), float((a * a).sum() ** 0.5), float(abs(a).mean())]
        last = [[name, numbers(now), numbers(now - before), float(((now - before) ** 2).sum() ** 0.5 / (now ** 2).sum() ** 0.5)]
                for (name, now), (_, before) in zip(said[2], said[1])]
        print("SAID " + json.dumps(last))
        """)
        said = json.loads(next(line for line in out.splitlines() if line.startswith("SAID "))[5:])
        tensors = {message["name"]: message for message in self.messages("tensor") if message["step"] == 24}
        self.assertEqual(sorted({message["step"] for message in self.messages("tensor")}), [8, 16, 24])
        self.assertEqual(len(said), 4)
        for name, weights, updates, ratio in said:
            self.assertEqual(tensors[name]["collection"], "biases" if name.endswith("bias") else "weights")
            self.assertAlmostEqual(tensors["update/" + name]["ratio"], ratio, delta=1e-4 * ratio)
            for key, expected in ((name, weights), ("update/" + name, updates)):
                for value, member in zip(expected, ("count", "mean", "std", "min", "max", "l2", "mean_magnitude")):
                    self.assertAlmostEqual(tensors[key][member], value, delta=1e-5 * max(1e-2, abs(value)), msg=key + " " + member)
                first, negative, positive = tensors[key]["histogram"]
                self.assertEqual(sum(negative) + sum(positive) + tensors[key]["zeros"], tensors[key]["count"])

    @needs("keras", "torch")
    def test_keras_schedules_are_multiplied_or_refused_by_torch(self):
        self.check_keras_schedules("torch")

    @needs("keras", "tensorflow")
    def test_keras_schedules_are_multiplied_or_refused_by_tensorflow(self):
        self.check_keras_schedules("tensorflow")

    def check_keras_schedules(self, backend):
        self.environment = {"KERAS_BACKEND": backend}
        out, _ = self.run_script(self.prelude + """
        import keras, numpy, descent
        x = numpy.random.rand(16, 4).astype("float32"); y = (x.sum(1) > 2).astype("int32")
        def fit(rate, *callbacks):
            model = keras.Sequential([keras.layers.Dense(2, activation="softmax")])
            model.compile(keras.optimizers.SGD(rate), "sparse_categorical_crossentropy")
            rates = []
            class Commander(keras.callbacks.Callback):
                def on_epoch_begin(self, epoch, logs=None):
                    if epoch == 3: command(seq=1 if callbacks else 2, set={"learning_rate": "0.01"})
                def on_epoch_end(self, epoch, logs=None): rates.append(round(float(model.optimizer.learning_rate), 5))
            model.fit(x, y, epochs=8, batch_size=8, verbose=0, callbacks=[Commander(), *callbacks, descent.keras.Callback()])
            return rates
        print(fit(0.1, keras.callbacks.LearningRateScheduler(lambda epoch: 0.1 if epoch < 5 else 0.05)))
        fit(keras.optimizers.schedules.ExponentialDecay(0.1, 10, 0.9))
        """)
        self.assertEqual(out.strip(), "[0.1, 0.1, 0.1, 0.01, 0.01, 0.005, 0.005, 0.005]")
        self.assertEqual(len(self.messages("steered")), 1)
        self.assertIn("ExponentialDecay", self.messages("refused")[0]["why"])

    @needs("xgboost", "numpy")
    def test_xgboost(self):
        self.run_script(self.prelude + """
        import numpy, xgboost, descent
        x = numpy.random.RandomState(1).rand(200, 4); y = (x.sum(1) > 2) * 1
        train, valid = xgboost.DMatrix(x[:150], y[:150]), xgboost.DMatrix(x[150:], y[150:])
        class Commander(xgboost.callback.TrainingCallback):
            def after_iteration(self, model, epoch, evals_log):
                if epoch == 3: command(seq=1, set={"learning_rate": "0.01"})
                if epoch == 6: command(seq=2, stop=True)
        callback = descent.xgboost.Callback("model.ubj", every=2, rounds=50)
        booster = xgboost.train({"objective": "binary:logistic", "eta": 0.5}, train, 50, evals=[(train, "train"), (valid, "validation")],
                                verbose_eval=False, callbacks=[Commander(), callback])
        assert booster.num_boosted_rounds() == 7
        """)
        self.steered()
        self.assertEqual(self.messages("steerable")[0]["values"], {"learning_rate": 0.5})
        self.assertEqual([step for step, _ in self.series("validation:logloss")], list(range(1, 8)))
        losses = [value for _, value in self.series("train:logloss")]
        self.assertGreater(losses[1] - losses[2], 5 * (losses[5] - losses[6]))
        self.assertEqual([message["step"] for message in self.messages("checkpoint")], [2, 4, 6])
        checkpoint = self.messages("checkpoint")[-1]["path"]
        for path in self.files() + [self.commands]:
            os.remove(path)
        self.environment = {"DESCENT_CHECKPOINT": checkpoint, "DESCENT_STEP": "6"}
        self.run_script("""
        import numpy, xgboost, descent
        x = numpy.random.RandomState(1).rand(200, 4); train = xgboost.DMatrix(x, (x.sum(1) > 2) * 1)
        xgboost.train({"objective": "binary:logistic"}, train, 3, evals=[(train, "train")], verbose_eval=False,
                      xgb_model=descent.resume_from().path, callbacks=[descent.xgboost.Callback()])
        """)
        self.assertEqual([step for step, _ in self.series("train:logloss")], [7, 8, 9])
        self.command(seq=1, stop=True)
        self.run_script("""
        import numpy, xgboost, descent
        x = numpy.random.RandomState(1).rand(200, 4); train = xgboost.DMatrix(x, (x.sum(1) > 2) * 1)
        table = xgboost.cv({"objective": "binary:logistic"}, train, 5, nfold=3, callbacks=[descent.xgboost.Callback()])
        assert len(table["train-logloss-mean"]) == 1
        """)

    @needs("lightgbm", "numpy")
    def test_lightgbm(self):
        self.run_script(self.prelude + """
        import copy, numpy, lightgbm, descent
        x = numpy.random.RandomState(1).rand(300, 4); y = (x.sum(1) > 2) * 1
        train = lightgbm.Dataset(x[:200], y[:200]); valid = lightgbm.Dataset(x[200:], y[200:], reference=train)
        def commander(env):
            if env.iteration == 3: command(seq=1, set={"learning_rate": "0.01"})
            if env.iteration == 6: command(seq=2, stop=True)
        commander.order = 1
        booster = lightgbm.train({"objective": "binary", "learning_rate": 0.2, "verbose": -1}, train, 50, valid_sets=[train, valid],
                                 valid_names=["train", "validation"], callbacks=[commander, descent.lightgbm.callback("m.txt", every=3)])
        assert booster.current_iteration() == 7, booster.current_iteration()
        copy.deepcopy(descent.lightgbm.callback())
        """)
        self.steered()
        self.assertEqual([step for step, _ in self.series("validation:binary_logloss")], list(range(1, 8)))
        self.assertEqual([message["step"] for message in self.messages("checkpoint")], [3, 6])
        self.assertEqual(self.messages("plan")[0]["steps"], 50)

    @needs("lightning", "torch")
    def test_lightning(self):
        self.run_script(self.prelude + """
        import warnings, logging; warnings.simplefilter("ignore"); logging.disable(logging.WARNING)
        import lightning, torch, descent
        class Net(lightning.LightningModule):
            def __init__(self):
                super().__init__(); self.layer = torch.nn.Linear(4, 2)
            def training_step(self, batch, index):
                if self.global_step == 5: command(seq=1, set={"learning_rate": "0.01"})
                if self.global_step == 20: command(seq=2, stop=True)
                loss = torch.nn.functional.cross_entropy(self.layer(batch[0]), batch[1])
                self.log("train_loss", loss); return loss
            def validation_step(self, batch, index):
                self.log("val_loss", torch.nn.functional.cross_entropy(self.layer(batch[0]), batch[1]))
            def configure_optimizers(self):
                optimizer = torch.optim.SGD(self.parameters(), 0.1)
                return [optimizer], [torch.optim.lr_scheduler.LambdaLR(optimizer, lambda epoch: 1.0)]
        x = torch.rand(64, 4); data = torch.utils.data.TensorDataset(x, (x.sum(1) > 2).long())
        load = lambda: torch.utils.data.DataLoader(data, batch_size=8)
        net = Net()
        trainer = lightning.Trainer(max_epochs=10, callbacks=[descent.lightning.Callback(hook=True)], log_every_n_steps=2, logger=False,
                                    enable_progress_bar=False, enable_model_summary=False, accelerator="cpu")
        trainer.fit(net, load(), load())
        assert abs(trainer.optimizers[0].param_groups[0]["lr"] - 0.01) < 1e-9
        print(trainer.global_step)
        """)
        self.steered()
        self.assertEqual([step for step, _ in self.series("val_loss")], [8, 16, 21])
        self.assertEqual([step for step, _ in self.series("train_loss")][:3], [2, 4, 6])
        checkpoints = self.messages("checkpoint")
        self.assertTrue(all(os.path.exists(message["path"]) or message is not checkpoints[-1] for message in checkpoints))
        self.assertGreaterEqual(len(checkpoints), 2)
        self.assertIn("gradient/layer.weight", {message["name"] for message in self.messages("tensor")})
        self.assertEqual(self.messages("plan")[0], {"kind": "plan", "steps": 80, "epochs": 10})

    @needs("transformers", "torch", "accelerate")
    def test_transformers(self):
        self.run_script(self.prelude + """
        import warnings; warnings.simplefilter("ignore")
        import torch, transformers, descent
        config = transformers.BertConfig(vocab_size=50, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16, max_position_embeddings=16)
        model = transformers.BertForSequenceClassification(config)
        data = [{"input_ids": torch.randint(0, 50, (8,)), "labels": torch.tensor(i %% 2)} for i in range(64)]
        class Commander(transformers.TrainerCallback):
            def on_step_end(self, args, state, control, **others):
                if state.global_step == 4: command(seq=1, set={"learning_rate": "0.001"})
                if state.global_step == 12: command(seq=2, stop=True)
        arguments = transformers.TrainingArguments("out", num_train_epochs=5, per_device_train_batch_size=8, logging_steps=2, eval_strategy="epoch",
            save_strategy="epoch", learning_rate=0.01, report_to=[], disable_tqdm=True, use_cpu=True)
        trainer = transformers.Trainer(model, arguments, train_dataset=data, eval_dataset=data, callbacks=[Commander(), descent.transformers.Callback()])
        trainer.train()
        """.replace("%%", "%"))
        self.steered(0.001)
        rates = dict(self.series("learning_rate"))
        self.assertGreater(rates[4], 0.005)
        # The default schedule goes down in a line from where it was set.
        self.assertLess(rates[8], 0.001)
        self.assertGreater(rates[8], 0.0005)
        self.assertEqual([step for step, _ in self.series("eval_loss")][0], 8)
        self.assertEqual(max(step for step, _ in self.series("loss")), 12)
        self.assertEqual(self.messages("checkpoint")[0]["step"], 8)
        self.assertEqual(self.messages("plan")[0], {"kind": "plan", "steps": 40, "epochs": 5})


if __name__ == "__main__":
    unittest.main()
