import Events
import Interop
import Training

/// Puts a script's values on the bus under the names they have here, and keeps what the run is judged by.
struct ScriptRecorder {
    private let bus: EventBus
    private let meter: JobMeter
    private(set) var record: RunRecord
    /// Of messages and of output: what both tell is one metric.
    private var spelling: MetricSpelling
    private var outputSpelling: MetricSpelling
    /// Values that are not on the bus yet.
    private var pending: [(name: MetricName, value: LoggedValue)] = []
    private var measured: Set<MetricName> = []
    /// Where each metric of the output was last measured.
    private var outputSteps: [MetricName: Int] = [:]
    private(set) var stopping: EarlyStopping
    private(set) var latest: [MetricName: Double] = [:]
    private(set) var step = 0
    private(set) var epoch = 0.0
    /// Points up to this step were recorded by an earlier attempt; nil = none were.
    private let recordedStep: Int?
    /// Whether the user said what the run is judged by, and how.
    private let isObjectiveChosen: Bool
    private let wanted: String
    /// By rank, the step of its last message, and what it told of that.
    private var told: [Int: (step: Int, names: Set<String>)] = [:]
    private(set) var repeatedCount = 0
    /// Values that came again at the step of the one before, as when several processes print the same.
    private(set) var doubledCount = 0

    init(_ plan: JobPlan, bus: EventBus, meter: JobMeter, definitions: [MetricDefinition]) {
        self.bus = bus
        self.meter = meter
        record = plan.record
        recordedStep = plan.recordedStep
        let chosen = Dictionary(definitions.map { ($0.name, MetricName($0.name)) }) { $1 }
        (spelling, outputSpelling) = (MetricSpelling(chosen: chosen), MetricSpelling(chosen: chosen))
        isObjectiveChosen = record.request.hyperparameters[JobSettings.objective] != nil
        wanted = record.objective.metric.text
        stopping = EarlyStopping(
            objective: record.objective, criteria: JobSettings.criteria(record.request.hyperparameters))
    }

    mutating func change(_ settings: [String: String]) {
        JobSettings.apply(settings, to: &stopping.criteria)
        record.hyperparameters.merge(settings) { $1 }
    }

    mutating func adopt(_ change: (inout RunRecord) -> Void) {
        change(&record)
        bus.post(.run(.registered(record)), run: record.id)
    }

    mutating func count(seconds: Double) { stopping.trainedSeconds = seconds }

    /// Why the run is to end; nil = it goes on.
    var reasonToStop: EndReason? { stopping.reasonToStop(epoch: epoch) }

    /// Records what one message of a rank says.
    /// - Parameter step: nil = it says none: a name that comes again is at the next step.
    mutating func take(_ values: [LoggedValue], at step: Int?, rank: Int) {
        let names = Set(values.map(\.name))
        var last = told[rank] ?? (record.fork?.step ?? recordedStep ?? 0, [])
        if let step {
            last = (step, step == last.step ? last.names.union(names) : names)
        } else if !last.names.isDisjoint(with: names) {
            last = (last.step &+ 1, names)
        } else {
            last.names.formUnion(names)
        }
        told[rank] = last
        take(
            step != nil
                ? values
                : values.map { value in
                    var value = value
                    value.step = last.step
                    return value
                }, rank: rank)
    }

    /// Records values, in the order in which they were measured.
    /// - Parameters:
    ///   - rank: of the process that measured them; what others than the first measure is kept under names of its own.
    ///   - isFromOutput: whether nobody says which process measured them.
    mutating func take(_ values: [LoggedValue], rank: Int = 0, isFromOutput: Bool = false) {
        for value in values {
            var hasTime = true
            guard let value = value.checked(hasTime: &hasTime) else { continue }
            let name =
                rank != 0
                ? spelling.name(keeping: "rank\(rank)/\(value.name)")
                : isFromOutput ? outputSpelling.name(for: value.name) : spelling.name(for: value.name)
            if let recordedStep, value.step <= recordedStep {
                repeatedCount += 1
                continue
            }
            if isFromOutput, outputSteps.updateValue(value.step, forKey: name) == value.step {
                doubledCount += 1
                continue
            }
            pending.append((name, value))
            latest[name] = value.value
            guard rank == 0 else { continue }
            (step, epoch) = (max(step, value.step), max(epoch, value.epoch))
            judge(name, value)
        }
        if pending.count >= Self.portion { flush() }
    }

    private static let portion = 8192

    /// Hands what was taken over to the bus.
    mutating func flush() {
        guard !pending.isEmpty else { return }
        var places: [MetricName: Int] = [:]
        var metrics: [MetricName] = []
        for (name, _) in pending where places[name] == nil {
            places[name] = metrics.count
            metrics.append(name)
        }
        let channel = bus.makeChannel(run: record.id, metrics: metrics, capacity: max(64, min(pending.count, 1 << 14)))
        // Values of one step are one event, as long as none is there twice.
        var joinedStep: Int?
        var joined: Set<MetricName> = []
        let joins = pending.map { name, value in
            let joins = joinedStep == value.step && !joined.contains(name)
            if !joins { joined = [] }
            joined.insert(name)
            joinedStep = value.step
            return joins
        }
        for (index, (name, value)) in pending.enumerated() {
            channel.record(
                places[name] ?? 0, value.value, step: value.step, epoch: value.epoch,
                more: index + 1 < joins.count && joins[index + 1], at: value.wallTime)
        }
        channel.close()
        pending.removeAll(keepingCapacity: true)
        meter.reach(step: step, epoch: epoch, rows: 0)
    }

    /// Folds a value in that the run is judged by; a better metric to judge by may have come.
    private mutating func judge(_ name: MetricName, _ value: LoggedValue) {
        if measured.insert(name).inserted, let better = better(than: record.objective, name) {
            let earlier = stopping
            stopping = EarlyStopping(objective: better, criteria: earlier.criteria)
            stopping.trainedSeconds = earlier.trainedSeconds
            adopt { $0.objective = better }
        }
        if name == record.objective.metric { _ = stopping.observe(value.value, step: value.step) }
    }

    /// What the run is to be judged by since a metric was measured for the first time; nil = as before.
    private func better(than objective: Objective, _ name: MetricName) -> Objective? {
        let isMeasured = objective.metric != name && measured.contains(objective.metric)
        if isObjectiveChosen {
            // A name without rows stands for those that are validated on, or else for the first that are measured.
            guard !wanted.contains(":"), name.metric == wanted, !isMeasured || name.split == "validation" else { return nil }
            return Objective(metric: name, direction: objective.direction == .unknown ? name.direction : objective.direction)
        }
        let candidates: Set<MetricName> = isMeasured ? [objective.metric, name] : [name]
        guard let best = MetricSpelling.objective(among: candidates), best != objective else { return nil }
        return best
    }

    var bestStep: Int? { stopping.best.isNaN ? nil : stopping.bestStep }
}
