import JSON

/// The wire form of commands, for a Descent that carries them out in another process or on another machine.
extension StudioCommand {
    public var json: JSONValue {
        switch self {
        case .profileDataset(let path, let reading):
            .object([
                "command": .string("profileDataset"), "path": .string(path), "reading": reading.map { JSONValue($0) },
            ])
        case .startJob(let request): .object(["command": .string("startJob"), "request": request.json])
        case .continueJob(let run, let settings): Self.object("continueJob", run, ["settings": JSONValue(settings)])
        case .forkJob(let run, let place, let settings):
            Self.object("forkJob", run, ["at": .string(place.text), "settings": JSONValue(settings)])
        case .reproduceRun(let run): Self.object("reproduceRun", run)
        case .saveTensors(let run, let pattern): Self.object("saveTensors", run, ["name": .string(pattern)])
        case .deleteRun(let run): Self.object("deleteRun", run)
        case .restoreRun(let run): Self.object("restoreRun", run)
        case .editRun(let run, let edit): Self.object("editRun", run, ["edit": edit.json])
        case .moveQueued(let run, let move): Self.object("moveQueued", run, ["to": .string(move.text)])
        case .startHost: .object(["command": .string("startHost")])
        case .startTuning(let request, let name):
            .object([
                "command": .string("startTuning"), "request": request.json, "name": name.map { .string($0) },
            ])
        case .resumeTuning(let tuning): .object(["command": .string("resumeTuning"), "tuning": .string(tuning)])
        case .controlTuning(let tuning, let control):
            .object(["command": .string("controlTuning"), "tuning": .string(tuning), "control": control.json])
        case .startAutoML(let request, let name):
            .object([
                "command": .string("startAutoML"), "request": request.json, "name": name.map { .string($0) },
            ])
        case .resumeAutoML(let automl): .object(["command": .string("resumeAutoML"), "automl": .string(automl)])
        case .stopAutoML(let automl): .object(["command": .string("stopAutoML"), "automl": .string(automl)])
        case .editEntity(let entity, let edit):
            .object(["command": .string("editEntity"), "entity": entity.json, "edit": edit.json])
        case .serving(let command): .object(["command": .string("serving"), "what": command.json])
        case .pauseJob(let run): Self.object("pauseJob", run)
        case .resumeJob(let run): Self.object("resumeJob", run)
        case .stopJob(let run): Self.object("stopJob", run)
        case .changeHyperparameters(let run, let settings):
            Self.object("changeHyperparameters", run, ["hyperparameters": JSONValue(settings)])
        case .changeRules(let run, let edit): Self.object("changeRules", run, ["rules": edit.json])
        }
    }

    /// Reads a command back; nil if it is of an unknown kind, or a member is missing or makes no sense.
    public init?(json: JSONValue) {
        guard let kind = json["command"]?.string else { return nil }
        switch kind {
        case "profileDataset":
            guard let path = json["path"]?.string else { return nil }
            self = .profileDataset(path: path, reading: json["reading"]?.strings)
        case "startJob":
            guard let request = json["request"].flatMap(JobRequest.init(json:)) else { return nil }
            self = .startJob(request)
        case "startHost": self = .startHost
        case "startTuning":
            guard let request = json["request"].flatMap(TuningRequest.init(json:)) else { return nil }
            self = .startTuning(request, name: json["name"]?.string)
        case "resumeTuning":
            guard let tuning = json["tuning"]?.string else { return nil }
            self = .resumeTuning(tuning)
        case "controlTuning":
            guard let tuning = json["tuning"]?.string, let control = json["control"].flatMap(TuningControl.init(json:)) else {
                return nil
            }
            self = .controlTuning(tuning, control)
        case "startAutoML":
            guard let request = json["request"].flatMap(AutoMLRequest.init(json:)) else { return nil }
            self = .startAutoML(request, name: json["name"]?.string)
        case "resumeAutoML", "stopAutoML":
            guard let automl = json["automl"]?.string else { return nil }
            self = kind == "stopAutoML" ? .stopAutoML(automl) : .resumeAutoML(automl)
        case "serving":
            guard let command = json["what"].flatMap(ServingCommand.init(json:)) else { return nil }
            self = .serving(command)
        case "editEntity":
            guard let entity = json["entity"].flatMap(EntityReference.init(json:)),
                let edit = json["edit"].flatMap(EntityEdit.init(json:))
            else { return nil }
            self = .editEntity(entity, edit)
        default:
            guard let run = json["run"]?.string.map({ RunID($0) }) else { return nil }
            self.init(kind: kind, about: run, json)
        }
    }

    private init?(kind: String, about run: RunID, _ json: JSONValue) {
        switch kind {
        case "continueJob":
            guard let settings = json["settings"]?.strings else { return nil }
            self = .continueJob(run, settings)
        case "forkJob":
            guard let place = json["at"]?.string.flatMap(ForkPlace.init), let settings = json["settings"]?.strings else {
                return nil
            }
            self = .forkJob(run, at: place, settings: settings)
        case "reproduceRun": self = .reproduceRun(run)
        case "saveTensors":
            guard let pattern = json["name"]?.string else { return nil }
            self = .saveTensors(run, pattern: pattern)
        case "deleteRun": self = .deleteRun(run)
        case "restoreRun": self = .restoreRun(run)
        case "editRun":
            guard let edit = json["edit"].flatMap(EntityEdit.init(json:)) else { return nil }
            self = .editRun(run, edit)
        case "moveQueued":
            guard let move = json["to"]?.string.flatMap(QueueMove.init) else { return nil }
            self = .moveQueued(run, move)
        case "stopJob": self = .stopJob(run)
        case "pauseJob": self = .pauseJob(run)
        case "resumeJob": self = .resumeJob(run)
        case "changeHyperparameters":
            guard let settings = json["hyperparameters"]?.strings else { return nil }
            self = .changeHyperparameters(run, settings)
        case "changeRules":
            guard let edit = json["rules"].flatMap(RuleEdit.init(json:)) else { return nil }
            self = .changeRules(run, edit)
        default: return nil
        }
    }

    private static func object(_ kind: String, _ run: RunID, _ more: KeyValuePairs<String, JSONValue?> = [:]) -> JSONValue {
        .object(["command": .string(kind), "run": .string(run.text)]).adding(JSONValue.object(more).members ?? [])
    }

    /// The command as the owner of a run in another process reads it; nil for those that no other process takes.
    public var wire: (run: RunID, kind: String, body: JSONValue)? {
        guard let job, let members = json.members, let kind = json["command"]?.string else { return nil }
        return (job, kind, .object(members.filter { $0.name != "command" && $0.name != "run" }))
    }

    /// Reads a command back that `wire` wrote; nil if it is of an unknown kind or a member is missing.
    public init?(run: RunID, kind: String, body: JSONValue) {
        self.init(kind: kind, about: run, body)
        if job == nil { return nil }
    }
}
