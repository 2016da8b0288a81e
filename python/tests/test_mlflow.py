"""A workspace as a tracking server of MLflow: unchanged scripts log into it."""

import importlib.util
import shutil
import signal
import tempfile
import textwrap
import urllib.error
import urllib.request

from .support import json, needs, os, program, subprocess, sys, time, unittest


@unittest.skipIf(program() is None, "not built: descent (set DESCENT_BINARY)")
class Server(unittest.TestCase):
    """Each class has a workspace and its host."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="descent-test-")
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.workspace = os.path.join(cls.folder, "workspace")
        cls.begin()
        cls.addClassCleanup(cls.end)

    @classmethod
    def begin(cls, *options):
        cls.host = subprocess.Popen([program(), "serve", "--mlflow", "127.0.0.1:0", "--json", "--workspace", cls.workspace]
                                    + list(options or ["--no-auth"]), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                    stderr=subprocess.PIPE, universal_newlines=True)
        line = cls.host.stdout.readline()
        assert line, cls.host.stderr.read()
        said = json.loads(line)
        assert said["kind"] == "mlflowServing", said
        cls.url = said["url"]

    @classmethod
    def end(cls, how=signal.SIGTERM):
        cls.host.send_signal(how)
        cls.host.communicate(timeout=60)

    @classmethod
    def descent(cls, *arguments):
        done = subprocess.run([program()] + list(arguments) + ["--workspace", cls.workspace], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True)
        assert done.returncode == 0, (arguments, done.stderr)
        return done.stdout

    @classmethod
    def runs(cls):
        return {run["name"]: run for run in map(json.loads, cls.descent("runs", "list", "--json").splitlines())}

    def ask(self, path, body=None, headers=None, method=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, headers or {}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()


class Wire(Server):
    """Without MLflow's own package."""

    def test_a_run_that_is_logged_is_one_of_the_workspace(self):
        status, body = self.ask("/api/2.0/mlflow/experiments/create", {"name": "prices"})
        self.assertEqual(status, 200)
        experiment = json.loads(body)["experiment_id"]
        status, body = self.ask("/api/2.0/mlflow/runs/create", {"experiment_id": experiment, "run_name": "first", "start_time": 1700000000000})
        run = json.loads(body)["run"]["info"]["run_id"]
        self.assertEqual(len(run), 32)
        for step in range(5):
            status, body = self.ask("/api/2.0/mlflow/runs/log-metric", {
                "run_id": run, "key": "val_loss", "value": 1 / (step + 1), "step": step, "timestamp": 1700000000000 + step})
            self.assertEqual((status, body), (200, b"{}"))
        self.ask("/api/2.0/mlflow/runs/log-parameter", {"run_id": run, "key": "depth", "value": "3"})
        # What was acknowledged is there, though the host is killed.
        type(self).end(signal.SIGKILL)
        found = self.runs()["first"]
        self.assertEqual(found["experiment"], "prices")
        self.assertEqual(found["hyperparameters"], {"depth": "3"})
        self.assertAlmostEqual(found["metrics"]["validation:loss"], 0.2)
        type(self).begin()
        status, body = self.ask("/api/2.0/mlflow/metrics/get-history?run_id=%s&metric_key=val_loss" % run)
        self.assertEqual([point["step"] for point in json.loads(body)["metrics"]], [0, 1, 2, 3, 4])
        # A client that did not hear says it again, and goes on.
        for step in (4, 5):
            self.ask("/api/2.0/mlflow/runs/log-metric", {
                "run_id": run, "key": "val_loss", "value": 1 / (step + 1), "step": step, "timestamp": 1700000000000 + step})
        status, body = self.ask("/api/2.0/mlflow/metrics/get-history?run_id=%s&metric_key=val_loss" % run)
        self.assertEqual([point["step"] for point in json.loads(body)["metrics"]], [0, 1, 2, 3, 4, 5])
        self.ask("/api/2.0/mlflow/runs/update", {"run_id": run, "status": "FINISHED", "end_time": 1700000009000})
        self.assertEqual(self.runs()["first"]["status"], "Completed")

    def test_faults_are_said_as_mlflow_says_them(self):
        for path, body, status, code in [
                ("runs/get?run_id=" + "0" * 32, None, 404, "RESOURCE_DOES_NOT_EXIST"),
                ("runs/create", {"experiment_id": "999"}, 404, "RESOURCE_DOES_NOT_EXIST"),
                ("experiments/create", {}, 400, "INVALID_PARAMETER_VALUE"),
                ("experiments/create", {"name": "Default"}, 400, "RESOURCE_ALREADY_EXISTS"),
                ("runs/search", {"experiment_ids": ["0"], "filter": "metrics.a > 1 OR metrics.b > 2"}, 400, "INVALID_PARAMETER_VALUE"),
                ("webhooks/create", {"name": "a"}, 404, "ENDPOINT_NOT_FOUND")]:
            found, answer = self.ask("/api/2.0/mlflow/" + path, body)
            self.assertEqual((found, json.loads(answer)["error_code"]), (status, code), path)
        self.assertEqual(self.ask("/api/2.0/mlflow-artifacts/artifacts?path=../../etc")[0], 400)
        self.assertEqual(self.ask("/health"), (200, b"OK"))

    def test_pages_of_elsewhere_are_not_let_in(self):
        self.assertEqual(self.ask("/api/2.0/mlflow/experiments/search", {"max_results": 1}, {"Host": "evil.example"})[0], 403)


class Closed(Server):
    @classmethod
    def begin(cls, *options):
        super().begin("--listen", "127.0.0.1:0")

    def test_who_has_no_token_is_not_answered(self):
        token = json.loads(self.descent("endpoint", "credentials", "--json"))["token"]
        path, body = "/api/2.0/mlflow/experiments/search", {"max_results": 1}
        self.assertEqual(self.ask(path, body)[0], 401)
        self.assertEqual(self.ask(path, body, {"Authorization": "Bearer wrong"})[0], 401)
        self.assertEqual(self.ask(path, body, {"Authorization": "Bearer " + token})[0], 200)


def isolated(url):
    return dict(os.environ, MLFLOW_TRACKING_URI=url, MLFLOW_HTTP_REQUEST_MAX_RETRIES="1", MLFLOW_ENABLE_ASYNC_LOGGING="false",
                GIT_PYTHON_REFRESH="quiet")


@needs("mlflow")
class Client(Server):
    def script(self, code):
        done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], cwd=self.folder, env=isolated(self.url), stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True)
        self.assertEqual(done.returncode, 0, done.stderr[-4000:])
        return done.stdout

    def test_an_unchanged_script_is_seen_in_the_workspace(self):
        out = self.script("""
            import mlflow
            mlflow.set_experiment("taxi")
            with mlflow.start_run(run_name="try") as run:
                mlflow.log_params({"rate": 0.1, "depth": 4})
                for step in range(20):
                    mlflow.log_metrics({"train_loss": 1 / (1 + step), "val_loss": 1.5 / (1 + step)}, step=step)
                mlflow.set_tag("team", "blue")
                mlflow.log_dict({"a": 1}, "notes/a.json")
                with mlflow.start_run(nested=True, run_name="child"):
                    mlflow.log_metric("x", float("nan"))
            client = mlflow.MlflowClient()
            back = client.get_run(run.info.run_id)
            assert back.data.params == {"rate": "0.1", "depth": "4"}, back.data.params
            assert back.data.metrics["val_loss"] == 1.5 / 20
            assert back.info.status == "FINISHED"
            assert [file.path for file in client.list_artifacts(run.info.run_id, "notes")] == ["notes/a.json"]
            assert mlflow.artifacts.load_dict(run.info.artifact_uri + "/notes/a.json") == {"a": 1}
            assert len(client.get_metric_history(run.info.run_id, "train_loss")) == 20
            found = mlflow.search_runs(experiment_names=["taxi"], filter_string="metrics.val_loss < 0.1 and params.depth = '4' and tags.team = 'blue'")
            assert list(found.run_id) == [run.info.run_id], found
            assert len(mlflow.search_runs(experiment_names=["taxi"])) == 2
            client.delete_run(run.info.run_id)
            assert client.get_run(run.info.run_id).info.lifecycle_stage == "deleted"
            client.restore_run(run.info.run_id)
            try:
                client.log_param(run.info.run_id, "depth", 5)
            except mlflow.MlflowException as error:
                assert "Changing param values is not allowed" in str(error), error
            else:
                raise AssertionError("a parameter was changed")
            print(run.info.run_id)
        """)
        self.assertEqual(len(out.strip().splitlines()[-1]), 32)
        run = self.runs()["try"]
        self.assertEqual((run["experiment"], run["status"]), ("taxi", "Completed"))
        self.assertAlmostEqual(run["metrics"]["validation:loss"], 0.075)

    def test_runs_that_descent_trained_are_seen_by_clients(self):
        with open(os.path.join(self.folder, "rows.csv"), "w") as file:
            file.write("a,b\n" + "".join("%d,%d\n" % (row, 2 * row + row % 3) for row in range(200)))
        self.descent("train", os.path.join(self.folder, "rows.csv"), "--target", "b", "--algorithm", "linear-learner", "--set", "epochs=3",
                     "--name", "ours", "--experiment", "own", "--quiet")
        self.script("""
            import mlflow
            found = mlflow.search_runs(experiment_names=["own"])
            assert list(found["tags.mlflow.runName"]) == ["ours"], found
            client = mlflow.MlflowClient()
            run = client.get_run(found.run_id[0])
            assert run.info.status == "FINISHED" and run.data.params["epochs"] == "3"
            assert len(client.get_metric_history(run.info.run_id, "train:loss")) >= 3
            assert "model.json" in [file.path for file in client.list_artifacts(run.info.run_id)]
            try:
                client.log_metric(run.info.run_id, "x", 1)
            except mlflow.MlflowException as error:
                assert "was trained by Descent" in str(error), error
            else:
                raise AssertionError("a run of ours was written to")
        """)

    @needs("sklearn")
    def test_autologging_of_scikit_learn(self):
        self.script("""
            import mlflow, numpy
            from sklearn.linear_model import LogisticRegression
            mlflow.set_experiment("sklearn")
            mlflow.sklearn.autolog(log_input_examples=False)
            x = numpy.random.default_rng(0).normal(size=(200, 3))
            with mlflow.start_run(run_name="logistic") as run:
                model = LogisticRegression(C=0.5).fit(x, x[:, 0] > 0)
            back = mlflow.MlflowClient().get_run(run.info.run_id)
            assert back.data.params["C"] == "0.5" and "training_accuracy_score" in back.data.metrics, back.data
            again = mlflow.sklearn.load_model("runs:/%s/model" % run.info.run_id)
            assert (again.predict(x) == model.predict(x)).all()
        """)
        self.assertEqual(self.runs()["logistic"]["hyperparameters"]["C"], "0.5")

    @needs("xgboost", "sklearn")
    def test_autologging_of_xgboost(self):
        self.script("""
            import mlflow, numpy, xgboost
            mlflow.set_experiment("xgboost")
            mlflow.xgboost.autolog()
            x = numpy.random.default_rng(0).normal(size=(200, 3))
            data = xgboost.DMatrix(x, x[:, 0] * 2)
            with mlflow.start_run(run_name="trees") as run:
                xgboost.train({"max_depth": 2}, data, num_boost_round=12, evals=[(data, "train")], verbose_eval=False)
            assert len(mlflow.MlflowClient().get_metric_history(run.info.run_id, "train-rmse")) == 12
        """)
        self.assertIn("train:rmse", self.runs()["trees"]["metrics"])

    @needs("torch")
    def test_logging_from_pytorch(self):
        self.script("""
            import mlflow, torch
            mlflow.set_experiment("torch")
            mlflow.pytorch.autolog()
            model = torch.nn.Linear(3, 1)
            optimizer = torch.optim.SGD(model.parameters(), 0.1)
            x = torch.randn(64, 3)
            with mlflow.start_run(run_name="line") as run:
                for step in range(10):
                    loss = ((model(x) - x[:, :1]) ** 2).mean()
                    optimizer.zero_grad(); loss.backward(); optimizer.step()
                    mlflow.log_metric("loss", loss.item(), step=step)
                mlflow.pytorch.log_model(model, name="model", input_example=x[:2].numpy())
            assert len(mlflow.MlflowClient().get_metric_history(run.info.run_id, "loss")) == 10
        """)
        self.assertIn("train:loss", self.runs()["line"]["metrics"])


@needs("mlflow")
class Registry(Server):
    """MLflow's own client of the registry."""

    def test_models_are_registered_staged_and_loaded(self):
        import mlflow
        from mlflow.exceptions import MlflowException

        mlflow.set_tracking_uri(self.url)
        mlflow.set_registry_uri(self.url)

        class Twice(mlflow.pyfunc.PythonModel):
            def predict(self, context, model_input, params=None):
                return [2 * value for value in model_input]

        with mlflow.start_run(run_name="twice"):
            logged = mlflow.pyfunc.log_model(name="model", python_model=Twice(), registered_model_name="twice")
        client = mlflow.MlflowClient()
        again = mlflow.register_model(logged.model_uri, "twice")
        self.assertEqual(str(again.version), "2")
        client.set_registered_model_alias("twice", "champion", 2)
        self.assertEqual(str(client.get_model_version_by_alias("twice", "champion").version), "2")
        client.transition_model_version_stage("twice", 1, "Production")
        self.assertEqual({str(found.version) for found in client.search_model_versions("name = 'twice'")}, {"1", "2"})
        self.assertEqual(mlflow.pyfunc.load_model("models:/twice@champion").predict([1, 2]), [2, 4])
        self.assertEqual(mlflow.pyfunc.load_model("models:/twice/1").predict([3]), [6])
        client.create_registered_model("none yet", tags={"a": "b"}, description="later")
        self.assertEqual([model.name for model in client.search_registered_models("tags.a = 'b'")], ["none yet"])
        with self.assertRaisesRegex(MlflowException, "already exists"):
            client.create_registered_model("none yet")
        client.update_model_version("twice", 2, description="doubles")
        self.assertEqual(client.get_model_version("twice", "2").description, "doubles")
        listed = [json.loads(line) for line in self.descent("models", "list", "--json").splitlines()]
        self.assertEqual([(model["version"], model["status"], model["source"]) for model in listed if model["model"] == "twice"],
                         [(2, "PendingManualApproval", "mlflow"), (1, "Approved", "mlflow")])
        self.descent("models", "approve", "twice:2", "--quiet")
        self.assertEqual(client.get_model_version("twice", "2").current_stage, "Production")
        client.delete_model_version("twice", 1)
        client.delete_registered_model("twice")
        self.assertEqual(client.search_model_versions("name = 'twice'"), [])


if __name__ == "__main__":
    unittest.main()
