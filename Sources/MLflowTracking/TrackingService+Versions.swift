import CheckedNumbers
import Databases
import Events
import Experiments
import Files
import JSON

/// MLflow's stages of versions, which are decisions here.
enum ModelStage: String, CaseIterable {
    case none = "None"
    case staging = "Staging"
    case production = "Production"
    case archived = "Archived"

    init(_ version: ModelVersion, _ registered: RegisteredVersion) {
        switch version.approval {
        case .approved: self = .production
        case .rejected: self = .archived
        case .pending: self = registered.isStaging ? .staging : .none
        }
    }

    var approval: ModelApproval {
        switch self {
        case .none, .staging: .pending
        case .production: .approved
        case .archived: .rejected
        }
    }
}

/// Versions of registered models.
extension TrackingService {
    func createVersion(_ request: TrackingRequest) throws(TrackingError) -> JSONValue {
        let group = try group(request), source = try request.wanted("source")
        var registered = RegisteredVersion()
        (registered.source, registered.location) = (source, source)
        registered.run = try request.text("run_id") ?? ""
        registered.runLink = try request.text("run_link") ?? ""
        registered.model = try request.text("model_id") ?? ""
        registered.tags = try tags(request)
        try locate(&registered)
        let run = registered.run.isEmpty ? nil : try found(registered.run)
        if let run, !run.isClients, registered.model.isEmpty {
            throw TrackingError(
                .invalidParameter,
                "The run \(registered.run) (\(run.summary.record.name)) was trained by Descent: `descent models register \(group.name) --run \(run.summary.record.name)` keeps its model under a name, and clients of MLflow see it"
            )
        }
        let made = try keep(registered, of: group, run, note: try request.text("description") ?? "", request.now)
        return .object(["model_version": try json(made, group)])
    }

    private func keep(
        _ registered: RegisteredVersion, of group: RegisteredModel, _ run: Found?, note: String, _ now: Int
    ) throws(TrackingError) -> ModelVersion {
        let record = run?.summary.record
        var generator = SystemRandomNumberGenerator()
        var version = ModelVersion(
            id: RunID.random(using: &generator).text, name: group.name, source: .mlflow, sourceID: record?.id.text ?? "",
            sourceName: record?.name ?? registered.source,
            request: JobRequest(datasetPath: "", target: nil, algorithm: "mlflow"), createdAt: Double(now) / 1000)
        version.note = note
        version.hyperparameters = run?.run.parameters ?? [:]
        version.metrics = run?.summary.lastMetrics ?? [:]
        version.byteCount = byteCount(of: registered)
        let made = try stored { [version] () throws(StoreError) in try registry.register(version) }
        try stored { () throws(StoreError) in try registry.write(registered, of: made) }
        return made
    }

    /// Where the files of a logged model, or of another version, are.
    private func locate(_ registered: inout RegisteredVersion) throws(TrackingError) {
        let source = registered.source
        if !registered.model.isEmpty, registered.run.isEmpty {
            registered.run = try model(registered.model)["info"]?["source_run_id"]?.string ?? ""
        }
        guard source.hasPrefix("models:/") else { return }
        let parts = source.dropFirst("models:/".count).split(separator: "/").map(String.init)
        if parts.count == 1, parts[0].hasPrefix("m-") {
            let info = try model(parts[0])["info"]
            registered.location = info?["artifact_uri"]?.string ?? ""
            registered.model = parts[0]
            if registered.run.isEmpty { registered.run = info?["source_run_id"]?.string ?? "" }
        } else if parts.count == 2, let other = try versions(of: parts[0]).first(where: { String($0.version) == parts[1] }) {
            registered.location = try self.registered(other).location
        } else {
            throw TrackingError(.notFound, "Unable to fetch model from model URI source artifact location '\(source)'.")
        }
    }

    /// Of files that are here.
    private func byteCount(of registered: RegisteredVersion) -> Int {
        guard let path = TrackingArtifacts.path(ofLocation: registered.location) else { return 0 }
        do throws(TrackingError) {
            let place = try TrackingArtifacts(workspace: store.workspace.path).place(path) {
                (run) throws(TrackingError) in
                try found(run).isClients
            }
            return Self.byteCount(below: place.path)
        } catch { return 0 }
    }

    private static func byteCount(below path: String) -> Int {
        guard let stamp = FileStamp(path) else { return 0 }
        return stamp.isRegular ? stamp.size : Folder.names(in: path).reduce(0) { $0 + byteCount(below: path + "/" + $1) }
    }

    func getVersion(_ request: TrackingRequest) throws(TrackingError) -> JSONValue { try answer(request) }

    func updateVersion(_ request: TrackingRequest) throws(TrackingError) -> JSONValue {
        let version = try version(request), note = try request.text("description") ?? ""
        try stored { () throws(StoreError) in
            _ = try registry.decide(version.id, version.approval, note: note, at: version.approvedAt ?? 0)
        }
        try change(version, request.now) { _ in }
        return try answer(request)
    }

    func deleteVersion(_ request: TrackingRequest) throws(TrackingError) -> JSONValue {
        var group = try group(request)
        let version = try version(request)
        group.aliases = group.aliases.filter { $0.value != version.version }
        group.updatedAt = request.now
        try remove(version)
        try keep(group)
        return TrackingJSON.nothing
    }

    func transition(_ request: TrackingRequest) throws(TrackingError) -> JSONValue {
        let version = try version(request), stage = try stage(try request.wanted("stage"))
        let archives = request["archive_existing_versions"].map { $0.boolean ?? ($0.string == "true") } ?? false
        guard !archives || stage == .staging || stage == .production else {
            throw TrackingError(
                .invalidParameter,
                "Model version transition cannot archive existing model versions because '\(stage.rawValue)' is not an Active stage. Valid stages are Staging, Production"
            )
        }
        if archives {
            for other in try versions(of: version.name) where other.id != version.id {
                if ModelStage(other, try registered(other)) == stage { try move(other, to: .archived, request.now) }
            }
        }
        try move(version, to: stage, request.now)
        return try answer(request)
    }

    private func move(_ version: ModelVersion, to stage: ModelStage, _ now: Int) throws(TrackingError) {
        try stored { () throws(StoreError) in
            _ = try registry.decide(version.id, stage.approval, note: nil, at: Double(now) / 1000)
        }
        try change(version, now) { $0.isStaging = stage == .staging }
    }

    /// - Throws: `invalidParameter`.
    func stage(_ text: String) throws(TrackingError) -> ModelStage {
        if let stage = ModelStage.allCases.first(where: { $0.rawValue.lowercased() == text.lowercased() }) { return stage }
        throw TrackingError(
            .invalidParameter,
            "Invalid Model Version stage: \(text). Value must be one of \(ModelStage.allCases.map(\.rawValue).joined(separator: ", "))."
        )
    }

    func searchVersions(_ request: TrackingRequest) throws(TrackingError) -> JSONValue {
        let filter = try TrackingFilter(try request.text("filter") ?? ""),
            order = try TrackingOrder(try request.texts("order_by"))
        let groups = Dictionary(
            try stored { () throws(StoreError) in try registry.groups() }.map { ($0.name, $0) },
            uniquingKeysWith: { first, _ in first })
        var fitting: [(version: ModelVersion, registered: RegisteredVersion)] = []
        for version in try versions(of: nil) {
            let registered = try registered(version)
            if filter.fits({ Self.value(of: $0, version, registered) }) { fitting.append((version, registered)) }
        }
        let sorted = fitting.enumerated().sorted { first, second in
            order.isBefore(
                { Self.value(of: $0, first.element.version, first.element.registered) },
                { Self.value(of: $0, second.element.version, second.element.registered) })
                ?? Self.isNewer(first, second)
        }
        var answers: [JSONValue] = []
        for (_, entry) in sorted { answers.append(json(entry.version, entry.registered, groups[entry.version.name])) }
        return try Page(request, usual: 10_000).answer(answers, as: "model_versions")
    }

    /// What was changed last first, else by name, of one name the newest first.
    private static func isNewer(
        _ first: (offset: Int, element: (version: ModelVersion, registered: RegisteredVersion)),
        _ second: (offset: Int, element: (version: ModelVersion, registered: RegisteredVersion))
    ) -> Bool {
        let times = [first, second].map { $0.element.registered.updatedAt ?? milliseconds($0.element.version.createdAt) }
        return times[0] != times[1] ? times[0] > times[1] : first.offset < second.offset
    }

    func downloadLocation(_ request: TrackingRequest) throws(TrackingError) -> JSONValue {
        .object(["artifact_uri": .string(try location(of: request))])
    }

    /// Where a version's files are.
    /// - Throws: `notFound` for a model of the workspace's own.
    func location(of request: TrackingRequest) throws(TrackingError) -> String {
        let version = try version(request), location = try registered(version).location
        guard !location.isEmpty else {
            throw TrackingError(
                .notFound,
                "\(version.title) is a model of Descent, which MLflow cannot load as it is: `descent models export \(version.title) --format mlflow --out FOLDER` writes one that it can"
            )
        }
        return location
    }

    func setVersionTag(_ request: TrackingRequest) throws(TrackingError) -> JSONValue {
        let key = try tagKey(request), value = try request.text("value") ?? ""
        try change(try version(request), request.now) { $0.tags[key] = value }
        return TrackingJSON.nothing
    }

    func deleteVersionTag(_ request: TrackingRequest) throws(TrackingError) -> JSONValue {
        let key = try tagKey(request)
        try change(try version(request), request.now) { $0.tags[key] = nil }
        return TrackingJSON.nothing
    }

    // MARK: - What they have in common

    /// The newest first.
    func versions(of name: String?) throws(TrackingError) -> [ModelVersion] {
        try stored { () throws(StoreError) in try registry.versions(of: name) }
    }

    /// - Throws: `notFound`.
    func version(_ request: TrackingRequest) throws(TrackingError) -> ModelVersion {
        let group = try group(request)
        guard let number = try request.integer("version") else { throw request.missing("version") }
        if let found = try versions(of: group.name).first(where: { $0.version == number }) { return found }
        throw TrackingError(.notFound, "Model Version (name=\(group.name), version=\(number)) not found")
    }

    private func answer(_ request: TrackingRequest) throws(TrackingError) -> JSONValue {
        .object(["model_version": try json(try version(request), try group(request))])
    }

    private func registered(_ version: ModelVersion) throws(TrackingError) -> RegisteredVersion {
        try stored { () throws(StoreError) in try registry.registered(version) }
    }

    private func change(
        _ version: ModelVersion, _ now: Int, _ body: (inout RegisteredVersion) -> Void
    ) throws(TrackingError) {
        var known = try registered(version)
        body(&known)
        known.updatedAt = now
        try stored { [known] () throws(StoreError) in try registry.write(known, of: version) }
    }

    /// The files that a client logged stay: they are the run's.
    func remove(_ version: ModelVersion) throws(TrackingError) {
        try stored { () throws(StoreError) in try registry.remove(version.id) }
        Folder.remove(store.workspace.modelFolder(of: version))
    }

    func json(_ version: ModelVersion, _ group: RegisteredModel) throws(TrackingError) -> JSONValue {
        json(version, try registered(version), group)
    }

    /// - Parameter group: whose aliases are said.
    private func json(_ version: ModelVersion, _ registered: RegisteredVersion, _ group: RegisteredModel?) -> JSONValue {
        let created = Self.milliseconds(version.createdAt)
        let own = version.source == .run ? TrackingID.text(of: RunID(version.sourceID)) : ""
        let aliases = (group?.aliases ?? [:]).filter { $0.value == version.version }.keys.sorted()
        return .object([
            "name": .string(version.name), "version": .string(String(version.version)), "creation_timestamp": .integer(created),
            "last_updated_timestamp": .integer(registered.updatedAt ?? created),
            "current_stage": .string(ModelStage(version, registered).rawValue), "description": .string(version.note),
            "source": .string(registered.source.isEmpty ? "descent:\(version.title)" : registered.source),
            "run_id": .string(registered.run.isEmpty ? own : registered.run), "run_link": .string(registered.runLink),
            "status": .string("READY"), "status_message": .string(""), "tags": TrackingJSON.pairs(registered.tags),
            "aliases": .array(aliases.map { .string($0) }),
            "model_id": registered.model.isEmpty ? nil : .string(registered.model),
        ])
    }

    private static func value(
        of subject: TrackingFilter.Subject, _ version: ModelVersion, _ registered: RegisteredVersion
    ) -> TrackingFilter.Value {
        switch subject {
        case .attribute("name"): .text(version.name)
        case .attribute("version_number"): .number(Double(version.version))
        case .attribute("run_id"):
            .text(
                registered.run.isEmpty && version.source == .run ? TrackingID.text(of: RunID(version.sourceID)) : registered.run)
        case .attribute("source_path"): .text(registered.source)
        case .attribute("creation_time"): .number(version.createdAt * 1000)
        case .attribute("last_update_time"): .number(registered.updatedAt.map { Double($0) } ?? version.createdAt * 1000)
        case .tag(let key): (registered.tags[key] ?? Self.usualTags[key]).map { .text($0) } ?? .nothing
        default: .nothing
        }
    }
}
