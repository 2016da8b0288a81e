import Clocks
import Databases
import Events
import Experiments
import Files
import Training

/// Keeps models under names: a copy of a run's or a job's model, or one of a file from elsewhere.
struct ModelRegistration {
    let workspace: Workspace
    let store: RunStore

    init(_ workspace: Workspace) throws {
        self.workspace = workspace
        store = try RunStore(workspace)
    }

    /// Keeps the model of a run or an AutoML job.
    func register(_ name: String, of text: String, note: String) throws -> ModelVersion {
        try Self.check(name)
        let chosen = try ChosenModel(text, workspace: workspace)
        guard chosen.version == nil else {
            throw CommandError.usage("'\(text)' is a model that is kept already: name a run or an AutoML job")
        }
        let job = try store.automls.all().first { $0.id == chosen.id }, run = try store.run(RunID(chosen.id))
        var version = make(
            name, job == nil ? .run : .automl, id: chosen.id, sourceName: chosen.name, chosen.request, note: note)
        version.dataFingerprint = run?.record.dataFingerprint ?? ""
        version.hyperparameters = run?.record.hyperparameters ?? [:]
        if let run { version.metrics = try store.keptMetrics(of: run) ?? [:] }
        if let job, let ensemble = job.ensemble { version.metrics[job.objective.metric] = ensemble.value }
        return try keep(version, chosen.model, rowsOf: chosen.request.datasetPath)
    }

    /// Keeps XGBoost's model of a file.
    func importing(_ path: String, as name: String, schema: Model.ImportSchema, note: String) throws -> ModelVersion {
        try Self.check(name)
        let bytes: [UInt8]?
        do throws(FileError) { bytes = try AtomicFile.read(path, atMost: Model.importLimit) } catch {
            throw CommandError.data(error.description)
        }
        guard let bytes else { throw CommandError.data("\(path): there is no such file") }
        let model: Model
        do throws(TrainingError) { model = try Model.importing(xgboost: bytes, schema: schema) } catch {
            guard error.code == .badModel else { throw error }
            throw CommandError.data("\(path): \(error.description)")
        }
        let request = JobRequest(datasetPath: "", target: model.target?.column, algorithm: model.algorithm)
        return try keep(make(name, .imported, id: "", sourceName: Engine.absolute(path), request, note: note), model)
    }

    /// Removes a version and its file.
    func remove(_ version: ModelVersion) throws {
        try store.models.remove(version.id)
        Folder.remove(workspace.modelFolder(of: version))
    }

    private func make(
        _ name: String, _ source: ModelVersion.Source, id: String, sourceName: String, _ request: JobRequest, note: String
    ) -> ModelVersion {
        var generator = SystemRandomNumberGenerator()
        var version = ModelVersion(
            id: RunID.random(using: &generator).text, name: name, source: source, sourceID: id, sourceName: sourceName,
            request: request, createdAt: WallClock.now())
        version.note = note
        return version
    }

    /// The file first: who finds a version finds its file.
    /// - Parameter path: the training data, of which some rows are kept with the model where they can be had.
    private func keep(_ version: ModelVersion, _ model: Model, rowsOf path: String = "") throws -> ModelVersion {
        var version = version
        let folder = workspace.modelFolder(of: version)
        do {
            try model.save(toFolder: folder)
            try ModelProbe(model, rowsOf: path)?.write(to: folder)
            version.byteCount = FileStamp(folder + "/" + Model.fileName)?.size ?? 0
            return try store.models.register(version)
        } catch {
            Folder.remove(folder)
            throw error
        }
    }

    static func check(_ name: String) throws(CommandError) {
        guard ModelVersion.isName(name) else {
            throw .usage("'\(name)' cannot be a model's name: take up to 63 letters and digits, with hyphens between")
        }
    }
}
