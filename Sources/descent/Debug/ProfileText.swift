import Cells
import CheckedNumbers
import Events
import Studio

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
            rows.append([
                "step \(NumberFormat.grouped(slow.step))", NumberFormat.duration(slow.seconds) + "  " + Self.context(slow),
            ])
        }
        return RunText.table(rows) + (profile.measuredWords.map { $0 + "\n" } ?? "")
    }

    /// When it was, and what ran then.
    static func context(_ slow: RunProfile.SlowStep) -> String {
        "at \(NumberFormat.duration(slow.offset)), \(slow.slice.circumstances)"
    }

    private var machine: String {
        let rows = profile.machine.map { [$0.name] + $0.texts }
        if rows.isEmpty { return "" }
        return RunText.table(
            [["the machine"] + RunProfile.Spread.heads] + rows, rightAligned: [1, 2, 3, 4, 5])
    }

    private var found: String {
        let standing = rules.filter { $0.alert != nil || $0.state == .issue || $0.state == .cleared }
        if standing.isEmpty { return "nothing holds it back that a rule of the profiler looks for\n" }
        return RunText.table(standing.map { [$0.state.glyph + " " + $0.name, $0.state.rawValue, $0.standing] })
    }
}
