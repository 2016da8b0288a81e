import Events
import Experiments
import Interop
import OutputFiles
import Studio
import Tuning

/// `descent tune export`: a tuning job for other programs.
enum TuningExportCommand {
    static let specification = CommandSpecification(
        words: ["tune", "export"],
        summary: "write a tuning job for other programs: CSV, a study for Optuna, or how it came on as a picture",
        details: """
            csv has a line a trial. optuna is an SQLite file with the study NAME, which Optuna 5 opens: optuna.load_study(study_name=\
            NAME, storage="sqlite:///FILE"). Trials that were stopped early are pruned ones there; the objective on the way is what \
            they reported; a reverse-logarithmic range is one without a logarithm. svg and text are the best so far over trials, as an \
            image or as a chart for a terminal.
            """,
        positionals: [TuningCommands.named],
        options: [
            .init(name: "--format", value: "F", help: "csv, optuna, svg or text (default: csv)"),
            .init(
                name: "--out", value: "PATH", help: "the file to write (default: standard output, but for optuna)", isOutput: true
            ),
        ],
        examples: [
            "descent tune export @latest --format optuna --out study.db", "descent tune export tune-insurance --out trials.csv",
        ],
        run: { arguments in
            let name = arguments.value("--format") ?? "csv"
            if name == "svg" || name == "text" { return try draw(as: name, arguments) }
            guard let format = TuningExport.Format(rawValue: name) else {
                throw CommandError.usage("--format '\(name)': use csv, optuna, svg or text")
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
                ExportedTuning(record: record, trials: trials, parameters: parameters), to: path, as: format,
                replaces: arguments.flag("--force"))
            if !arguments.flag("--quiet"), path != "-" { Console.note("wrote \(trials.count) trials to \(path)") }
            return .done
        })

    /// The best so far over trials.
    private static func draw(as form: String, _ arguments: ParsedArguments) throws -> CommandError.ExitCode {
        let store = try WorkspaceChoice.reading(arguments), path = arguments.value("--out") ?? OutputFile.standardOutput
        let record = try store.tunings.tuning(named: arguments.positionals[0])
        guard let chart = TuningCurve.chart(record, try store.tunings.trials(of: record.id)) else {
            throw CommandError.failed("no trial of \(record.name) has ended with a value")
        }
        try OutputFile.write(form == "svg" ? TuningStory.image(chart) : TuningStory.text(chart), to: path)
        if !arguments.flag("--quiet"), path != OutputFile.standardOutput { Console.note("wrote \(path)") }
        return .done
    }

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
