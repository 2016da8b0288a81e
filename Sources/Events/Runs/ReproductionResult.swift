import JSON

/// Whether a run that was done again is the same, to the bit.
public struct ReproductionResult: Sendable, Hashable {
    /// One value that is not what it was.
    public struct Difference: Sendable, Hashable {
        public var metric: MetricName
        public var step: Int
        /// nil = one of the runs has no value there.
        public var before: Double?
        public var now: Double?

        public init(metric: MetricName, step: Int, before: Double?, now: Double?) {
            self.metric = metric
            self.step = step
            self.before = before
            self.now = now
        }

        /// How far apart the values are; infinite when there is nothing to compare.
        public var size: Double {
            guard let before, let now else { return .infinity }
            let size = abs(before - now)
            return size.isNaN ? .infinity : size
        }
    }

    /// The run that was done again.
    public var original: RunID
    public var pointCount = 0
    public var curveCount = 0
    /// The earliest difference, and the largest; nil when all points are the same.
    public var first: Difference?
    public var largest: Difference?
    /// nil = the first run left no model to compare.
    public var isModelSame: Bool?

    public var isSame: Bool { first == nil && isModelSame != false }

    public init(of original: RunID) { self.original = original }
}

extension ReproductionResult {
    /// Its members on the wire, beside the run's.
    public var json: JSONValue {
        .object([
            "of": .string(original.text), "same": .boolean(isSame), "points": .integer(pointCount),
            "curves": .integer(curveCount), "modelSame": isModelSame.map { .boolean($0) }, "first": first?.json,
            "largest": largest?.json,
        ])
    }

    init?(json: JSONValue) {
        guard let original = json["of"]?.string, let points = json["points"]?.integer, let curves = json["curves"]?.integer
        else { return nil }
        self.init(of: RunID(original))
        (pointCount, curveCount, isModelSame) = (points, curves, json["modelSame"]?.boolean)
        first = json["first"].flatMap(Difference.init(json:))
        largest = json["largest"].flatMap(Difference.init(json:))
    }
}

extension ReproductionResult.Difference {
    var json: JSONValue {
        .object([
            "metric": .string(metric.text), "step": .integer(step), "before": before.map { .number($0) },
            "now": now.map { .number($0) },
        ])
    }

    init?(json: JSONValue) {
        guard let metric = json["metric"]?.string, let step = json["step"]?.integer else { return nil }
        self.init(metric: MetricName(metric), step: step, before: json["before"]?.double, now: json["now"]?.double)
    }
}
