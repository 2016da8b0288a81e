"""The estimator that all others are: constructor, `fit`, `predict`, and what SageMaker's has beside them."""

import json
import os
import re
import shlex
import shutil
import tarfile
import tempfile
import weakref

from . import binary, data, instances
from .binary import say_once
from .job import Analytics, TrainingJob
from .predictor import deploy


class NotYetHere(NotImplementedError):
    """SageMaker has it, Descent does not yet; the text says what there is."""


#: Arguments that say how a cluster is to be had: one line says that they have no meaning here.
_OF_A_CLUSTER = {"volume_size", "volume_kms_key", "output_kms_key", "subnets", "security_group_ids", "sagemaker_session", "input_mode",
                 "encrypt_inter_container_traffic", "use_spot_instances", "max_wait", "enable_network_isolation", "tags", "image_uri",
                 "framework_version", "py_version", "container_log_level", "code_location", "checkpoint_s3_uri", "keep_alive_period_in_seconds",
                 "checkpoint_local_path", "model_uri", "profiler_config", "debugger_hook_config", "tensorboard_output_config", "rules",
                 "disable_profiler", "enable_sagemaker_metrics", "max_retry_attempts", "instance_groups", "training_repository_access_mode",
                 "data_location", "dependencies", "model_dir", "disable_output_compression", "enable_remote_debug", "model_channel_name"}
_REFUSED = {"distribution": "training on several machines or processes is not started from here: start torchrun by Estimator(command=…)",
            "git_config": "check the repository out and give source_dir", "train_instance_count": "it is instance_count",
            "train_instance_type": "it is instance_type"}
_ALGORITHMS = ("linear-learner", "neural-network", "xgboost", "knn", "kmeans", "pca", "constant")


class image_uris:
    """SageMaker's way to name a built-in algorithm: `image_uris.retrieve("xgboost", region)` is `"xgboost"` here."""

    @staticmethod
    def retrieve(framework, region=None, version=None, **others):
        return framework


class Estimator:
    """A generic estimator: a built-in algorithm by its image's name, a script (`entry_point`) or any program (`command`).

    - `target`: the column to predict. Without it SageMaker's rule holds: the first one.
    - `workspace`: where runs are kept; without it as on the command line.
    - `options`: what else `descent train` can be told, by its options' names: `{"seed": 7, "folds": 5, "drop": ["id"], "baseline": True}`.
    """

    algorithm = None
    needs_target = True

    def __init__(self, image_uri=None, role=None, instance_count=1, instance_type=None, output_path=None, base_job_name=None,
                 hyperparameters=None, max_run=None, metric_definitions=None, entry_point=None, source_dir=None, command=None,
                 environment=None, target=None, workspace=None, experiment=None, options=None, **others):
        if instance_count not in (None, 1):
            raise ValueError("instance_count is %s: Descent trains on this one machine, so it must be 1" % instance_count)
        for name, why in _REFUSED.items():
            if others.pop(name, None) is not None:
                raise ValueError("%s has no meaning here: %s" % (name, why))
        ignored = sorted(name for name in others if name in _OF_A_CLUSTER and others[name] is not None)
        if role is not None:
            say_once("role is ignored: training runs on this machine, as you")
        if ignored:
            say_once("ignored, for training runs on this machine: %s" % ", ".join(ignored))
        others = {name: value for name, value in others.items() if name not in _OF_A_CLUSTER}
        if command is None and entry_point is None and self.algorithm is None:
            self.algorithm = self._algorithm_of(image_uri)
            self.needs_target = self.algorithm not in ("kmeans", "pca")
        if others:
            raise TypeError("%s has no argument %s" % (type(self).__name__, ", ".join(sorted(others))))
        self.instance_type, self.output_path, self.base_job_name = instance_type, output_path, base_job_name
        self.max_run, self.metric_definitions = max_run, list(metric_definitions or [])
        self.entry_point, self.source_dir, self.command = entry_point, source_dir, command
        self.environment, self.target, self.workspace, self.experiment = dict(environment or {}), target, workspace, experiment
        self.options = dict(options or {})
        self._hyperparameters = {}
        self.latest_training_job = None
        self.jobs = []
        self._columns = None
        self._label = None
        self._folder = tempfile.mkdtemp(prefix="descent-")
        weakref.finalize(self, shutil.rmtree, self._folder, True)
        self.set_hyperparameters(**(hyperparameters or {}))

    @staticmethod
    def _algorithm_of(image):
        if image:
            for name in _ALGORITHMS:
                if name in image:
                    return name
            raise ValueError("the image %s is not run here: there are %s, scripts (entry_point=…) and programs (command=…)"
                             % (image, ", ".join(sorted(_ALGORITHMS))))
        raise ValueError("say what trains: image_uri (%s), entry_point or command" % ", ".join(sorted(_ALGORITHMS)))

    # Hyperparameters

    def set_hyperparameters(self, **hyperparameters):
        for name, value in hyperparameters.items():
            if value is not None:
                self._hyperparameters[name] = value

    def hyperparameters(self):
        return dict(self._hyperparameters)

    @property
    def is_script(self):
        return self.entry_point is not None or self.command is not None

    # Training

    def fit(self, inputs=None, wait=True, logs=True, job_name=None, experiment_config=None, mini_batch_size=None):
        """Trains on `inputs`: a channel, or channels by name (`train`, `validation`, `test`)."""
        channels = self._channels(inputs)
        if mini_batch_size is not None:
            self.set_hyperparameters(mini_batch_size=mini_batch_size)
        arguments = ["train"] + self._arguments(channels)
        name = job_name or self.base_job_name
        if name:
            arguments += ["--name", name]
        experiment = (experiment_config or {}).get("ExperimentName") or self.experiment
        if experiment:
            arguments += ["--experiment", experiment]
        if self.max_run:
            arguments += ["--max-runtime", str(int(self.max_run))]
        arguments += ["--json"] + self._workspace_options
        if not logs:
            arguments += ["--quiet"]
        job = TrainingJob(name or type(self).__name__, self.workspace)
        job._watched = binary.Watched(arguments, job._received, logs, self.environment, instances.budget(self.instance_type))
        self.latest_training_job = job
        self.jobs.append(job)
        self._test = channels.get("test")
        if wait:
            self._finish(job)
        return None

    def _finish(self, job):
        job.wait()
        test, self._test = getattr(self, "_test", None), None
        if test is not None and not self.is_script and self.needs_target:
            out = binary.checked(["evaluate", job.run, test.path, "--json"] + test.options + self._workspace_options)
            for event in binary.objects(out):
                for name, value in (event.get("metrics") or {}).items():
                    job.metrics["test:" + name.split(":", 1)[-1]] = value
        if self.output_path:
            self._pack(job)

    def wait(self, logs=True):
        self._finish(self._job())

    def _channels(self, inputs):
        if isinstance(inputs, data.RecordSet):
            inputs = [inputs]
        if isinstance(inputs, (list, tuple)) and inputs and all(isinstance(one, data.RecordSet) for one in inputs):
            inputs = {one.channel: one for one in inputs}
        if inputs is None:
            inputs = {}
        if not isinstance(inputs, dict):
            inputs = {"train": inputs}
        return {name: data.source(value, self._folder, name, self.target) for name, value in inputs.items() if value is not None}

    def _arguments(self, channels):
        train = channels.get("train")
        if train is None and channels and not self.is_script:
            raise ValueError("there is no channel train: there are %s" % ", ".join(sorted(channels)))
        if train is None and not self.is_script:
            raise ValueError("fit needs the channel train")
        others = set(channels) - {"train", "validation", "test"}
        if others:
            raise ValueError("the channels %s are not known here: there are train, validation and test" % ", ".join(sorted(others)))
        if self.is_script:
            return self._script_arguments(channels)
        arguments = [train.path] + train.options + ["--algorithm", self.algorithm]
        self._columns, self._label = train.columns, None
        if self.needs_target:
            self._label = self.target or train.label
            if self._label is None or self._columns is None:
                found = data.profile(train)
                names = [column["name"] for column in found["columns"]]
                if self._label is None:
                    self._label = "label" if found["format"] in ("libsvm", "recordio-protobuf", "idx") and "label" in names else names[0]
                    say_once("%s: the column %s is what is learned, as with SageMaker; target=… names another one"
                             % (os.path.basename(train.path), self._label))
                self._columns = names
            arguments += ["--target", self._label]
        elif self._columns is None:
            self._columns = [column["name"] for column in data.profile(train)["columns"]]
        if "validation" in channels:
            arguments += ["--validation", channels["validation"].path]
        elif not self._says_what_judges:
            # Without the channel SageMaker learns from every row.
            arguments += ["--validation-split", "0"]
        return arguments + self._settings() + option_words(self.options)

    def _settings(self):
        arguments = []
        for name, value in self._hyperparameters.items():
            arguments += ["--set", "%s=%s" % (name, _text(value))]
        return arguments

    def _script_arguments(self, channels):
        arguments = [channels["train"].path] if "train" in channels else []
        if "validation" in channels:
            arguments += ["--validation", channels["validation"].path]
        elif arguments and not self._says_what_judges:
            arguments += ["--validation-split", "0"]
        arguments += ["--algorithm", "script"]
        if self.command is not None:
            arguments += ["--command", self.command if isinstance(self.command, str) else " ".join(shlex.quote(word) for word in self.command)]
        else:
            script = os.path.join(self.source_dir, self.entry_point) if self.source_dir else self.entry_point
            arguments += ["--script", data.local_path(script)]
        for definition in self.metric_definitions:
            arguments += ["--metric", "%s=%s" % (definition["Name"], definition["Regex"])]
        return arguments + self._settings() + option_words(self.options)

    @property
    def _says_what_judges(self):
        """Whether rows are held out though there is no channel of them."""
        return "validation-split" in self.options or "folds" in self.options

    @property
    def _workspace_options(self):
        return ["--workspace", os.fspath(self.workspace)] if self.workspace else []

    # What training left

    def _job(self):
        if self.latest_training_job is None:
            raise ValueError("nothing was trained yet: call fit first")
        return self.latest_training_job

    def _finished_job(self):
        """The job, waited for: its model is wanted."""
        job = self._job()
        if job._watched is not None and not job._finished:
            self._finish(job)
        return job

    @classmethod
    def attach(cls, training_job_name, workspace=None, **arguments):
        """An estimator of a run that is there already."""
        job = TrainingJob(training_job_name, workspace).load()
        if cls is Estimator:
            arguments.setdefault("command" if job.algorithm == "script" else "image_uri", job.algorithm)
        elif cls.algorithm is None:
            arguments.setdefault("entry_point", "")
        estimator = cls(workspace=workspace, **arguments)
        if job.algorithm != (estimator.algorithm or "script"):
            raise ValueError("%s was trained by %s, not by %s" % (job.name, job.algorithm, estimator.algorithm or "a script"))
        estimator.latest_training_job = job
        estimator._label = job.target
        return estimator

    @property
    def model_data(self):
        """What was saved: `model.tar.gz` below `output_path` where that is a folder of this machine, else the run's folder."""
        job = self._finished_job()
        return getattr(job, "model_data", None) or self._model_folder(job)

    @staticmethod
    def _model_folder(job):
        """Where a script's SM_MODEL_DIR was, else the run's folder."""
        artifacts = job.artifacts()
        saved = os.path.join(artifacts, "ml", "model") if artifacts else ""
        return saved if os.path.isdir(saved) else artifacts

    def _pack(self, job):
        text = os.fspath(self.output_path)
        if re.match(r"^(?!file:)[a-z0-9]+://", text):
            say_once("output_path %s is not written: the model stays in the run's folder (model_data)" % text)
            return
        if text.startswith("file://"):
            text = text[len("file://"):]
        model = self._model_folder(job)
        if not model or not os.path.isdir(model):
            return
        folder = os.path.join(text, job.name, "output")
        os.makedirs(folder, exist_ok=True)
        path = os.path.join(folder, "model.tar.gz")
        with tarfile.open(path + ".part", "w:gz") as archive:
            for name in sorted(os.listdir(model)):
                if not name.startswith("checkpoint"):
                    archive.add(os.path.join(model, name), name)
        os.replace(path + ".part", path)
        job.model_data = path

    @property
    def training_job_analytics(self):
        return Analytics(self._job())

    def logs(self):
        """Prints what the job wrote."""
        job = self._job()
        for line in job._watched.log if job._watched else []:
            print(line)

    def record_set(self, train, labels=None, channel="train", encrypt=False):
        """Features and labels as a channel."""
        return data.records(train, labels, channel, self._folder)

    # Predicting

    def predict(self, x, scores=False):
        """Predictions for rows, by the model that was kept: an array for tables and arrays of numpy, else a list.

        With `scores`, the rows as dictionaries, with all columns that `descent predict` adds.
        """
        job = self._finished_job()
        if self.is_script:
            raise NotYetHere("the model of a script is the script's: load it from %s" % self.model_data)
        path, options = self._rows(x)
        rows = binary.objects(binary.checked(["predict", job.run, path, "--json"] + options + self._workspace_options))
        if scores:
            return [{name: value for name, value in row.items() if name != "row"} for row in rows]
        predictions = [_prediction(row) for row in rows]
        if hasattr(x, "to_numpy") or hasattr(x, "tolist"):
            import numpy

            return numpy.array(predictions)
        return predictions

    def _rows(self, x):
        """Rows as a file with the columns' names as they were in training."""
        features = [name for name in self._columns or [] if name != self._label]
        if isinstance(x, (str, os.PathLike, data.TrainingInput, data.RecordSet)):
            source = data.source(x, self._folder, "rows")
            if isinstance(x, data.RecordSet) or not features:
                return source.path, source.options
            found = data.profile(source)
            if found.get("hasHeader", True) or len(found["columns"]) != len(features):
                return source.path, source.options
            # SageMaker's inference files have no label, so their first column is the second of training.
            path = os.path.join(self._folder, "rows.csv")
            with open(source.path, encoding="utf-8") as file, open(path, "w", encoding="utf-8") as named:
                delimiter = found.get("delimiter", ",")
                named.write(delimiter.join(features) + "\n")
                shutil.copyfileobj(file, named)
            return path, source.options
        path = os.path.join(self._folder, "rows.csv")
        if hasattr(x, "to_csv") and hasattr(x, "columns"):
            x.to_csv(path, index=False)
            return path, []
        rows = x.tolist() if hasattr(x, "tolist") else list(x)
        if rows and not isinstance(rows[0], (list, tuple)):
            rows = [rows]
        if not features and rows:
            features = ["feature_%d" % number for number in range(1, len(rows[0]) + 1)]
        for row in rows:
            if len(row) != len(features):
                raise ValueError("a row has %d values, the model was trained on %d features: %s"
                                 % (len(row), len(features), ", ".join(features[:8]) + (" …" if len(features) > 8 else "")))
        data.write(path, features, rows)
        return path, ["--header", "yes"]

    def deploy(self, initial_instance_count=1, instance_type=None, serializer=None, deserializer=None, endpoint_name=None,
               data_capture_config=None, wait=True, **others):
        """Has the model answer requests over HTTP; gives the endpoint's Predictor.

        Threads follow from the machine: instances and their type have no meaning here.
        """
        job = self._finished_job()
        if self.is_script:
            raise NotYetHere("the model of a script is the script's: load it from %s" % self.model_data)
        for name in sorted(others):
            binary.say_once("deploy: %s has no meaning here" % name)
        if deserializer is None and serializer is None:
            deserializer = self._deserializer()
        return deploy(job.name, self._workspace_options, self.workspace, endpoint_name, data_capture_config, serializer, deserializer)

    def _deserializer(self):
        """What the answers become where the user says nothing: as they are, which is what SageMaker's generic predictor gives."""
        return None

    def transformer(self, *arguments, **named):
        raise NotYetHere("batch transform is not there yet. What is there: descent predict RUN FILE --out FILE")


def _prediction(row):
    for name in ("prediction", "cluster", "closest_cluster"):
        if name in row:
            return row[name]
    values = {name: value for name, value in row.items() if name != "row"}
    return list(values.values()) if len(values) > 1 else next(iter(values.values()), None)


def option_words(options):
    """Options by name as a command line has them: a list gives one several times, True a flag."""
    words = []
    for name, value in options.items():
        for one in value if isinstance(value, (list, tuple)) else [value]:
            if one is True:
                words.append("--" + name)
            elif one is not None and one is not False:
                words += ["--" + name, _text(one)]
    return words


def _text(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, dict)):
        return json.dumps(value)
    if isinstance(value, tuple):
        return json.dumps(list(value))
    return str(value)

