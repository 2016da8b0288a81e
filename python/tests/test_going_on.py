"""What a fork or a resumed run was given holds after the script has restored its checkpoint."""

import importlib.util

from .support import ScriptTest, json, needs, os, time, unittest

RESTORING = """
    import descent, sys, torch, warnings
    warnings.simplefilter("ignore")
    S = torch.optim.lr_scheduler
    given = descent.hyperparameters(learning_rate=0.003)
    model = torch.nn.Linear(2, 1)
    def build(rate):
        optimizer = torch.optim.SGD(model.parameters(), rate, momentum=0.9)
        return optimizer, SCHEDULE
    old, old_schedule = build(0.003)
    for _ in range(4):
        old.zero_grad(); model(torch.ones(2)).sum().backward(); old.step()
        if old_schedule: old_schedule.step()
    optimizer, schedule = build(given["learning_rate"])
    if EARLY: descent.steer(optimizer=optimizer)
    if RESTORES:
        optimizer.load_state_dict(old.state_dict())
        if schedule: schedule.load_state_dict(old_schedule.state_dict())
    rates = []
    for step in range(3):
        descent.steer(optimizer=optimizer)
        if OWN: optimizer.param_groups[0]["lr"] = given["learning_rate"] / (5 + step)
        optimizer.zero_grad(); model(torch.ones(2)).sum().backward()
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        rates[-1] = max(rates[-1], 0) if OWN else optimizer.param_groups[0]["lr"]
        if schedule: schedule.step()
    print(" ".join("%.6g" % rate for rate in rates))
    """


@needs("torch")
class RestoredOptimizers(ScriptTest):
    def rates(self, schedule="None", early=True, restores=True, own=False, **environment):
        self.environment = dict({"DESCENT_CHECKPOINT": "x.pt", "DESCENT_STEP": "4"}, **environment)
        code = RESTORING
        for name, value in (("SCHEDULE", schedule), ("EARLY", early), ("RESTORES", restores), ("OWN", own)):
            code = code.replace(name, str(value))
        out, self.error = self.run_script(code)
        return [float(word) for word in out.split()]

    def test_what_a_fork_was_given_holds_after_the_restore(self):
        new = {"SM_HPS": '{"learning_rate":0.0001}', "DESCENT_SET": '{"learning_rate":"0.0001"}'}
        for early in (True, False):
            self.assertEqual(self.rates(early=early, **new), [0.0001] * 3)
            self.assertEqual(self.messages("steerable")[-1]["values"], {"learning_rate": 0.0001})
        # The script calls it otherwise.
        self.assertEqual(self.rates(SM_HPS='{"lr":0.0001}', DESCENT_SET='{"lr":"0.0001"}'), [0.0001] * 3)
        # The script's schedule goes on from there.
        falling = self.rates("S.ExponentialLR(optimizer, 0.5)", **new)
        self.assertEqual(falling, [0.0001, 0.00005, 0.000025])
        falling = self.rates("S.LambdaLR(optimizer, lambda step: 1 / (1 + step))", **new)
        for found, wanted in zip(falling, (0.0001, 0.0001 * 5 / 6, 0.0001 * 5 / 7)):
            self.assertAlmostEqual(found, wanted, 9)

    def test_a_script_that_begins_with_what_it_was_given_is_left_alone(self):
        new = {"SM_HPS": '{"learning_rate":0.0001}', "DESCENT_SET": '{"learning_rate":"0.0001"}'}
        self.assertEqual(self.rates("S.LambdaLR(optimizer, lambda step: 1 / (1 + step))", restores=False, **new)[1], 0.00005)
        # It computes the rate by itself, from its argument.
        self.assertEqual(self.rates(own=True, **new), [0.00002, float("%.6g" % (0.0001 / 6)), float("%.6g" % (0.0001 / 7))])
        self.assertIn("by itself", self.messages("refused")[-1]["why"])

    def test_what_was_set_in_a_former_attempt_holds_again(self):
        # The checkpoint has it, and where a schedule has brought it since.
        self.assertEqual(self.rates("S.ExponentialLR(optimizer, 0.5)", DESCENT_STEERED='{"learning_rate":"0.5"}')[0],
                         float("%.6g" % (0.003 / 16)))
        # The script keeps the model alone.
        self.assertEqual(self.rates(restores=False, DESCENT_STEERED='{"learning_rate":"0.5"}'), [0.5] * 3)

    def test_what_cannot_hold_is_said(self):
        self.rates("S.CosineAnnealingWarmRestarts(optimizer, 7, eta_min=0.002)", DESCENT_SET='{"learning_rate":"0.0001"}')
        refused = self.messages("refused")[-1]
        self.assertEqual(refused["seq"], 0)
        self.assertIn("eta_min", refused["why"])
        self.assertIn("eta_min", self.error)


class Values(ScriptTest):
    def test_what_is_given_now_is_more_than_what_was_set_before(self):
        self.environment = {"DESCENT_CHECKPOINT": "x.pt", "DESCENT_STEP": "7", "DESCENT_STEERED": json.dumps({"rate": "0.75", "size": "4"}),
                            "DESCENT_SET": json.dumps({"rate": "0.25", "depth": "deep"})}
        out, error = self.run_script("""
            import descent
            print(descent.steer(rate=0.5, size=8, depth=2))
            """)
        self.assertEqual(out, "(0.25, 4, 2)\n")
        self.assertIn("depth must be a whole number, not deep", error)
        self.assertEqual([line["why"] for line in self.messages("refused")], ["depth must be a whole number, not deep"])


@needs("keras")
class Keras(ScriptTest):
    def test_a_model_that_was_loaded_trains_with_what_the_fork_was_given(self):
        self.environment = {"DESCENT_CHECKPOINT": "x.keras", "DESCENT_STEP": "7", "DESCENT_SET": '{"learning_rate":"0.0001"}'}
        # Keras takes TensorFlow unless it is told otherwise.
        if importlib.util.find_spec("tensorflow") is None:
            self.environment["KERAS_BACKEND"] = "torch"
        out, _ = self.run_script("""
            import descent, keras, numpy
            model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
            model.compile(keras.optimizers.SGD(0.003), "mse")
            model.fit(numpy.ones((8, 2)), numpy.ones(8), verbose=0, callbacks=[descent.keras.Callback()])
            print("%.6g" % float(model.optimizer.learning_rate))
            """)
        self.assertEqual(out.split()[-1], "0.0001")


if __name__ == "__main__":
    unittest.main()
