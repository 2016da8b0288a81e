import CheckedNumbers

/// Answers with the labels that came later, as they are joined.
public struct LabelledAnswers: Sendable, Hashable {
    public private(set) var rows: ModelQualityRows
    /// Answers that have no label yet, labels of requests that were not captured, and labels that are none of the model's.
    public var unlabelled = 0, unknownLabels = 0
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

    public mutating func add(_ answer: CapturedAnswers.Answer, label: String) {
        if rows.problem == .regression {
            guard let truth = Double(label), truth.isFinite, let predicted = answer.scores.first, predicted.isFinite else {
                return strange(label)
            }
            rows.predicted.append(predicted)
            rows.truth.append(truth)
            return
        }
        guard let truth = places[Self.plain(label)],
            let predicted = answer.label(among: rows.classes).flatMap({ places[Self.plain($0)] })
        else { return strange(label) }
        rows.trueClasses.append(truth)
        rows.predictedClasses.append(predicted)
        // One a row, so that rows can be drawn.
        if rows.problem == .binary { rows.predicted.append(answer.scores.first ?? .nan) }
    }

    private mutating func strange(_ label: String) {
        strangeLabels += 1
        strangeLabel = strangeLabel ?? label
    }
}
