import ast

from .support import PACKAGE, ScriptTest, json, needs, os, unittest


class Logging(ScriptTest):
    def test_values_of_a_step_are_a_line(self):
        self.run_script("""
            import descent
            descent.plan(steps=100, epochs=4)
            descent.log_parameters(optimizer="adam", layers=[1, 2], amsgrad=True)
            descent.log(step=3, epoch=1, loss=0.25, accuracy=1)
            descent.log({"validation:loss": 1e-30}, step=4)
            """)
        messages = self.messages()
        self.assertEqual([message["kind"] for message in messages], ["hello", "plan", "parameters", "metrics", "metrics", "end"])
        hello = messages[0]
        self.assertEqual((hello["version"], hello["rank"], hello["world"], hello["attempt"]), (1, 0, 1, 0))
        self.assertEqual(os.path.basename(self.files()[0]), "0-%d.jsonl" % hello["pid"])
        self.assertEqual((messages[1]["steps"], messages[1]["epochs"]), (100, 4))
        self.assertEqual(messages[2]["values"], {"optimizer": "adam", "layers": "[1, 2]", "amsgrad": "true"})
        self.assertEqual((messages[3]["step"], messages[3]["epoch"]), (3, 1))
        self.assertEqual(messages[3]["values"], {"loss": 0.25, "accuracy": 1})
        self.assertNotIn("epoch", messages[4])
        self.assertEqual(messages[4]["values"], {"validation:loss": 1e-30})
        self.assertEqual(messages[5]["status"], "ok")
        self.assertNotIn("error", messages[5])

    def test_numbers_of_every_kind(self):
        self.run_script("""
            import descent
            nan, inf = float("nan"), float("inf")
            descent.log(step=0, nan=nan, inf=inf, minus=-inf, yes=True, no=False, huge=10**400, negative=-10**400,
                        big=2**60 + 1, small=5e-324, third=1/3, **{'na"me\\n': 1.5, "Ångström": 2})
            """)
        values = self.messages("metrics")[0]["values"]
        self.assertEqual(values, {"nan": "NaN", "inf": "Infinity", "minus": "-Infinity", "yes": 1, "no": 0, "huge": "Infinity",
                                  "negative": "-Infinity", "big": float(2 ** 60 + 1), "small": 5e-324, "third": 1 / 3,
                                  'na"me\n': 1.5, "Ångström": 2})

    @needs("numpy", "torch")
    def test_scalars_of_numpy_and_torch(self):
        self.run_script("""
            import descent, numpy, torch
            loss = torch.tensor(0.5, requires_grad=True)
            running = torch.tensor([1.0])
            descent.log(step=numpy.int64(7), epoch=numpy.int32(2), a=numpy.float32(0.5), b=numpy.float64("nan"), c=numpy.int16(-3),
                        d=loss, e=running, f=torch.tensor(3), g=numpy.array([[2.5]]), h=numpy.bool_(True),
                        i=torch.tensor(0.5, dtype=torch.bfloat16), j=numpy.float64(1e-300))
            running += 1
            """)
        line = self.messages("metrics")[0]
        self.assertEqual((line["step"], line["epoch"]), (7, 2))
        self.assertEqual(line["values"], {"a": 0.5, "b": "NaN", "c": -3, "d": 0.5, "e": 1.0, "f": 3, "g": 2.5, "h": 1, "i": 0.5,
                                          "j": 1e-300})

    def test_what_is_no_number_is_named_once_and_the_rest_is_logged(self):
        _, error = self.run_script("""
            import descent
            for step in range(3):
                descent.log(step=step, phase="warm-up", loss=1.0, missing=None)
            """)
        self.assertEqual(self.series("loss"), [(0, 1.0), (1, 1.0), (2, 1.0)])
        self.assertEqual(error.count("phase"), 1)
        self.assertEqual(error.count("\n"), 2, error)

    def test_a_step_that_is_no_whole_number_is_said_once_and_its_values_are_logged(self):
        _, error = self.run_script("""
            import descent
            for step in (0.0, 3.7, "5", "6.2", 9.0, True):
                descent.log(step=step, loss=1.0)
            for step in (float("nan"), float("-inf"), "soon", 1e300, 10**400, [], 2**60):
                descent.log(step=step, after=1.0)
            descent.log(step=-4, epoch=1.5, early=1.0)
            descent.log(step=30, epoch=float("nan"), late=1.0)
            descent.checkpoint("model.pt", step=float("nan"), epoch="x")
            descent.plan(steps=float("inf"), epochs=2.0)
            descent.log(step=31, late=1.0)
            """)
        self.assertEqual([step for step, _ in self.series("loss")], [0, 4, 5, 6, 9, 1])
        self.assertEqual([step for step, _ in self.series("after")], [1, 2, 3, 4, 5, 6, 7])
        self.assertEqual(self.series("early") + self.series("late"), [(-4, 1.0), (30, 1.0), (31, 1.0)])
        self.assertEqual(self.messages("checkpoint")[0]["step"], 30)
        self.assertEqual([(line.get("steps"), line.get("epochs")) for line in self.messages("plan")], [(None, 2)])
        self.assertEqual(error.splitlines(), [
            "descent: a step is a whole number: 3.7 counts as 4", "descent: a step cannot be nan: its values are counted on",
            "descent: an epoch is a whole number: 1.5 counts as 2", "descent: an epoch cannot be nan: it is left out",
            "descent: a checkpoint's step cannot be nan: it is that of the last values",
            "descent: a checkpoint's epoch cannot be x: it is that of the last values",
            "descent: a count of steps cannot be inf: it is left out"])

    def test_steps_without_a_number_go_on_with_each_name_that_comes_again(self):
        self.run_script("""
            import descent
            for epoch in range(2):
                for batch in range(3):
                    descent.log(loss=1.0)
                    descent.log(accuracy=0.5)
                descent.log(epoch=epoch, val_loss=2.0)
            """)
        self.assertEqual([step for step, _ in self.series("loss")], [0, 1, 2, 3, 4, 5])
        self.assertEqual([step for step, _ in self.series("accuracy")], [0, 1, 2, 3, 4, 5])
        self.assertEqual([step for step, _ in self.series("val_loss")], [2, 5])

    def test_a_resumed_run_goes_on_counting(self):
        self.environment = {"DESCENT_CHECKPOINT": "/x/last.pt", "DESCENT_STEP": "40"}
        out, _ = self.run_script("""
            import descent
            print(descent.resume_from().path, descent.resume_from().step)
            descent.log(loss=1.0)
            """)
        self.assertEqual(out.strip(), "/x/last.pt 40")
        self.assertEqual(self.series("loss"), [(40, 1.0)])

    def test_a_hundred_thousand_values_all_arrive_in_order(self):
        self.run_script("""
            import descent
            for step in range(100_000):
                descent.log(step=step, loss=step / 7)
            """)
        self.assertEqual(self.series("loss"), [(step, step / 7) for step in range(100_000)])
        self.assertEqual(self.messages("dropped"), [])

    def test_threads_log_whole_lines(self):
        self.run_script("""
            import descent, threading
            def work(name):
                for step in range(2000):
                    descent.log({name: step}, step=step)
            threads = [threading.Thread(target=work, args=("thread%d" % i,)) for i in range(8)]
            [thread.start() for thread in threads]; [thread.join() for thread in threads]
            """)
        for thread in range(8):
            self.assertEqual([value for _, value in self.series("thread%d" % thread)], list(range(2000)))

    def test_a_checkpoint_is_announced_when_the_call_returns(self):
        process = self.start("""
            import descent, os
            descent.log(step=5, epoch=2, loss=1.0)
            descent.checkpoint("model.pt", best=True)
            os._exit(9)
            """)
        process.wait(60)
        line = self.messages("checkpoint")[0]
        self.assertEqual((line["step"], line["epoch"], line["best"]), (5, 2, True))
        self.assertEqual(line["path"], os.path.join(os.path.realpath(self.folder), "model.pt"))

    def test_other_folders_later_do_not_lose_messages(self):
        self.environment = {"DESCENT_MESSAGES": "messages"}
        self.run_script("""
            import descent, os, tempfile
            os.chdir(tempfile.gettempdir())
            descent.log(loss=1.0)
            """)
        self.assertEqual(len(self.series("loss")), 1)

    def test_ranks_are_in_the_name_and_in_hello(self):
        self.environment = {"OMPI_COMM_WORLD_RANK": "3", "OMPI_COMM_WORLD_SIZE": "4", "TORCHELASTIC_RESTART_COUNT": "2"}
        self.run_script("""
            import descent
            descent.log(loss=1.0)
            """)
        self.assertTrue(os.path.basename(self.files()[0]).startswith("3-"))
        hello = self.messages("hello")[0]
        self.assertEqual((hello["rank"], hello["world"], hello["attempt"]), (3, 4, 2))


class WithoutDescent(ScriptTest):
    def test_everything_does_nothing(self):
        out, error = self.run_script("""
            import descent
            descent.log(step=1, loss=0.5); descent.log({"a": "not a number"}); descent.plan(steps=3)
            descent.log_parameters(a=1); descent.checkpoint("/nowhere/x.pt", best=True)
            print(descent.steer("learning_rate", 0.1), descent.steer(dropout=0.5), descent.steer(a=1, b=2),
                  descent.should_stop(), descent.resume_from(), descent.hyperparameters(), descent.channel("train"), descent.active)
            hook = descent.Hook(object(), None); hook.step if False else None; hook.close()
            """, descent=False)
        self.assertEqual(out.strip(), "0.1 0.5 (1, 2) False None {} None False")
        self.assertEqual(error, "")
        self.assertEqual(self.files(), [])

    def test_a_call_costs_next_to_nothing(self):
        # A bound that only a fault crosses (writing, locking, encoding), on a machine that is busy too; the README has the figures.
        out, _ = self.run_script("""
            import descent, timeit
            print(min(timeit.repeat(lambda: descent.log(step=1, loss=0.5), number=20_000, repeat=5)) / 20_000)
            """, descent=False)
        self.assertLess(float(out), 5e-6)

    def test_import_brings_in_no_framework(self):
        for listening in (False, True):
            out, _ = self.run_script("""
                import sys, descent
                descent.log(loss=1.0)
                print([name for name in ("torch", "numpy", "keras", "subprocess", "multiprocessing", "asyncio") if name in sys.modules])
                """, descent=listening)
            self.assertEqual(out.strip(), "[]")


class Environment(ScriptTest):
    def test_hyperparameters_have_types(self):
        self.environment = {"SM_HPS": json.dumps({"lr": "0.1", "layers": 3, "name": "x y", "flag": "True", "dims": "[1, 2]",
                                                  "big": "1e3", "zip": "007", "batch-size": "32"})}
        out, _ = self.run_script("""
            import descent, json
            print(json.dumps(descent.hyperparameters(lr=0.5, batch_size=8, epochs=2, momentum=1.0), sort_keys=True))
            """)
        self.assertEqual(json.loads(out), {"lr": 0.1, "layers": 3, "name": "x y", "flag": True, "dims": [1, 2], "big": 1000.0,
                                           "zip": 7.0, "batch_size": 32, "epochs": 2, "momentum": 1.0})

    def test_arguments_are_read_where_there_is_no_environment(self):
        out, _ = self.run_script("""
            import descent, json
            print(json.dumps(descent.hyperparameters(), sort_keys=True))
            """, arguments=["--lr", "0.1", "--name=a b", "--shift", "-3", "--flag", "--epochs", "5"], descent=False)
        self.assertEqual(json.loads(out), {"lr": 0.1, "name": "a b", "shift": -3, "flag": True, "epochs": 5})

    def test_a_channel_with_one_file_is_that_file(self):
        os.mkdir(os.path.join(self.folder, "train"))
        with open(os.path.join(self.folder, "train", "data.csv"), "w"):
            pass
        self.environment = {"SM_CHANNEL_TRAIN": os.path.join(self.folder, "train"), "SM_CHANNEL_VALIDATION": self.folder}
        out, _ = self.run_script("""
            import descent
            print(descent.channel("train")); print(descent.channel("validation")); print(descent.channel("test", "here"))
            """)
        self.assertEqual(out.split(), [os.path.join(self.folder, "train", "data.csv"), self.folder, "here"])


class Package(unittest.TestCase):
    def test_every_file_is_python_3_8(self):
        count = 0
        for folder, _, names in os.walk(PACKAGE):
            for name in names:
                if name.endswith(".py") and "build" not in folder:
                    with open(os.path.join(folder, name), encoding="utf-8") as file:
                        ast.parse(file.read(), name, feature_version=(3, 8))
                    count += 1
        self.assertGreater(count, 15)


if __name__ == "__main__":
    unittest.main()
