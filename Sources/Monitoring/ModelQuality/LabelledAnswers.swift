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
    }

    private mutating func strange(_ label: String) {
        strangeLabels += 1
        strangeLabel = strangeLabel ?? label
    }
}
