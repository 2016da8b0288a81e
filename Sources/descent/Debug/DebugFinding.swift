import Cells
import Events
import Experiments
import JSON
import PrintableText

/// An alert of a run, with what came of the remedies that were tried.
struct DebugFinding {
    /// A run that was started with a remedy and has ended.
    struct Tried {
        var run: RunID
        var name: String
        var outcome: RemedyOutcome

        var text: String {
            outcome.words { NumberFormat.significant($0) } + " by \(name.printable)"
        }
    }

    /// From 1, in the order in which the run's alerts were raised.
    var number: Int
    var run: RunID
    var raised: RaisedAlert
    /// In the order in which they ended.
    var outcomes: [Tried]
    /// Settings that were tried for any of the run's alerts: the same is not done twice.
    var tried: [[String: String]]

    var alert: Alert { raised.alert }

    var isMended: Bool { outcomes.contains(where: \.outcome.helped) }

    /// The first remedy that is a setting and was not tried.
    var nextRemedy: Alert.Remedy? {
        alert.remedies.first { !$0.set.isEmpty && !tried.contains($0.set) }
    }

    /// What to do first where no remedy is a setting.
    var byHand: Alert.Remedy? { alert.remedies.allSatisfy(\.set.isEmpty) ? alert.remedies.first : nil }

    static func all(of run: RunSummary, _ store: RunStore) throws -> [DebugFinding] {
        let mending = try store.runs().filter { $0.record.remedies?.run == run.record.id }
            .sorted { $0.record.createdAt < $1.record.createdAt }
        let tried = try mending.compactMap { try Self.tried($0.record.id, store) }
        return try store.alerts(of: run.record.id).enumerated().map { place, raised in
            DebugFinding(
                number: place + 1, run: run.record.id, raised: raised,
                outcomes: tried.filter { $0.outcome.alert.rule == raised.alert.rule },
                tried: tried.map(\.outcome.set))
        }
    }

    /// What came of a run that was started with a remedy; nil where it has not been compared.
    static func tried(_ run: RunID, _ store: RunStore) throws -> Tried? {
        guard let record = try store.run(run)?.record else { return nil }
        let found = try store.events(of: run, kinds: [.remedyMeasured]).last
        guard case .debugger(.remedyMeasured(let outcome))? = found?.kind else { return nil }
        return Tried(run: run, name: record.name, outcome: outcome)
    }

    /// - Parameter showsNumber: whether there are others.
    func text(number showsNumber: Bool) -> String {
        var out = (showsNumber ? "\(number)" : "") + RunText.alert(raised)
        if !alert.evidence.isEmpty {
            let evidence = alert.evidence.map { "\($0.name) \(NumberFormat.compact($0.value, digits: 4))" }
            out += "    \(evidence.joined(separator: ", ").printable)\n"
        }
        for tried in outcomes { out += "    \(tried.outcome.helped ? "✔" : "✖") \(tried.text)\n" }
        return out
    }

    var json: JSONValue {
        let alertMembers =
            StudioEvent(sequence: 0, wallTime: 0, run: run, kind: .debugger(.alertRaised(alert))).json.members ?? []
        let own: [JSONValue.Member] = [
            .init("kind", .string("alert")), .init("number", .integer(number)), .init("run", .string(run.text)),
        ]
        let tried = outcomes.map { tried in
            JSONValue.object([.init("run", .string(tried.run.text)), .init("name", .string(tried.name))] + tried.outcome.members)
        }
        return .object(
            own + alertMembers.filter { !["v", "seq", "time", "kind", "run"].contains($0.name) }
                + (raised.cleared.map {
                    [.init("cleared", .object(["step": .integer($0.step), "reason": .string($0.reason)]))]
                } ?? [])
                + [.init("mended", .boolean(isMended)), .init("tried", .array(tried))])
    }
}
