import Cells
import Events
import RunSearching

/// In what the runs of a table differ: what they learned from, by which algorithm, and the settings that tell them apart.
struct RunDifferences: Hashable, Sendable {
    /// A field with what its values take of a table's room.
    struct Field: Hashable, Sendable {
        var field: RunField
        /// Of the widest value.
        var width: Int
        var isRight: Bool
        var differs: Bool
    }

    /// Algorithm and data set; where they are, target, experiment and seed where they differ.
    private(set) var facts: [Field] = []
    /// Settings in which runs differ, what tells most of them apart first; those that somebody gave by hand before those that
    /// only follow from the data or the algorithm.
    private(set) var settings: [Field] = []

    /// Runs that are looked at, evenly spread: a setting in which many runs differ is found among these.
    static let sampleCount = 64
    /// Settings that are listed at most.
    private static let capacity = 24

    init() {}

    init(of runs: some Collection<RunSummary>) {
        guard !runs.isEmpty else { return }
        for field in [RunField.place, .algorithm, .dataset, .target, .experiment, .seed] {
            let values = Set(runs.map { field.cellText($0, now: 0) })
            guard field == .algorithm || field == .dataset || values.count > 1 else { continue }
            let width = values.reduce(1) { max($0, TextWidth.of($1 ?? "")) }
            facts.append(Field(field: field, width: width, isRight: field == .seed, differs: values.count > 1))
        }
        var counts: [String: [String: Int]] = [:]
        var given: Set<String> = []
        for run in runs {
            for (name, value) in run.record.hyperparameters { counts[name, default: [:]][value, default: 0] += 1 }
            given.formUnion(run.record.request.hyperparameters.keys)
        }
        let telling = counts.filter { $0.value.count > 1 }.map { name, values in
            (name: name, isGiven: given.contains(name), weight: Self.information(values.values, of: runs.count))
        }
        let ordered = telling.sorted { left, right in
            if left.isGiven != right.isGiven { return left.isGiven }
            return left.weight == right.weight ? left.name < right.name : left.weight > right.weight
        }
        settings = ordered.prefix(Self.capacity).map { setting in
            let values = counts[setting.name]?.keys.map { $0 } ?? []
            let isNumber = values.contains { if case .number = RunValue(setting: $0) { true } else { false } }
            // A metric may be called like a setting.
            let isMetric = runs.contains {
                $0.record.hyperparameters[setting.name] != nil && RunField.named(setting.name).setting(of: $0) == nil
            }
            return Field(
                field: isMetric ? .setting(setting.name) : .named(setting.name),
                width: values.reduce(1) { max($0, TextWidth.of(Self.text($1))) }, isRight: isNumber, differs: true)
        }
    }

    /// A setting's value as a narrow column says it: of numbers that something computed, the first digits.
    static func text(_ value: String) -> String {
        guard value.utf8.count > 9, case .number(let number) = RunValue(setting: value) else { return value }
        let short = NumberFormat.significant(number, digits: 5)
        return short.utf8.count < value.utf8.count ? short : value
    }

    /// What tells the runs apart, in the order that it stands in a table.
    var all: [Field] { facts + settings }

    /// How much a value tells about which run it is of (an entropy, to the base of ten); runs that have no value tell nothing.
    private static func information(_ counts: some Sequence<Int>, of runs: Int) -> Double {
        let total = Double(counts.reduce(0, +))
        // In order, since sums of the same numbers in another order differ in their last digits.
        let entropy = counts.sorted().reduce(0.0) { $0 - Double($1) / total * Projected.log(Double($1) / total) }
        return entropy * total / Double(runs)
    }
}
