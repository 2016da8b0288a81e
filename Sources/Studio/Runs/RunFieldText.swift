import Cells
import CheckedNumbers
import Clocks
import Events
import RunSearching

extension RunField {
    /// The value as a table's cell says it; nil when the run has none.
    package func cellText(_ run: RunSummary, now: Double, utcOffsetSeconds: Int = 0) -> String? {
        switch (self, value(of: run, now: now)) {
        case (_, nil): nil
        case (.status, _): run.statusWord
        case (_, .text(let text)): text
        case (_, .texts(let texts)): texts.joined(separator: " ")
        case (.step, .number(let number)), (.bestStep, .number(let number)), (.statistic(.step, _), .number(let number)):
            NumberFormat.grouped(Int(nearestWithin: number))
        case (.seed, .number(let number)):
            run.record.origin == .trained ? String(run.record.seed) : text(of: run, now: now) ?? "\(number)"
        case (.alerts, .number(let number)): NumberFormat.grouped(Int(nearestWithin: number))
        case (.progress, .number(let number)): NumberFormat.percent(number)
        case (.speed, .number(let number)): NumberFormat.compact(number)
        case (.epoch, .number(let number)): NumberFormat.fixed(number, decimals: 1)
        case (.duration, .number(let number)): NumberFormat.duration(number)
        case (.named(let name), .number(let number)) where MetricName(name).isSystem,
            (.statistic(_, let name), .number(let number)) where MetricName(name).isSystem:
            SystemUnit(of: MetricName(name)).text(number)
        // A setting as it was written.
        case (.named, .number(let number)), (.setting, .number(let number)):
            setting(of: run) ?? NumberFormat.significant(number)
        case (_, .number(let number)):
            kind == .time
                ? String(WallClock.text(number + Double(utcOffsetSeconds)).prefix(16).map { $0 == "T" ? " " : $0 })
                : NumberFormat.significant(number)
        }
    }

    /// Whether the cells stand at the right of their column.
    package func isRightAligned(_ runs: [RunSummary]) -> Bool {
        guard kind == .either else { return kind != .text }
        return runs.contains { if case .number = value(of: $0, now: 0) { true } else { false } }
    }
}
