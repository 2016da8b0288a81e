import Events
import JSON
import Training

/// How a queued job begins: what of its plan is not in its run's record.
struct QueuedPlan {
    /// Whether it goes on with a run that had ended.
    var resumes = false
    /// What is set where it goes on.
    var settings: [String: String] = [:]
    private var plan: JSONValue

    /// A new run.
    init(_ plan: JobPlan) { self.plan = plan.json }

    /// A run that goes on.
    init(resumingWith settings: [String: String]) {
        (resumes, self.settings, plan) = (true, settings, .object([JSONValue.Member]()))
    }

    /// As it stands in the queue.
    init(_ json: JSONValue) {
        resumes = json["resumes"]?.boolean ?? false
        settings = json["settings"]?.strings ?? [:]
        plan = json["plan"] ?? .object([JSONValue.Member]())
    }

    var json: JSONValue {
        .object([
            "resumes": resumes ? .boolean(true) : nil, "settings": settings.isEmpty ? nil : JSONValue(settings), "plan": plan,
        ])
    }

    /// Completes the plan of a run that begins.
    func begin(_ plan: inout JobPlan) { plan.adopt(self.plan) }

    /// Completes the plan of a run that had begun: what was to be done at later steps.
    func goOn(_ plan: inout JobPlan, afterStep step: Int?) {
        var whole = plan
        whole.adopt(self.plan)
        plan.stepsPerSecond = whole.stepsPerSecond
        plan.lastStep = whole.lastStep
        if !plan.record.request.isScript {
            plan.replayedChanges = whole.replayedChanges.filter { $0.step ?? 0 > step ?? -1 }
        }
    }
}

/// What is asked of the host with a job.
struct QueueOptions: Sendable {
    var priority = 0
    var conditions = QueueConditions()
    var isHeld = false
}
