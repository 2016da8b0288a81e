"""XGBoost over rows on a cluster: a stage whose tasks run together and sum histograms up among themselves.

It is what `xgboost.spark` does, by the same parts of XGBoost (its tracker and its communicator), with XGBoost's own names of
parameters, so that every objective and setting means what it means on one machine.
"""

import json
import queue
import secrets
import socket
import threading

import numpy

from descent._spark.faults import Fault, told
from descent._spark.sums import block

#: Times that a stage is begun again from its last round after something was lost.
ATTEMPTS = 4
#: Rounds that may lie ready before the stage waits.
READY = 4
METRICS = {"reg:": "rmse", "count:": "rmse", "binary:logistic": "logloss", "multi:": "mlogloss"}


class Boosting:
    def __init__(self, session, encoded, width: int, wire) -> None:
        self.session, self.encoded, self.width, self.wire = session, encoded, width, wire
        self.expected: "int | None" = None
        self.latest: "str | None" = None
        self.stage: "Stage | None" = None
        self.attempts = 0
        self.cancelled = False

    def cancel(self) -> None:
        self.cancelled = True

    def close(self) -> None:
        self._drop()

    def round(self, request: dict) -> dict:
        self.cancelled = False
        if request["round"] != self.expected or self.stage is None:
            if request["round"] > 0 and not request.get("model"):
                return {"needsModel": True}
            self._begin(request, request.get("model"))
        while True:
            if self.cancelled:
                self._drop()
                raise Fault("stopped", "stopped")
            found = self.stage.next(0.05)
            if found is not None:
                self.expected = request["round"] + 1
                self.latest = found["model"]
                return found
            if self.stage.failure is not None:
                self._again(request)

    def _begin(self, request: dict, model: "str | None") -> None:
        self._drop()
        self.expected, self.latest = request["round"], model
        self.stage = Stage(self, request, model)

    def _again(self, request: dict) -> None:
        failure = self.stage.failure
        self.attempts += 1
        if self.attempts >= ATTEMPTS or not is_loss(failure):
            raise Fault("failed", told(failure))
        self.wire.news("message", text=f"a stage was lost ({told(failure)[:120]}): going on from round {request['round']}")
        self._begin(request, self.latest)

    def _drop(self) -> None:
        if self.stage is not None:
            self.stage.close()
            self.stage = None
        self.expected = None


def is_loss(failure: Exception) -> bool:
    """Whether a stage failed because something under it went away, rather than by its own fault."""
    text = str(failure)
    return any(word in text for word in (
        "Could not recover from a failed barrier", "ExecutorLostFailure", "FetchFailed", "Lost", "lost", "worker process"))


class Stage:
    """One attempt: the stage in a thread of its own, and a socket on which its first task tells of rounds."""

    def __init__(self, owner: Boosting, request: dict, model: "str | None") -> None:
        self.failure: "Exception | None" = None
        self._rounds: queue.Queue = queue.Queue(READY)
        self._token = secrets.token_hex(16)
        self._closed = False
        session = owner.session
        self.session = session
        host = session.context.getConf().get("spark.driver.host")
        self._server = socket.create_server(("127.0.0.1" if host in ("127.0.0.1", "localhost") else "", 0))
        self._address = (host, self._server.getsockname()[1])
        # Not more tasks than the cluster can run together: they wait for each other.
        workers = min(session.slots, max(1, owner.encoded.rdd.getNumPartitions()))
        self._group = f"boosting-{self._token}"
        threading.Thread(target=self._listen, daemon=True).start()
        threading.Thread(target=self._run, args=(owner, request, model, workers), daemon=True).start()

    def next(self, seconds: float) -> "dict | None":
        try:
            return self._rounds.get(timeout=seconds)
        except queue.Empty:
            return None

    def close(self) -> None:
        self._closed = True
        try:
            self.session.context.cancelJobGroup(self._group)
        except Exception:
            pass  # Spark is going down already.
        self._server.close()
        while self.next(0) is not None:
            pass

    def _run(self, owner: Boosting, request: dict, model: "str | None", workers: int) -> None:
        from xgboost.tracker import RabitTracker

        try:
            tracker = RabitTracker(n_workers=workers, host_ip=self._address[0], sortby="task")
            tracker.start()
            arguments = tracker.worker_args()
            threading.Thread(target=tracker.wait_for, daemon=True).start()
            work = task(request, model, owner.width, self._address, self._token, arguments)
            context = owner.session.context
            context.setJobGroup(self._group, "boosting", True)
            rows = (
                owner.encoded.rdd.map(lambda row: (bytes(row[0]), bytes(row[1])))
                .zipWithIndex().map(lambda pair: (pair[1], pair[0])).partitionBy(workers, int)
            )
            rows.barrier().mapPartitions(work).collect()
        except Exception as error:
            if not self._closed:
                self.failure = error

    def _listen(self) -> None:
        self._server.settimeout(0.5)
        while not self._closed:
            try:
                connection, _ = self._server.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            with connection:
                self._read(connection)

    def _read(self, connection) -> None:
        connection.settimeout(10)
        with connection.makefile("rb") as file:
            try:
                if file.readline(64).strip().decode() != self._token:
                    return
                connection.settimeout(None)
                for line in iter(file.readline, b""):
                    found = json.loads(line)
                    while not self._closed:
                        try:
                            self._rounds.put(found, timeout=0.2)
                            break
                        except queue.Full:
                            continue
            except (OSError, ValueError):
                return


def metric_of(objective: str) -> "str | None":
    return next((metric for start, metric in METRICS.items() if objective.startswith(start)), None)


def task(request: dict, model: "str | None", width: int, address, token: str, arguments: dict):
    """What every task of the stage does."""
    parameters, rounds, scale = request["parameters"], request["rounds"] - request["round"], request["targetScale"]

    def work(pairs):
        import xgboost
        from pyspark import BarrierTaskContext
        from xgboost import collective

        context = BarrierTaskContext.get()
        rank = context.partitionId()
        blocks = [block(*pair, width) for _, pair in pairs]
        features = numpy.concatenate([x for x, _ in blocks]) if blocks else numpy.zeros((0, width), dtype="<f4")
        targets = numpy.concatenate([y for _, y in blocks]) if blocks else numpy.zeros(0)
        booster = None
        if model:
            booster = xgboost.Booster()
            booster.load_model(bytearray(model.encode()))
        settings = [(name, value) for name, value in parameters]
        objective = dict(settings).get("objective", "")
        if metric_of(objective):
            settings.append(("eval_metric", metric_of(objective)))
        with collective.CommunicatorContext(**arguments, dmlc_task_id=f"{rank:08d}"):
            data = xgboost.QuantileDMatrix(
                features, label=(targets * scale).astype(numpy.float32), missing=numpy.nan, nthread=1,
                max_bin=int(dict(settings).get("max_bin", 256)),
            ) if dict(settings).get("tree_method") == "hist" else xgboost.DMatrix(
                features, label=(targets * scale).astype(numpy.float32), missing=numpy.nan, nthread=1)
            live = Live(address, token) if collective.get_rank() == 0 else None
            xgboost.train(
                settings, data, num_boost_round=rounds, xgb_model=booster, evals=[(data, "train")], verbose_eval=False,
                callbacks=[live] if live else [Silent()])
        yield rank

    return work


def _callback_class():
    import xgboost

    return xgboost.callback.TrainingCallback


class Silent:
    def __new__(cls):
        return type("Silent", (_callback_class(),), {})()


class Live:
    """Tells of each round: the ensemble and its metrics over all rows."""

    def __new__(cls, address, token: str):
        state: dict = {}

        def before_training(self, model):
            connection = socket.create_connection(address, timeout=30)
            connection.settimeout(None)
            connection.sendall((token + "\n").encode())
            state["connection"] = connection
            return model

        def after_iteration(self, model, epoch, evals_log):
            metrics = {name: values[-1] for name, values in evals_log.get("train", {}).items()}
            document = bytes(model.save_raw("json")).decode()
            state["connection"].sendall((json.dumps({"model": document, "metrics": metrics}) + "\n").encode())
            return False

        def after_training(self, model):
            state["connection"].close()
            return model

        members = {"before_training": before_training, "after_iteration": after_iteration, "after_training": after_training}
        return type("Live", (_callback_class(),), members)()
