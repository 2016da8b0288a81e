extension NotebookCode {
    /// Candidates as models of scikit-learn and XGBoost.
    static let models = #"""
        from sklearn.linear_model import LogisticRegression, Ridge
        from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
        from sklearn.neural_network import MLPClassifier, MLPRegressor


        def number(text):
            try:
                value = float(text)
            except ValueError:
                return text
            return int(value) if value.is_integer() and "." not in str(text) else value


        def linear(settings, rows):
            """The penalty wd is a weight's share of the mean loss: Ridge and LogisticRegression have it of the sum."""
            decay = settings.get("wd", "auto")
            if CLASSES:
                strength = 1.0 if decay == "auto" else 1 / max(1e-12, float(decay) * rows)
                return LogisticRegression(C=strength, max_iter=2000)
            return Ridge(alpha=1.0 if decay == "auto" else float(decay) * rows / 2)


        def network(settings, rows):
            """Without dropout and batch normalisation, which scikit-learn has not."""
            layers = tuple(int(size) for size in settings.get("hidden_layers", "128,64").split(","))
            decay = float(settings.get("weight_decay", "0.01"))
            rate = settings.get("learning_rate", "auto")
            kind = MLPClassifier if CLASSES else MLPRegressor
            return kind(
                hidden_layer_sizes=layers, activation={"tanh": "tanh"}.get(settings.get("activation"), "relu"), alpha=decay,
                learning_rate_init=0.001 if rate == "auto" else float(rate), max_iter=400, early_stopping=rows >= 200, random_state=SEED)


        def neighbours(settings, rows):
            """Rows that are kept (sample_size) are all rows here."""
            asked = settings.get("k", "auto")
            count = min(10, max(1, rows // 2)) if asked == "auto" else int(asked)
            kind = KNeighborsClassifier if CLASSES else KNeighborsRegressor
            metric = "cosine" if settings.get("index_metric") == "COSINE" else "euclidean"
            return kind(n_neighbors=count, weights=settings.get("weighting", "uniform"), metric=metric, algorithm="brute")


        def trees(settings):
            import xgboost

            own = {name: number(text) for name, text in settings.items() if name not in ("num_round", "early_stopping_patience")}
            patience = settings.get("early_stopping_patience", "off")
            kind = xgboost.XGBClassifier if CLASSES else xgboost.XGBRegressor
            return kind(
                n_estimators=int(settings.get("num_round", "100")), random_state=SEED, n_jobs=2,
                early_stopping_rounds=None if patience == "off" else int(patience), **own)


        class Scaled:
            """A regressor that learns the target at a deviation of 1."""

            def __init__(self, model):
                self.model = model

            def fit(self, features, values):
                self.middle, self.deviation = values.mean(), values.std() or 1.0
                self.model.fit(features, (values - self.middle) / self.deviation)
                return self

            def predict(self, features):
                return self.model.predict(features) * self.deviation + self.middle


        def learn(plan, features, values, judging=None):
            """Trains a candidate; boosted trees stop by the rows that judge, where there are any."""
            family, settings = plan["family"], plan["hyperparameters"]
            if family == "linear":
                return linear(settings, len(values)).fit(features, values)
            if family == "network":
                model = network(settings, len(values))
                return model.fit(features, values) if CLASSES else Scaled(model).fit(features, values)
            if family == "neighbours":
                return neighbours(settings, len(values)).fit(features, values)
            model = trees(settings)
            if judging is None:
                model.set_params(early_stopping_rounds=None)
                return model.fit(features, values)
            return model.fit(features, values, eval_set=[judging], verbose=False)


        def told(model, features):
            """What it predicts: numbers, the probability of the second class, or a probability a class."""
            if not CLASSES:
                return np.asarray(model.predict(features), dtype=float)
            found = model.predict_proba(features)
            return found[:, 1] if len(CLASSES) == 2 else found
        """#

    /// Metrics, and which rows judge.
    static let judge = #"""
        from sklearn.metrics import (accuracy_score, balanced_accuracy_score, f1_score, log_loss, mean_absolute_error, mean_squared_error,
                                     precision_score, r2_score, recall_score, roc_auc_score)
        from sklearn.model_selection import GroupKFold, KFold, StratifiedKFold

        average = "binary" if len(CLASSES) == 2 else "macro"


        def classes_of(predicted):
            return predicted.argmax(axis=1) if predicted.ndim > 1 else (predicted >= 0.5).astype(int)


        SCORES = {
            "mse": mean_squared_error,
            "rmse": lambda y, p: math.sqrt(mean_squared_error(y, p)),
            "mae": mean_absolute_error,
            "r2": r2_score,
            "log_loss": lambda y, p: log_loss(y, p, labels=range(len(CLASSES))),
            "roc_auc": lambda y, p: roc_auc_score(y, p),
            "accuracy": lambda y, p: accuracy_score(y, classes_of(p)),
            "balanced_accuracy": lambda y, p: balanced_accuracy_score(y, classes_of(p)),
            "f1": lambda y, p: f1_score(y, classes_of(p), average=average, zero_division=0),
            "precision": lambda y, p: precision_score(y, classes_of(p), average=average, zero_division=0),
            "recall": lambda y, p: recall_score(y, classes_of(p), average=average, zero_division=0),
        }


        def error(predicted, expected):
            value = SCORES[OBJECTIVE](expected, predicted)
            return value if MINIMISES else 1 - value


        def parts():
            """Rows that are learned from and rows that judge, in turn."""
            rows = np.arange(len(frame))
            if FOLDS is None:
                end = max(1, int(len(rows) * 0.8))
                return [(rows[:end], rows[end:])]
            if GROUP:
                return list(GroupKFold(n_splits=FOLDS).split(rows, groups=frame[GROUP].fillna("(missing)").astype(str)))
            if CLASSES:
                return list(StratifiedKFold(n_splits=FOLDS, shuffle=True, random_state=SEED).split(rows, target))
            return list(KFold(n_splits=FOLDS, shuffle=True, random_state=SEED).split(rows))


        splits = parts()
        judged = np.sort(np.concatenate([held for _, held in splits]))
        """#
}
