extension StudioEvent {
    /// Version of the wire form; a reader refuses a newer one.
    public static let wireVersion = 1

    /// The event as one JSON object: what `--json` prints and a recorded log holds, a line each.
    public var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("v", .integer(Self.wireVersion)), .init("seq", .integer(Int(sequence))),
            .init("time", .string(WallClock.text(wallTime))), .init("kind", .string(kind.name)),
        ]
        if let run { members.append(.init("run", .string(run.text))) }
        members += kind.members
        return .object(members)
    }

    /// Reads an event back from its wire form; nil if a member is missing, has the wrong type, or the version is newer.
    public init?(json: JSONValue) {
        guard json["v"]?.integer == Self.wireVersion, let sequence = json["seq"]?.integer,
            let time = json["time"]?.string.flatMap(WallClock.seconds(parsing:)), let name = json["kind"]?.string,
            let kind = Kind(name: name, json: json)
        else { return nil }
        self.init(
            sequence: UInt64(clamping: sequence), wallTime: time, run: json["run"]?.string.map { RunID($0) }, kind: kind)
    }
}

extension StudioEvent.Kind {
    /// The kind's name on the wire.
    public var name: String {
        switch self {
        case .datasetProfiled: "datasetProfiled"
        case .datasetFailed: "datasetFailed"
        case .runRegistered: "runRegistered"
        case .jobStatusChanged: "jobStatusChanged"
        case .metricsRecorded: "metricsRecorded"
        case .systemSampled: "systemSampled"
        case .progressReported: "progressReported"
        case .checkpointSaved: "checkpointSaved"
        case .trainingDataSummarised: "trainingDataSummarised"
        case .dataWarned: "dataWarned"
        case .alertRaised: "alertRaised"
        case .hyperparametersChanged: "hyperparametersChanged"
        case .jobFinished: "jobFinished"
        case .runReproduced: "runReproduced"
        case .runDeleted: "runDeleted"
        case .runRestored: "runRestored"
        case .runEdited: "runEdited"
        case .entityEdited: "entityEdited"
        case .recordingStalled: "recordingStalled"
        case .recordingResumed: "recordingResumed"
        case .commandFailed: "commandFailed"
        case .messageLogged: "messageLogged"
        }
    }

    /// What the kind carries, as members of the event's object.
    var members: [JSONValue.Member] {
        switch self {
        case .datasetProfiled(let profile): profile.json.members ?? []
        case .datasetFailed(let path, let message): [.init("path", .string(path)), .init("message", .string(message))]
        case .runRegistered(let record): record.json.members ?? []
        case .jobStatusChanged(let change): change.json.members ?? []
        case .metricsRecorded(let metrics), .systemSampled(let metrics):
            [
                .init("step", .integer(metrics.step)), .init("epoch", .number(rounded(metrics.epoch))),
                .init("metrics", JSONValue(metrics.values)),
            ]
        case .progressReported(let progress):
            [
                .init("step", .integer(progress.step)), .init("plannedSteps", .integer(progress.plannedSteps)),
                .init("rowsPerSecond", .number(progress.rowsPerSecond.rounded())),
            ]
        case .checkpointSaved(let checkpoint):
            [
                .init("step", .integer(checkpoint.step)), .init("epoch", .number(rounded(checkpoint.epoch))),
                .init("best", .boolean(checkpoint.isBest)), .init("path", .string(checkpoint.path)),
            ]
        case .trainingDataSummarised(let summary): summary.json.members ?? []
        case .dataWarned(let warning): warning.json.members ?? []
        case .alertRaised(let alert): alert.json.members ?? []
        case .hyperparametersChanged(let changed): changed.json.members ?? []
        case .jobFinished(let result): result.json.members ?? []
        case .runReproduced(let result): result.json.members ?? []
        case .runDeleted, .runRestored, .recordingResumed: []
        case .recordingStalled(let problem): problem.json.members ?? []
        case .runEdited(let edit): edit.json.members ?? []
        case .entityEdited(let entity, let edit): [.init("entity", entity.json)] + (edit.json.members ?? [])
        case .commandFailed(let message), .messageLogged(let message): [.init("message", .string(message))]
        }
    }

    init?(name: String, json: JSONValue) {
        switch name {
        case "datasetProfiled": self.init(DatasetProfile(json: json), Self.datasetProfiled)
        case "datasetFailed":
            guard let path = json["path"]?.string, let message = json["message"]?.string else { return nil }
            self = .datasetFailed(path: path, message: message)
        case "runRegistered": self.init(RunRecord(json: json), Self.runRegistered)
        case "jobStatusChanged": self.init(JobStatusChange(json: json), Self.jobStatusChanged)
        case "metricsRecorded": self.init(MetricsRecorded(json: json), Self.metricsRecorded)
        case "systemSampled": self.init(MetricsRecorded(json: json), Self.systemSampled)
        case "progressReported": self.init(JobProgress(json: json), Self.progressReported)
        case "checkpointSaved": self.init(CheckpointSaved(json: json), Self.checkpointSaved)
        case "trainingDataSummarised": self.init(TrainingDataSummary(json: json), Self.trainingDataSummarised)
        case "dataWarned": self.init(DataWarning(json: json), Self.dataWarned)
        case "alertRaised": self.init(Alert(json: json), Self.alertRaised)
        case "hyperparametersChanged": self.init(HyperparameterChange(json: json), Self.hyperparametersChanged)
        case "jobFinished": self.init(JobResult(json: json), Self.jobFinished)
        case "runReproduced": self.init(ReproductionResult(json: json), Self.runReproduced)
        case "runDeleted": self = .runDeleted
        case "runRestored": self = .runRestored
        case "runEdited": self.init(RunEdit(json: json), Self.runEdited)
        case "entityEdited":
            guard let entity = json["entity"].flatMap(EntityReference.init(json:)), let edit = EntityEdit(json: json) else {
                return nil
            }
            self = .entityEdited(entity, edit)
        case "recordingStalled": self.init(RecordingProblem(json: json), Self.recordingStalled)
        case "recordingResumed": self = .recordingResumed
        case "commandFailed": self.init(json["message"]?.string, { .commandFailed(message: $0) })
        case "messageLogged": self.init(json["message"]?.string, Self.messageLogged)
        default: return nil
        }
    }

    private init?<Payload>(_ payload: Payload?, _ make: (Payload) -> Self) {
        guard let payload else { return nil }
        self = make(payload)
    }
}

/// Epochs are shown to four decimals.
private func rounded(_ epoch: Double) -> Double { (epoch * 10_000).rounded() / 10_000 }
