extension NotebookCode {
    /// The rows that have a target, and the target as numbers.
    static let read = #"""
        import json, math
        import numpy as np
        import pandas as pd

        frame = pd.read_csv(FILE, sep=SEPARATOR)
        frame = frame[frame[TARGET].notna()].reset_index(drop=True)
        if CLASSES:
            names = {name: index for index, name in enumerate(CLASSES)}
            spelled = {True: "true", False: "false"}

            def class_of(value):
                if isinstance(value, float) and value.is_integer():
                    value = int(value)
                text = str(value)
                return names.get(text, names.get(text.lower(), names.get(spelled.get(value, ""), -1)))

            target = frame[TARGET].map(class_of).to_numpy()
            if (target < 0).any():
                raise SystemExit(f"{TARGET} has values that are none of {CLASSES}")
        else:
            target = pd.to_numeric(frame[TARGET]).to_numpy(dtype=float)
        print(f"{len(frame)} rows, {len(NUMBERS)} columns of numbers, {len(CATEGORIES)} of categories, {len(DATES)} of dates, {len(TEXTS)} of text")
        """#

    /// Columns as features, as pipelines of scikit-learn.
    static let prepare = #"""
        from sklearn.base import BaseEstimator, TransformerMixin
        from sklearn.compose import ColumnTransformer
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.impute import SimpleImputer
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler


        class DateParts(BaseEstimator, TransformerMixin):
            """Days since 1970, and where a date stands in its year and its week."""

            def __init__(self, only_days=False):
                self.only_days = only_days

            def fit(self, columns, y=None):
                return self

            def transform(self, columns):
                parts = []
                for name in columns.columns:
                    when = pd.to_datetime(columns[name], errors="coerce", utc=True)
                    days = (when - pd.Timestamp("1970-01-01", tz="UTC")).dt.total_seconds() / 86400
                    if self.only_days:
                        parts.append(days)
                        continue
                    year = 2 * np.pi * when.dt.dayofyear / 365.25
                    week = 2 * np.pi * when.dt.dayofweek / 7
                    parts += [days, when.dt.month, np.sin(year), np.cos(year), np.sin(week), np.cos(week)]
                return np.nan_to_num(np.column_stack([part.to_numpy(dtype=float) for part in parts]))


        def as_text(column):
            return column.fillna("").astype(str)


        def as_words(columns):
            return columns.astype(object).where(columns.notna(), "(missing)").astype(str)


        def as_numbers(columns):
            return columns.apply(pd.to_numeric, errors="coerce")


        def preparation(family, without=()):
            """Columns as features: medians for gaps with an indicator, a feature a category, parts of dates, weighed words."""
            is_tree = family in ("boosted trees", "random forest", "extra trees")
            flags = not is_tree and "missing-flags" not in without
            number = [FunctionTransformer(as_numbers), SimpleImputer(strategy="median", add_indicator=flags, keep_empty_features=True)]
            if not is_tree:
                number.append(StandardScaler())
            steps = []
            if NUMBERS:
                steps.append(("numbers", make_pipeline(*number), NUMBERS))
            if CATEGORIES:
                one_hot = OneHotEncoder(handle_unknown="infrequent_if_exist", min_frequency=2, max_categories=64)
                steps.append(("categories", make_pipeline(FunctionTransformer(as_words), one_hot), CATEGORIES))
            if DATES:
                dates = [DateParts("date-parts" in without)] + ([] if is_tree else [StandardScaler()])
                steps.append(("dates", make_pipeline(*dates), DATES))
            for name in [] if "text-terms" in without else TEXTS:
                words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, max_features=2000, sublinear_tf=True)
                steps.append((f"text of {name}", make_pipeline(FunctionTransformer(as_text), words), name))
            features = ColumnTransformer(steps, sparse_threshold=0)
            return make_pipeline(FirstSteps(STEPS), features) if STEPS else features
        """#
}
