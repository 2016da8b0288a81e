"""A session of Spark: how it is reached, what it has, and what becomes of its executors."""

import os
import re
import shlex
import shutil
import socket
import tempfile
import threading
import time
import zipfile

from descent._spark.faults import Fault, told

# Seconds that a cluster may take: to answer at all, and to bring the executors that were asked for.
ANSWER_LIMIT = 5
EXECUTOR_LIMIT = 60


class Session:
    def __init__(self, settings, wire) -> None:
        self.wire = wire
        self.master = settings.master
        self.executors = settings.executors
        self.is_local = self.master.startswith("local")
        check_reachable(self.master)
        take_settings_file()
        from pyspark import SparkConf, SparkContext
        from pyspark.sql import SparkSession

        conf = SparkConf().setMaster(forgiving(self.master)).setAppName(settings.name)
        for name, value in configuration(settings).items():
            conf.set(name, value)
        try:
            context = SparkContext(conf=conf)
            context.setLogLevel("WARN")
            # Where the cluster takes nobody without its secret, the context is gone by now.
            self.spark = SparkSession(context)
        except Exception as error:
            raise Fault("failed", f"Spark cannot begin on {self.master} ({told(error).rstrip('.')}): {advice(self.master)}") from None
        self.context = context
        self._package = packed_package()
        context.addPyFile(self._package)
        self._stopped = False
        self._lost: set = set()
        if not self.is_local:
            self._wait_for_executors()
        threading.Thread(target=self._watch, daemon=True).start()

    @property
    def slots(self) -> int:
        """Tasks that can run at once now."""
        if self.is_local:
            return self.context.defaultParallelism
        return max(1, sum(executor.totalCores() for executor in self._alive()))

    def cancel(self) -> None:
        try:
            self.context.cancelAllJobs()
        except Exception:
            pass  # It is going down already.

    def stop(self) -> None:
        self._stopped = True
        try:
            self.spark.stop()
        except Exception:
            pass  # What is left of it ends with this process.
        shutil.rmtree(os.path.dirname(self._package), ignore_errors=True)

    def _known(self) -> list:
        found = self.context._jsc.sc().statusStore().executorList(False)
        return [found.apply(place) for place in range(found.size())]

    def _alive(self) -> list:
        return [executor for executor in self._known() if executor.isActive() and executor.id() != "driver"]

    def _wait_for_executors(self) -> None:
        wanted = self.executors or 1
        deadline = time.monotonic() + EXECUTOR_LIMIT
        while (count := len(self._alive())) < wanted:
            if time.monotonic() > deadline:
                raise Fault(
                    "failed",
                    f"{self.master} brought {count} of {wanted} executors within {EXECUTOR_LIMIT} seconds: ask for fewer "
                    "(--executors), for less (--executor-cores, --executor-memory), or start more workers",
                )
            time.sleep(0.2)

    def _watch(self) -> None:
        while not self._stopped:
            try:
                known = self._known()
            except Exception:
                return
            workers = [executor for executor in known if executor.id() != "driver"]
            shown = known if self.is_local else workers
            alive = [executor for executor in shown if executor.isActive()]
            self.wire.news(
                "cluster",
                executors=len(alive),
                tasks=sum(executor.activeTasks() for executor in alive),
                memory=sum(executor.memoryUsed() for executor in alive),
                shuffled=sum(executor.totalShuffleWrite() for executor in shown),
            )
            for executor in workers:
                if not executor.isActive() and executor.id() not in self._lost:
                    self._lost.add(executor.id())
                    if not self._stopped:
                        self.wire.news("executorLost", text=lost(executor, len(alive)))
            time.sleep(1)


def lost(executor, left: int) -> str:
    why = executor.removeReason()
    reason = re.sub(r"\s+", " ", why.get()).strip().rstrip(".") if why.isDefined() else "it does not answer"
    others = "none is left" if left == 0 else "1 goes on" if left == 1 else f"{left} go on"
    return f"executor {executor.id()} on {executor.hostPort()} was lost ({reason[:160]}): {others}"


def configuration(settings) -> dict:
    own = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.catalogImplementation": "in-memory",
        "spark.sql.execution.arrow.pyspark.enabled": "true",
        # Every record is read whole, so that one with too few fields shows whatever is asked for.
        "spark.sql.csv.parser.columnPruning.enabled": "false",
        "spark.local.dir": tempfile.gettempdir(),
        "spark.sql.warehouse.dir": os.path.join(tempfile.gettempdir(), "spark-warehouse"),
        "spark.executor.memory": settings.executor_memory or "1g",
        "spark.executorEnv.OMP_NUM_THREADS": "1",
        "spark.executorEnv.OPENBLAS_NUM_THREADS": "1",
        # A job that cannot run all its tasks at once is told so soon, instead of after ten minutes.
        "spark.scheduler.barrier.maxConcurrentTasksCheck.interval": "2s",
        "spark.scheduler.barrier.maxConcurrentTasksCheck.maxFailures": "10",
    }
    if settings.executor_cores:
        own["spark.executor.cores"] = str(settings.executor_cores)
    if settings.executors:
        own["spark.executor.instances"] = str(settings.executors)
        own["spark.cores.max"] = str(settings.executors * (settings.executor_cores or 1))
        if not settings.executor_cores:
            own["spark.executor.cores"] = "1"
    if settings.master.startswith("local"):
        # Nobody else of this machine is to ask it for anything; Spark makes the secret itself.
        own["spark.authenticate"] = "true"
    if settings.master.startswith("local") or _names_loopback(settings.master):
        own["spark.driver.host"] = "127.0.0.1"
        own["spark.driver.bindAddress"] = "127.0.0.1"
    return own


def advice(master: str) -> str:
    if master.startswith("local"):
        return "see the log for what Java says"
    return f"see the log; a cluster that wants a secret (spark.authenticate) gives no other reason: name its settings with {SETTINGS_FILE}"


#: A file of Spark's own settings for the cluster: secrets, keys of stores, queues. They stand on no command line, which others can see.
SETTINGS_FILE = "DESCENT_SPARK_CONF"


def take_settings_file() -> None:
    path = os.environ.get(SETTINGS_FILE)
    if not path:
        return
    if not os.access(path, os.R_OK) or not os.path.isfile(path):
        raise Fault("usage", f"{path} cannot be read: name a file of Spark's settings with {SETTINGS_FILE}, or leave that out")
    os.environ["PYSPARK_SUBMIT_ARGS"] = f"--properties-file {shlex.quote(path)} pyspark-shell"


def forgiving(master: str) -> str:
    """A master of this machine that tries a task that was lost again, as every other one does."""
    found = re.fullmatch(r"local(?:\[(\*|\d+)\])?", master)
    return f"local[{found[1] or 1},4]" if found else master


def masters(master: str) -> list:
    """Hosts and ports of `spark://HOST:PORT,HOST:PORT`."""
    return [(host, int(port)) for host, port in re.findall(r"([^,/:\[\]]+):(\d+)", master.removeprefix("spark://"))]


def _names_loopback(master: str) -> bool:
    return master.startswith("spark://") and all(host in ("localhost", "127.0.0.1") for host, _ in masters(master))


def check_reachable(master: str) -> None:
    """A wrong address is told at once, rather than after the minute that Spark takes to give up."""
    if re.fullmatch(r"local(\[(\*|[1-9]\d*)(,\s*\d+)?\])?", master) or master == "yarn" or master.startswith("k8s://"):
        if master == "yarn" and not (os.environ.get("HADOOP_CONF_DIR") or os.environ.get("YARN_CONF_DIR")):
            raise Fault("usage", "master 'yarn' needs HADOOP_CONF_DIR or YARN_CONF_DIR, the folder of the cluster's settings: set it")
        return
    places = masters(master) if master.startswith("spark://") else []
    if not places:
        raise Fault("usage", f"master '{master}' is none: give local[2], spark://HOST:7077, yarn or k8s://…")
    reasons = []
    for host, port in places:
        try:
            socket.create_connection((host, port), timeout=ANSWER_LIMIT).close()
            return
        except OSError as error:
            reasons.append(error.strerror or str(error))
    raise Fault("failed", f"nobody answers at {master} ({reasons[0]}): start the cluster, or mend --master")


def packed_package() -> str:
    """This package as executors get it."""
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    folder = tempfile.mkdtemp(prefix="descent-spark-")
    path = os.path.join(folder, "descent_spark.zip")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for parent, _, names in os.walk(root):
            for name in sorted(names):
                if name.endswith(".py"):
                    whole = os.path.join(parent, name)
                    archive.write(whole, os.path.join("descent", os.path.relpath(whole, root)))
    return path
