import CheckedNumbers

/// Answers with the labels that came later, as they are joined.
public struct LabelledAnswers: Sendable, Hashable {
    public private(set) var rows: ModelQualityRows
    /// Answers that have no label yet.
    public var unlabelled = 0
    /// Labels that cannot be compared with what was answered, and the first of them.
    public private(set) var strangeLabels = 0
    public private(set) var strangeLabel: String?

    private let places: [String: Int]

    /// - Parameter classes: the model's, in order; empty for numbers.
    public init(classes: [String]) {
        let problem: ModelQualityRows.Problem = classes.isEmpty ? .regression : classes.count == 2 ? .binary : .multiclass
        rows = ModelQualityRows(problem: problem, classes: classes)
        places = Dictionary(classes.enumerated().map { (Self.plain($1), $0) }) { first, _ in first }
    }

    /// `1` and `1.0` are the same class.
    private static func plain(_ text: String) -> String {
        guard let number = Double(text), number == number.rounded(), abs(number) < 1e15 else { return text }
        return String(Int(nearestWithin: number))
    }

    /// Takes an answer with its label.
    ///
    /// - Parameters:
    ///   - predicted: the class that was answered; nil for numbers, and where none was.
    ///   - scores: a number; of two classes the score of the second, of more one each.
    public mutating func add(predicted: String?, scores: [Double], label: String) {
        if rows.problem == .regression {
            guard let truth = Double(label), truth.isFinite, let predicted = scores.first, predicted.isFinite else {
                return strange(label)
            }
            rows.predicted.append(predicted)
            rows.truth.append(truth)
            return
        }
        guard let truth = places[Self.plain(label)], let predicted = predicted.flatMap({ places[Self.plain($0)] }) else {
            return strange(label)
        }
        rows.trueClasses.append(truth)
        rows.predictedClasses.append(predicted)
        // One a row, so that rows can be drawn.
        if rows.problem == .binary { rows.predicted.append(scores.first ?? .nan) }
        rows.confidences.append(Self.confidence(of: predicted, scores, rows.problem))
    }

    /// How sure a model is of a class that it says: NaN where its scores are no probabilities.
    private static func confidence(of place: Int, _ scores: [Double], _ problem: ModelQualityRows.Problem) -> Double {
        let score: Double?
        switch problem {
        case .regression: score = nil
        case .binary: score = scores.first.map { place == 1 ? $0 : 1 - $0 }
        case .multiclass: score = scores.indices.contains(place) ? scores[place] : scores.count == 1 ? scores[0] : nil
        }
        return score.flatMap { (0...1).contains($0) ? $0 : nil } ?? .nan
    }

    /// How sure a model is of what it answered, be the label known or not; NaN where it does not say.
    public func confidence(predicted: String?, scores: [Double]) -> Double {
        guard let place = predicted.flatMap({ places[Self.plain($0)] }) else { return .nan }
        return Self.confidence(of: place, scores, rows.problem)
    }

    private mutating func strange(_ label: String) {
        strangeLabels += 1
        strangeLabel = strangeLabel ?? label
    }
}
