"""The files as one frame whose columns are called c0, c1, … so that no name of a user's means something to Spark."""

from pyspark.sql import functions as F
from pyspark.sql import types as T

from descent._spark.faults import Fault

#: Spark's column for records that do not have as many fields as there are columns.
DAMAGED = "damaged"
#: Bytes of a file that one task reads, at least.
LEAST_PIECE = 1 << 20


def opened(session, files):
    """All rows; of text, each value as it is written."""
    wanted = max(LEAST_PIECE, files.byte_count // max(1, 2 * session.slots))
    session.spark.conf.set("spark.sql.files.maxPartitionBytes", str(min(wanted, 128 << 20)))
    session.spark.conf.set("spark.sql.files.openCostInBytes", str(min(wanted // 4, 4 << 20)))
    return _text(session, files) if files.format == "CSV" else _parquet(session, files)


def _text(session, files):
    frames = []
    for names, paths in files.groups:
        places = [f"c{files.names.index(name)}" for name in names]
        schema = T.StructType([T.StructField(name, T.StringType()) for name in places + [DAMAGED]])
        frame = (
            session.spark.read.schema(schema)
            .option("header", files.has_header).option("sep", files.delimiter).option("quote", '"').option("escape", '"')
            .option("mode", "PERMISSIVE").option("columnNameOfCorruptRecord", DAMAGED).option("enforceSchema", True)
            .csv(paths)
        )
        frames.append(frame.select(*[f"c{place}" for place in range(len(files.names))], DAMAGED))
    whole = frames[0]
    for frame in frames[1:]:
        whole = whole.unionAll(frame)
    return whole


def _parquet(session, files):
    frame = session.spark.read.parquet(*files.paths)
    columns = []
    for place, column in enumerate(frame.schema):
        own = F.col("`" + column.name.replace("`", "``") + "`")
        if isinstance(column.dataType, T.DecimalType):
            own = own.cast("double")
        elif isinstance(column.dataType, (T.ArrayType, T.MapType, T.StructType, T.BinaryType)):
            raise Fault(
                "data",
                f"column '{column.name}' is {column.dataType.simpleString()}: Spark's files are to hold numbers, texts and truth values; "
                "leave the column out of them, or spread it over columns",
            )
        columns.append(own.alias(f"c{place}"))
    return frame.select(*columns).withColumn(DAMAGED, F.lit(None).cast("string"))


def is_missing(frame, name: str, words: list):
    """Whether a column has no value."""
    column = F.col(name)
    kind = frame.schema[name].dataType
    if isinstance(kind, T.StringType):
        return column.isNull() | F.lower(F.trim(column)).isin(words)
    if isinstance(kind, (T.FloatType, T.DoubleType)):
        return column.isNull() | F.isnan(column)
    return column.isNull()


def draws(frame, names: list, seed: int):
    """Two numbers in 0..<1 that depend on seed and the row's values alone, whatever the cluster is like: by the first a row is held
    out, by the second it is in the sample. Rows that are alike stay on one side."""
    low = seed & 0x7FFF_FFFF_FFFF_FFFF
    unit = float(1 << 53)

    def draw(salt: int):
        return F.pmod(F.xxhash64(F.lit(low ^ salt).cast("long"), *[F.col(name) for name in names]), F.lit(1 << 53)) / F.lit(unit)

    return draw(0), draw(0x5DEE_CE66)
