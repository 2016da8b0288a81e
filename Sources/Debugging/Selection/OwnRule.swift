import Events

/// A rule that a user wrote: a condition, how long it has to hold, and what is then said.
public struct OwnRule: Sendable, Hashable {
    /// What its condition has to hold for.
    struct Duration: Sendable, Hashable {
        enum Unit: String, CaseIterable, Sendable {
            case steps, epochs, evaluations
        }

        var count: Double
        var unit: Unit

        var text: String { "\(rounded(count)) \(count == 1 ? String(unit.rawValue.dropLast()) : unit.rawValue)" }
    }

    public var name: String
    var condition: RuleExpression
    /// nil = once is enough.
    var duration: Duration?
    var severity = Alert.Severity.warning
    /// What is said instead of the condition.
    var message: String?
    var remedies: [Alert.Remedy] = []

    /// What it looks for, in one line.
    public var summary: String { condition.text + (duration.map { " for \($0.text)" } ?? "") }
}
