"""SageMaker's hyperparameter tuning against this machine: ranges, `HyperparameterTuner` and what it tells of its jobs."""

import csv
import io
import os

from . import binary, data
from .binary import TrainingFailed, say_once
from .display import Picture
from .estimator import Estimator, _text, option_words

_SCALINGS = {"Auto": "", "Linear": "linear:", "Logarithmic": "log:", "ReverseLogarithmic": "reverse-log:"}
_STRATEGIES = ("bayesian", "random", "grid", "hyperband", "asha", "tpe", "sobol")


class _Range:
    def __init__(self, min_value, max_value, scaling_type="Auto"):
        if scaling_type not in _SCALINGS:
            raise ValueError("scaling_type is %s: it must be one of %s" % (scaling_type, ", ".join(_SCALINGS)))
        self.min_value, self.max_value, self.scaling_type = min_value, max_value, scaling_type

    def as_tuning_range(self, name):
        return {"Name": name, "MinValue": str(self.min_value), "MaxValue": str(self.max_value), "ScalingType": self.scaling_type}


class ContinuousParameter(_Range):
    """A number from `min_value` to `max_value`."""

    def spec(self):
        # Said where nothing is, so that whole ends do not make whole numbers of it.
        return "%s%r:%r" % (_SCALINGS[self.scaling_type] or "auto:", float(self.min_value), float(self.max_value))


class IntegerParameter(_Range):
    """A whole number from `min_value` to `max_value`."""

    def spec(self):
        return "int:%s%d:%d" % (_SCALINGS[self.scaling_type], self.min_value, self.max_value)


class CategoricalParameter:
    """One of several values."""

    def __init__(self, values):
        self.values = [_text(value) for value in (values if isinstance(values, (list, tuple)) else [values])]
        wrong = [value for value in self.values if "," in value]
        if wrong:
            raise ValueError("the value %s has a comma in it, which separates values here" % wrong[0])

    def spec(self):
        return "cat:" + ",".join(self.values) if len(self.values) > 1 else "static:" + self.values[0]

    def as_tuning_range(self, name):
        return {"Name": name, "Values": list(self.values)}


class WarmStartTypes:
    IDENTICAL_DATA_AND_ALGORITHM = "IdenticalDataAndAlgorithm"
    TRANSFER_LEARNING = "TransferLearning"


class WarmStartConfig:
    """The tuning jobs that one begins with, by name: up to five."""

    def __init__(self, warm_start_type, parents):
        kinds = {WarmStartTypes.IDENTICAL_DATA_AND_ALGORITHM: "identical", WarmStartTypes.TRANSFER_LEARNING: "transfer"}
        if getattr(warm_start_type, "value", warm_start_type) not in kinds:
            raise ValueError("warm_start_type is %s: it must be one of %s" % (warm_start_type, ", ".join(sorted(kinds))))
        self.type, self.parents = getattr(warm_start_type, "value", warm_start_type), sorted({parents} if isinstance(parents, str) else parents)
        self.word = kinds[self.type]

    def options(self):
        return ["--warm-start", ",".join(self.parents), "--warm-start-type", self.word]


class TuningJobCompletionCriteriaConfig:
    """When a tuning job is over before all its trials are done."""

    def __init__(self, max_number_of_training_jobs_not_improving=None, complete_on_convergence=None, target_objective_metric_value=None):
        self.max_number_of_training_jobs_not_improving = max_number_of_training_jobs_not_improving
        self.complete_on_convergence = complete_on_convergence
        self.target_objective_metric_value = target_objective_metric_value

    def options(self):
        result = []
        if self.max_number_of_training_jobs_not_improving is not None:
            result += ["--no-improvement", str(int(self.max_number_of_training_jobs_not_improving))]
        if self.complete_on_convergence:
            result += ["--complete-on-convergence"]
        if self.target_objective_metric_value is not None:
            result += ["--target-value", repr(float(self.target_objective_metric_value))]
        return result


class HyperparameterTuner:
    """Searches an estimator's hyperparameters: `HyperparameterTuner(estimator, "validation:rmse", {"eta": ContinuousParameter(0.01, 0.5)},
    objective_type="Minimize", max_jobs=20).fit({"train": …, "validation": …})`. Each trial is a run of the workspace.
    """

    def __init__(self, estimator, objective_metric_name, hyperparameter_ranges=None, metric_definitions=None, strategy="Bayesian",
                 objective_type="Maximize", max_jobs=1, max_parallel_jobs=1, max_runtime_in_seconds=None, tags=None,
                 base_tuning_job_name=None, warm_start_config=None, strategy_config=None, completion_criteria_config=None,
                 early_stopping_type="Off", estimator_name=None, random_seed=None, autotune=False, options=None):
        if objective_type not in ("Maximize", "Minimize"):
            raise ValueError("objective_type is %s: it must be Maximize or Minimize" % objective_type)
        if strategy.lower() not in _STRATEGIES:
            raise ValueError("strategy is %s: it must be one of %s" % (strategy, ", ".join(word.capitalize() for word in _STRATEGIES)))
        if early_stopping_type not in ("Auto", "Off"):
            raise ValueError("early_stopping_type is %s: it must be Auto or Off" % early_stopping_type)
        if not hyperparameter_ranges and not autotune:
            raise ValueError("hyperparameter_ranges is empty: give ranges, or autotune=True for those that the algorithm proposes")
        if strategy_config is not None:
            say_once("strategy_config is ignored: hyperband's resources follow from the number of epochs")
        if tags:
            say_once("tags are ignored: they are for an account's resources")
        self.estimator, self.objective_metric_name, self.objective_type = estimator, objective_metric_name, objective_type
        self._ranges, self.metric_definitions = dict(hyperparameter_ranges or {}), list(metric_definitions or [])
        self.strategy, self.max_jobs, self.max_parallel_jobs = strategy, max_jobs, max_parallel_jobs
        self.max_runtime_in_seconds, self.base_tuning_job_name = max_runtime_in_seconds, base_tuning_job_name
        self.warm_start_config, self.completion_criteria_config = warm_start_config, completion_criteria_config
        self.early_stopping_type, self.random_seed, self.autotune = early_stopping_type, random_seed, autotune
        #: What else `descent tune` can be told, by its options' names.
        self.options = dict(options or {})
        self.latest_tuning_job = None

    def hyperparameter_ranges(self):
        """As SageMaker's API has them."""
        kinds = {ContinuousParameter: "ContinuousParameterRanges", IntegerParameter: "IntegerParameterRanges",
                 CategoricalParameter: "CategoricalParameterRanges"}
        result = {kind: [] for kind in kinds.values()}
        for name, parameter in sorted(self._ranges.items()):
            if not isinstance(parameter, str):
                result[kinds[type(parameter)]].append(parameter.as_tuning_range(name))
        return result

    def fit(self, inputs=None, job_name=None, include_cls_metadata=False, estimator_kwargs=None, wait=True, logs=False):
        """Searches; with `wait=False` it returns at once, and `wait()` waits."""
        channels = self.estimator._channels(inputs)
        if self.objective_metric_name.startswith("validation:") and "validation" not in channels and not self.estimator.is_script \
                and not self.estimator._says_what_judges:
            raise ValueError("%s needs the channel validation: give it to fit" % self.objective_metric_name)
        arguments = ["tune"] + self._arguments(channels)
        name = job_name or self.base_tuning_job_name
        if name:
            arguments += ["--name", name]
        if self.estimator.experiment:
            arguments += ["--experiment", self.estimator.experiment]
        arguments += ["--json"] + self.estimator._workspace_options + ([] if logs else ["--quiet"])
        job = TuningJob(name or "tuning", self.estimator.workspace, self.objective_type)
        job._watched = binary.Watched(arguments, job._received, logs, self.estimator.environment)
        self.latest_tuning_job = job
        if wait:
            self.wait()

    def wait(self):
        """Waits for the end; raises TrainingFailed with the reason where there is no best."""
        self._job().wait()

    def stop_tuning_job(self):
        """Stops it; trials that train are stopped after a checkpoint."""
        self._job().stop()

    def best_training_job(self):
        """The name of the best trial's run."""
        best = self._job().best()
        if best is None:
            raise ValueError("no trial of %s has ended with a value" % self._job().name)
        return best["name"]

    def best_estimator(self, best_training_job=None):
        """An estimator of the best trial's run, which predicts."""
        name = best_training_job or self.best_training_job()
        estimator = type(self.estimator)
        keep = {"workspace": self.estimator.workspace}
        if self.estimator.is_script:
            keep["entry_point" if self.estimator.entry_point is not None else "command"] = self.estimator.entry_point or self.estimator.command
        return estimator.attach(name, **keep)

    def describe(self):
        return self._job().describe()

    def importance(self):
        """Which of the searched parameters matter, alone and in pairs."""
        words = ["tune", "importance", self._job().name] + self._job().workspace_options
        return Picture(words, words + ["--svg", "-"])

    def analytics(self):
        return HyperparameterTuningJobAnalytics(self._job().name, workspace=self.estimator.workspace)

    def deploy(self, *arguments, **named):
        """An endpoint of the best run's model; see Estimator.deploy."""
        return self.best_estimator().deploy(*arguments, **named)

    @classmethod
    def attach(cls, tuning_job_name, workspace=None, estimator=None, **arguments):
        """A tuner of a tuning job that is there already, for its results."""
        job = TuningJob(tuning_job_name, workspace)
        request, shown = job._shown()["request"], job._shown()
        estimator = estimator or (Estimator(command=request["job"].get("command") or "true", workspace=workspace)
                                  if request["job"]["algorithm"] == "script"
                                  else Estimator(request["job"]["algorithm"], workspace=workspace, target=request["job"].get("target")))
        arguments.setdefault("objective_metric_name", (shown.get("best") or {}).get("objective", ""))
        tuner = cls(estimator, autotune=True, **arguments)
        job.name = shown["name"]
        tuner.latest_tuning_job = job
        return tuner

    def _job(self):
        if self.latest_tuning_job is None:
            raise ValueError("nothing was tuned yet: call fit first")
        return self.latest_tuning_job

    def _arguments(self, channels):
        held = {name: value for name, value in self.estimator._hyperparameters.items() if name not in self._ranges}
        before = self.estimator._hyperparameters
        self.estimator._hyperparameters = held
        try:
            arguments = self.estimator._arguments(channels)
        finally:
            self.estimator._hyperparameters = before
        # The linear learner's own name of its objective gives way to the tuner's.
        if "--objective" in arguments:
            place = arguments.index("--objective")
            del arguments[place:place + 2]
        objective = self.objective_metric_name
        if objective.endswith(":objective_loss"):
            objective = objective.replace("objective_loss", "loss")
        if self.estimator.is_script:
            objective = ("max:" if self.objective_type == "Maximize" else "min:") + objective
        arguments += ["--objective", objective]
        for definition in self.metric_definitions:
            arguments += ["--metric", "%s=%s" % (definition["Name"], definition["Regex"])]
        for name, parameter in self._ranges.items():
            # As the command line writes it, where a range is what SageMaker has not.
            arguments += ["--range", "%s=%s" % (name, parameter if isinstance(parameter, str) else parameter.spec())]
        if self.autotune:
            arguments += ["--range", "auto"]
        arguments += ["--strategy", self.strategy.lower(), "--max-parallel-jobs", str(int(self.max_parallel_jobs))]
        if self.max_jobs is not None:
            arguments += ["--max-jobs", str(int(self.max_jobs))]
        if self.max_runtime_in_seconds is not None:
            arguments += ["--max-runtime", str(int(self.max_runtime_in_seconds))]
        if self.early_stopping_type == "Auto":
            arguments += ["--early-stopping", "auto"]
        if self.random_seed is not None:
            arguments += ["--seed", str(int(self.random_seed))]
        for config in (self.warm_start_config, self.completion_criteria_config):
            if config is not None:
                arguments += config.options()
        return arguments + option_words(self.options)


class TuningJob:
    """A tuning job of the workspace: what is known of it while it runs and after."""

    def __init__(self, name, workspace=None, objective_type=None):
        self.name, self.status, self.reason = name, "InProgress", ""
        self.tuning = None
        self._workspace, self._objective_type = workspace, objective_type
        self._watched, self._finished, self._result, self._problem = None, False, None, None

    @property
    def workspace_options(self):
        return ["--workspace", os.fspath(self._workspace)] if self._workspace else []

    def _received(self, event):
        kind = event.get("kind")
        if kind == "tuningStarted":
            self.tuning, self.name = event.get("tuning"), event.get("name", self.name)
        elif kind == "tuningFinished":
            self._result, self.status, self.reason = event, event.get("status", self.status), event.get("reason", "")
        elif kind == "runRegistered" and self._objective_type and not self._problem:
            minimises = (event.get("objective") or {}).get("minimises")
            wanted = self._objective_type == "Minimize"
            if isinstance(minimises, bool) and minimises != wanted:
                self._problem = "objective_type is %s, and less of %s is %s" % (
                    self._objective_type, event["objective"].get("metric"), "better" if minimises else "worse")
                self._watched.process.terminate()

    def wait(self):
        if self._watched is not None and not self._finished:
            try:
                exit_status = self._watched.wait()
            finally:
                self._finished = True
            if self._problem:
                raise ValueError(self._problem)
            if self._result is None:
                self.status = "Failed"
                lines = [line for line in self._watched.log if line.startswith("descent: ")]
                self.reason = lines[-1][len("descent: "):] if lines else "descent ended with status %s" % exit_status
        if self.status not in ("Completed", "Stopped", "InProgress"):
            raise TrainingFailed("tuning job %s: %s: %s" % (self.name, self.status, self.reason), self.status)
        return self

    def curves(self):
        """How it came on: trials, and the best of those before each."""
        words = ["tune", "export", self.tuning or self.name] + self.workspace_options + ["--format"]
        return Picture(words + ["text"], words + ["svg"])

    def stop(self):
        binary.checked(["tune", "stop", self.tuning or self.name] + self.workspace_options)

    def _repr_mimebundle_(self, include=None, exclude=None):
        return self.curves()._repr_mimebundle_()

    def _lines(self):
        return binary.objects(binary.checked(["tune", "show", self.tuning or self.name, "--json"] + self.workspace_options))

    def _shown(self):
        return [line for line in self._lines() if "request" in line][-1]

    def best(self):
        return self._shown().get("best")

    def describe(self):
        """In the words of SageMaker's DescribeHyperParameterTuningJob."""
        lines = self._lines()
        shown, trials = lines[-1], [line for line in lines if "trial" in line]
        best = shown.get("best")
        counters = {state: sum(trial["status"] == state for trial in trials) for state in ("Completed", "InProgress", "Stopped")}
        counters["NonRetryableError"] = sum(trial["status"] == "Failed" for trial in trials)
        result = {"HyperParameterTuningJobName": shown["name"], "HyperParameterTuningJobStatus": shown["status"],
                  "FailureReason": shown["reason"] if shown["status"] == "Failed" else None,
                  "TrainingJobStatusCounters": counters, "BestTrainingJob": None}
        if best:
            result["BestTrainingJob"] = {
                "TrainingJobName": best["name"], "TunedHyperParameters": dict(best["hyperparameters"]),
                "FinalHyperParameterTuningJobObjectiveMetric": {"MetricName": best["objective"], "Value": best["value"]}}
            if best.get("confirmed"):
                result["BestTrainingJob"]["Confirmed"] = best["confirmed"]
        return result


class HyperparameterTuningJobAnalytics:
    """The trials of a tuning job, a row each, in SageMaker's columns."""

    def __init__(self, hyperparameter_tuning_job_name, workspace=None):
        self.name, self._job = hyperparameter_tuning_job_name, TuningJob(hyperparameter_tuning_job_name, workspace)

    def rows(self):
        text = binary.checked(["tune", "export", self.name, "--format", "csv"] + self._job.workspace_options)
        fixed = {"trial", "run", "name", "status", "seconds", "reason", "why"}
        shown = self._job._shown()
        objectives = {line.split("=")[0] for line in shown["request"]["ranges"]}
        result = []
        for line in csv.DictReader(io.StringIO(text)):
            names = [name for name in line if name not in fixed]
            row = {name: _number(line[name]) for name in names if name in objectives}
            values = [line[name] for name in names if name not in objectives]
            row.update({"TrainingJobName": line["name"], "TrainingJobStatus": line["status"],
                        "FinalObjectiveValue": _number(values[0]) if values and values[0] else None,
                        "TrainingElapsedTimeSeconds": _number(line["seconds"]) if line["seconds"] else None})
            result.append(row)
        return result

    def dataframe(self, force_refresh=False):
        import pandas

        return pandas.DataFrame(self.rows())

    @property
    def tuning_ranges(self):
        return {text.split("=", 1)[0]: text.split("=", 1)[1] for text in self._job._shown()["request"]["ranges"]}

    def training_job_summaries(self, force_refresh=False):
        return [line for line in self._job._lines() if "trial" in line]

    def description(self, force_refresh=False):
        return self._job.describe()

    def export_csv(self, filename):
        rows = self.rows()
        columns = list(rows[0]) if rows else []
        data.write(filename, columns, [[row.get(column) for column in columns] for row in rows])


def _number(text):
    try:
        return float(text)
    except ValueError:
        return text
