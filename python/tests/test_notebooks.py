"""Notebooks that `descent notebook run` runs through a real kernel."""

import shutil

from .support import REPOSITORY, RunTest, json, needs, os, program, signal, subprocess, sys, time, unittest


def cell(source, tags=()):
    return {"cell_type": "code", "execution_count": None, "metadata": {"tags": list(tags)}, "outputs": [], "source": source}


@needs("jupyter_client", "ipykernel")
class NotebookTest(RunTest):
    def notebook(self, *cells, name="book.ipynb"):
        path = os.path.join(self.folder, name)
        with open(path, "w") as file:
            json.dump({"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, file)
        return path

    def result(self, name="book-run.ipynb"):
        with open(os.path.join(self.folder, name)) as file:
            return json.load(file)["cells"]

    def start(self, path, *more):
        return self.begin("notebook", "run", path, "--python", sys.executable, *more)

    def test_outputs_are_those_of_jupyter(self):
        path = self.notebook(
            cell("rows = 1", ["parameters"]), cell("print('a', end=''); print('b'); rows + 1"),
            cell("from IPython.display import display, clear_output, update_display\n"
                 "h = display('first', display_id='x')\nprint('gone'); clear_output(wait=True); print('left')"),
            cell("update_display('second', display_id='x')"),
            cell("1/0", ["raises-exception"]), cell("open('never', 'w')", ["skip-execution"]), cell("class T:\n    def _repr_html_(self): return '<b>t</b>'\nT()"))
        self.end(self.start(path, "--param", "rows=41"))
        cells = self.result()
        self.assertEqual(cells[1]["source"], ["rows = 41\n"])
        self.assertEqual([(one["output_type"], "".join(one.get("text", one.get("data", {}).get("text/plain", ""))))
                          for one in cells[2]["outputs"]], [("stream", "ab\n"), ("execute_result", "42")])
        self.assertEqual(["".join(one["text"]) for one in cells[3]["outputs"]], ["left\n"])
        self.assertEqual(cells[5]["outputs"][0]["ename"], "ZeroDivisionError")
        self.assertEqual("".join(cells[7]["outputs"][0]["data"]["text/html"]), "<b>t</b>")
        self.assertEqual([one.get("execution_count") for one in cells], [1, 2, 3, 4, 5, 6, None, 7])
        self.assertFalse(os.path.exists(os.path.join(self.folder, "never")))
        try:
            import nbformat
        except ImportError:
            return
        nbformat.validate(nbformat.read(os.path.join(self.folder, "book-run.ipynb"), 4))

    def test_a_notebook_that_does_not_import_the_package_runs_without_it(self):
        alone = os.path.join(self.folder, "alone")
        os.mkdir(alone)
        shutil.copy(program(), os.path.join(alone, "descent"))
        path = self.notebook(cell("print(6 * 7)"), cell("import descent", ["raises-exception"]), name="alone/book.ipynb")
        variables = {name: value for name, value in os.environ.items() if name not in ("DESCENT_DATA", "PYTHONPATH", "DESCENT_BINARY")}
        done = subprocess.run([os.path.join(alone, "descent"), "notebook", "run", path, "--python", sys.executable, "--workspace",
                               os.path.join(alone, "workspace")], cwd=alone, env=variables, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        cells = self.result("alone/book-run.ipynb")
        self.assertEqual("".join(cells[0]["outputs"][0]["text"]), "42\n")
        self.assertEqual(cells[1]["outputs"][0]["ename"], "ModuleNotFoundError")

    def test_a_day_with_the_package(self):
        data = os.path.join(REPOSITORY, "sample-data", "insurance.csv")
        path = self.notebook(
            cell("from descent.sagemaker import LinearLearner\n"
                 "learner = LinearLearner(target='charges', predictor_type='regressor', hyperparameters={'epochs': 2})\n"
                 "learner.fit({'train': %r}, job_name='from-notebook', logs=False)" % data),
            cell("learner.predict([[19, 'female', 27.9, 0, 'yes', 'southwest']])"))
        self.end(self.start(path))
        self.assertTrue(self.result()[1]["outputs"])
        out, _ = self.end(self.begin("runs", "list", "--json"))
        self.assertEqual([json.loads(line)["name"] for line in out.splitlines()], ["from-notebook"])

    def test_a_whole_day_from_loading_to_deleting_the_endpoint(self):
        data = os.path.join(REPOSITORY, "sample-data", "insurance.csv")
        path = self.notebook(
            cell("import csv, random\nwith open(%r) as file:\n    rows = list(csv.DictReader(file))\nlen(rows)" % data),
            cell("charges = sorted(float(row['charges']) for row in rows)\nprint(charges[0], charges[-1])"),
            cell("random.Random(1).shuffle(rows)\n"
                 "for name, part in (('train.csv', rows[:1000]), ('test.csv', rows[1000:])):\n"
                 "    with open(name, 'w', newline='') as file:\n"
                 "        writer = csv.DictWriter(file, list(rows[0]))\n        writer.writeheader()\n        writer.writerows(part)"),
            cell("import descent\nfrom descent.sagemaker import Estimator, LinearLearner\n"
                 "base = Estimator('constant', target='charges', options={'seed': 1})\n"
                 "base.fit({'train': 'train.csv', 'validation': 'test.csv'}, job_name='base', logs=False)"),
            cell("own = LinearLearner(target='charges', epochs=5, options={'seed': 1})\n"
                 "own.fit({'train': 'train.csv', 'validation': 'test.csv'}, job_name='own', logs=False)\n"
                 "own.latest_training_job.metrics['validation:rmse'] < base.latest_training_job.metrics['validation:rmse']"),
            cell("descent.compare(base, own)"),
            cell("predictor = own.deploy(endpoint_name='day')\n"
                 "len(predictor.predict([[19, 'female', 27.9, 0, 'yes', 'southwest']])['predictions'])"),
            cell("predictor.delete_endpoint()"))
        try:
            self.end(self.start(path))
        finally:
            self.end(self.begin("serve", "stop"), status=None)
        cells = self.result()
        self.assertEqual("".join(cells[0]["outputs"][0]["data"]["text/plain"]), "1338")
        self.assertEqual("".join(cells[4]["outputs"][-1]["data"]["text/plain"]), "True")
        self.assertIn("<svg ", "".join(cells[5]["outputs"][0]["data"]["text/html"]))
        self.assertEqual("".join(cells[6]["outputs"][-1]["data"]["text/plain"]), "1")
        out, _ = self.end(self.begin("endpoint", "list", "--json"))
        self.assertEqual(out, "")

    def test_a_kernel_that_dies_hangs_or_floods(self):
        out, errors = self.end(self.start(self.notebook(cell("x = 1"), cell("import os; os._exit(3)"), cell("x"))), status=1)
        self.assertIn("cell 2: the kernel died while it ran", errors)
        out, errors = self.end(self.start(self.notebook(cell("while True: pass")), "--cell-limit", "1"), status=1)
        self.assertIn("took more than 1.0 s", errors)
        self.assertEqual(self.result()[0]["outputs"][0]["ename"], "KeyboardInterrupt")
        self.end(self.start(self.notebook(cell("for _ in range(200000): print('x' * 50)"), cell("7"))))
        kept = self.result()
        self.assertLess(len("".join(kept[0]["outputs"][0]["text"])), 5 << 20)
        self.assertIn("are left out", "".join(kept[0]["outputs"][-1]["text"]))
        self.assertEqual("".join(kept[1]["outputs"][0]["data"]["text/plain"]), "7")

    def test_questions_are_answered_or_refused(self):
        asks = cell("name = input('name? ')\nimport getpass\nword = getpass.getpass('word? ')\nprint(name, len(word))")
        self.end(self.start(self.notebook(asks), "--answer", "Ada", "--answer", "secret"))
        printed = "".join("".join(one["text"]) for one in self.result()[0]["outputs"])
        self.assertIn("name? Ada\n", printed)
        self.assertIn("Ada 6\n", printed)
        self.assertNotIn("secret", printed)
        out, errors = self.end(self.start(self.notebook(asks)), status=1)
        self.assertIn("--answer TEXT", errors)
        out, errors = self.end(self.start(self.notebook(asks), "--answer", "Ada"), status=1)
        self.assertIn("a question that nobody answers: word?", errors)

    def test_runs_name_the_notebook_that_asked_for_them(self):
        data = os.path.join(REPOSITORY, "sample-data", "insurance.csv")
        path = self.notebook(cell("from descent.sagemaker import LinearLearner\n"
                                  "LinearLearner(target='charges', epochs=1).fit({'train': %r}, job_name='named', logs=False)" % data))
        self.end(self.start(path))
        out, _ = self.end(self.begin("runs", "show", "named", "--json"))
        self.assertIn(json.dumps(os.path.realpath(path)), out)

    def test_nothing_is_left_when_the_program_is_killed(self):
        path = self.notebook(cell("import os; open('pid', 'w').write(str(os.getpid()))\nwhile True: pass"))
        process, mark = self.start(path), os.path.join(self.folder, "pid")
        for _ in range(600):
            if os.path.exists(mark) and os.path.getsize(mark):
                break
            time.sleep(0.1)
        with open(mark) as file:
            kernel = int(file.read())
        process.send_signal(signal.SIGKILL)
        process.communicate()
        for _ in range(200):
            if not os.path.exists("/proc/%d" % kernel):
                return
            time.sleep(0.1)
        self.fail("the kernel is still there")


if __name__ == "__main__":
    unittest.main()
