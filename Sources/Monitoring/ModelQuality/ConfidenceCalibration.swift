import CheckedNumbers
import JSON

/// How often a model was right when it was so sure: what it is worth where labels are not known yet can be estimated by it.
///
/// It holds as long as rows are others and what follows from them is the same; where that has changed, labels alone tell.
///
/// - Source: confidence-based performance estimation, as NannyML has it, with isotonic calibration in bins of as many rows each.
public struct ConfidenceCalibration: Sendable, Hashable {
    /// Rows of which the model was about as sure.
    struct Bin: Sendable, Hashable {
        /// The mean of how sure it was, and how often it was right.
        var confidence: Double, accuracy: Double
        var count: Double
    }

    private(set) var bins: [Bin]

    private static let binCount = 10
    /// Fewer rows calibrate nothing.
    static let fewestRows = 100
    /// The file of a baseline that has it; ours alone.
    static let fileName = "confidence.json"

    /// - Parameters:
    ///   - confidences: the probability of the class that was said, row by row, of rows that were not learned from.
    ///   - isRight: whether it was the class.
    /// - Returns: nil for too few rows.
    public init?(confidences: [Double], isRight: [Bool]) {
        let rows = zip(confidences, isRight).filter { $0.0.isFinite }.sorted { $0.0 < $1.0 }
        guard rows.count >= Self.fewestRows else { return nil }
        var bins = (0..<Self.binCount).map { number -> Bin in
            let part = rows[(number * rows.count / Self.binCount)..<((number + 1) * rows.count / Self.binCount)]
            let count = Double(part.count)
            return Bin(
                confidence: part.reduce(0) { $0 + $1.0 } / count, accuracy: Double(part.count { $0.1 }) / count, count: count)
        }
        // Whoever is surer is not wrong more often: neighbours that say so are one.
        var place = 1
        while place < bins.count {
            guard bins[place].accuracy < bins[place - 1].accuracy else {
                place += 1
                continue
            }
            let (left, right) = (bins[place - 1], bins[place]), count = left.count + right.count
            bins[place - 1] = Bin(
                confidence: (left.confidence * left.count + right.confidence * right.count) / count,
                accuracy: (left.accuracy * left.count + right.accuracy * right.count) / count, count: count)
            bins.remove(at: place)
            place = max(1, place - 1)
        }
        self.bins = bins
    }

    /// The accuracy that answers will turn out to have.
    ///
    /// - Returns: with its standard error, of few answers and of few rows of the baseline; nil without answers.
    public func accuracy(of confidences: [Double]) -> (value: Double, error: Double)? {
        let known = confidences.filter(\.isFinite)
        guard !known.isEmpty, !bins.isEmpty else { return nil }
        let count = Double(known.count)
        var sum = 0.0, variance = 0.0, shares = [Double](repeating: 0, count: bins.count)
        for confidence in known {
            let (value, place) = accuracy(at: confidence)
            sum += value
            variance += value * (1 - value)
            shares[place] += 1 / count
        }
        var calibration = 0.0
        for (place, bin) in bins.enumerated() {
            // One that was always right may be wrong at times all the same.
            let share = (bin.accuracy * bin.count + 1) / (bin.count + 2)
            calibration += shares[place] * shares[place] * share * (1 - share) / bin.count
        }
        return (sum / count, (variance / count / count + calibration).squareRoot())
    }

    /// Between the bins' middles in a straight line.
    private func accuracy(at confidence: Double) -> (Double, Int) {
        guard let above = bins.firstIndex(where: { $0.confidence >= confidence }) else {
            return (bins[bins.count - 1].accuracy, bins.count - 1)
        }
        guard above > 0 else { return (bins[0].accuracy, 0) }
        let (left, right) = (bins[above - 1], bins[above]), width = right.confidence - left.confidence
        let share = width > 0 ? (confidence - left.confidence) / width : 1
        return (left.accuracy + share * (right.accuracy - left.accuracy), share < 0.5 ? above - 1 : above)
    }

    public var json: JSONValue {
        .object([
            "bins": .array(
                bins.map {
                    .object([
                        "confidence": .number($0.confidence), "accuracy": .number($0.accuracy), "count": .number($0.count),
                    ])
                })
        ])
    }

    /// - Throws: `badData`.
    public init(json: JSONValue) throws(MonitoringError) {
        bins = []
        for entry in json["bins"]?.array ?? [] {
            guard let confidence = entry["confidence"]?.double, let accuracy = entry["accuracy"]?.double,
                let count = entry["count"]?.double, (0...1).contains(accuracy), confidence.isFinite, count >= 1,
                bins.last?.confidence ?? -.infinity <= confidence
            else { throw MonitoringError(.badData, "a bin lacks its confidence, accuracy or count: make the baseline again") }
            bins.append(Bin(confidence: confidence, accuracy: accuracy, count: count))
        }
        guard !bins.isEmpty else { throw MonitoringError(.badData, "it has no bins: make the baseline again") }
    }
}
