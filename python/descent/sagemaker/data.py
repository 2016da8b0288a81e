"""Channels: files, folders, `file://` addresses, TrainingInput, tables of pandas, arrays of numpy, records."""

import csv
import os
import re
import tempfile

from . import binary


class TrainingInput:
    """SageMaker's description of a channel. What says how a cluster fetches it has no meaning here."""

    def __init__(self, s3_data, distribution=None, compression=None, content_type=None, record_wrapping=None, s3_data_type=None,
                 input_mode=None, **others):
        self.config = {"DataSource": {"S3DataSource": {"S3Uri": s3_data}}, "ContentType": content_type}
        self.s3_data = s3_data
        self.content_type = content_type


class RecordSet:
    """What `record_set` makes: features and labels in a file, and the channel that they are for."""

    def __init__(self, path, num_records, feature_dim, channel="train"):
        self.path, self.num_records, self.feature_dim, self.channel = path, num_records, feature_dim, channel


class Source:
    """Where a channel's rows are, and what is known of their columns."""

    def __init__(self, path, content_type=None, columns=None, label=None):
        self.path, self.content_type, self.columns, self.label = path, content_type, columns, label

    @property
    def options(self):
        """How the file is to be read, where the content type says it."""
        kind = (self.content_type or "").lower()
        options = []
        if "libsvm" in kind:
            options += ["--input-format", "libsvm"]
        elif "recordio" in kind:
            options += ["--input-format", "recordio-protobuf"]
        elif "parquet" in kind:
            options += ["--input-format", "parquet"]
        elif "csv" in kind:
            options += ["--input-format", "csv"]
        if "header=absent" in kind.replace(" ", ""):
            options += ["--header", "no"]
        return options


def local_path(address):
    """A path of this machine; what lies elsewhere is refused with what to do."""
    text = os.fspath(address)
    if text.startswith("file://"):
        text = text[len("file://"):]
    elif re.match(r"^[a-z0-9]+://", text):
        raise ValueError("%s lies elsewhere: copy it here (aws s3 cp) and give its path" % text)
    if not os.path.exists(text):
        raise FileNotFoundError("there is no file %s" % text)
    return os.path.abspath(text)


def source(value, folder, name, target=None):
    """The channel `value` as a file; tables and arrays are written into `folder`."""
    if isinstance(value, Source):
        return value
    if isinstance(value, RecordSet):
        return Source(value.path, label="label")
    if isinstance(value, TrainingInput) or hasattr(value, "config") and hasattr(value, "s3_data"):
        address = value.config["DataSource"]["S3DataSource"]["S3Uri"] if isinstance(value.config, dict) else value.s3_data
        return Source(local_path(address), getattr(value, "content_type", None) or value.config.get("ContentType"))
    if isinstance(value, (str, os.PathLike)):
        return Source(local_path(value))
    path = os.path.join(folder, name + ".csv")
    if hasattr(value, "to_csv") and hasattr(value, "columns"):
        value.to_csv(path, index=False)
        columns = [str(column) for column in value.columns]
        return Source(path, columns=columns, label=target or (columns[0] if columns else None))
    rows = [list(row) if hasattr(row, "__len__") and not isinstance(row, str) else [row] for row in
            (value.tolist() if hasattr(value, "tolist") else value)]
    if not rows:
        raise ValueError("the channel %s has no rows" % name)
    # SageMaker's order: the label first.
    columns = ["label"] + ["feature_%d" % number for number in range(1, len(rows[0]))]
    write(path, columns, rows)
    return Source(path, columns=columns, label="label")


def write(path, columns, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        if columns:
            writer.writerow(columns)
        writer.writerows(rows)


def records(features, labels, channel, folder):
    """Features and labels as a file with the label first."""
    rows = features.tolist() if hasattr(features, "tolist") else [list(row) for row in features]
    width = len(rows[0])
    columns = ["feature_%d" % number for number in range(1, width + 1)]
    if labels is not None:
        labels = labels.tolist() if hasattr(labels, "tolist") else list(labels)
        if len(labels) != len(rows):
            raise ValueError("there are %d rows and %d labels" % (len(rows), len(labels)))
        # Whole labels are classes: 1.0 is the class 1.
        labels = [int(label) if isinstance(label, float) and label == int(label) else label for label in labels]
        columns = ["label"] + columns
        rows = [[label] + row for label, row in zip(labels, rows)]
    handle, path = tempfile.mkstemp(prefix=channel + "-", suffix=".csv", dir=folder)
    os.close(handle)
    write(path, columns, rows)
    return RecordSet(path, len(rows), width, channel)


def profile(source):
    """The columns of a file and whether it names them, as `descent data profile` finds them."""
    found = [event for event in binary.objects(binary.checked(["data", "profile", source.path, "--json"] + source.options))
             if event.get("kind") == "datasetProfiled"]
    if not found:
        raise RuntimeError("descent data profile says nothing about %s" % source.path)
    return found[-1]
