import JSON

extension ModelInsights {
    /// All of it; what a model of its kind does not have is left out.
    public var json: JSONValue {
        .object([
            "model": .string(model), "target": .string(target), "rows": .integer(rowCount), "folds": .integer(foldCount),
            "measures": .array(
                measures.map { one in
                    .object([
                        "name": .string(one.name), "value": .number(one.value), "spread": one.spread.map { .number($0) },
                    ])
                }),
            "classes": classes.isEmpty ? nil : .array(classes.map { .string($0) }),
            "confusion": confusion.isEmpty ? nil : .array(confusion.map { row in .array(row.map { .integer($0) }) }),
            "scores": scores.isEmpty ? nil : .array(scores.map(\.json)),
            "curves": curves.isEmpty ? nil : .array(curves.map(\.json)), "residuals": residuals?.json,
            "hardest": .array(
                hardest.map { row in
                    .object([
                        "row": .integer(row.record), "expected": .string(row.expected), "predicted": .string(row.predicted),
                        "miss": .number(row.miss),
                    ])
                }),
        ])
    }

    fileprivate static func pairs(_ points: [Point]) -> JSONValue {
        .array(points.map { .array([.number($0.x), .number($0.y)]) })
    }
}

extension ModelInsights.ClassCurves {
    fileprivate var json: JSONValue {
        .object([
            "class": .string(name), "roc_auc": .number(rocArea), "average_precision": .number(averagePrecision),
            "brier": .number(brier), "roc": ModelInsights.pairs(roc), "precision_recall": ModelInsights.pairs(precisionRecall),
            "gain": ModelInsights.pairs(gain), "lift": ModelInsights.pairs(lift),
            "calibration": ModelInsights.pairs(calibration),
        ])
    }
}

extension ModelInsights.Residuals {
    fileprivate var json: JSONValue {
        .object([
            "mean": .number(mean), "deviation": .number(deviation), "outliers": .integer(outliers),
            "least": .number(least), "most": .number(most), "counts": .array(counts.map { .integer($0) }),
            "actual": ModelInsights.pairs(actual), "residuals": ModelInsights.pairs(points),
        ])
    }
}
