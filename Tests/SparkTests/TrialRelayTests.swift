import Events
import JSON
import Testing
import Training

@testable import Spark

/// What the process of a trial's task says, and what of it is told here.
@Suite struct TrialRelayTests {
    private let bus = EventBus()
    private let mailbox = Mailbox(policy: .lossless(capacity: 1000))
    private let record = RunRecord(
        id: RunID("r1"), name: "trial", experiment: "default", algorithm: "xgboost",
        request: JobRequest(datasetPath: "d.csv", target: "y", algorithm: "xgboost"), hyperparameters: [:],
        objective: Objective(metric: MetricName("validation:rmse"), direction: .minimised), seed: 0, dataFingerprint: "",
        gitRevision: nil,
        version: "1", createdAt: 0, processID: 0)

    init() { bus.subscribe(mailbox) }

    private func line(_ kind: StudioEvent.Kind, run: String = "r1") -> String {
        StudioEvent(sequence: 1, wallTime: 0, run: RunID(run), kind: kind).json.text
    }

    private func metric(_ step: Int, _ value: Double) -> String {
        line(
            .sample(.metricsRecorded(MetricsRecorded(step: step, epoch: Double(step), values: [MetricName("train:loss"): value])))
        )
    }

    private var told: [StudioEvent] {
        bus.flush()
        return mailbox.take().merged
    }

    private func steps(_ events: [StudioEvent]) -> [Int] {
        events.compactMap { if case .sample(.metricsRecorded(let recorded)) = $0.kind { recorded.step } else { nil } }
    }

    @Test func `curves and events are told as they come, and how it ended is kept`() {
        var phases: [JobPhase] = []
        var relay = TrialRelay(record, bus: bus, recordedStep: nil) { phase, _ in phases.append(phase) }
        relay.begin(attempt: 0, host: "a")
        relay.take(
            line(.job(.statusChanged(JobStatusChange(status: .inProgress, phase: .training, plannedSteps: 9)))), attempt: 0)
        relay.take(metric(1, 3), attempt: 0)
        relay.take(line(.job(.dataWarned(DataWarning(code: "streamed", column: nil, message: "some")))), attempt: 0)
        relay.take("no JSON", attempt: 0)
        relay.take(
            line(.job(.dataWarned(DataWarning(code: "streamed", column: nil, message: "another's"))), run: "r2"), attempt: 0)
        relay.take(metric(2, 2), attempt: 0)
        let result = JobResult(
            name: "trial", status: .completed, reason: .unsaid, bestStep: 2, metrics: [MetricName("train:loss"): 2])
        relay.take(line(.job(.finished(result))), attempt: 0)
        relay.close()
        let told = told
        #expect(phases == [.training])
        #expect(steps(told) == [1, 2])
        #expect(told.count { if case .job(.dataWarned) = $0.kind { true } else { false } } == 1)
        // The end is the job's to tell.
        #expect(!told.contains { if case .job(.finished) = $0.kind { true } else { false } })
        #expect(relay.result == result && relay.failure == nil)
    }

    @Test func `what a second attempt repeats is left out, and what the first still says`() {
        var relay = TrialRelay(record, bus: bus, recordedStep: nil) { _, _ in }
        relay.begin(attempt: 0, host: "a")
        for step in 1...5 { relay.take(metric(step, 1), attempt: 0) }
        relay.begin(attempt: 1, host: "b")
        relay.take(metric(6, 9), attempt: 0)
        relay.take(line(.job(.dataWarned(DataWarning(code: "streamed", column: nil, message: "again")))), attempt: 1)
        for step in 1...7 { relay.take(metric(step, 1), attempt: 1) }
        relay.close()
        let told = told
        #expect(steps(told) == [1, 2, 3, 4, 5, 6, 7])
        #expect(!told.contains { if case .job(.dataWarned) = $0.kind { true } else { false } })
        #expect(
            told.contains {
                if case .notice(.messageLogged(let text)) = $0.kind {
                    text.contains("lost at step 5: trying again on b")
                } else {
                    false
                }
            })
    }

    @Test func `a failure comes with its kind`() {
        var relay = TrialRelay(record, bus: bus, recordedStep: nil) { _, _ in }
        relay.take(
            #"{"failure": {"code": "badData", "message": "d.csv has no rows: give some", "operation": "prepare"}}"#, attempt: 0)
        relay.close()
        #expect(relay.failure == TrainingError(.badData, "d.csv has no rows: give some", operation: "prepare"))
    }
}
