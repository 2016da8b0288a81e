"""Endpoints: what `deploy` gives, asks over HTTP with the workspace's token, and deletes."""

import csv
import io
import json
import re
import time
import urllib.error
import urllib.request

from . import binary


class EndpointError(RuntimeError):
    """An endpoint answered with an error; `code` is SageMaker's, such as ModelError, `status` that of HTTP."""

    def __init__(self, code, message, status, original_status=None):
        super().__init__("%s (%s): %s" % (code, status, message))
        self.code, self.message, self.status, self.original_status = code, message, status, original_status


class CSVSerializer:
    """Rows as CSV: lists, arrays, tables of pandas; text stays as it is."""

    def __init__(self, content_type="text/csv"):
        self.CONTENT_TYPE = self.content_type = content_type

    def serialize(self, data):
        if hasattr(data, "read"):
            data = data.read()
        if isinstance(data, (str, bytes)):
            return data
        if hasattr(data, "to_csv") and hasattr(data, "columns"):
            return data.to_csv(index=False)
        rows = data.tolist() if hasattr(data, "tolist") else list(data)
        if rows and not isinstance(rows[0], (list, tuple)):
            rows = [rows]
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(rows)
        return text.getvalue()


class JSONSerializer:
    def __init__(self, content_type="application/json"):
        self.CONTENT_TYPE = self.content_type = content_type

    def serialize(self, data):
        if hasattr(data, "read"):
            data = data.read()
        if isinstance(data, (str, bytes)):
            return data
        return json.dumps(data.tolist() if hasattr(data, "tolist") else data)


class BytesDeserializer:
    """The answer as it came."""

    def __init__(self, accept="*/*"):
        self.ACCEPT = self.accept = accept

    def deserialize(self, body, content_type):
        return body


class StringDeserializer(BytesDeserializer):
    def deserialize(self, body, content_type):
        return body.decode("utf-8")


class JSONDeserializer(BytesDeserializer):
    def __init__(self, accept="application/json"):
        super().__init__(accept)

    def deserialize(self, body, content_type):
        return json.loads(body.decode("utf-8"))


class CSVDeserializer(BytesDeserializer):
    """Rows of text."""

    def __init__(self, accept="text/csv"):
        super().__init__(accept)

    def deserialize(self, body, content_type):
        return list(csv.reader(io.StringIO(body.decode("utf-8"))))


class DataCaptureConfig:
    """Which requests are written down, in SageMaker's form, in the workspace's folder `capture`."""

    def __init__(self, enable_capture=True, sampling_percentage=20, destination_s3_uri=None, **others):
        self.enable_capture, self.sampling_percentage = enable_capture, sampling_percentage
        for name in ["destination_s3_uri"] * (destination_s3_uri is not None) + sorted(others):
            binary.say_once("%s has no meaning here: what is captured lies in the workspace" % name)


class Predictor:
    """An endpoint as its clients see it: `predict`, and `delete_endpoint` when nobody needs it any more."""

    def __init__(self, endpoint_name, sagemaker_session=None, serializer=None, deserializer=None, workspace=None, **others):
        self.endpoint_name = endpoint_name
        self.serializer = serializer or CSVSerializer()
        self.deserializer = deserializer or BytesDeserializer()
        self._options = ["--workspace", workspace] if workspace else []
        self._token = None

    @property
    def url(self):
        """Where it is reached; the host has another port when somebody took its own while it was away."""
        return self._command("show")["url"]

    def predict(self, data, initial_args=None, target_model=None, target_variant=None, inference_id=None, custom_attributes=None):
        """Sends rows; gives what the deserializer makes of the answer."""
        if target_model is not None:
            raise ValueError("target_model: an endpoint here has variants, and no other models")
        named = {"Content-Type": self.serializer.content_type, "Accept": self.deserializer.accept}
        for header, value in (("Target-Variant", target_variant), ("Inference-Id", inference_id), ("Custom-Attributes", custom_attributes)):
            if value is not None:
                named["X-Amzn-SageMaker-" + header] = value
        for name, value in (initial_args or {}).items():
            header = {"ContentType": "Content-Type", "Accept": "Accept"}.get(name)
            named[header or "X-Amzn-SageMaker-" + re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name)] = value
        body = self.serializer.serialize(data)
        answer, kind = self._ask(body if isinstance(body, bytes) else body.encode("utf-8"), named)
        return self.deserializer.deserialize(answer, kind)

    def delete_endpoint(self, delete_endpoint_config=True):
        self._command("delete")

    def delete_model(self):
        """The model is the run's, and stays with it."""

    def _command(self, verb):
        return binary.objects(binary.checked(["endpoint", verb, self.endpoint_name, "--json"] + self._options))[-1]

    def _ask(self, body, headers):
        known = binary.objects(binary.checked(["endpoint", "credentials", "--json"] + self._options))[-1] if not self._token else None
        if known:
            self._token, self._base = known["token"], known["endpoint_url"]
        headers["Authorization"] = "Bearer " + self._token
        request = urllib.request.Request("%s/endpoints/%s/invocations" % (self._base, self.endpoint_name), body, headers, method="POST")
        try:
            # A proxy for the web is not asked for what is on this machine.
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=120) as answer:
                return answer.read(), answer.headers.get("Content-Type")
        except urllib.error.HTTPError as error:
            text = error.read().decode("utf-8", "replace")
            try:
                said = json.loads(text)
            except ValueError:
                said = {"Message": text}
            raise EndpointError(error.headers.get("x-amzn-ErrorType") or "Error", said.get("OriginalMessage") or said.get("Message", text),
                                error.code, said.get("OriginalStatusCode")) from None
        except urllib.error.URLError:
            # The host may have come back at another place.
            self._token = None
            raise


def deploy(model, workspace_options, workspace, endpoint_name=None, data_capture_config=None, serializer=None, deserializer=None):
    """An endpoint of a run's model; its predictor once it answers."""
    if endpoint_name is None:
        plain = re.sub(r"[^A-Za-z0-9]+", "-", model).strip("-")[:40] or "model"
        endpoint_name = "%s-%s" % (plain, time.strftime("%Y-%m-%d-%H-%M-%S"))
    capture = []
    if data_capture_config is not None and data_capture_config.enable_capture:
        capture = ["--capture", str(data_capture_config.sampling_percentage)]
    binary.checked(["endpoint", "create", endpoint_name, "--model", model, "--json"] + capture + workspace_options)
    return Predictor(endpoint_name, serializer=serializer, deserializer=deserializer, workspace=workspace)
