import CheckedNumbers
import Databases
import Events
import Experiments
import Glibc
import Interop
import JSON

extension TrackingService {
    // MARK: - Life

    func createRun(_ request: TrackingRequest) throws(TrackingError) -> JSONValue {
        let experiment = try activeExperiment(try request.text("experiment_id") ?? "0")
        var tags: [String: String] = [:]
        for tag in try request.objects("tags") { tags[try tag.wanted("key")] = try tag.text("value") ?? "" }
        let said = try request.text("run_name") ?? "", tagged = tags["mlflow.runName"] ?? ""
        guard said.isEmpty || tagged.isEmpty || said == tagged else {
            throw TrackingError(
                .invalidParameter,
                "Both 'run_name' argument and 'mlflow.runName' tag are specified, but with different values (run_name='\(said)', mlflow.runName='\(tagged)')."
            )
        }
        let name = said.isEmpty ? tagged.isEmpty ? RandomName.make() : tagged : said
        tags["mlflow.runName"] = name
        let start = try request.integer("start_time") ?? request.now
        var generator = SystemRandomNumberGenerator()
        let id = RunID.random(using: &generator), algorithm = "mlflow"
        let job = JobRequest(
            datasetPath: "", target: nil, algorithm: algorithm, validationSplit: 0, experiment: experiment.workspaceName,
            name: RunEdit.usable(name))
        var record = RunRecord(
            id: id, name: RunEdit.usable(name), experiment: experiment.workspaceName, algorithm: algorithm, request: job,
            hyperparameters: [:], objective: Objective(metric: .validationLoss, minimises: true), seed: 0, dataFingerprint: "",
            gitRevision: tags["mlflow.source.git.commit"], version: version,
            createdAt: LogMoment.seconds(start) ?? Double(request.now) / 1000, processID: getpid())
        record.origin = .watched
        var run = TrackedRun(
            experiment: experiment.id, name: name, user: try request.text("user_id") ?? tags["mlflow.user"] ?? "",
            status: "RUNNING", startTime: start)
        run.tags = tags
        if !experiment.artifacts.isEmpty { run.artifacts = "\(experiment.artifacts)/\(TrackingID.text(of: id))/artifacts" }
        record = try stored { [record] () throws(StoreError) in try store.register(record) }
        try stored { [run] () throws(StoreError) in try tracking.write(run, of: id) }
        live[id] = LiveRun(record: record, spelling: MetricSpelling(), points: [], status: .pending)
        bus.post(.run(.registered(record)), run: id, at: record.createdAt)
        begin(id)
        if let note = tags["mlflow.note.content"] { try edit(id, RunEdit(note: note)) }
        try keep()
        return .object(["run": json(try found(TrackingID.text(of: id)))])
    }

    func getRun(_ request: TrackingRequest) throws(TrackingError) -> JSONValue {
        .object(["run": json(try found(try request.runID()))])
    }

    func updateRun(_ request: TrackingRequest) throws(TrackingError) -> JSONValue {
        let id = try request.runID()
        let status = try request.text("status").map(Self.status), end = try request.integer("end_time")
        let name = try request.text("run_name") ?? ""
        var found = try status == nil ? active(id) : clientsOwn(id)
        if !name.isEmpty {
            found.run.name = name
            found.run.tags["mlflow.runName"] = name
            try rename(found.id, name)
        }
        if let status {
            found.run.status = status
            found.run.endTime = ["RUNNING", "SCHEDULED"].contains(status) ? nil : end ?? found.run.endTime ?? request.now
        } else if let end {
            found.run.endTime = end
        }
        try write(found)
        if let status {
            try takeUp(found)
            settle(found, to: status, at: Double(found.run.endTime ?? request.now) / 1000)
        }
        try keep()
        return .object(["run_info": info(try self.found(id))])
    }

    /// By name, or by MLflow's number.
    private static func status(_ text: String) throws(TrackingError) -> String {
        let names = ["RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"]
        if names.contains(text) { return text }
        throw TrackingError(.invalidParameter, "Invalid run status '\(text)': one of \(names.joined(separator: ", "))")
    }

    func deleteRun(_ request: TrackingRequest) throws(TrackingError) -> JSONValue {
        let found = try found(try request.wanted("run_id"))
        if !found.isDeleted { try setRun(found, deleted: true) }
        return TrackingJSON.nothing
    }

    func restoreRun(_ request: TrackingRequest) throws(TrackingError) -> JSONValue {
        let found = try found(try request.wanted("run_id"))
        if found.isDeleted { try setRun(found, deleted: false) }
        return TrackingJSON.nothing
    }

    func setRun(_ found: Found, deleted: Bool) throws(TrackingError) {
        // What is under way is in the workspace first, and then in the bin.
        try keep()
        let event = StudioEvent.Kind.run(deleted ? .deleted : .restored)
        _ = try stored { () throws(StoreError) in try store.apply(event, to: found.id, requiringEnd: !found.isClients) }
        bus.post(event, run: found.id)
    }

    // MARK: - Events

    private func begin(_ id: RunID) {
        guard live[id]?.status != .inProgress, let record = live[id]?.record else { return }
        live[id]?.status = .inProgress
        bus.post(.job(.statusChanged(JobStatusChange(status: .inProgress, phase: .training))), run: id, at: record.createdAt)
    }

    /// Makes a run this process's to record, where another one had it.
    func takeUp(_ found: Found) throws(TrackingError) {
        if live[found.id] != nil { return }
        var record = found.summary.record
        record.processID = getpid()
        var points: Set<Int> = []
        for (key, metric) in found.run.metricNames {
            try stored { () throws(StoreError) in
                try store.readPoints(run: found.id, metric: metric) { portion, _ in
                    for point in portion {
                        points.insert(Self.hash(key, point.value, Self.milliseconds(point.wallTime), point.step))
                    }
                }
            }
        }
        var spelling = MetricSpelling(chosen: found.run.metricNames)
        for key in found.run.metricNames.keys { _ = spelling.name(for: key) }
        live[found.id] = LiveRun(record: record, spelling: spelling, points: points, status: found.summary.status)
        bus.post(.run(.registered(record)), run: found.id, at: record.createdAt)
        forgetOthers(than: found.id)
    }

    /// Runs whose points are held: what was logged to others is read again when they are.
    private static let mostLive = 64

    private func forgetOthers(than id: RunID) {
        guard live.count > Self.mostLive else { return }
        for (other, run) in live where other != id && run.status.isFinal { live[other] = nil }
    }

    static func hash(_ key: String, _ value: Double, _ time: Int, _ step: Int) -> Int {
        var hasher = Hasher()
        hasher.combine(key)
        hasher.combine(value.isNaN ? Double.nan.bitPattern : value.bitPattern)
        hasher.combine(time)
        hasher.combine(step)
        return hasher.finalize()
    }

    private func settle(_ found: Found, to word: String, at time: Double) {
        guard let record = live[found.id]?.record else { return }
        let statuses: [String: JobStatus] = ["FINISHED": .completed, "FAILED": .failed, "KILLED": .stopped]
        guard let status = statuses[word] else { return begin(found.id) }
        let reason = EndReason(word == "KILLED" ? "killed, says its program" : word == "FAILED" ? "its program failed" : "")
        live[found.id]?.status = status
        bus.post(.job(.statusChanged(JobStatusChange(status: status, reason: reason))), run: found.id, at: time)
        var metrics: [MetricName: Double] = [:]
        for (key, latest) in found.run.latest { if let name = found.run.metricNames[key] { metrics[name] = latest.value } }
        let result = JobResult(name: record.name, status: status, reason: reason, bestStep: nil, metrics: metrics)
        bus.post(.job(.finished(result)), run: found.id, at: time)
    }

    /// The workspace's names are unique: where another run has this one, it keeps its own.
    func rename(_ id: RunID, _ name: String) throws(TrackingError) {
        let usable = RunEdit.usable(name)
        do throws(StoreError) {
            try store.apply(.run(.edited(RunEdit(name: usable))), to: id)
            bus.post(.run(.edited(RunEdit(name: usable))), run: id)
            live[id]?.record.name = usable
        } catch { if error.code != .nameTaken { throw TrackingError(error) } }
    }

    func edit(_ id: RunID, _ edit: RunEdit) throws(TrackingError) {
        try keep()
        _ = try stored { () throws(StoreError) in try store.apply(.run(.edited(edit)), to: id) }
        bus.post(.run(.edited(edit)), run: id)
    }

    // MARK: - JSON

    func info(_ found: Found) -> JSONValue {
        let id = TrackingID.text(of: found.id)
        return .object([
            "run_uuid": .string(id), "run_id": .string(id), "experiment_id": .string(String(found.run.experiment)),
            "run_name": .string(found.run.name), "user_id": .string(found.run.user), "status": .string(found.run.status),
            "start_time": .integer(found.run.startTime), "end_time": found.run.endTime.map { .integer($0) },
            "artifact_uri": .string(found.run.artifacts ?? "mlflow-artifacts:/\(found.run.experiment)/\(id)/artifacts"),
            "lifecycle_stage": .string(found.isDeleted ? "deleted" : "active"),
        ])
    }

    func json(_ found: Found) -> JSONValue {
        let run = found.run
        let metrics = run.latest.sorted { $0.key < $1.key }.map { key, latest in
            JSONValue.object([
                "key": .string(key), "value": .number(latest.value), "timestamp": .integer(latest.time),
                "step": .integer(latest.step),
            ])
        }
        return .object([
            "info": info(found),
            "data": .object([
                "metrics": .array(metrics), "params": TrackingJSON.pairs(run.parameters), "tags": TrackingJSON.pairs(run.tags),
            ]),
            "inputs": .object(["dataset_inputs": .array(run.datasets), "model_inputs": .array(run.modelInputs)]),
            "outputs": .object(["model_outputs": .array(run.modelOutputs)]),
        ])
    }
}

/// Moments in milliseconds.
enum LogMoment {
    /// Seconds since 1970; nil for what is no moment that a curve can have.
    static func seconds(_ milliseconds: Int) -> Double? {
        milliseconds >= 0 && milliseconds < 100_000_000_000_000 ? Double(milliseconds) / 1000 : nil
    }
}

/// Names for runs that were given none.
enum RandomName {
    private static let first = [
        "able", "amber", "bold", "brave", "bright", "calm", "clever", "crisp", "eager", "fair", "gentle", "golden", "grand",
        "keen",
        "kind", "lively", "lucky", "merry", "noble", "proud", "quick", "quiet", "rapid", "shiny", "smart", "steady", "swift",
        "wise",
    ]
    private static let second = [
        "ant", "bee", "crane", "crow", "deer", "dove", "eagle", "finch", "fox", "frog", "goose", "hare", "hawk", "heron", "lark",
        "lynx", "mole", "moth", "newt", "otter", "owl", "panda", "robin", "seal", "stork", "swan", "toad", "wren",
    ]

    static func make() -> String {
        let words = (first.randomElement() ?? "calm", second.randomElement() ?? "wren")
        return "\(words.0)-\(words.1)-\(Int.random(in: 100...999))"
    }
}
