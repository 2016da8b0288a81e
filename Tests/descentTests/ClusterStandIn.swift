/// A stand-in for Spark's driver, in Python: the package's own trials, on a cluster of two slots that are threads of its process.
///
/// Its argument is the package's folder. With `DESCENT_TEST_NO_PROGRAM` executors have no program.
enum ClusterStandIn {
    static let driver = #"""
        import json
        import os
        import sys
        import threading
        import traceback
        import types

        sys.path.insert(0, sys.argv[1])
        here = threading.local()


        class TaskContext:
            @staticmethod
            def get():
                return types.SimpleNamespace(attemptNumber=lambda: here.attempt)


        sys.modules["pyspark"] = types.SimpleNamespace(TaskContext=TaskContext)

        from descent._spark.trials import Trials
        from descent._spark.wire import Wire


        class Context:
            """As many tasks at once as there are slots; one that is lost is begun again three times."""

            def __init__(self):
                self.slots, self.cancelled = threading.Semaphore(2), set()

            def getConf(self):
                return {"spark.driver.host": "127.0.0.1"}

            def setJobGroup(self, group, *_):
                here.group = group

            def cancelJobGroup(self, group):
                self.cancelled.add(group)

            def parallelize(self, rows, parts):
                return types.SimpleNamespace(
                    mapPartitions=lambda work: types.SimpleNamespace(collect=lambda: self.run(work, rows)))

            def run(self, work, rows):
                with self.slots:
                    for attempt in range(4):
                        if here.group in self.cancelled:
                            raise Exception("cancelled")
                        here.attempt = attempt
                        try:
                            return list(work(iter(rows)))
                        except Exception:
                            said = traceback.format_exc()
                    raise Exception(said)


        wire = Wire.taking_standard_output()
        trials = Trials(types.SimpleNamespace(context=Context()), wire)
        for request in wire.requests(sys.stdin.buffer):
            if request["op"] == "trial" and "DESCENT_TEST_NO_PROGRAM" in os.environ:
                request["program"] = "/nowhere/descent"
            operation = {"trial": trials.begin, "tell": trials.tell}.get(request["op"], lambda _: {})
            wire.send({"id": request["id"], "result": operation(request)})
        os._exit(0)
        """#
}
