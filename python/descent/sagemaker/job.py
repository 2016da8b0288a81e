"""A training job: what is known of one run, while it trains and after."""

import datetime
import math

from . import binary, display
from .binary import TrainingFailed


class TrainingJob:
    """The run behind an estimator, with the words of SageMaker's DescribeTrainingJob."""

    def __init__(self, name, workspace=None):
        self.name = name
        self.run = None
        self.status = "InProgress"
        self.reason = ""
        self.phase = "Starting"
        self.metrics = {}
        self.alerts = []
        self.hyperparameters = {}
        self.best_step = None
        self.algorithm = None
        self.target = None
        #: (time, name, value, step), in the order in which they came.
        self.points = []
        self._workspace = workspace
        self._watched = None
        self._finished = False
        self._exit_status = None

    job_name = property(lambda self: self.name)

    def _received(self, event):
        kind = event.get("kind")
        if kind == "runRegistered" and self.run in (None, event.get("run")):
            self.run = event.get("run")
            self.name = event.get("name") or self.name
            self.hyperparameters = event.get("hyperparameters") or self.hyperparameters
        elif event.get("run") != self.run:
            return
        elif kind == "jobStatusChanged":
            self.status = event.get("status", self.status)
            self.phase = event.get("phase", self.phase)
            self.reason = event.get("reason") or self.reason
        elif kind == "metricsRecorded":
            for name, value in event.get("metrics", {}).items():
                self.points.append((event.get("time"), name, value, event.get("step")))
                self.metrics[name] = value
        elif kind == "alertRaised":
            self.alerts.append(event)
        elif kind == "jobFinished":
            self.name = event.get("name") or self.name
            self.status = event.get("status", self.status)
            self.reason = event.get("reason") or self.reason
            self.best_step = event.get("bestStep")
            # Of the model that is kept, not of the last step.
            self.metrics.update(event.get("metrics", {}))

    def wait(self, logs=True):
        """Waits for the end; raises TrainingFailed with the reason where it did not complete."""
        if self._watched is not None and not self._finished:
            try:
                self._exit_status = self._watched.wait()
            except KeyboardInterrupt:
                self._watched.wait()
                self._finished = True
                raise
            self._finished = True
            if self.status == "InProgress" or self._exit_status not in (0, None) and self.status == "Completed":
                self.status = "Failed"
        if self.status not in ("Completed", "Stopped"):
            why = self.reason or self._last_line() or "descent ended with status %s" % self._exit_status
            raise TrainingFailed("training job %s: %s: %s" % (self.name, self.status, why), self.status)
        return self

    def _last_line(self):
        lines = [line for line in (self._watched.log if self._watched else []) if line.startswith("descent: ")]
        return lines[-1][len("descent: "):] if lines else ""

    def curves(self, metric=None):
        """A metric of the run, such as `rmse`; without one what it is judged by."""
        return display.curves([self.run or self.name], metric, self.workspace_options)

    def __repr__(self):
        return display.job_text(self)

    def _repr_html_(self):
        return display.job_html(self)

    def stop(self):
        """Stops it after a checkpoint; the best model so far is kept."""
        binary.checked(["runs", "stop", self.run] + self.workspace_options)

    @property
    def workspace_options(self):
        return ["--workspace", self._workspace] if self._workspace else []

    def describe(self):
        final = [{"MetricName": name, "Value": value} for name, value in sorted(self.metrics.items())
                 if not name.startswith("system:")]
        return {"TrainingJobName": self.name, "TrainingJobStatus": self.status, "SecondaryStatus": self.phase,
                "FailureReason": self.reason if self.status == "Failed" else None, "HyperParameters": dict(self.hyperparameters),
                "FinalMetricDataList": final, "ModelArtifacts": {"S3ModelArtifacts": self.artifacts()}}

    def artifacts(self):
        """The folder of the run's model and checkpoints."""
        if not self.run:
            return None
        for line in binary.checked(["runs", "show", self.run] + self.workspace_options).splitlines():
            if line.startswith("artifacts "):
                return line[len("artifacts "):].strip()
        return None

    def load(self):
        """Reads what the workspace knows of the run, for a job that another program started."""
        self.run = None
        for event in binary.objects(binary.checked(["runs", "show", self.name, "--json"] + self.workspace_options)):
            if self.run is None and event.get("run"):
                self.run = event["run"]
                self.name = event.get("name", self.name)
                self.status = event.get("status", self.status)
                self.algorithm, self.target = event.get("algorithm"), event.get("target")
                self.hyperparameters = event.get("hyperparameters", {})
                self.metrics.update({name: value for name, value in (event.get("metrics") or {}).items()})
            self._received(event)
        if self.run is None:
            raise ValueError("there is no run %s" % self.name)
        return self


class Analytics:
    """SageMaker's TrainingJobAnalytics: the metrics of a job by time, with the step that SageMaker lacks."""

    def __init__(self, job, metric_names=None):
        self._job, self._names = job, metric_names

    def rows(self):
        begun = None
        result = []
        for time, name, value, step in list(self._job.points):
            if self._names and name not in self._names or name.startswith("system:") and not self._names:
                continue
            moment = datetime.datetime.fromisoformat(time.replace("Z", "+00:00")) if time else None
            begun = begun or moment
            result.append({"timestamp": (moment - begun).total_seconds() if moment else math.nan, "metric_name": name,
                           "value": value, "step": step})
        return result

    def dataframe(self, force_refresh=False):
        import pandas

        return pandas.DataFrame(self.rows(), columns=["timestamp", "metric_name", "value", "step"])

    def export_csv(self, filename):
        from .data import write

        columns = ["timestamp", "metric_name", "value", "step"]
        write(filename, columns, [[row[column] for column in columns] for row in self.rows()])
