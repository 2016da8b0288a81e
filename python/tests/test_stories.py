"""Notebooks that `descent notebook` writes of runs and searches: read by nbformat's schema, and run again to the same numbers."""

from .support import REPOSITORY, RunTest, json, needs, os, sys, unittest

DATA = os.path.join(REPOSITORY, "sample-data", "insurance.csv")


@needs("jupyter_client", "ipykernel", "nbformat")
class StoryTest(RunTest):
    def story(self, name):
        import nbformat

        path = os.path.join(self.folder, name + ".ipynb")
        self.descent("notebook", name, "--out", path)
        nbformat.validate(nbformat.read(path, 4))
        self.end(self.begin("notebook", "run", path, "--python", sys.executable))
        result = os.path.join(self.folder, name + "-run.ipynb")
        nbformat.validate(nbformat.read(result, 4))
        with open(result) as file:
            return {cell["id"]: cell for cell in json.load(file)["cells"]}

    def data(self, cell):
        return cell["outputs"][-1]["data"]

    def test_a_run_gives_the_same_numbers_again(self):
        self.descent("train", DATA, "--target", "charges", "--algorithm", "linear-learner", "--set", "epochs=3", "--set", "objective_metric=rmse",
                     "--seed", "5", "--drop", "region", "--name", "first")
        cells = self.story("first")
        names = sorted(run["name"] for run in self.json("runs", "list"))
        self.assertEqual(len(names), 2)
        before, after = (self.json("runs", "show", name)[0] for name in ("first", next(name for name in names if name != "first")))
        self.assertEqual(before["metrics"], after["metrics"])
        self.assertEqual(before["hyperparameters"], after["hyperparameters"])
        printed = "".join(cells["compare"]["outputs"][0]["text"])
        for line in printed.splitlines():
            now, then = line.split()[1], line.split()[3]
            self.assertEqual(now, then, printed)
        self.assertIn("<svg ", "".join(self.data(cells["curves-rmse"])["image/svg+xml"]))
        self.assertIn("validation:rmse", "".join(self.data(cells["fit"])["text/html"]))
        self.assertEqual("".join(self.data(cells["predict"])["text/plain"]).count(","), 9)

    def test_a_script_is_run_again(self):
        script = self.write("""
            import sys, descent
            rate = float(sys.argv[sys.argv.index("--rate") + 1])
            for step in range(5):
                descent.log(step=step, loss=rate / (step + 1))
            """)
        self.descent("train", "--algorithm", "script", "--script", script, "--set", "rate=2.5", "--name", "mine")
        self.story("mine")
        names = [run["name"] for run in self.json("runs", "list")]
        self.assertEqual([self.json("runs", "show", name)[0]["metrics"]["train:loss"] for name in names], [0.5, 0.5])

    def test_a_search_tries_the_same_again(self):
        self.descent("tune", DATA, "--target", "charges", "--algorithm", "linear-learner", "--set", "epochs=1", "--range", "wd=log:0.0001:0.1",
                     "--range", "mini_batch_size=int:16:64", "--strategy", "random", "--max-jobs", "12", "--confirm", "0", "--seed", "4", "--name", "search")
        cells = self.story("search")
        names = [job["name"] for job in self.json("tune", "list")]
        self.assertEqual(len(names), 2)
        trials = [[(line["hyperparameters"], line["value"]) for line in self.json("tune", "show", name) if "trial" in line] for name in names]
        self.assertEqual(trials[0], trials[1])
        self.assertIn("<svg ", "".join(self.data(cells["progress"])["image/svg+xml"]))
        self.assertIn("<svg ", "".join(self.data(cells["importance"])["image/svg+xml"]))

    def test_jobs_curves_and_comparisons_show_themselves(self):
        for seed in ("1", "2"):
            self.descent("train", DATA, "--target", "charges", "--set", "epochs=1", "--seed", seed, "--name", "run" + seed)
        path = os.path.join(self.folder, "rich.ipynb")
        sources = ["import descent\nfrom descent.sagemaker import TrainingJob\nTrainingJob('run1').load()", "TrainingJob('run1').load().curves()",
                   "descent.compare('run1', 'run2')"]
        cells = [{"cell_type": "code", "execution_count": None, "id": "c%d" % place, "metadata": {}, "outputs": [], "source": source}
                 for place, source in enumerate(sources)]
        with open(path, "w") as file:
            json.dump({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, file)
        self.end(self.begin("notebook", "run", path, "--python", sys.executable, "--out", path))
        with open(path) as file:
            shown = [cell["outputs"][-1]["data"] for cell in json.load(file)["cells"]]
        self.assertIn("<b>run1</b> Completed", "".join(shown[0]["text/html"]))
        self.assertIn("run1 Completed", "".join(shown[0]["text/plain"]))
        self.assertTrue("".join(shown[1]["image/svg+xml"]).startswith("<svg "))
        page = "".join(shown[2]["text/html"])
        self.assertTrue("★" in page and "run2" in page and "<svg " in page, page[:2000])


if __name__ == "__main__":
    unittest.main()
