import Clocks
import Events
import Experiments
import Files
import Hosting
import Monitoring

/// Has everything written down that an endpoint is asked, and looked at by the monitors that its model can have.
struct MonitorSetup {
    let client: EndpointClient
    var schedule = MonitorSetup.usualSchedule
    /// Where labels come to; nil = a folder of the workspace's own.
    var groundTruth: String?
    var facet: String?, positive: String?
    var retrain: String?

    /// Every hour.
    static let usualSchedule = "cron(0 * ? * * *)"

    /// What became of one of the four.
    struct Outcome {
        var kind: MonitorRecord.Kind
        var monitor: String
        /// Whether it is there, be it from before.
        var isThere: Bool
        var isNew = false
        /// Why it is not there, or what is to be known of it.
        var reason = ""
    }

    private var workspace: Workspace { client.workspace }

    init(_ client: EndpointClient) { self.client = client }

    /// - Throws: usage, where there is no such endpoint or schedule. What a single monitor lacks is its outcome.
    func carryOut(_ name: String) throws -> (endpoint: EndpointRecord, outcomes: [Outcome]) {
        _ = try MonitorSchedule(schedule)
        var endpoint = try client.endpoints.endpoint(named: name)
        if endpoint.status.isPassing { endpoint = try client.waitUntilItStands(endpoint.id) }
        if endpoint.capturePercent == nil {
            try client.ask(.capture(percent: 100), of: endpoint)
            endpoint.capturePercent = 100
        }
        let known = try client.store.monitors.all().filter { $0.endpoint == endpoint.name }
        var outcomes: [Outcome] = []
        for kind in MonitorRecord.Kind.allCases {
            if let there = known.first(where: { $0.kind == kind }) {
                outcomes.append(Outcome(kind: kind, monitor: there.name, isThere: true, reason: "it was there already"))
            } else {
                outcomes.append(try made(kind, endpoint))
            }
        }
        if outcomes.contains(where: \.isNew) { try client.wakeHost() }
        return (endpoint, outcomes)
    }

    private func made(_ kind: MonitorRecord.Kind, _ endpoint: EndpointRecord) throws -> Outcome {
        var plan = MonitorPlan(name: "\(endpoint.name)-\(kind.rawValue)")
        (plan.type, plan.endpoint, plan.schedule, plan.retrain) = (kind.rawValue, endpoint.name, schedule, retrain)
        (plan.facet, plan.positive) = (facet, positive)
        if kind == .bias, facet == nil || positive == nil {
            return Outcome(
                kind: kind, monitor: plan.name, isThere: false,
                reason: "which groups are to be compared is not known: give --facet COL=V and --positive V")
        }
        var note = ""
        if kind == .modelQuality || kind == .bias {
            let path = groundTruth ?? "\(workspace.path)/ground-truth/\(endpoint.name)"
            if groundTruth == nil { try Folder.make(path) }
            plan.groundTruth = path
            note = "labels come to \(path)"
        }
        do {
            let record = try MonitorCreation(plan: plan, workspace: workspace, store: client.store).make()
            try client.store.monitors.register(record)
            return Outcome(kind: kind, monitor: plan.name, isThere: true, isNew: true, reason: note)
        } catch {
            return Outcome(kind: kind, monitor: plan.name, isThere: false, reason: CommandError(error).description)
        }
    }
}
