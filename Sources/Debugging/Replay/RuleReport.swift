import Events
import Hyperparameters

/// How a rule stands in a run, and what it is set to.
public struct RuleReport: Sendable, Hashable {
    public enum Origin: String, Sendable, Hashable {
        /// It looks at every run.
        case descent
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
    /// What it found, while that stands.
    public var alert: Alert?

    init(_ entry: RuleSelection.Entry, _ stand: RuleStand) {
        (name, summary) = (stand.name, entry.rule.summary)
        origin = entry.origin
        (state, reason, wait, alert) = (stand.state, stand.reason, stand.wait, stand.alert)
        step = stand.state == .waitingForData || stand.state == .disabled ? nil : stand.step
        parameters = entry.parameterValues
    }

    /// The rule before any run.
    private init(_ entry: RuleSelection.Entry) {
        (name, summary, origin) = (entry.rule.name, entry.rule.summary, entry.origin)
        (state, reason, wait) = (entry.isOff ? .disabled : .waitingForData, "", entry.rule.waits)
        parameters = entry.parameterValues
    }

    /// Every rule there is, with its defaults.
    public static var catalogue: [RuleReport] {
        (RuleCatalogue.all + RuleCatalogue.sageMaker).map {
            RuleReport(RuleSelection.Entry(rule: $0.init(), parameters: RuleParameters(of: $0), type: $0))
        }
    }

    /// Takes what was recorded while the run trained, which saw more than a replay does.
    public mutating func take(_ evaluation: RuleEvaluation) {
        guard evaluation.rule == name else { return }
        (state, step, reason) = (evaluation.state, evaluation.step, evaluation.reason)
        if state != .waitingForData { wait = nil }
        if state != .issue { alert = nil }
    }
}

extension RuleSelection.Entry {
    var origin: RuleReport.Origin {
        guard let type else { return .own }
        return RuleCatalogue.sageMaker.contains { $0 == type } ? .sagemaker : .descent
    }

    var parameterValues: [RuleReport.Parameter] {
        guard let type, let parameters else { return [] }
        return parameters.all(of: type).map {
            .init(
                name: $0.parameter.name, value: $0.value, defaultValue: $0.parameter.defaultValue, summary: $0.parameter.summary)
        }
    }
}
