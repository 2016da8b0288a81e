import CheckedNumbers
import JSON

/// Tells the columns of a text log apart: where the run is, when it was, and what was measured.
package struct LogColumns {
    private let chosen: LogColumnNames
    /// Rows read so far: the step of a log that has none.
    private(set) var rowCount = 0
    private var epochSteps = EpochSteps()
    /// Of a log without steps, where the last row stood.
    private var lastCounted: (epoch: Int, step: Int, names: Set<String>, isByRow: Bool)?
    private var notes: [String] = []
    private var said: Set<String> = []

    package init(_ chosen: LogColumnNames) { self.chosen = chosen }

    /// Names of step columns, best first.
    package static let steps = [
        "global_step", "_step", "step", "trainer/global_step", "train/global_step", "steps", "iteration", "iter", "iterations",
        "num_updates", "update", "batch", "tree", "round",
    ]
    package static let epochs = ["epoch", "epochs", "trainer/epoch", "train/epoch", "ep"]
    static let times = [
        "time", "timestamp", "_timestamp", "wall_time", "walltime", "ts", "datetime", "date", "created_at", "unix_time",
        "@timestamp",
    ]
    /// Numbers that are no metric.
    private static let others: Set<String> = [
        "_runtime", "elapsed", "runtime", "time_elapsed", "elapsed_time", "total_steps", "max_steps", "pid", "rank", "seed",
    ]

    /// Whether a name says that what has it is the log of a run.
    package static func isTelling(_ name: String) -> Bool {
        let name = name.lowercased()
        if steps.dropLast(4).contains(name) || epochs.contains(name) { return true }
        return name.hasSuffix("loss") || name.hasPrefix("loss")
    }

    /// What a column is called that tells rows of training from others, as MMDetection's `mode` is.
    private static let splitNames: Set<String> = ["mode", "split", "phase", "subset", "stage", "partition"]
    /// Columns that count over all epochs: where they fall back, training was taken up at an earlier place.
    private static let overall: Set<String> = [
        "global_step", "_step", "trainer/global_step", "train/global_step", "num_updates", "train_num_updates",
    ]

    /// What was decided, and what could not be read, since the last call.
    package mutating func takeNotes() -> [String] {
        defer { notes = [] }
        return notes
    }

    /// One row: what it measured, and where.
    package mutating func values(of fields: [(name: String, value: JSONValue)]) -> [LoggedValue] {
        let lowered = fields.map { $0.name.lowercased() }
        let numbers = fields.map { LogNumber.value($0.value) }
        func place(_ own: String?, _ names: [String]) -> Int? {
            if let own { return fields.firstIndex { $0.name == own } }
            for name in names { if let index = lowered.firstIndex(of: name), numbers[index] != nil { return index } }
            return nil
        }
        let stepPlace =
            place(chosen.step, Self.steps) ?? lowered.indices.first { numbers[$0] != nil && Self.isSplitStep(lowered[$0]) }
        let epochPlace = place(chosen.epoch, Self.epochs)
        var timePlace: Int?
        var time: Double?
        for name in chosen.time.map({ [$0.lowercased()] }) ?? Self.times {
            guard let index = lowered.firstIndex(of: name), let moment = Self.moment(fields[index].value) else { continue }
            (timePlace, time) = (index, moment)
            break
        }
        let epoch = epochPlace.flatMap { numbers[$0] }
        let split = lowered.indices.lazy.filter { Self.splitNames.contains(lowered[$0]) }
            .compactMap { fields[$0].value.string.flatMap(MetricSpelling.split) }.first
        defer { rowCount += 1 }
        var values: [LoggedValue] = []
        for (index, field) in fields.enumerated() where index != stepPlace && index != epochPlace && index != timePlace {
            let isChosen = chosen.metrics[field.name] != nil
            guard let number = numbers[index], isChosen || isMetric(lowered[index]) else { continue }
            let name = isChosen ? field.name : Self.name(field.name, measuredOn: split)
            values.append(LoggedValue(name: name, step: 0, epoch: epoch ?? 0, wallTime: time, value: number))
        }
        let column = stepPlace.map { (name: lowered[$0], number: numbers[$0] ?? .nan) }
        guard !values.isEmpty, let step = step(column, epoch, split, values) else { return [] }
        for index in values.indices { values[index].step = step }
        return values
    }

    /// A bare `loss` in a row of validation is not the training loss.
    private static func name(_ name: String, measuredOn split: String?) -> String {
        guard let split, split != "train", !MetricSpelling.hasSplit(name) else { return name }
        return split + "/" + name
    }

    /// Where in the run a row stands; nil for a step that is none.
    private mutating func step(
        _ column: (name: String, number: Double)?, _ epoch: Double?, _ split: String?, _ values: [LoggedValue]
    ) -> Int? {
        guard let column else { return countedStep(epoch, values) }
        guard let raw = Int(nearest: column.number), LoggedValue.isStep(raw) else {
            say("rows whose \(column.name) is no step are left out")
            return nil
        }
        if column.number != column.number.rounded() {
            say("\(column.name) has fractions, and a step is a whole number: each counts as the nearest")
        }
        guard let epoch, epoch.isFinite, !Self.overall.contains(column.name) else { return raw }
        if let split, split != "train" { return epochSteps.evaluating(raw, epoch: epoch) }
        let step = epochSteps.training(raw, epoch: epoch, values: values)
        if epochSteps.hasRestarted {
            say("\(column.name) starts anew in each epoch: steps go on counting from where the last epoch ended")
        }
        return step
    }

    /// From here on rows are those of a program that was started again.
    mutating func beginAnew() { lastCounted = nil }

    /// The step of a row that names none: its epoch, or the number of the row where there is no epoch. Where an epoch measures the
    /// same again, its rows are steps that go on counting.
    private mutating func countedStep(_ epoch: Double?, _ values: [LoggedValue]) -> Int {
        guard let whole = epoch.flatMap({ $0 == $0.rounded() ? Int(nearest: $0) : nil }), LoggedValue.isStep(whole) else {
            return rowCount
        }
        let names = Set(values.map(\.name))
        guard let last = lastCounted, whole >= last.epoch else {
            lastCounted = (whole, max(whole, lastCounted.map { $0.isByRow ? $0.step + 1 : whole } ?? whole), names, false)
            return lastCounted?.step ?? whole
        }
        let isAgain = !names.isDisjoint(with: last.names)
        let isByRow = last.isByRow || whole == last.epoch && isAgain
        if isByRow, !last.isByRow { say("an epoch has several rows and no step: rows are counted as steps") }
        let isSameRow = whole == last.epoch && !isAgain
        let step = isSameRow ? last.step : isByRow ? last.step + 1 : max(whole, last.step)
        lastCounted = (whole, step, isSameRow ? last.names.union(names) : names, isByRow)
        return step
    }

    private mutating func say(_ note: String) { if said.insert(note).inserted { notes.append(note) } }

    /// Steps that are named for the rows they were counted on, as fairseq's `train_num_updates`.
    private static func isSplitStep(_ name: String) -> Bool {
        guard let mark = name.utf8.firstIndex(where: { "/_.".utf8.contains($0) }),
            MetricSpelling.split(String(name[..<mark])) != nil
        else {
            return false
        }
        return steps.dropLast(4).contains(String(name[name.index(after: mark)...]))
    }

    private func isMetric(_ name: String) -> Bool {
        if Self.others.contains(name) || Self.times.contains(name) { return false }
        if chosen.step == nil, Self.steps.dropLast(4).contains(name) || Self.isSplitStep(name) { return false }
        return chosen.epoch != nil || !Self.epochs.contains(name)
    }

    private static func moment(_ value: JSONValue) -> Double? {
        if let text = value.string, LogNumber.value(of: text) == nil { return LogTime.seconds(text) }
        return LogNumber.value(value).flatMap { LogTime.seconds($0) }
    }

    /// What a configuration is called in the logs of scripts.
    static let configurations: Set<String> = ["config", "hparams", "hyperparameters", "params", "args", "cfg", "configuration"]
}
