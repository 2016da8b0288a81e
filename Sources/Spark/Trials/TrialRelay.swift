import Events
import JSON
import Training

/// Tells here what the process of a task tells of its run: the same curves and events as if it were trained here.
///
/// A task that was lost is begun again and says again what was heard already; that is left out.
struct TrialRelay {
    private let record: RunRecord
    private let bus: EventBus
    private let enter: (JobPhase, Int) -> Void
    /// A channel for each set of metrics.
    private var channels: [[MetricName]: SampleChannel] = [:]
    private var attempt = 0
    /// The newest step that was told here, and whether what comes has been told before.
    private var lastStep: Int, isRepeating = false

    /// How it ended, and why it failed, as far as its process said so.
    private(set) var result: JobResult?
    private(set) var failure: TrainingError?

    /// - Parameter recordedStep: the step that it goes on from.
    init(_ record: RunRecord, bus: EventBus, recordedStep: Int?, enter: @escaping (JobPhase, Int) -> Void) {
        (self.record, self.bus, self.enter) = (record, bus, enter)
        lastStep = recordedStep ?? -1
    }

    /// A task begins with it.
    mutating func begin(attempt: Int, host: String) {
        guard attempt > self.attempt else { return }
        (self.attempt, isRepeating, result, failure) = (attempt, true, nil, nil)
        bus.post(
            .notice(.messageLogged("\(record.name): its task was lost at step \(max(0, lastStep)): trying again on \(host)")),
            run: record.id)
    }

    /// - Parameter attempt: the task's that says it: what an earlier one still says is left out.
    mutating func take(_ line: String, attempt: Int) {
        guard attempt == self.attempt else { return }
        let json: JSONValue
        // What is no JSON is nobody's word.
        do throws(JSONError) { json = try JSONValue(parsing: Array(line.utf8)) } catch { return }
        if let fault = json["failure"] {
            let code = TrainingError.Code(rawValue: fault["code"]?.string ?? "") ?? .clusterFailed
            failure = TrainingError(
                code, fault["message"]?.string ?? "it failed", operation: fault["operation"]?.string ?? "train")
        } else if let event = StudioEvent(json: json), event.run == record.id {
            take(event)
        }
    }

    private mutating func take(_ event: StudioEvent) {
        switch event.kind {
        case .job(.statusChanged(let change)):
            if change.status == .inProgress, let phase = change.phase, !isRepeating { enter(phase, change.plannedSteps) }
        case .job(.finished(let result)): self.result = result
        case .sample(.metricsRecorded(let recorded)):
            if recorded.step > lastStep { isRepeating = false }
            if isRepeating { return }
            lastStep = max(lastStep, recorded.step)
            record(recorded)
        case .sample(.systemSampled(let recorded)): record(recorded)
        default: if !isRepeating { bus.post(event.kind, run: record.id) }
        }
    }

    private mutating func record(_ recorded: MetricsRecorded) {
        let names = recorded.values.keys.sorted { $0.text < $1.text }
        let channel = channels[names] ?? bus.makeChannel(run: record.id, metrics: names)
        channels[names] = channel
        for (index, name) in names.enumerated() {
            channel.record(
                index, recorded.values[name] ?? .nan, step: recorded.step, epoch: recorded.epoch,
                more: index + 1 < names.count)
        }
    }

    func close() { for channel in channels.values { channel.close() } }
}
