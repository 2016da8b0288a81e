import Clocks
import Events
import JSON
import Training

/// The body of a job's thread whose run is trained by a task on a cluster: what the task's process tells is told here.
package struct TrialWork: JobWork {
    private let plan: JobPlan
    private let control: JobControl
    private let bus: EventBus
    private let cluster: TrialCluster
    /// This program, as executors find it.
    private let program: String
    private let enter: (JobPhase, Int) -> Void

    package init(
        plan: JobPlan, control: JobControl, bus: EventBus, cluster: TrialCluster, program: String,
        enter: @escaping (JobPhase, Int) -> Void
    ) {
        (self.plan, self.control, self.bus) = (plan, control, bus)
        (self.cluster, self.program, self.enter) = (cluster, program, enter)
    }

    private var trial: String { plan.record.id.text }

    package func work() -> JobOutcome {
        guard let folder = plan.artifactFolder else {
            return Self.failed(TrainingError(.badRequest, "a trial on a cluster needs a workspace", operation: "prepare"))
        }
        enter(.preparing, 0)
        do throws(SparkFault) {
            try SparkCluster.makeFolder(folder)
            try cluster.begin(trial, program: program, folder: folder, document: TrialDocument(plan, folder: folder).text)
        } catch { return Self.failed(TrainingError(error)) }
        defer { cluster.forget(trial) }
        return attend()
    }

    private func attend() -> JobOutcome {
        var relay = TrialRelay(plan.record, bus: bus, recordedStep: plan.recordedStep, enter: enter)
        defer { relay.close() }
        var asked = JobLifecycle.ThreadRequest.run
        while true {
            for news in cluster.hear(trial, deadlineNanoseconds: SteadyClock.nanoseconds() + 50_000_000) {
                switch news {
                case .begun(let attempt, let host): relay.begin(attempt: attempt, host: host)
                case .line(let line, let attempt): relay.take(line, attempt: attempt)
                case .ended(let fault): return outcome(relay, fault)
                }
            }
            for settings in control.hasChanges ? control.takeChanges() : [] { cluster.tell(trial, JSONValue(settings).text) }
            if control.request != asked {
                asked = control.request
                cluster.tell(trial, asked == .stop ? "stop" : asked == .pause ? "pause" : "resume")
            }
        }
    }

    private func outcome(_ relay: TrialRelay, _ fault: SparkFault?) -> JobOutcome {
        if let result = relay.result {
            var outcome = JobOutcome(status: result.status, reason: result.reason, failure: relay.failure)
            (outcome.bestStep, outcome.metrics) = (result.bestStep, result.metrics)
            (outcome.evaluation, outcome.weights) = (result.evaluation, result.weights)
            return outcome
        }
        if control.request == .stop { return JobOutcome(status: .stopped, reason: .stoppedByUser) }
        return Self.failed(
            fault.map { TrainingError($0) }
                ?? TrainingError(
                    .clusterFailed, "a trial's task ended without a word: see the cluster's logs", operation: "train"))
    }

    private static func failed(_ error: TrainingError) -> JobOutcome {
        JobOutcome(status: .failed, reason: EndReason(error.description), failure: error)
    }
}
