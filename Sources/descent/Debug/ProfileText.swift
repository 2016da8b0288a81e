import Cells
import CheckedNumbers
import Events

/// A profile as text.
struct ProfileText {
    let run: RunSummary
    let profile: RunProfile
    let rules: [RuleReport]

    private static let barWidth = 30

    var text: String { [head, parts, steps, machine, found].filter { !$0.isEmpty }.joined(separator: "\n") }

    private var head: String {
        let rate = profile.stepsPerSecond.map { ", \(NumberFormat.significant($0, digits: 3)) steps a second" } ?? ""
        return
            "\(run.record.name): \(NumberFormat.duration(profile.seconds)), \(NumberFormat.grouped(profile.stepCount)) steps\(rate)\n"
    }

    private var parts: String {
        let rows = profile.parts.map { part, seconds, share in
            let bar = String(repeating: "█", count: Int(nearestWithin: share * Double(Self.barWidth)))
            return [part.title, NumberFormat.duration(seconds), NumberFormat.percent(share, decimals: 1), bar]
        }
        return RunText.table([["its time", "", "", ""]] + rows, rightAligned: [1, 2])
    }

    private var steps: String {
        guard profile.stepCount > 0 else { return "" }
        func time(_ share: Double) -> String { profile.durations.quantile(share).map(NumberFormat.duration) ?? "" }
        var rows = [
            ["its steps", ""], ["median", time(0.5)], ["95 % under", time(0.95)], ["99 % under", time(0.99)],
        ]
        for slow in profile.slowest.prefix(3) {
            rows.append(["step \(NumberFormat.grouped(slow.step))", NumberFormat.duration(slow.seconds) + Self.context(slow)])
        }
        let note =
            profile.timedCount == 0
            ? ""
            : "parts measured of \(NumberFormat.grouped(profile.timedCount)) of \(NumberFormat.grouped(profile.stepCount)) steps\n"
        return RunText.table(rows) + note
    }

    /// When it was, and what ran then.
    static func context(_ slow: RunProfile.SlowStep) -> String {
        let machine = slow.slice.machine
        var words = ["at \(NumberFormat.duration(max(0, slow.offset)))"]
        if let queued = machine.queuedPercent, queued > 10 {
            words.append("waiting for a core \(NumberFormat.fixed(queued, decimals: 0)) %")
        }
        if let stall = machine.ioStallPercent, stall > 10 {
            words.append("disk \(NumberFormat.fixed(stall, decimals: 0)) %")
        }
        if !slow.slice.pauses.isEmpty {
            let parts = Set(slow.slice.pauses.map(\.part.title)).sorted().joined(separator: ", ")
            words.append("beside \(parts)")
        }
        return "  " + words.joined(separator: ", ")
    }

    private var machine: String {
        let rows = profile.machine.map { spread in
            [spread.name]
                + [spread.maximum, spread.p99, spread.p95, spread.median, spread.minimum].map { Self.value($0, spread.unit) }
        }
        if rows.isEmpty { return "" }
        return RunText.table(
            [["the machine", "max", "p99", "p95", "median", "min"]] + rows, rightAligned: [1, 2, 3, 4, 5])
    }

    private var found: String {
        let standing = rules.filter { $0.alert != nil || $0.state == .issue || $0.state == .cleared }
        if standing.isEmpty { return "nothing holds it back that a rule of the profiler looks for\n" }
        return RunText.table(standing.map { [$0.state.glyph + " " + $0.name, $0.state.rawValue, $0.standing] })
    }

    static func value(_ value: Double, _ unit: RunProfile.Spread.Unit) -> String {
        switch unit {
        case .percent: NumberFormat.fixed(value, decimals: 0) + " %"
        case .bytes: NumberFormat.bytes(Int(nearestWithin: value))
        case .count: NumberFormat.grouped(Int(nearestWithin: value))
        }
    }
}
