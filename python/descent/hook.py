"""What happens inside a PyTorch model while it trains: weights, gradients, inputs, activations, updates, losses, optimiser state.

Torch is imported when a hook is made while Descent listens, not before.
"""

from collections import deque
import functools
import json
import os
import time
import weakref

from ._arrays import is_bias
from ._pickling import leave_out
from ._session import first_step, session
from ._whole import asked as asked_whole

COLLECTIONS = ("weights", "biases", "gradients", "activations", "inputs", "updates", "optimizer", "losses")
#: Wrappers put these into the names of what they wrap.
_WRAPPERS = ("_orig_mod", "_fsdp_wrapped_module", "_checkpoint_wrapped_module")
_PARALLEL = ("DistributedDataParallel", "DataParallel")
#: Steps, from a captured one on, that are timed for what the capture cost.
WATCHED = 4
#: State of optimizers that has a parameter's shape and tells something.
_STATES = ("exp_avg", "exp_avg_sq", "momentum_buffer", "square_avg", "sum")


def _safe(method):
    """An error of ours takes the hook out of model and optimizers; training goes on."""
    @functools.wraps(method)
    def call(self, *arguments):
        try:
            return method(self, *arguments)
        except Exception as error:
            session.disable("%s: %s: %s" % (method.__name__, type(error).__name__, error))
            self.close()
    return call


class Nothing:
    """What is left of a hook in a copied or unpickled model."""

    def __call__(self, *arguments, **named):
        return None

    def step(self):
        pass

    def close(self):
        pass


class _Capture:
    """A forward hook. A model is copied and pickled without it, in the middle of a captured step too."""

    def __init__(self, hook, name, collection):
        self.hook, self.name, self.collection = hook, name, collection

    def __reduce__(self):
        return (Nothing, ())

    def __deepcopy__(self, memo):
        return Nothing()

    def __call__(self, module, inputs, output):
        self.hook._forwarded(self.name, self.collection, output, module)


class _InputReader(_Capture):
    """A hook before the forward pass of the whole model."""

    def __call__(self, module, inputs):
        self.hook._forwarded(self.name, self.collection, inputs)


class _Clock(_Capture):
    """A hook before or after the forward pass of the whole model: `name` says which."""

    def __call__(self, module, inputs, output=None):
        self.hook._mark(self.name)


class _Watcher(_Capture):
    """Before every forward pass of the whole model, for what is observed beside tensors."""

    def __call__(self, module, inputs, named=None):
        observer = self.hook.observer
        observer.fed(inputs, named)
        if self.hook.profile is not None:
            self.hook.profile.passes(observer.trains)
        if self.hook.judging is not None and not observer.trains and not observer.is_closed:
            self.hook.judging.passes(inputs)


class _LossReader(_Capture):
    def __call__(self, module, inputs, output):
        self.hook._lost(output)


class Hook:
    """Three lines in a script: `import descent`, `hook = descent.Hook(model, optimizer)`, and `descent.log(...)` as usual.

    One step in some is captured: forward hooks are put in before it and taken out after it, and how often follows from what
    captures have cost so far, so that they stay below `limit` of the time. Steps are those of the (first) optimizer.

    - `optimizer`: one or several; without one, the first that steps and holds a parameter of `model` is taken.
    - `loss`: the loss module; its value is then logged as `loss` at every step, for scripts that do not log it themselves.
    - `scheduler`: where the learning rate is set from the studio, what goes on from it. Found without being named.
    - `every`: at least so many steps between two captures.  - `limit`: the share of time that captures may take.
    - `collections`: any of weights, biases, gradients, activations, inputs, updates, optimizer, losses.
    What the run was started with (`--debug-save-interval`, `--debug-collections`) holds instead of `every`, `limit` and `collections`.
    - `steer`: whether the learning rate may be set from the studio.
    """

    def __init__(self, model, optimizer=None, loss=None, *, scheduler=None, every=1, limit=0.02, collections=COLLECTIONS,
                 steer=True, start_step=None, is_automatic=False, begun=None):
        self.steps = self.first_step = first_step() if start_step is None else int(start_step)
        #: Whether the model has been trained before.
        self.goes_on = self.steps > 0
        #: Whether no line of the script asks for it.
        self.is_automatic = is_automatic
        self.observer = None
        self.profile = None
        self.judging = None
        #: From when on the share of time counts; None = from the first step.
        self._begun = begun
        self.captures = 0
        self.seconds = 0.0
        self._batch = None
        self._handles = []
        self._permanent = []
        #: Hooks of optimizers, and whether one of them is running: PyTorch goes through them and cannot bear that one is taken out.
        self._of_steps = []
        self._is_stepping = False
        self._closed = session.folder is None
        if not self._closed:
            if not is_automatic:
                from . import _automatic

                _automatic.stand_aside()
            self._start(model, optimizer, loss, scheduler, max(1, int(every)), float(limit), frozenset(collections), steer)

    def __reduce__(self):
        return (Nothing, ())

    def __deepcopy__(self, memo):
        return Nothing()

    @_safe
    def _start(self, model, optimizer, loss, scheduler, every, limit, collections, steer):
        unknown = collections - set(COLLECTIONS)
        if unknown:
            session.note("there are no collections %s; there are %s" % (", ".join(sorted(unknown)), ", ".join(COLLECTIONS)))
        every, limit, collections = asked_for(every, limit, collections)
        self.model, self._scheduler, self._steer = model, scheduler, steer
        self._every, self.limit, self._collections = every, limit, collections
        self._whole = asked_whole()
        self._epochs = _asked_epochs()
        # The first step is captured in any case.
        self._epoch_due = self._epochs or 0
        #: Whether steps are to be captured however soon they come.
        self._insists = self._whole is not None and any(every for _, every in self._whole.wanted)
        leave_out(_Capture)
        self._names = {id(parameter): _clean(model, name) for name, parameter in model.named_parameters()}
        #: Samples of parameters that no optimizer has, as they were at the last capture.
        self._unowned = {}
        self._optimizers = []
        self._last = None
        self._due = 0.0
        self._estimate = 0.0
        #: How long steps took that nothing was captured in or just before; when the last one ended.
        self._durations = deque(maxlen=15)
        self._ended = time.perf_counter()
        #: Steps from a capture on that are still timed, what they have taken beyond usual ones, and what those of earlier captures did.
        self._watched = 0
        self._excess = 0.0
        self._excesses = deque(maxlen=5)
        self._unseen = 0.0
        self._before = {}
        self._stepped = set()
        self._pending = None
        #: When parts of a captured step began and ended, with what captures had cost by then.
        self._marks = {}
        self._captured = set()
        self._losses = []
        writer = session.writer(self.is_automatic)
        #: Other ranks hold the same weights: they are steered and say nothing.
        self._speaks = writer is not None and writer.rank == 0
        if optimizer is not None:
            for one in optimizer if isinstance(optimizer, (list, tuple)) else [optimizer]:
                self._attach(one)
        else:
            self._discover()
        if self._speaks and loss is not None and hasattr(loss, "register_forward_hook"):
            self._permanent.append(loss.register_forward_hook(_LossReader(self, "loss", "losses")))
        session.finishers += (self._finish,)
        if self._speaks and self.limit and not _is_compiled(model):
            self._observe(model)
        if self._speaks and self.limit:
            from ._profile import StepProfile

            self.profile = StepProfile(self.steps)
            self._arm()

    def _observe(self, model):
        from ._judging import Judging
        from ._observer import Observer
        from torch.optim import optimizer as module

        self.observer = Observer(self, model, lambda name: _clean(model, name))
        self.judging = Judging(self, _asked().get("evaluations"))
        self._permanent.append(model.register_forward_pre_hook(_Watcher(self, "observed", None), with_kwargs=True))
        self._of_steps.append(module.register_optimizer_step_pre_hook(self._observe_step))

    def _observe_step(self, optimizer, arguments, named):
        self._is_stepping = True
        self.observer.before_step(optimizer)
        self._is_stepping = False

    def first_pass(self, inputs):
        """What hooks before the first pass would have seen, where this hook was made in the middle of it."""
        if self.observer is not None:
            self.observer.fed(inputs, None)
        if self._batch is not None:
            self._mark("begin")
            self._forwarded("inputs", "inputs", inputs)

    def _discover(self):
        from torch.optim import optimizer as module

        seen = weakref.WeakSet()

        def found(optimizer, arguments, named):
            if self._closed or optimizer in seen:
                return
            seen.add(optimizer)
            self._is_stepping = True
            if any(id(parameter) in self._names for group in optimizer.param_groups for parameter in group["params"]):
                self._attach(optimizer)
            self._is_stepping = False

        self._of_steps.append(module.register_optimizer_step_pre_hook(found))

    @_safe
    def _attach(self, optimizer):
        from ._learning_rate import steer_optimizer, unwrapped

        optimizer = unwrapped(optimizer)
        self._optimizers.append(optimizer)
        self._of_steps.append(optimizer.register_step_pre_hook(self._before_step))
        self._of_steps.append(optimizer.register_step_post_hook(self._after_step))
        if self._steer:
            steer_optimizer(optimizer, self._scheduler)

    # Around an optimizer's step

    def _before_step(self, optimizer, arguments, named):
        if self._begun is None:
            self._begun = time.perf_counter()
        if self.profile is not None:
            self.profile.begin_update()
        if self._batch is not None and not self._closed:
            started = time.perf_counter()
            self._mark("backward")
            self._is_stepping = True
            self._keep_weights(optimizer)
            self._is_stepping = False
            self.seconds += time.perf_counter() - started
            self._mark("kept")

    def _after_step(self, optimizer, arguments, named):
        if self._closed:
            return
        self._is_stepping = True
        if self.profile is not None:
            self.profile.end_update()
        self._stepped_by(optimizer)
        if self.profile is not None and optimizer is self._optimizers[0]:
            self._account()
        self._is_stepping = False

    @_safe
    def _account(self):
        """Takes down what the step's time went into, and tells it about once a second."""
        own = self.seconds + (self.observer.seconds if self.observer is not None else 0.0)
        self.profile.step(self.steps, own)
        if self.profile.is_due:
            self._tell_profile()

    def _tell_profile(self):
        told, writer = self.profile.message(), session.writer(self.is_automatic)
        if told is not None and writer is not None:
            writer.send("profile", **told)

    def _stepped_by(self, optimizer):
        if self._batch is not None:
            started = time.perf_counter()
            self._mark("updated")
            self._capture(optimizer)
            self.seconds += time.perf_counter() - started
        if optimizer is self._optimizers[0]:
            now = time.perf_counter()
            duration = now - self._ended
            self._ended = now
            if self._watched:
                self._watch(duration)
            else:
                self._durations.append(duration)
            if self._losses or self._pending is not None or self._insists or self._batch is None and now >= self._due:
                self._stepped_once()
            else:
                self.steps += 1
        elif self._batch is None:
            self._arm_if_due()

    @_safe
    def _watch(self, duration):
        """Adds up what a captured step and those after it took beyond a usual step: the hook's own clock does not see what its
        captures leave in the caches. Of several captures the middle one counts, since an evaluation may follow any one of them."""
        usual = sorted(self._durations)
        if usual:
            self._excess += duration - usual[len(usual) // 2]
        self._watched -= 1
        if self._watched:
            return
        self._excesses.append(self._excess)
        middle = sorted(self._excesses)[len(self._excesses) // 2]
        self._unseen = max(0.0, middle - self._estimate)
        self.seconds += self._unseen
        self._due = self._when_due(self._ended)

    @_safe
    def _stepped_once(self):
        if self._losses:
            # Parts of an accumulated batch are one step's loss.
            losses, self._losses = self._losses, []
            session.log(self.steps, None, {"loss": sum(losses) / len(losses) if len(losses) > 1 else losses[0]})
        self.steps += 1
        if not self._speaks:
            return
        started = time.perf_counter()
        if self._pending is not None:
            # The copy from the accelerator was started a step ago.
            pending, self._pending = self._pending, None
            self._emit(*pending)
        if self._batch is None:
            self._arm_if_due()

    @_safe
    def _arm_if_due(self):
        started = time.perf_counter()
        if self._speaks and self._may_capture(started):
            self._arm()
            self.seconds += time.perf_counter() - started

    def _may_capture(self, now):
        if not self.limit:
            return False
        if self._whole is not None and self._whole.due(self.steps):
            return True
        if self._epochs:
            # The first step of an epoch, as the script says them.
            epoch = session.epoch or 0
            if epoch < self._epoch_due:
                return False
            self._epoch_due = epoch - epoch % self._epochs + self._epochs
            return True
        return self._last is None or self.steps - self._last >= self._every and now >= self._due

    def _when_due(self, now):
        """When the next capture will be within the share of time that captures may take, and not sooner than can be looked at: the
        first come closer together, so that a run of a second is seen too."""
        if self.limit == float("inf"):
            return 0.0
        writer = session.writer(is_watching=True)
        held = writer.seconds if writer is not None else 0.0
        expected = self.seconds + held + self._estimate + self._unseen
        gap = min(0.25, 0.02 * (self.captures + 1))
        return max(now + gap, self._begun + expected / self.limit if self.limit > 0 else float("inf"))

    # What a captured step spends

    def _mark(self, name):
        """Of parts that come again, as where several batches are a step, the first is marked, and that there are several."""
        if self._batch is None:
            return
        if name in self._marks:
            self._marks["again"] = (0.0, 0.0)
        else:
            self._marks[name] = (time.perf_counter(), self.seconds)

    def _spent(self):
        """Seconds by part, less what captures cost; empty where a step is no single pass, or of an accelerator, which works on while
        the script does."""
        marks, self._marks = self._marks, {}
        names = ("begun", "begin", "end", "backward", "kept", "updated")
        if "again" in marks or any(name not in marks for name in names) or len(self._optimizers) > 1:
            return None
        if any(parameter.device.type != "cpu" for parameter in self.model.parameters()):
            return None

        def between(first, last):
            return max(0.0, marks[last][0] - marks[first][0] - (marks[last][1] - marks[first][1]))
        return {name: round(between(first, last), 9) for name, first, last in (
            ("data", "begun", "begin"), ("forward", "begin", "end"), ("backward", "end", "backward"),
            ("update", "kept", "updated"))}

    # Capturing a step

    def _arm(self):
        from ._summaries import Batch

        self._batch = Batch()
        if self._whole is not None:
            self._batch.save = self._whole.choice(self.steps)
        self._watched = 0
        self._captured.clear()
        self._stepped.clear()
        self._before.clear()
        self._cost_before = self.seconds
        self._armed_at = self.steps
        self._marks = {}
        if self.captures or self._begun is not None:
            # The first step begins when the script says so, which nobody knows.
            self._mark("begun")
        if not _is_compiled(self.model):
            self._handles.append(self.model.register_forward_pre_hook(_Clock(self, "begin", None)))
        if "activations" in self._collections and not _is_compiled(self.model):
            for name, module in self.layers():
                self._handles.append(module.register_forward_hook(_Capture(self, name, "activations")))
        if "inputs" in self._collections and not _is_compiled(self.model):
            self._handles.append(self.model.register_forward_pre_hook(_InputReader(self, "inputs", "inputs")))
        if not _is_compiled(self.model):
            self._handles.append(self.model.register_forward_hook(_Clock(self, "end", None)))

    def layers(self):
        """What has no modules of its own, each with the name of what it puts out."""
        for name, module in self.model.named_modules():
            if next(module.children(), None) is None:
                yield (_clean(self.model, name) or type(module).__name__) + ".output", module

    def _disarm(self):
        for handle in self._handles:
            handle.remove()
        self._handles = []

    @_safe
    def _forwarded(self, name, collection, output, module=None):
        batch = self._batch
        # The first pass of a step alone: others are further parts of an accumulated batch, or a recomputation.
        if batch is None or name in self._captured or not self.model.training:
            return
        started = time.perf_counter()
        batch.add_output(name, collection, tensors_in(output), module)
        self._captured.add(name)
        self.seconds += time.perf_counter() - started

    @_safe
    def _lost(self, output):
        for tensor in tensors_in(output)[:1]:
            # Losses of an evaluation have no gradient.
            if not tensor.requires_grad:
                return
            if tensor.numel() == 1:
                self._losses.append(tensor.item() if tensor.device.type == "cpu" else tensor.detach().clone())
            if self._batch is not None and "losses" in self._collections and "loss" not in self._captured:
                self._captured.add("loss")
                self._batch.add("loss", "losses", tensor)

    @_safe
    def _keep_weights(self, optimizer):
        if "updates" not in self._collections or id(optimizer) in self._stepped:
            return
        from ._summaries import sampled

        for name, parameter in self._owned(optimizer):
            if parameter.requires_grad and parameter.is_floating_point():
                self._before[name] = sampled(parameter.detach())

    @_safe
    def _capture(self, optimizer):
        batch = self._batch
        if id(optimizer) not in self._stepped:
            self._stepped.add(id(optimizer))
            for name, parameter in self._owned(optimizer):
                self._capture_parameter(batch, optimizer, name, parameter)
            if len(self._stepped) < len(self._optimizers):
                return
            self._capture_unowned(batch)
        elif optimizer is not self._optimizers[0]:
            # Another optimizer may step more often, or not at each step; the first one's next step ends the capture.
            return
        self._disarm()
        self._batch = None
        self._watched, self._excess = WATCHED, 0.0
        batch.copy()
        if batch.waits:
            self._pending = (batch, self._armed_at)
        else:
            self._emit(batch, self._armed_at, counted=True)

    def _capture_parameter(self, batch, optimizer, name, parameter):
        from ._summaries import sampled

        collection = "biases" if is_bias(name) else "weights"
        if collection in self._collections:
            batch.add(name, collection, parameter)
        before = self._before.pop(name, None)
        if parameter.grad is not None:
            # Read after the step: by then scaled gradients are unscaled, and a closure has computed them.
            if "gradients" in self._collections:
                batch.add("gradient/" + name, "gradients", parameter.grad)
            if before is not None:
                update = sampled(parameter.detach()) - before
                batch.add_sample("update/" + name, "updates", parameter.numel(), update, name)
        if "optimizer" in self._collections:
            state = optimizer.state.get(parameter)
            for kind in _STATES:
                value = state.get(kind) if state else None
                if hasattr(value, "numel") and value.numel() == parameter.numel() and value.numel() > 1:
                    batch.add("%s/%s" % (kind, name), "optimizer", value)

    def _capture_unowned(self, batch):
        """What no optimizer has that is known here: frozen on purpose, forgotten, or another one's. Whether that changes is seen from
        one capture to the next."""
        from ._summaries import sampled

        owned = {id(parameter) for optimizer in self._optimizers for _, parameter in self._owned(optimizer)}
        for parameter in self.model.parameters():
            name = self._names.get(id(parameter))
            if name is None or id(parameter) in owned or not parameter.is_floating_point():
                continue
            collection = "biases" if is_bias(name) else "weights"
            if collection in self._collections:
                batch.add(name, collection, parameter)
            if not parameter.requires_grad or parameter.grad is None:
                continue
            if "gradients" in self._collections:
                batch.add("gradient/" + name, "gradients", parameter.grad)
            if "updates" in self._collections:
                now = sampled(parameter.detach()).clone()
                before, self._unowned[name] = self._unowned.get(name), now
                if before is not None:
                    batch.add_sample("update/" + name, "updates", parameter.numel(), now - before, name)

    def _owned(self, optimizer):
        for group in optimizer.param_groups:
            for parameter in group["params"]:
                name = self._names.get(id(parameter))
                if name is not None:
                    yield name, parameter

    def _emit(self, batch, step, counted=False):
        """Hands the summaries on; where `counted`, the caller adds the time that this takes to `seconds`."""
        started = time.perf_counter()
        parts = self._spent()
        passes = parts and parts["forward"] + parts["backward"]
        if passes and self.profile is not None:
            self.profile.shares = {name: parts[name] / passes for name in ("forward", "backward")}
        writer = session.writer(self.is_automatic)
        if writer is None:
            return
        for message in batch.messages(step):
            writer.summary(message)
        now = time.perf_counter()
        seconds = self.seconds + now - started
        if not counted:
            self.seconds = seconds
        # What a first capture costs (kernels that are loaded, memory) says little of the next.
        spent = seconds - self._cost_before
        self._estimate = spent if self.captures < 2 else 0.5 * (self._estimate + spent)
        interval = step - self._last if self._last is not None else self._every
        self.captures += 1
        self._last = step
        elapsed = now - self._begun
        self._due = self._when_due(now)
        if self.observer is not None:
            seconds += self.observer.seconds
        writer.send("cost", seconds=round(seconds, 6), share=round(seconds / elapsed, 6) if elapsed > 0 else 0.0, interval=interval,
                    spent=parts)

    # Ends

    def _finish(self):
        if self._pending is not None:
            pending, self._pending = self._pending, None
            self._emit(*pending)
        if self.profile is not None and not self._closed:
            self._tell_profile()
        if self.observer is not None and not self._closed:
            self.observer.finish()
        self.close()

    def close(self):
        """Takes everything out of model and optimizers."""
        self._closed = True
        if self.observer is not None:
            self.observer.close()
        if self.judging is not None:
            self.judging.close()
        self._batch = None
        self._disarm()
        for handle in self._permanent + ([] if self._is_stepping else self._of_steps):
            handle.remove()
        self._permanent = []
        if not self._is_stepping:
            self._of_steps = []

    @property
    def share(self):
        """The share of time since the first step that was spent here."""
        elapsed = time.perf_counter() - self._begun if getattr(self, "_begun", None) else 0.0
        return self.seconds / elapsed if elapsed else 0.0


def _clean(model, name):
    """A parameter's or module's name as the script's own model has it, whatever wraps that."""
    parts = [part for part in name.split(".") if part not in _WRAPPERS]
    inner = getattr(model, "_orig_mod", model)
    if type(inner).__name__ in _PARALLEL and parts[:1] == ["module"]:
        parts = parts[1:]
    return ".".join(parts)


def epochs_in(interval):
    """How many epochs lie between two captures, of `2e`; None where an interval counts none."""
    if isinstance(interval, str) and interval.endswith("e") and interval[:-1].isdigit():
        return max(1, int(interval[:-1]))
    return None


def _asked():
    """What the run was started with."""
    try:
        asked = json.loads(os.environ.get("DESCENT_TENSORS") or "{}")
    except ValueError:
        return {}
    return asked if isinstance(asked, dict) else {}


def _asked_epochs():
    return epochs_in(_asked().get("interval"))


def asked_for(every, limit, collections):
    """What the run was started with, where something was said; else what the script says. A limit of 0 captures nothing, and one of
    infinity as often as `every` says."""
    asked = _asked()
    interval = asked.get("interval")
    if interval == "off":
        limit = 0.0
    elif isinstance(interval, int) and interval > 0:
        every, limit = interval, float("inf")
    elif epochs_in(interval):
        every, limit = epochs_in(interval), float("inf")
    if isinstance(asked.get("collections"), list):
        collections = frozenset(COLLECTIONS).intersection(asked["collections"])
    return every, limit, collections


def _is_compiled(model):
    """Compiled and scripted modules ignore hooks, or are compiled anew for them."""
    name = type(model).__name__
    return name in ("OptimizedModule", "ScriptModule", "RecursiveScriptModule", "TopLevelTracedModule") or \
        getattr(model, "_compiled_call_impl", None) is not None or \
        any(type(child).__name__ == "OptimizedModule" for child in model.children())


def tensors_in(output):
    if hasattr(output, "detach"):
        return [output]
    if isinstance(output, dict):
        output = list(output.values())
    if isinstance(output, (list, tuple)):
        return [tensor for tensor in output if hasattr(tensor, "detach")]
    return []
