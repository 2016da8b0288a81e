import Events
import Experiments
import Interop
import Tuning

/// `descent tune export`: a tuning job for other programs.
enum TuningExportCommand {
    static let specification = CommandSpecification(
        words: ["tune", "export"], summary: "write a tuning job for other programs: CSV, or a study for Optuna",
        details: """
            csv has a line a trial. optuna is an SQLite file with the study NAME, which Optuna 5 opens: optuna.load_study(study_name=\
            NAME, storage="sqlite:///FILE"). Trials that were stopped early are pruned ones there; the objective on the way is what \
            they reported; a reverse-logarithmic range is one without a logarithm.
            """,
        positionals: [TuningCommands.named],
        options: [
            .init(name: "--format", value: "F", help: "csv or optuna (default: csv)"),
            .init(name: "--out", value: "PATH", help: "the file to write (default: standard output, for csv)"),
        ],
        examples: [
            "descent tune export @latest --format optuna --out study.db", "descent tune export tune-insurance --out trials.csv",
        ],
        run: { arguments in
            let name = arguments.value("--format") ?? "csv"
            guard let format = TuningExport.Format(rawValue: name) else {
                throw CommandError.usage("--format '\(name)': use csv or optuna")
            }
            let path = arguments.value("--out") ?? "-"
            guard path != "-" || format == .csv else {
                throw CommandError.usage("--format optuna writes a database: name its file with --out")
            }
            let store = try WorkspaceChoice.reading(arguments)
            let record = try store.tunings.tuning(named: arguments.positionals[0])
            let trials = try store.tunings.trials(of: record.id)
            let space = try TuningSetup(record.request, record.objective).search.space
            let parameters = space.searched.compactMap { parameter in
                distribution(of: parameter).map { (name: parameter.name, distribution: $0) }
            }
            try TuningExport(store: store).write(
                ExportedTuning(record: record, trials: trials, parameters: parameters), to: path, as: format)
            if !arguments.flag("--quiet"), path != "-" { Console.note("wrote \(trials.count) trials to \(path)") }
            return .done
        })

    private static func distribution(of parameter: SearchParameter) -> ExportedTuning.Distribution? {
        switch parameter.values {
        case .continuous(let low, let high, let scaling):
            .continuous(low: low, high: high, isLogarithmic: scaling == .logarithmic)
        case .integer(let low, let high, let scaling): .integer(low: low, high: high, isLogarithmic: scaling == .logarithmic)
        case .categorical(let words): .categorical(words)
        case .fixed: nil
        }
    }
}
