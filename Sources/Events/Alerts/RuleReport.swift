/// How a rule stands in a run, and what it is set to.
public struct RuleReport: Sendable, Hashable {
    public enum Origin: String, Sendable, Hashable {
        /// It looks at every run.
        case descent
        /// It looks at where the time of every run goes.
        case profiler
        /// It is one of SageMaker Debugger's.
        case sagemaker
        /// The user wrote it.
        case own
    }

    public struct Parameter: Sendable, Hashable {
        public var name: String
        public var value: String
        public var defaultValue: String
        public var summary: String
        /// What it may be, short enough for a line of the screen.
        public var validValues: String

        public init(name: String, value: String, defaultValue: String, summary: String, validValues: String = "") {
            (self.name, self.value, self.defaultValue, self.summary) = (name, value, defaultValue, summary)
            self.validValues = validValues
        }
    }

    public var name: String
    public var summary: String
    public var origin: Origin
    public var state: RuleState
    /// Since when it stands so; nil where it has always.
    public var step: Int?
    /// Why; empty where the state says it all.
    public var reason: String
    public var wait: RuleWait?
    public var parameters: [Parameter]
    /// What a list of rules says of it, with all that can be set; nil where there is nothing.
    public var line: String?
    /// What it found, while that stands.
    public var alert: Alert?

    public init(
        name: String, summary: String, origin: Origin, state: RuleState, step: Int? = nil, reason: String = "",
        wait: RuleWait? = nil,
        parameters: [Parameter] = [], line: String? = nil, alert: Alert? = nil
    ) {
        (self.name, self.summary, self.origin, self.state) = (name, summary, origin, state)
        (self.step, self.reason, self.wait, self.parameters, self.alert) = (step, reason, wait, parameters, alert)
        self.line = line
    }

    /// Takes what was recorded while the run trained, which saw more than a replay does.
    public mutating func take(_ evaluation: RuleEvaluation) {
        guard evaluation.rule == name else { return }
        (state, step, reason) = (evaluation.state, evaluation.step, evaluation.reason)
        if state != .waitingForData { wait = nil }
        if state != .issue { alert = nil }
    }
}
