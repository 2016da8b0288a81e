"""How runs, curves, comparisons and searches look in a notebook: pictures drawn by the `descent` program, tables, text for terminals."""

import html

from . import binary


class Picture:
    """Something that the program draws: an SVG image for who shows one, text for everybody else."""

    def __init__(self, text, image):
        self._text, self._image = list(text), list(image)

    def __repr__(self):
        return binary.checked(self._text).rstrip("\n")

    @property
    def svg(self):
        return binary.checked(self._image)

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"image/svg+xml": self.svg, "text/plain": repr(self)}


def curves(runs, metric=None, workspace_options=()):
    """One metric of runs over each other; without a metric what the first one is judged by."""
    words = ["runs", "curves"] + list(runs) + (["--metric", metric] if metric else []) + list(workspace_options)
    return Picture(words, words + ["--svg", "-", "--theme", "descent-light"])


class Comparison:
    """What differs between runs, and whether it is more than noise: `descent.sagemaker.compare("adam", "sgd")`."""

    def __init__(self, runs, workspace_options=()):
        self._words = ["runs", "compare"] + list(runs) + list(workspace_options)
        self._curves = curves(runs, None, workspace_options)

    @property
    def data(self):
        """As `descent runs compare --json` tells it."""
        return binary.objects(binary.checked(self._words + ["--json"]))[-1]

    def __repr__(self):
        return binary.checked(self._words).rstrip("\n")

    def _repr_html_(self):
        found = self.data
        names = found["names"]
        rows = []
        for metric in found["metrics"]:
            cells = [number(value) + (" ★" if place in metric.get("best", []) else "") for place, value in enumerate(metric["values"])]
            rows.append([metric["name"]] + cells)
        settings = [[one["name"]] + ["–" if value is None else str(value) for value in one["values"]]
                    for one in found["hyperparameters"] if len(set(map(str, one["values"]))) > 1]
        parts = [table(["metric"] + names, rows)]
        if settings:
            parts.append(table(["setting"] + names, settings))
        return "".join(parts) + self._curves.svg


def compare(*runs, workspace=None):
    """Compares runs by their names, or the jobs and estimators that trained them."""
    names = [getattr(getattr(run, "latest_training_job", run), "name", run) for run in runs]
    if len(names) < 2:
        raise ValueError("compare needs two runs or more: the first is what the others are compared with")
    return Comparison(names, ["--workspace", str(workspace)] if workspace else [])


def number(value):
    if value is None:
        return "–"
    return "%.6g" % value if isinstance(value, float) else str(value)


def table(heads, rows):
    """An HTML table of texts; numbers stand to the right."""
    def line(cells, kind):
        return "<tr>%s</tr>" % "".join(
            '<%s style="text-align:%s">%s</%s>' % (kind, "left" if place == 0 else "right", html.escape(str(cell)), kind)
            for place, cell in enumerate(cells))

    return "<table><thead>%s</thead><tbody>%s</tbody></table>" % (line(heads, "th"), "".join(line(row, "td") for row in rows))


def judged(job):
    """What says how good its model is: not what its steps were like, what it cost, or one of several folds."""
    steps = ("train:gradient_norm", "train:learning_rate")
    return sorted((name, value) for name, value in job.metrics.items()
                  if not name.startswith("system:") and "@" not in name and name not in steps)


def job_html(job):
    """A training job: how it ended, its metrics, what the debugger found."""
    own = judged(job)
    parts = ["<b>%s</b> %s%s" % (html.escape(job.name), html.escape(job.status), ": " + html.escape(job.reason) if job.reason else "")]
    if own:
        parts.append(table(["metric", "value"], [[name, number(value)] for name, value in own]))
    if job.alerts:
        parts.append("<ul>%s</ul>" % "".join("<li>%s</li>" % html.escape(alert_words(alert)) for alert in job.alerts))
    return "".join(parts)


def job_text(job):
    own = judged(job)
    lines = ["%s %s%s" % (job.name, job.status, ": " + job.reason if job.reason else "")]
    lines += ["  %-28s %s" % (name, number(value)) for name, value in own]
    return "\n".join(lines + ["  ! " + alert_words(alert) for alert in job.alerts])


def alert_words(alert):
    return ": ".join(str(alert[name]) for name in ("rule", "summary") if alert.get(name))
