import Events
import Interop
import Training

/// Puts a script's values on the bus under the names they have here, and keeps what the run is judged by.
struct ScriptRecorder {
    private let bus: EventBus
    private let meter: JobMeter
    private(set) var record: RunRecord
    private var spelling: MetricSpelling
    private var channels: [MetricName: SampleChannel] = [:]
    private var steps: [MetricName: Int] = [:]
    private var outputSteps: [MetricName: Int] = [:]
    private(set) var stopping: EarlyStopping
    private(set) var latest: [MetricName: Double] = [:]
    private(set) var step = 0
    private(set) var epoch = 0.0
    /// Points up to this step were recorded by an earlier attempt; nil = none were.
    private let recordedStep: Int?
    /// Whether the user said what the run is judged by.
    private let isObjectiveChosen: Bool
    private(set) var repeatedCount = 0
    /// Values that came again at the step of the one before, as when several processes print the same.
    private(set) var doubledCount = 0

    init(_ plan: JobPlan, bus: EventBus, meter: JobMeter, definitions: [MetricDefinition]) {
        self.bus = bus
        self.meter = meter
        record = plan.record
        recordedStep = plan.recordedStep
        let chosen = Dictionary(definitions.map { ($0.name, MetricName($0.name)) }) { $1 }
        spelling = MetricSpelling(chosen: chosen)
        isObjectiveChosen = record.request.hyperparameters[JobSettings.objective] != nil
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

    /// Records values, in the order in which they were measured.
    /// - Parameters:
    ///   - rank: of the process that measured them; what others than the first measure is kept under names of its own.
    ///   - isFromOutput: whether nobody says which process measured them.
    mutating func take(_ values: [LoggedValue], rank: Int = 0, isFromOutput: Bool = false) {
        var before: (step: Int, names: Set<MetricName>)?
        for value in values {
            var hasTime = true
            guard let value = value.checked(hasTime: &hasTime) else { continue }
            let name = spelling.name(for: rank == 0 ? value.name : "rank\(rank)/\(value.name)")
            if let recordedStep, value.step <= recordedStep {
                repeatedCount += 1
                continue
            }
            if isFromOutput, outputSteps.updateValue(value.step, forKey: name) == value.step {
                doubledCount += 1
                continue
            }
            let joins = before.map { $0.step == value.step && !$0.names.contains(name) } ?? false
            before = joins ? (value.step, before?.names.union([name]) ?? [name]) : (value.step, [name])
            let channel = channels[name] ?? bus.makeChannel(run: record.id, metrics: [name], capacity: 1024)
            channels[name] = channel
            channel.record(0, value.value, step: value.step, epoch: value.epoch, at: value.wallTime)
            latest[name] = value.value
            guard rank == 0 else { continue }
            (step, epoch) = (max(step, value.step), max(epoch, value.epoch))
            judge(name, value)
        }
        meter.reach(step: step, epoch: epoch, rows: 0)
    }

    /// Folds a value in that the run is judged by; a better metric to judge by may have come.
    private mutating func judge(_ name: MetricName, _ value: LoggedValue) {
        if !isObjectiveChosen, steps[name] == nil, let better = MetricSpelling.objective(among: Set(steps.keys).union([name])),
            better != record.objective
        {
            let earlier = stopping
            stopping = EarlyStopping(objective: better, criteria: earlier.criteria)
            stopping.trainedSeconds = earlier.trainedSeconds
            adopt { $0.objective = better }
        }
        steps[name] = value.step
        if name == record.objective.metric { _ = stopping.observe(value.value, step: value.step) }
    }

    var bestStep: Int? { stopping.best.isNaN ? nil : stopping.bestStep }

    /// Says that no more will come.
    func close() { for channel in channels.values { channel.close() } }
}
