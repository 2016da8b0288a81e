import JSON

/// How good a model is on some rows, beside what predicting the same for every row would be.
public struct ModelEvaluation: Sendable, Hashable {
    /// Rows measured; others have no target, or count 0.
    public var rowCount: Int
    public var metrics: [MetricName: Double]
    /// The metrics of predicting the training rows' mean, or their classes' shares, for every row; empty when those are not known.
    public var baseline: [MetricName: Double] = [:]
    /// The class that a binary classifier's precision, recall and f1 are of; nil for others.
    public var positiveClass: String?
    /// The classes, those that training did not have last; empty for a model of no classes.
    public var classes: [ClassScore] = []
    /// Weight of the rows of a class, row after row, by the class they were taken for; empty where it is too large to be kept.
    ///
    /// - Shape: [classes, classes].
    public var confusion: [[Double]] = []
    /// What is to be known about the metrics, a sentence each.
    public var notes: [String] = []
    /// How sure these rows are of an early stop; nil where there was none.
    public var stopping: StoppingDecision?

    public init(rowCount: Int, metrics: [MetricName: Double]) {
        self.rowCount = rowCount
        self.metrics = metrics
    }

    /// How well a class is told from the others.
    public struct ClassScore: Sendable, Hashable {
        public var name: String
        /// From 0 to 1; 0 where undefined.
        public var precision: Double, recall: Double, f1: Double
        /// Weight of the class's rows.
        public var support: Double

        public init(name: String, precision: Double, recall: Double, f1: Double, support: Double) {
            self.name = name
            (self.precision, self.recall, self.f1, self.support) = (precision, recall, f1, support)
        }
    }

    /// Classes up to which confusions are kept with a run.
    public static let keptClassLimit = 50

    /// The same without a confusion matrix that is too large to be kept with a run.
    public var kept: ModelEvaluation {
        var copy = self
        if classes.count > Self.keptClassLimit { copy.confusion = [] }
        return copy
    }

    /// The classes that were taken for each other most often, falling: at most `limit`.
    public func strongestConfusions(_ limit: Int) -> [(expected: String, predicted: String, weight: Double)] {
        var found: [(expected: String, predicted: String, weight: Double)] = []
        for (row, counts) in confusion.enumerated() {
            for (column, weight) in counts.enumerated() where row != column && weight > 0 {
                found.append((classes[row].name, classes[column].name, weight))
            }
        }
        return Array(found.sorted { $0.weight > $1.weight }.prefix(limit))
    }
}

extension ModelEvaluation {
    /// `rows`, `metrics`, `baseline`, `positiveClass`, `classes`, `confusion`, `notes` and `stopping`; what there is not is left out.
    public var members: [JSONValue.Member] {
        let numbers = { (values: [Double]) in JSONValue.array(values.map { .number($0) }) }
        let matrix: JSONValue = .object([
            "classes": .array(classes.map { .string($0.name) }), "counts": .array(confusion.map(numbers)),
        ])
        let object: JSONValue = .object([
            "rows": .integer(rowCount), "metrics": JSONValue(metrics),
            "baseline": baseline.isEmpty ? nil : JSONValue(baseline), "positiveClass": positiveClass.map { .string($0) },
            "classes": classes.isEmpty ? nil : .array(classes.map(\.json)), "confusion": confusion.isEmpty ? nil : matrix,
            "notes": notes.isEmpty ? nil : .array(notes.map { .string($0) }), "stopping": stopping?.json,
        ])
        return object.members ?? []
    }

    public init?(json: JSONValue) {
        guard let rows = json["rows"]?.integer, let metrics = json["metrics"]?.metrics else { return nil }
        self.init(rowCount: rows, metrics: metrics)
        baseline = json["baseline"]?.metrics ?? [:]
        positiveClass = json["positiveClass"]?.string
        classes = json["classes"]?.array?.compactMap(ClassScore.init) ?? []
        confusion = json["confusion"]?["counts"]?.array?.map { $0.array?.compactMap(\.double) ?? [] } ?? []
        if confusion.count != classes.count || confusion.contains(where: { $0.count != classes.count }) { confusion = [] }
        notes = json["notes"]?.array?.compactMap(\.string) ?? []
        stopping = json["stopping"].flatMap(StoppingDecision.init(json:))
    }
}

extension ModelEvaluation.ClassScore {
    var json: JSONValue {
        .object([
            "name": .string(name), "precision": .number(precision), "recall": .number(recall), "f1": .number(f1),
            "support": .number(support),
        ])
    }

    fileprivate init?(json: JSONValue) {
        guard let name = json["name"]?.string, let precision = json["precision"]?.double,
            let recall = json["recall"]?.double, let f1 = json["f1"]?.double, let support = json["support"]?.double
        else { return nil }
        self.init(name: name, precision: precision, recall: recall, f1: f1, support: support)
    }
}
