import Events

/// A rule that looks at one run: one of the catalogue's, or one that a user wrote.
public protocol LiveRule: Sendable {
    /// Its name, as its alerts carry it.
    var name: String { get }
    /// What it looks for, in one line.
    var summary: String { get }
    /// Whether it goes on looking when it has found something, and says when that is gone.
    var clears: Bool { get }
    /// What it waits for; nil when it has seen enough to look.
    var waits: RuleWait? { get }

    /// Whether it looks at a metric of a run. Samples of other metrics are not shown to it.
    func looks(at metric: MetricName, of run: RunRecord) -> Bool
    /// Whether it looks at the tensors of a run. If not, it is not shown them.
    func looksAtTensors(of run: RunRecord) -> Bool
    /// Whether it looks at where a run's time goes. If not, it is not shown that.
    var looksAtProfile: Bool { get }
    /// Whether it looks at what is observed of a script, by its name. If not, it is not shown it.
    func looks(atObserved name: String) -> Bool
    /// Why it can never find anything in a run, however long that goes on; nil where it can.
    func inapplicable(to run: RunRecord) -> String?
    /// Whether it is told the time.
    var looksAtClock: Bool { get }

    /// Runs, by name, whose tensors it compares those of its run with.
    var earlierRuns: [String] { get }

    /// Takes what happened next; returns a finding where that changes how it stands.
    ///
    /// Of a stretch of samples it may return at the first finding: what comes after is shown to it again.
    mutating func observe(_ input: RuleInput, of run: RunRecord) -> RuleFinding?
}

extension LiveRule {
    public var looksAtClock: Bool { false }
    public var looksAtProfile: Bool { false }
    public var earlierRuns: [String] { [] }
    public func inapplicable(to run: RunRecord) -> String? { nil }
    public func looks(atObserved name: String) -> Bool { false }
}
