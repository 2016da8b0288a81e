import Cells
import CheckedNumbers
import Events

extension RunProfile {
    /// How many steps had their parts measured; nil where none had.
    package var measuredWords: String? {
        timedCount == 0
            ? nil : "parts measured in \(NumberFormat.grouped(timedCount)) of \(NumberFormat.grouped(stepCount)) steps"
    }

    /// `median 188µs, 95 % under 221µs, 99 % under 344µs`.
    package var durationWords: String {
        func time(_ share: Double) -> String { durations.quantile(share).map { NumberFormat.duration($0) } ?? "–" }
        return "median \(time(0.5)), 95 % under \(time(0.95)), 99 % under \(time(0.99))"
    }
}

extension RunProfile.Spread {
    /// What `texts` are.
    package static let heads = ["max", "p99", "p95", "median", "min"]

    package var texts: [String] {
        [maximum, p99, p95, median, minimum].map { value in
            switch unit {
            case .percent: NumberFormat.fixed(value, decimals: 0) + " %"
            case .bytes: NumberFormat.bytes(Int(nearestWithin: value))
            case .count: NumberFormat.grouped(Int(nearestWithin: value))
            }
        }
    }
}

extension ProfileSlice {
    /// What ran in it, for who wonders why a step was slow.
    package var circumstances: String {
        var words: [String] = []
        func add(_ label: String, _ value: Double?, over least: Double) {
            if let value, value > least { words.append("\(label) \(NumberFormat.fixed(value, decimals: 0)) %") }
        }
        add("no core free", machine.queuedPercent, over: 10)
        add("disk", machine.diskPercent, over: 5)
        add("held back", machine.throttledPercent, over: 5)
        add("busiest core", machine.cores.max(), over: -1)
        let between = Set(pauses.map(\.part.title)).sorted()
        if !between.isEmpty { words.append("beside " + between.joined(separator: ", ")) }
        return words.joined(separator: ", ")
    }
}
