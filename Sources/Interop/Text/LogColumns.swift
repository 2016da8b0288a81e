import Events

/// Tells the columns of a text log apart: where the run is, when it was, and what was measured.
struct LogColumns {
    private let chosen: LogColumnNames
    /// Rows read so far: the step of a log that has none.
    private(set) var rowCount = 0

    init(_ chosen: LogColumnNames) { self.chosen = chosen }

    /// Names of step columns, best first.
    static let steps = [
        "global_step", "_step", "step", "trainer/global_step", "train/global_step", "steps", "iteration", "iter", "iterations",
        "num_updates", "update", "batch", "tree", "round",
    ]
    static let epochs = ["epoch", "epochs", "trainer/epoch", "train/epoch", "ep"]
    static let times = [
        "time", "timestamp", "_timestamp", "wall_time", "walltime", "ts", "datetime", "date", "created_at", "unix_time",
        "@timestamp",
    ]
    /// Numbers that are no metric.
    private static let others: Set<String> = [
        "_runtime", "elapsed", "runtime", "time_elapsed", "elapsed_time", "total_steps", "max_steps", "pid", "rank", "seed",
    ]

    /// Whether a name says that what has it is the log of a run.
    static func isTelling(_ name: String) -> Bool {
        let name = name.lowercased()
        if steps.dropLast(4).contains(name) || epochs.contains(name) { return true }
        return name.hasSuffix("loss") || name.hasPrefix("loss")
    }

    /// One row: what it measured, and where.
    mutating func values(of fields: [(name: String, value: JSONValue)]) -> [LoggedValue] {
        let lowered = fields.map { $0.name.lowercased() }
        func place(_ own: String?, _ names: [String]) -> Int? {
            if let own { return fields.firstIndex { $0.name == own } }
            for name in names { if let index = lowered.firstIndex(of: name), fields[index].value.double != nil { return index } }
            return nil
        }
        let stepPlace = place(chosen.step, Self.steps)
        let epochPlace = place(chosen.epoch, Self.epochs)
        var timePlace: Int?
        var time: Double?
        for name in chosen.time.map({ [$0.lowercased()] }) ?? Self.times {
            guard let index = lowered.firstIndex(of: name), let moment = Self.moment(fields[index].value) else { continue }
            (timePlace, time) = (index, moment)
            break
        }
        let epoch = epochPlace.flatMap { fields[$0].value.double } ?? 0
        let step = stepPlace.flatMap { fields[$0].value.double } ?? (epoch == epoch.rounded() && epochPlace != nil ? epoch : nil)
        defer { rowCount += 1 }
        var values: [LoggedValue] = []
        for (index, field) in fields.enumerated() where index != stepPlace && index != epochPlace && index != timePlace {
            guard let number = field.value.double, chosen.metrics[field.name] != nil || isMetric(lowered[index]) else { continue }
            values.append(
                LoggedValue(
                    name: field.name, step: Self.whole(step) ?? rowCount, epoch: epoch.isFinite ? epoch : 0, wallTime: time,
                    value: number))
        }
        return values
    }

    private func isMetric(_ name: String) -> Bool {
        if Self.others.contains(name) || Self.times.contains(name) { return false }
        if chosen.step == nil, Self.steps.dropLast(4).contains(name) { return false }
        return chosen.epoch != nil || !Self.epochs.contains(name)
    }

    private static func whole(_ number: Double?) -> Int? { number.flatMap { Int(exactly: $0.rounded()) } }

    private static func moment(_ value: JSONValue) -> Double? {
        if let text = value.string, Double(text) == nil { return LogTime.seconds(text) }
        return (value.double ?? value.string.flatMap(Double.init)).flatMap { LogTime.seconds($0) }
    }

    /// What a configuration is called in the logs of scripts.
    static let configurations: Set<String> = ["config", "hparams", "hyperparameters", "params", "args", "cfg", "configuration"]
}
