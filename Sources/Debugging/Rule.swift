import Events

/// Watches one run and says once what is wrong with it.
///
/// A rule is a value that is shown what happens to a run, in the order in which it happened; it returns a finding when it has
/// seen what it looks for, and is then done. A new rule is one file and one line in `RuleCatalogue`.
public protocol Rule: Sendable {
    /// Stable name, as alerts carry it.
    static var name: String { get }
    /// One sentence: what it looks for.
    static var summary: String { get }

    init()

    /// Whether it looks at a metric of a run. Samples of other metrics are not shown to it. By default it looks at none.
    static func wants(_ metric: MetricName, of run: RunRecord) -> Bool

    /// Whether it looks at the tensors of a run. By default it does not, and is not shown them.
    static func wantsTensors(of run: RunRecord) -> Bool

    /// Takes what happened next; returns a finding if the last piece of evidence is in it.
    mutating func observe(_ input: RuleInput, of run: RunRecord) -> RuleFinding?
}

extension Rule {
    public static func wants(_ metric: MetricName, of run: RunRecord) -> Bool { false }
    public static func wantsTensors(of run: RunRecord) -> Bool { false }
}
