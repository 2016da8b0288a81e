"""A frame with a column of vectors, as columns of numbers."""

from pyspark.ml.functions import vector_to_array
from pyspark.ml.linalg import VectorUDT
from pyspark.sql import functions as F
from pyspark.sql import types as T

#: Features of a vector at most; rows are held whole.
MOST_FEATURES = 4096


def check_schema(schema: T.StructType, features: str, label: "str | None") -> None:
    """Refuses a frame before any work is done."""
    kinds = {field.name: field.dataType for field in schema}
    if features not in kinds:
        raise ValueError(f"the frame has no column '{features}': name the column of vectors with featuresCol")
    if not isinstance(kinds[features], VectorUDT):
        raise TypeError(f"column '{features}' is {kinds[features].simpleString()}: it must hold vectors (VectorAssembler makes them)")
    if label is None:
        return
    if label not in kinds:
        raise ValueError(f"the frame has no column '{label}': name the column of labels with labelCol")
    if not isinstance(kinds[label], T.DoubleType):
        raise TypeError(f"column '{label}' is {kinds[label].simpleString()}: it must hold doubles (cast it)")


def feature_names(frame, features: str) -> list:
    """One name a feature: those that the frame knows, else the column's with a number."""
    metadata = frame.schema[features].metadata.get("ml_attr", {})
    known = sorted((one["idx"], one["name"]) for group in metadata.get("attrs", {}).values() for one in group if "name" in one)
    count = metadata.get("num_attrs")
    if count is None:
        first = frame.select(F.col(_quoted(features))).where(F.col(_quoted(features)).isNotNull()).first()
        if first is None:
            raise ValueError(f"column '{features}' has no vector in any row")
        count = first[0].size
    if count > MOST_FEATURES:
        raise ValueError(f"column '{features}' has {count} features: up to {MOST_FEATURES} can be learned from")
    names = [name for _, name in known]
    plain = len(names) == count and len(set(names)) == count and all("," not in name and "=" not in name for name in names)
    return names if plain else [f"{features}_{place}" for place in range(count)]


def numbers(frame, features: str, label: "str | None", count: int):
    """Columns c0, c1, … of the features, and the label behind them."""
    vector = vector_to_array(F.col(_quoted(features))).alias("v")
    chosen = [vector] + ([F.col(_quoted(label)).alias("y")] if label else [])
    spread = frame.select(*chosen)
    columns = [F.col("v")[place].alias(f"c{place}") for place in range(count)]
    return spread.select(*columns, *([F.col("y").alias(f"c{count}")] if label else []))


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"
