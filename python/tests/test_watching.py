from .support import PACKAGE, RunTest, ScriptTest, json, needs, os, signal, unittest

STARTUP = os.path.join(PACKAGE, "descent", "_startup")
#: A script that knows nothing of Descent; %s is what differs.
SCRIPT = """
        import copy, io, multiprocessing, pickle, sys, torch
        from torch import nn
        from torch.nn import functional as F
        from torch.nn.functional import mse_loss
        torch.manual_seed(1); torch.set_num_threads(1)
        x, y = torch.randn(320, 20), torch.randint(0, 3, (320,))
        model = nn.Sequential(nn.Linear(20, 16), nn.ReLU(), nn.Dropout(0.2), nn.Linear(16, 3))
        optimizer = torch.optim.SGD(model.parameters(), 0.05, momentum=0.9)
        def train(epochs, change=lambda scores: scores, zero=True):
            for epoch in range(epochs):
                model.train()
                for start in range(0, 320, 32):
                    if zero: optimizer.zero_grad()
                    loss = F.cross_entropy(change(model(x[start:start + 32])), y[start:start + 32])
                    loss.backward(); optimizer.step()
                model.eval()
                with torch.no_grad(): model(x[:100])
        %s
        total = sum(float(p.detach().double().sum()) for p in model.parameters())
        print(repr(total), repr(float(torch.rand(1))))
"""


class WatchedTest(ScriptTest):
    def setUp(self):
        super().setUp()
        self.environment = {"PYTHONPATH": STARTUP + os.pathsep + PACKAGE}

    def watched(self, body="train(12)", **options):
        return self.run_script(SCRIPT % body, **options)

    def observed(self, name):
        """Figures and words of the last observation of a name."""
        found = [message for message in self.messages("observed") if message["name"] == name]
        return (found[-1]["figures"], found[-1].get("words", {})) if found else ({}, {})


@needs("torch")
class Taken(WatchedTest):
    """What becomes of a model that was watched."""

    def test_a_model_that_was_saved_is_loaded_without_descent(self):
        path = os.path.join(self.folder, "model")
        self.watched("""train(2)
        torch.save(model, %r + ".pt")
        with open(%r + ".pkl", "wb") as file: pickle.dump(model, file)
        twin = copy.deepcopy(model)
        assert not twin._forward_pre_hooks and not twin._forward_hooks, twin._forward_pre_hooks
        train(2)""" % (path, path))
        self.assertTrue(self.observed("loss")[0])
        out, error = self.run_script("""
        import pickle, sys, torch
        sys.modules["descent"] = None
        one = torch.load(%r, weights_only=False); two = pickle.load(open(%r, "rb"))
        print(one(torch.zeros(1, 20)).shape, two(torch.zeros(1, 20)).shape)
        """ % (path + ".pt", path + ".pkl"), descent=False)
        self.assertEqual(out.count("[1, 3]"), 2, error)

    def test_scripting_and_exporting_find_the_model_as_it_is(self):
        out, error = self.watched("""train(3)
        nodes = len(list(torch.export.export(model.eval(), (x[:4],)).graph.nodes))
        print("nodes", nodes)
        print("scripted", torch.jit.script(model)(x[:4]).shape, torch.jit.script(nn.CrossEntropyLoss())(model(x), y).shape)
        print("full", torch.compile(model, backend="eager", fullgraph=True)(x[:4]).shape)
        train(2)""")
        self.assertIn("scripted", out, error)
        self.assertIn("full", out, error)
        self.assertLess(int(out.split("nodes")[1].split()[0]), 16, out)

    def test_a_function_that_is_compiled_whole_is_left_alone(self):
        out, error = self.watched("""train(2)
        @functools.partial(torch.compile, backend="eager", fullgraph=True)
        def loss(x, y): return F.cross_entropy(model(x), y)
        loss(x, y).backward(); print("compiled")""".replace("functools.", "__import__('functools')."))
        self.assertIn("compiled", out, error)


class Start(WatchedTest):
    def test_a_script_without_torch_has_no_trace_of_it(self):
        out, error = self.run_script("""
        import sys
        print([path for path in sys.path if "_startup" in path], "descent" in sys.modules, len(sys.meta_path))
        """)
        bare, _ = self.run_script("import sys\nprint(len(sys.meta_path))\n", descent=False)
        self.assertEqual(out.split()[:2], ["[]", "False"], error)
        self.assertEqual(int(out.split()[2]), int(bare) + 1)
        self.assertEqual(self.files(), [])

    def test_a_sitecustomize_that_is_there_still_runs(self):
        folder = os.path.join(self.folder, "site")
        os.mkdir(folder)
        with open(os.path.join(folder, "sitecustomize.py"), "w") as file:
            file.write("import sys\nsys.was_customized = __name__\n")
        self.environment["PYTHONPATH"] += os.pathsep + folder
        out, _ = self.run_script("import sys, sitecustomize\nprint(sys.was_customized, sitecustomize.__file__.startswith(%r))\n" % folder)
        self.assertEqual(out.split(), ["sitecustomize", "True"])


@needs("torch")
class Watching(WatchedTest):
    def test_a_script_that_knows_nothing_is_watched_and_computes_the_same(self):
        out, error = self.watched()
        self.assertEqual(error, "")
        names = {message["name"] for message in self.messages("tensor")}
        self.assertIn("update/0.weight", names)
        self.assertIn("1.output", names)
        self.assertEqual(self.messages("hello")[0]["watching"], True)
        self.assertEqual(self.messages("metrics") + self.messages("steerable"), [])
        self.environment = {}
        plain, _ = self.watched(descent=False)
        self.assertEqual(out, plain)

    def test_captures_off_is_off(self):
        self.environment["DESCENT_TENSORS"] = '{"interval": "off"}'
        self.watched()
        self.assertEqual(self.files(), [])

    def test_a_hook_of_the_script_s_own_takes_its_place(self):
        for body in ("import descent; hook = descent.Hook(model, optimizer); train(12)",
                     "train(2); import descent; hook = descent.Hook(model, optimizer); train(8)"):
            self.watched(body)
            self.assertEqual(len(self.files()), 1)
            captured = [(message["step"], message["name"]) for message in self.messages("tensor")]
            late = [place for place in captured if place[0] > 25 or "train(2)" not in body]
            self.assertEqual(len(late), len(set(late)))
            self.assertTrue(self.messages("steerable"))
            self.assertTrue(self.observed("gradients")[0])
            for path in self.files() + [os.path.join(self.messages_folder, "watched-0")]:
                if os.path.exists(path):
                    os.remove(path)

    def test_workers_and_children_are_silent(self):
        self.watched("""
        from torch.utils.data import DataLoader, TensorDataset
        import subprocess
        if __name__ == "__main__":
            for batch, target in DataLoader(TensorDataset(x, y), 32, num_workers=2): pass
            train(6)
            code = "import torch; m = torch.nn.Linear(2, 1); o = torch.optim.SGD(m.parameters(), 1e-3)\\nfor _ in range(20): o.zero_grad(); m(torch.ones(4, 2)).mean().backward(); o.step()"
            subprocess.run([sys.executable, "-c", code], check=True)
        """)
        self.assertEqual(len(self.files()), 1)

    def test_models_are_copied_pickled_scripted_and_saved_while_watched(self):
        out, error = self.watched("""
        train(1)
        class Watched(nn.Module):
            def forward(self, a, b): return F.cross_entropy(a, b)
        before = F.cross_entropy
        optimizer.zero_grad(); scores = model(x[:32])
        twin = pickle.loads(pickle.dumps(copy.deepcopy(model)))
        torch.save(model, io.BytesIO()); torch.save(model.state_dict(), io.BytesIO())
        print(torch.equal(twin.eval()(x), model.eval()(x)))
        pickle.dumps(F.cross_entropy)
        F.cross_entropy(scores, y[:32]).backward(); optimizer.step()
        train(10)
        """)
        self.assertEqual((out.splitlines()[0], error), ("True", ""))

    def test_a_script_that_is_terminated_dies_of_it(self):
        process = self.start(SCRIPT % "print('begun', flush=True)\n        train(100000)")
        self.assertEqual(process.stdout.readline().strip(), "begun")
        self.wait_for(lambda: self.messages("observed", whole=False), process)
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(60), -signal.SIGTERM)

    def test_parts_that_are_called_one_by_one_are_watched_as_their_whole(self):
        self.watched("""
        class Whole(nn.Module):
            def __init__(self):
                super().__init__()
                self.front, self.back = nn.Linear(20, 8), nn.Linear(8, 3)
        whole = Whole()
        optimizer = torch.optim.Adam(whole.parameters())
        for step in range(200):
            optimizer.zero_grad(); F.cross_entropy(whole.back(whole.front(x)), y).backward(); optimizer.step()
        """)
        names = {message["name"] for message in self.messages("tensor")}
        self.assertLessEqual({"gradient/front.weight", "gradient/back.weight"}, names)


@needs("torch")
class Observing(WatchedTest):
    def test_what_the_loss_is_given(self):
        self.watched("train(12, change=lambda scores: torch.softmax(scores, 1))")
        figures, words = self.observed("loss")
        self.assertEqual((words["loss"], words["made by"]), ("cross_entropy", "Softmax"))
        self.assertLess(figures["farthest from a sum of 1"], 1e-5)
        self.assertGreaterEqual(figures["smallest"], 0)

    def test_gradients_that_are_left_over(self):
        self.watched("train(12, zero=False)")
        figures, _ = self.observed("gradients")
        self.assertGreater(figures["left over"], 6)
        self.assertLessEqual(figures["clean"], 1)

    def test_gradients_of_several_passes_are_not_left_over(self):
        self.watched("""
        for step in range(100):
            optimizer.zero_grad()
            for part in range(4): F.cross_entropy(model(x[part * 32:part * 32 + 32]), y[part * 32:part * 32 + 32]).backward()
            optimizer.step()
        """)
        figures, _ = self.observed("gradients")
        self.assertEqual(figures["left over"], 0)
        self.assertGreater(figures["clean"], 4)

    def test_labels_in_their_order_and_shuffled(self):
        self.watched("""
        order = torch.argsort(y); x, y = x[order], y[order]
        train(12)
        """)
        figures, words = self.observed("labels")
        self.assertEqual((words["kind"], figures["classes"]), ("classes", 3))
        self.assertGreater(figures["likeness in a batch"], 0.8)
        self.assertGreater(figures["z"], 20)

    def test_labels_of_shuffled_batches_are_no_more_alike_than_chance(self):
        # 40 sets of labels: none may look ordered.
        out, _ = self.run_script("""
        import random
        from descent._rows import Labels
        worst = 0
        for seed in range(40):
            chance = random.Random(seed)
            labels, numbers = Labels(), Labels()
            for _ in range(60):
                labels.take([[chance.choice([0, 0, 0, 1, 2]) for _ in range(32)]], True)
                numbers.take([[chance.gauss(5, 2) for _ in range(32)]], False)
            worst = max(worst, labels.facts()[0]["z"], numbers.facts()[0]["z"])
        print(worst)
        """)
        self.assertLess(float(out), 4.5)

    def test_columns_of_inputs_as_numpy_has_them(self):
        self.watched("""
        x *= torch.linspace(1, 1000, 20); x += 5
        train(12)
        print(float(x.std(0, unbiased=False).max()), float(x.std(0, unbiased=False).min()))
        """)
        figures, words = self.observed("inputs")
        self.assertEqual((words["kind"], words["narrowest"]), ("table", "0"))
        self.assertIn(words["widest"], ("17", "18", "19"))
        self.assertAlmostEqual(figures["widest deviation"] / 1000, 1, delta=0.15)
        self.assertAlmostEqual(figures["narrowest deviation"], 1, delta=0.15)

    def test_modes_while_judging(self):
        self.watched("train(12)")
        figures, words = self.observed("modes")
        self.assertEqual((figures["judging passes"], figures["with dropout"], figures["blocks"]), (12, 0, 12))
        self.assertEqual(words["dropout"], "Dropout")

    def test_judging_with_gradients_is_no_training(self):
        # Rows that judge are sorted, and judged in evaluation mode without no_grad.
        self.watched("""
        order = torch.argsort(y); sorted_x, sorted_y = x[order], y[order]
        for epoch in range(12):
            train(1)
            for start in range(0, 320, 32): F.cross_entropy(model(sorted_x[start:start + 32]), sorted_y[start:start + 32])
        """)
        self.assertLess(self.observed("labels")[0]["likeness in a batch"], 0.1)
        self.assertEqual(self.observed("modes")[0]["resting steps"], 0)

    def test_an_error_of_ours_ends_the_watching_and_not_the_script(self):
        out, error = self.watched("""
        import descent._losses, descent._summaries
        def broken(*arguments): raise ValueError("broken")
        train(1)
        descent._losses.maker = broken
        descent._summaries.sampled = broken
        train(12)
        """)
        self.environment = {}
        plain, _ = self.watched("train(13)", descent=False)
        self.assertEqual(out, plain)


@needs("torch")
class Runs(RunTest):
    SCRIPT = """
        import torch
        from torch import nn
        torch.manual_seed(1); torch.set_num_threads(1)
        x, y = torch.randn(320, 20), torch.randint(0, 3, (320,))
        model = nn.Sequential(nn.Linear(20, 16), nn.ReLU(), nn.Linear(16, 3))
        optimizer = torch.optim.SGD(model.parameters(), 0.05)
        for epoch in range(1, 13):
            total = 0
            for start in range(0, 320, 32):
                optimizer.zero_grad()
                loss = nn.functional.cross_entropy(torch.softmax(model(x[start:start + 32]), 1), y[start:start + 32])
                loss.backward(); optimizer.step(); total += loss.item() / 10
            print("epoch %d loss %.4f" % (epoch, total), flush=True)
    """

    def test_the_cause_is_named_of_a_script_that_knows_nothing_of_descent(self):
        run = self.train(self.write(self.SCRIPT))
        report = self.json("debug", "report", run.name)
        first = [entry for entry in report if entry["kind"] == "diagnosis"][0]
        self.assertEqual(first["cause"], "lossInput")
        # It stands on the axis of the epochs that the script prints.
        alert = [entry for entry in report if entry.get("rule") == "LossInput"][0]
        self.assertLessEqual(alert["step"], 12)
        rules = {entry["name"]: entry for entry in self.json("debug", "rules", run.name)}
        self.assertEqual(rules["LossInput"]["state"], "Issue")
        self.assertEqual(rules["GradientsNotZeroed"]["state"], "OK")
        self.assertEqual(rules["Leakage"]["state"], "Disabled")

    def test_off_is_off(self):
        run = self.train(self.write(self.SCRIPT), "--debug-save-interval", "off")
        rules = {entry["name"]: entry for entry in self.json("debug", "rules", run.name)}
        self.assertEqual(rules["LossInput"]["state"], "Disabled")

    def test_tables_that_a_script_is_handed_are_looked_at(self):
        with open(os.path.join(self.folder, "data.csv"), "w") as file:
            file.write("age,charge,copy\n")
            for row in range(300):
                charge = (row * 7919) % 1009
                file.write("%d,%d,%.1f\n" % ((row * 31) % 60, charge, 1.8 * charge + 32))
        script = self.write("print('epoch 1 loss 0.5')")
        run = self.train(script, os.path.join(self.folder, "data.csv"), "--target", "charge")
        alerts = [entry for entry in self.json("debug", "report", run.name) if entry.get("rule")]
        self.assertEqual([entry["rule"] for entry in alerts if entry["severity"] != "info"], ["Leakage"])


if __name__ == "__main__":
    unittest.main()
