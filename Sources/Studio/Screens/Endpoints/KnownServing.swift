import Cells
import Events

/// The workspace's endpoints, alarms, kept models and monitors, as the studio last read them.
public struct KnownServing: Sendable, Hashable {
    /// Newest first.
    public var endpoints: [EndpointRecord] = []
    /// By name.
    public var alarms: [AlarmRecord] = []
    /// By name, and in each group the newest first.
    public var models: [ModelVersion] = []
    /// By name, with what each found last.
    public var monitors: [MonitorStanding] = []
    /// Where endpoints are reached, or were last: `http://127.0.0.1:8080`; nil where nobody has listened yet.
    public var url: String?
    /// Whether everybody on the machine is answered.
    public var isOpen = false
    /// Whether the process that listens there is alive.
    public var isServed = false

    public init() {}

    func endpoint(_ id: String) -> EndpointRecord? { endpoints.first { $0.id == id } }
    func endpoint(named name: String) -> EndpointRecord? { endpoints.first { $0.name == name } }
    func monitor(_ name: String) -> MonitorStanding? { monitors.first { $0.record.name == name } }
    func model(_ id: String) -> ModelVersion? { models.first { $0.id == id } }

    /// How an endpoint stands for whoever would ask it now: without a host nobody answers.
    package func standing(_ record: EndpointRecord) -> (status: EndpointStatus, reason: String) {
        if record.status == .inService, !isServed {
            return (.outOfService, "its host is away: S starts one")
        }
        return (record.status, record.reason)
    }

    package func url(of endpoint: String) -> String? { url.map { "\($0)/endpoints/\(endpoint)/invocations" } }

    /// Endpoints that a model answers for: a version's, a run's or an AutoML job's.
    func endpoints(answeredBy model: String) -> [EndpointRecord] {
        endpoints.filter { ($0.variants + $0.pending).contains { $0.modelID == model } }
    }

    func alarms(of record: EndpointRecord) -> [AlarmRecord] { alarms.filter { $0.endpoint == record.name } }
}

extension EndpointStatus {
    /// A glyph for the status; the word stands beside it.
    package var glyph: String {
        switch self {
        case .inService: "●"
        case .creating, .updating, .systemUpdating: "▶"
        case .rollingBack, .deleting: "◂"
        case .outOfService: "○"
        case .failed, .updateRollbackFailed: "✖"
        }
    }

    package var role: ColorRole {
        switch self {
        case .inService: .good
        case .creating, .updating, .systemUpdating: .info
        case .rollingBack, .deleting, .outOfService: .warning
        case .failed, .updateRollbackFailed: .bad
        }
    }

    /// SageMaker's word.
    package var word: String { rawValue }
}

extension AlarmRecord {
    var isOn: Bool { state == "ALARM" }

    /// `p99 ModelLatency > 5,000 µs`
    package var words: String {
        let sign = ["gt": ">", "ge": "≥", "lt": "<", "le": "≤"][comparison] ?? comparison
        let unit = metric.hasSuffix("Latency") ? " µs" : ""
        let what = monitor.map { "\(feature ?? metric) of \($0)" } ?? "\(statistic) \(metric)"
        return
            "\(what) \(sign) \(Int(exactly: threshold).map(NumberFormat.grouped) ?? NumberFormat.significant(threshold))\(unit)"
    }

    /// `2 of 3 periods of 10 s`
    package var periods: String {
        evaluationPeriods == 1 ? "over \(period) s" : "\(datapoints) of \(evaluationPeriods) periods of \(period) s"
    }

    var role: ColorRole { isOn ? .bad : state == "OK" ? .good : .muted }
    var glyph: String { isOn ? "▲" : state == "OK" ? "●" : "○" }
}
