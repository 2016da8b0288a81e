"""Faults in words for the user."""

import re


class Fault(Exception):
    """What happened: what to do. `code` is usage, data, failed or stopped."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message

    def __reduce__(self):
        return (Fault, (self.code, self.message))


def told(error: Exception) -> str:
    """The one line of a long report that says why: the last that names an error."""
    text = str(error)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    named = [line for line in lines if re.match(r"^[\w.]*(Error|Exception|Fault)\b", line)]
    caused = [line for line in lines if line.startswith("Caused by:")]
    line = (named or caused or lines or [type(error).__name__])[-1 if named else 0]
    return re.sub(r"\s+", " ", line)[:400]


def fault_of(error: Exception) -> Fault:
    """What an executor refused, or what else went wrong, in one line."""
    refused = re.findall(r"faults\.Fault: (.*)", str(error))
    if refused:
        return Fault("data", refused[-1].strip())
    return Fault("failed", told(error))
