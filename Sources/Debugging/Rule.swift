import Events

/// Watches one run and says what is wrong with it, and when it is well again.
///
/// A rule is a value that is shown what happens to a run, in the order in which it happened, and returns what changes: that it has seen
/// what it looks for, and later that it is gone. A new rule is one file and one line in `RuleCatalogue`.
public protocol Rule: Sendable {
    /// Stable name, as alerts carry it.
    static var name: String { get }
    /// One sentence: what it looks for.
    static var summary: String { get }
    /// Whether it goes on looking when it has found something, and says when that is gone. By default it is done then.
    static var clears: Bool { get }

    init()

    /// Whether it looks at a metric of a run. Samples of other metrics are not shown to it. By default it looks at none.
    static func wants(_ metric: MetricName, of run: RunRecord) -> Bool

    /// Whether it looks at the tensors of a run. By default it does not, and is not shown them.
    static func wantsTensors(of run: RunRecord) -> Bool

    /// The same of this one: rules that a user wrote look at what they name.
    func looks(at metric: MetricName, of run: RunRecord) -> Bool
    func looksAtTensors(of run: RunRecord) -> Bool
    /// Its name, as its alerts carry it.
    var name: String { get }

    /// What it waits for; nil when it has seen enough to look. By default anything that it is shown is enough.
    var waits: RuleWait? { get }

    /// Takes what happened next; returns a finding where that changes how it stands.
    ///
    /// Of a stretch of samples it may return at the first finding: what comes after is shown to it again.
    mutating func observe(_ input: RuleInput, of run: RunRecord) -> RuleFinding?
}

extension Rule {
    public static var clears: Bool { false }
    public static func wants(_ metric: MetricName, of run: RunRecord) -> Bool { false }
    public static func wantsTensors(of run: RunRecord) -> Bool { false }
    public func looks(at metric: MetricName, of run: RunRecord) -> Bool { Self.wants(metric, of: run) }
    public func looksAtTensors(of run: RunRecord) -> Bool { Self.wantsTensors(of: run) }
    public var name: String { Self.name }
    public var waits: RuleWait? { nil }
}
