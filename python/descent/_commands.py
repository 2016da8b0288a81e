"""What the user wants while the script trains: lines that Descent appends to a file, read between two steps."""

import json
import os
import time

from . import _process
from ._session import first_step, session

#: The file is looked at no more often; between two looks a call costs a comparison.
LOOK_SECONDS = 0.05
#: How long a command waits for the script to name what it sets.
UNKNOWN_SECONDS = 2.0
#: Ranks that step together are at most a step apart: what rank 0 decides is known to all after this many.
AGREED_STEPS = 8
#: What scripts call a learning rate that they are given.
RATES = ("learning_rate", "lr", "learning-rate", "eta")


#: The script is about to be given the value, or has not yet been.
ASKED = object()


class Refusal(Exception):
    """Why a command cannot take effect."""


class Knob:
    """One thing that can be set: `get()` gives what it is, `set(text)` raises Refusal or returns what it is then."""

    def __init__(self, name, default):
        self.name = name
        self.default = default
        self.value = default
        self.waiting = None
        #: The last step that was known when the script was given the value (None before the first), or ASKED.
        self.given_after = ASKED

    def parse(self, text):
        return parse(self.name, text, self.default)

    def get(self):
        return self.value

    def set(self, value):
        self.value = value
        return value


def parse(name, text, like):
    """`text` as a value of the type that `like` has."""
    text = text if isinstance(text, str) else json.dumps(text)
    kind = type(like)
    try:
        if kind is bool:
            lowered = text.strip().lower()
            if lowered in ("true", "1", "yes", "on"):
                return True
            if lowered in ("false", "0", "no", "off"):
                return False
            raise ValueError
        if kind is int:
            value = float(text)
            if value != int(value):
                raise ValueError
            return int(text) if text.strip().lstrip("+-").isdigit() else int(value)
        if kind is float:
            value = float(text)
            if value - value != 0:
                raise ValueError
            return value
    except (ValueError, OverflowError):
        words = {bool: "true or false", int: "a whole number", float: "a finite number"}[kind]
        raise Refusal("%s must be %s, not %s" % (name, words, text))
    return text


def _texts(variable):
    try:
        return dict(json.loads(os.environ.get(variable) or "{}"))
    except (ValueError, TypeError):
        return {}


class Commands:
    def __init__(self):
        path = os.environ.get("DESCENT_COMMANDS")
        self.path = os.path.abspath(path) if path else None
        self.knobs = {}
        self._set_before = None
        self._set_now = None
        self.stopping = False
        self.stops = []
        self.pending = []
        self._offset = 0
        self._rest = b""
        #: In the future only while nothing waits: until then a call between two steps has nothing to do.
        self.look_at = 0.0
        self._announced = None
        self._turns = {}
        self.alone = None
        self._agreed = {}
        self._agreed_offset = 0

    # What the script calls

    def add(self, knob):
        self.knobs[knob.name] = knob
        self.announce()

    def remembered(self, name, default):
        """What a run that goes on was given to change, or what was set in a former attempt; else `default`."""
        given = self.given(name, like=default)
        return default if given is None else given[0]

    def given(self, *names, like):
        """What is set of the first of the names that anything is set of, and whether it is to hold whatever the checkpoint has; or None."""
        if self._set_now is None:
            self._set_now, self._set_before = _texts("DESCENT_SET"), _texts("DESCENT_STEERED")
        for texts, is_new in ((self._set_now, True), (self._set_before, False)):
            for name in names:
                if name in texts:
                    try:
                        return parse(name, texts[name], like), is_new
                    except Refusal as refusal:
                        if is_new:
                            self.refuse_given(refusal)
                        return None
        return None

    def refuse_given(self, refusal):
        """Says aloud that what a fork or resume was given does not hold: as command 0."""
        self._refuse(0, str(refusal))
        session.note("not set: %s" % refusal)

    def turn(self, source, step=None):
        """Between two steps: reads what has come and lets it take effect. `source` names the place in the script."""
        if self.path is None:
            return
        now = time.monotonic()
        if now < self.look_at:
            return
        if self.alone is None:
            self.alone = _process.world() <= 1
        if not self.alone:
            self._turns[source] = self._turns.get(source, 0) + 1
        self._read(now)
        if self.pending:
            self._apply(source, now, step)
        self.look_at = now + LOOK_SECONDS if self.alone and not self.pending and not self.stops else 0.0

    def should_stop(self):
        self.turn("stop")
        if self.stops:
            for seq in self.stops:
                session.send("steered", seq=seq, step=self._step(None), epoch=session.epoch, values={})
            self.stops = []
            writer = session.writer()
            if writer is not None:
                writer.flush(0.5)
        return self.stopping

    # The file

    def _read(self, now):
        try:
            size = os.stat(self.path).st_size
        except OSError:
            return
        if size <= self._offset:
            return
        with open(self.path, "rb") as file:
            file.seek(self._offset)
            new = file.read(size - self._offset)
        self._offset += len(new)
        lines = (self._rest + new).split(b"\n")
        self._rest = lines.pop()
        for line in lines:
            try:
                command = json.loads(line.decode("utf-8"))
                seq = int(command["seq"])
            except (ValueError, KeyError, TypeError):
                continue
            if command.get("stop") or isinstance(command.get("set"), dict):
                self.pending.append((seq, command, now))

    def _apply(self, source, now, step):
        later = []
        for entry in self.pending:
            seq, command, since = entry
            if command.get("stop"):
                if self._is_time(seq, "stop", source):
                    self.stopping = True
                    self.stops.append(seq)
                else:
                    later.append(entry)
                continue
            wanted = command["set"]
            unknown = [name for name in wanted if name not in self.knobs]
            if unknown:
                if now - since < UNKNOWN_SECONDS:
                    later.append(entry)
                else:
                    can = ", ".join(sorted(self.knobs)) or "nothing"
                    self._refuse(seq, "the script does not say that %s can be set (it can: %s)" % (unknown[0], can))
                continue
            if not self._is_time(seq, "set", source):
                later.append(entry)
                continue
            self._set(seq, wanted, step)
        self.pending = later

    def _set(self, seq, wanted, step):
        """All of a command or nothing of it."""
        done = []
        try:
            values = [(self.knobs[name], self.knobs[name].parse(text)) for name, text in wanted.items()]
            for knob, value in values:
                before = knob.get()
                done.append((knob, before))
                knob.set(value)
        except Refusal as refusal:
            for knob, before in done[:-1]:
                knob.set(before)
            self._refuse(seq, str(refusal))
            return
        # What the script was given in the step that is on holds until it asks again, in the next one.
        late = step is None and any(knob.given_after == session.step for knob, _ in values)
        session.send("steered", seq=seq, step=self._step(step) + (1 if late else 0), epoch=session.epoch,
                     values={knob.name: knob.get() for knob, _ in values})
        self.announce()

    def _refuse(self, seq, why):
        session.send("refused", seq=seq, why=why)

    def _step(self, step):
        """The step before which what was set takes effect: the one after the last that is known."""
        if step is not None:
            return step
        return first_step() if session.step is None else session.step + 1

    def announce(self):
        """Says what can be set, and what it is now, where that has changed."""
        values = {name: knob.get() for name, knob in self.knobs.items()}
        if values != self._announced:
            self._announced = values
            session.send("steerable", values=values)

    # Ranks

    def _is_time(self, seq, kind, source):
        """Ranks must change together, or their weights drift apart: rank 0 says at which turn, the others wait for it."""
        if self.alone or session.folder is None:
            return True
        path = os.path.join(session.folder, "agreed-%d" % _process.attempt())
        if _process.rank() == 0 and seq not in self._agreed:
            if kind == "stop" and source != "stop":
                return False
            at = self._turns[source] + AGREED_STEPS
            self._agreed[seq] = (source, at)
            descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
            try:
                os.write(descriptor, ("%d %d %s\n" % (seq, at, source)).encode())
            finally:
                os.close(descriptor)
        elif seq not in self._agreed:
            try:
                with open(path) as file:
                    for line in file:
                        if line.endswith("\n"):
                            number, at, place = line.rstrip("\n").split(" ", 2)
                            self._agreed[int(number)] = (place, int(at))
            except OSError:
                return False
        place, at = self._agreed.get(seq, (None, 0))
        return place == source and self._turns[source] >= at


commands = Commands()
