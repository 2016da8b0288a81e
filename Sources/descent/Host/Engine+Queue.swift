import Clocks
import Databases
import Events
import Experiments
import Files
import Glibc
import Hosting
import Training

/// Jobs that are the host's: into the queue, and out of it.
extension Engine {
    /// Registers the run of a plan, and has it wait for the host.
    func enqueue(_ plan: JobPlan, _ options: QueueOptions) throws -> RunRecord {
        do {
            try Preparation.checkBeginning(plan.record.request)
            if plan.record.request.isScript { try keepEnvironment(of: plan.record.id) }
            let record = try store.enqueue(plan.record, job(plan.record.id, QueuedPlan(plan), options))
            HostLink(workspace.path).ring()
            return record
        } catch {
            // What a fork begins with is there already.
            if let folder = plan.artifactFolder { Folder.remove(folder) }
            throw error
        }
    }

    /// Has a run that ended wait for the host, which goes on with it.
    func enqueue(_ known: RunSummary, _ settings: [String: String], _ options: QueueOptions) throws {
        let run = known.record.id
        if known.record.request.isScript { try keepEnvironment(of: run) }
        try store.enqueue(ended: run, knownAs: known, job(run, QueuedPlan(resumingWith: settings), options))
        HostLink(workspace.path).ring()
    }

    private func keepEnvironment(of run: RunID) throws {
        try QueuedEnvironment.write(ProcessEnvironment.variables, of: run, in: workspace.path)
    }

    private func job(_ run: RunID, _ plan: QueuedPlan, _ options: QueueOptions) -> QueuedJob {
        var job = QueuedJob(run: run, work: plan.json)
        job.state = options.isHeld ? .held : .waiting
        (job.priority, job.conditions, job.addedAt) = (options.priority, options.conditions, WallClock.now())
        return job
    }

    /// Begins with a job that this process took from the queue, or goes on with it where it had begun.
    func begin(_ job: QueuedJob) throws {
        guard let known = try store.run(job.run) else { return }
        let planned = QueuedPlan(job.work)
        if planned.resumes || known.startedAt != nil || known.step > 0 {
            try resume(job.run, job.state == .started ? [:] : planned.settings, planned: planned)
            return
        }
        var plan = JobPlan(record: known.record, artifactFolder: workspace.artifactFolder(of: job.run.text))
        planned.begin(&plan)
        plan.record.processID = getpid()
        plan.environment = try environment(of: known.record)
        bus.post(.run(.registered(plan.record)), run: job.run)
        supervisor.start(plan)
    }

    /// What a script was to inherit. It is not trained with what this process happens to have.
    func environment(of record: RunRecord) throws -> [String: String]? {
        guard record.request.isScript else { return nil }
        if let kept = QueuedEnvironment.read(record.id, in: workspace.path) { return kept }
        throw CommandError.failed(
            "the variables that \(record.name) was to inherit are gone from \(workspace.path)/queue: start it again where they are set"
        )
    }

    /// Notes that jobs which this process trains are the host's, should this process end before they do.
    /// - Parameter store: the calling thread's own.
    func reserve(_ runs: [RunID], in store: RunStore) throws {
        for run in runs {
            guard let plan = supervisor.plan(of: run) else { continue }
            if plan.record.request.isScript { try keepEnvironment(of: run) }
            var job = QueuedJob(run: run, work: QueuedPlan(plan).json)
            job.addedAt = WallClock.now()
            try store.reserve(job)
        }
    }
}
