"""What is asked of Spark: one method a request."""

import pickle

import pyarrow

from descent._spark import columns, encoding, figures, files, frames, missing, sums, values, wire
from descent._spark.boosting import Boosting
from descent._spark.trials import Trials
from descent._spark.faults import Fault

#: Values of a block of encoded rows.
BLOCK_VALUES = 1 << 20
#: Partitions up to which their sums are fetched one by one; more are added up on the executors first.
FETCHED_PARTITIONS = 64


class Work:
    def __init__(self, session, wire_) -> None:
        self.session, self.wire = session, wire_
        self.boosting: "Boosting | None" = None
        self.trials: "Trials | None" = None
        self.encoded = None

    def cancel(self) -> None:
        if self.boosting is not None:
            self.boosting.cancel()

    def do(self, request: dict) -> dict:
        operations = {
            "survey": self.survey, "statistics": self.statistics, "figures": self.figures, "encode": self.encode, "moments": self.moments,
            "linear": self.linear, "products": self.products, "clusters": self.clusters, "round": self.round,
            "transform": self.transform, "trial": self.trial, "tell": self.tell,
        }
        if request["op"] not in operations:
            raise Fault("failed", f"'{request['op']}' is not known to the driver: install Descent's Python package again")
        return operations[request["op"]](request)

    # What the files hold.

    def survey(self, request: dict) -> dict:
        found, frame = self._opened(request)
        self.files = found
        self.places = {name: f"c{place}" for place, name in enumerate(found.names)}
        self.target = self._column(request["target"], found.names) if request["target"] else None
        seed = int(request["seed"])
        held_draw, sample_draw = frames.draws(frame, list(self.places.values()), seed)
        if self.target:
            lacks = frames.is_missing(frame, self.places[self.target], missing.NUMBERS)
        else:
            from pyspark.sql import functions as F

            lacks = F.lit(False)
        rows, damaged, lacking = self._counted(frame, lacks)
        if damaged:
            raise Fault("data", self._damage(frame, damaged, len(found.names)))
        if rows - lacking == 0:
            raise Fault("data", f"{request['path']}: no row has a {self.target}" if rows else f"{request['path']} has no rows")
        limit = request["sampleLimit"]
        held = min(request["heldOut"], limit / rows)
        kept = frame.where(~lacks).drop(frames.DAMAGED)
        self.training = kept.where(held_draw >= held) if held > 0 else kept
        usable = rows - lacking
        share = min(1.0, limit / max(1, usable * (1 - held)))
        sample = self.training.where(sample_draw < share) if share < 1 else self.training
        self.sample = sample.toArrow()
        result = {
            "rows": rows, "missingTarget": lacking, "files": len(found.paths), "fingerprint": found.fingerprint,
            "bytes": found.byte_count, "format": found.format, "delimiter": found.delimiter, "header": found.has_header,
            "sample": self._write(self.sample, request["folder"], "sample"), "heldOutRows": 0,
        }
        if held > 0:
            table = kept.where(held_draw < held).toArrow()
            if table.num_rows:
                result["heldOut"] = self._write(table, request["folder"], "held")
                result["heldOutRows"] = table.num_rows
        return result

    def _opened(self, request: dict) -> tuple:
        found = files.find(self.session, request["path"], request["reading"])
        return found, frames.opened(self.session, found)

    @staticmethod
    def _column(name: str, names: list) -> str:
        """A column by its name, its number from 1, or `last`."""
        if name in names:
            return name
        if name == "last":
            return names[-1]
        if name.isdigit() and 1 <= int(name) <= len(names):
            return names[int(name) - 1]
        alike = [known for known in names if known.lower() == name.lower()]
        if len(alike) == 1:
            return alike[0]
        raise Fault("data", f"there is no column '{name}': the files have {', '.join(names[:12])}{', …' if len(names) > 12 else ''}")

    @staticmethod
    def _counted(frame, lacks) -> tuple:
        from pyspark.sql import functions as F

        # Spark looks for damage only where a value is asked for too.
        found = frame.select(
            F.count(F.lit(1)), F.sum(F.col(frames.DAMAGED).isNotNull().cast("long")), F.sum(lacks.cast("long")),
            F.sum(F.col("c0").isNull().cast("long"))).collect()[0]
        return found[0], found[1] or 0, found[2] or 0

    @staticmethod
    def _damage(frame, count: int, width: int) -> str:
        from pyspark.sql import functions as F

        # Every column is named, or Spark would not look at the others and find no damage.
        example = frame.where(F.col(frames.DAMAGED).isNotNull()).take(1)
        text = example[0][frames.DAMAGED][:60] if example else ""
        words = "1 record has" if count == 1 else f"{count} records have"
        return f"{words} other than {width} fields, such as '{text}': mend them (a record is one line on spark)"

    def _write(self, table: pyarrow.Table, folder: str, name: str) -> str:
        """Rows for the program that asked, by the names that it knows."""
        table = table.rename_columns(self.files.names)
        if self.files.format == "CSV":
            path = f"{folder}/{name}.csv"
            table.to_pandas().to_csv(path, index=False, lineterminator="\n")
            return path
        import pyarrow.parquet

        path = f"{folder}/{name}.parquet"
        pyarrow.parquet.write_table(table, path)
        return path

    def transform(self, request: dict) -> dict:
        from pyspark.sql import functions as F

        from descent._spark.transforming import transform

        found, frame = self._opened(request)
        rows, damaged, _ = self._counted(frame, F.lit(False))
        if damaged:
            raise Fault("data", self._damage(frame, damaged, len(found.names)))
        if rows == 0:
            raise Fault("data", f"{request['path']} has no rows")
        return {**transform(self.session, found, frame, request, rows), "files": len(found.paths)}

    def trial(self, request: dict) -> dict:
        self.trials = self.trials or Trials(self.session, self.wire)
        return self.trials.begin(request)

    def tell(self, request: dict) -> dict:
        return self.trials.tell(request) if self.trials is not None else {}

    # What all rows teach.

    def statistics(self, request: dict) -> dict:
        reading = values.Reading(request["schema"], missing.NUMBERS, missing.TEXTS)
        looks = columns.looked_at(request["pipeline"], request["target"], self.places)
        found = columns.survey(self.training, looks, self.sample, reading, self._looked) if looks else {}
        return {"columns": found}

    def _looked(self, frame, looks: list, reading) -> list:
        parts = frame.mapInArrow(columns.partition(looks, reading), "part binary")
        return self._added(parts, _added_looks)

    def figures(self, request: dict) -> dict:
        reading = values.Reading(request["schema"], missing.NUMBERS, missing.TEXTS)
        found = figures.figures(
            self.training, request["columns"], self.sample, self.places, reading, self._looked, self._counted_values)
        for column in found:
            column["top"] = [
                {"count": count, **({"text": value} if isinstance(value, str) else {"number": wire.text([value])})}
                for count, value in column["top"]]
        return {"columns": found}

    def _counted_values(self, frame, partition) -> dict:
        from pyspark.sql import functions as F

        self.session.spark.conf.set("spark.sql.shuffle.partitions", str(max(8, 2 * self.session.slots)))
        counts = frame.mapInArrow(partition, figures.COUNTS).groupBy("place", "number", "text").agg(F.sum("count").alias("count"))
        parts = counts.mapInArrow(figures.best, "part binary").collect()
        return figures.merged([pickle.loads(row[0]) for row in parts])

    def encode(self, request: dict) -> dict:
        from pyspark import StorageLevel

        reading = values.Reading(request["schema"], missing.NUMBERS, missing.TEXTS)
        encoder = encoding.Encoder(request["pipeline"], request["keeping"], reading, self.places)
        target = encoding.TargetReader(request["target"], reading, self.places)
        self.width = encoder.width
        self.session.spark.conf.set(
            "spark.sql.execution.arrow.maxRecordsPerBatch", str(max(64, min(65_536, BLOCK_VALUES // max(1, self.width)))))

        def encoded(batches):
            for batch in batches:
                y = target.values(batch)
                x = encoder.features(batch)
                yield pyarrow.RecordBatch.from_arrays(
                    [pyarrow.array([x.tobytes()], pyarrow.binary()), pyarrow.array([y.tobytes()], pyarrow.binary())], ["x", "y"])

        self.encoded = self.training.mapInArrow(encoded, "x binary, y binary").persist(StorageLevel.MEMORY_AND_DISK)
        from pyspark.sql import functions as F

        rows = self.encoded.agg(F.sum(F.length("y"))).collect()[0][0] or 0
        self.sample = None
        self.boosting = Boosting(self.session, self.encoded, self.width, self.wire)
        return {"rows": rows // 8}

    # Sums over all rows.

    def moments(self, request: dict) -> dict:
        width, classes = self.width, request["classes"]

        def start():
            return sums.Moments(width, classes)

        found = self._over_rows(lambda total, x, y: total.add(x, y), start)
        deviations = (found.squares / max(1, found.count)) ** 0.5
        return {
            "means": wire.text(found.means[:-1]), "deviations": wire.text(deviations[:-1]),
            "targetMean": float(found.means[-1]), "targetDeviation": float(deviations[-1]), "classCounts": wire.text(found.classes),
        }

    def linear(self, request: dict) -> dict:
        query = _read(request, ["parameters", "means", "inverses", "classWeights"])
        loss, gradient, curvature = self._totals(sums.linear, query)
        return {"loss": float(loss[0]), "gradient": wire.text(gradient), "curvature": wire.text(curvature)}

    def products(self, request: dict) -> dict:
        found, = self._totals(sums.products, _read(request, ["means", "inverses"]))
        return {"products": wire.text(found)}

    def clusters(self, request: dict) -> dict:
        totals, counts, loss = self._totals(sums.clusters, _read(request, ["centres", "means", "inverses"]))
        return {"totals": wire.text(totals), "counts": wire.text(counts), "loss": float(loss[0])}

    def round(self, request: dict) -> dict:
        return self.boosting.round(request)

    def _totals(self, function, query: dict) -> list:
        def add(total, x, y) -> None:
            total += function(x, y, query)

        return self._over_rows(add, sums.Totals).arrays

    def _over_rows(self, add, start):
        width = self.width

        def partition(batches):
            total = start()
            for batch in batches:
                for x, y in zip(batch.column(0), batch.column(1)):
                    add(total, *sums.block(x.as_buffer(), y.as_buffer(), width))
            yield pyarrow.RecordBatch.from_arrays([pyarrow.array([pickle.dumps(total)], pyarrow.binary())], ["part"])

        return self._added(self.encoded.mapInArrow(partition, "part binary"), _added)

    def _added(self, parts, add):
        rdd = parts.rdd.map(lambda row: pickle.loads(row[0]))
        if rdd.getNumPartitions() > FETCHED_PARTITIONS:
            return rdd.treeReduce(add, depth=2)
        found = [pickle.loads(row[0]) for row in parts.collect()]
        whole = found[0]
        for part in found[1:]:
            whole = add(whole, part)
        return whole


def _added(total, part):
    total += part
    return total


def _added_looks(looks: list, more: list) -> list:
    for look, other in zip(looks, more):
        look += other
    return looks


def _read(request: dict, names: list) -> dict:
    return {**request, **{name: wire.numbers(request[name]) for name in names}}
