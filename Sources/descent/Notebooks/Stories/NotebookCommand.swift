import Events
import Experiments
import Notebooks
import OutputFiles

/// `descent notebook`: what became of a job, as a notebook that does it again.
enum NotebookCommand {
    static let out = OptionSpecification(
        name: "--out", value: "FILE", help: "the notebook to write", isOutput: true)

    static let specification = CommandSpecification(
        words: ["notebook"], summary: "write what became of a run, a model, a tuning or an AutoML job as a notebook",
        details: """
            The notebook tells the data, the settings, the curves as pictures and the results, and does it again through Descent's Python \
            package (descent.sagemaker): a run gives the same numbers. Of an AutoML job it has the candidates that count and their shares, \
            with pandas, scikit-learn and XGBoost alone; --plain writes a run so, too. The data must still be there to run it.
            """,
        positionals: [
            .init(name: "NAME", help: "a run, a kept model, a tuning job or an AutoML job, by name or id")
        ],
        options: [
            out, .init(name: "--plain", value: nil, help: "of a run: with pandas, scikit-learn and XGBoost alone"),
        ],
        examples: [
            "descent notebook @latest --out run.ipynb", "descent notebook tune-insurance --out search.ipynb",
            "descent notebook automl-insurance --out insurance.ipynb",
        ],
        run: { arguments in
            let path = try path(arguments, "notebook"), store = try WorkspaceChoice.reading(arguments)
            let subject = try StorySubject.named(arguments.positionals[0], store)
            try write(try subject.notebook(store, isPlain: arguments.flag("--plain")), to: path, arguments)
            return .done
        })

    static func path(_ arguments: ParsedArguments, _ command: String) throws(CommandError) -> String {
        guard let path = arguments.value("--out") else {
            throw .usage("descent \(command): --out is missing: name the notebook to write")
        }
        return path
    }

    static func write(_ notebook: Notebook, to path: String, _ arguments: ParsedArguments) throws {
        try OutputFile.write(notebook.text, to: path)
        if !arguments.flag("--quiet"), path != OutputFile.standardOutput { Console.note("wrote \(path)") }
    }
}

/// What a notebook tells of.
enum StorySubject {
    case run(RunSummary, ModelVersion?)
    case tuning(TuningRecord)
    case automl(AutoMLRecord)

    /// Finds it by the name that a user gives: whole names of jobs, then of kept models, before what a run's begins with.
    static func named(_ name: String, _ store: RunStore) throws -> StorySubject {
        if let job = try store.automls.all().first(where: { $0.name == name || $0.id == name }) { return .automl(job) }
        if let job = try store.tunings.all().first(where: { $0.name == name || $0.id == name }) { return .tuning(job) }
        let run: RunSummary
        do { run = try store.run(named: name) } catch {
            guard let version = try store.models.version(named: name) else { throw error }
            return try source(of: version, store)
        }
        if run.record.name != name, run.record.id.text != name, !name.hasPrefix("@"),
            let version = try store.models.version(named: name)
        {
            return try source(of: version, store)
        }
        return .run(run, nil)
    }

    /// What a kept model was made of.
    private static func source(of version: ModelVersion, _ store: RunStore) throws -> StorySubject {
        switch version.source {
        case .mlflow:
            throw CommandError.failed(
                "\(version.title) was registered by a client of MLflow: its training is not known, so there is none to tell of")
        case .imported:
            throw CommandError.failed("\(version.title) was imported: its training is not known, so there is none to tell of")
        case .automl:
            guard let job = try store.automls.all().first(where: { $0.id == version.sourceID }) else { throw gone(version) }
            return .automl(job)
        case .run:
            guard let run = try store.run(RunID(version.sourceID)) else { throw gone(version) }
            return .run(run, version)
        }
    }

    private static func gone(_ version: ModelVersion) -> CommandError {
        .failed("\(version.title) is of \(version.sourceName), which is not in this workspace any more")
    }

    var name: String {
        switch self {
        case .run(let run, let version): version?.title ?? run.record.name
        case .tuning(let record): record.name
        case .automl(let record): record.name
        }
    }

    /// - Parameter isPlain: whether a run's is to be without Descent.
    func notebook(_ store: RunStore, isPlain: Bool = false) throws -> Notebook {
        switch self {
        case .run(let run, let version):
            return isPlain ? try PlanNotebook(run.record, store).notebook : try RunStory(run, store, version: version).notebook
        case .tuning(let record):
            guard !isPlain else {
                throw CommandError.usage("--plain is of runs and AutoML jobs: \(record.name) is a tuning job, name its best run")
            }
            return try TuningStory(record, store).notebook
        case .automl(let record): return try PlanNotebook(record, store).notebook
        }
    }
}
