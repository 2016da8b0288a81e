import Events
import Hyperparameters

/// Watches one run and says what is wrong with it, and when it is well again.
///
/// A rule is a value that is shown what happens to a run, in the order in which it happened, and returns what changes: that it has seen
/// what it looks for, and later that it is gone. A new rule is one file and one line in `RuleCatalogue`.
public protocol Rule: LiveRule {
    /// Stable name, as alerts carry it.
    static var name: String { get }
    /// One sentence: what it looks for.
    static var summary: String { get }
    /// Whether it goes on looking when it has found something, and says when that is gone. By default it is done then.
    static var clears: Bool { get }
    /// What can be set, with defaults; none by default.
    static var parameters: [Hyperparameter] { get }

    init()

    /// - Parameter parameters: values that the rule takes.
    init(_ parameters: RuleParameters)

    /// Whether it looks at a metric of a run. By default it looks at none.
    static func wants(_ metric: MetricName, of run: RunRecord) -> Bool

    /// Whether it looks at the tensors of a run. By default it does not.
    static func wantsTensors(of run: RunRecord) -> Bool

    /// What it looks at of what is observed of a script, by `TrainingObservation.name`. By default nothing.
    static var observed: Set<String> { get }
}

extension Rule {
    public static var clears: Bool { false }
    public static var parameters: [Hyperparameter] { [] }
    public static func wants(_ metric: MetricName, of run: RunRecord) -> Bool { false }
    public static func wantsTensors(of run: RunRecord) -> Bool { false }
    public static var observed: Set<String> { [] }

    public init(_ parameters: RuleParameters) { self.init() }

    public var name: String { Self.name }
    public var summary: String { Self.summary }
    public var clears: Bool { Self.clears }
    /// By default anything that it is shown is enough.
    public var waits: RuleWait? { nil }
    public func looks(at metric: MetricName, of run: RunRecord) -> Bool { Self.wants(metric, of: run) }
    public func looksAtTensors(of run: RunRecord) -> Bool { Self.wantsTensors(of: run) }
    public func looks(atObserved name: String) -> Bool { Self.observed.contains(name) }
}

/// A rule that is made from its parameters: its defaults are theirs.
public protocol ParameterisedRule: Rule {}

extension ParameterisedRule {
    public init() { self.init(RuleParameters(of: Self.self)) }
}
