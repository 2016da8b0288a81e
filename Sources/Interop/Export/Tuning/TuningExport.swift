import Databases
import Events
import Experiments
import JSON
import OutputFiles
import PrintableText

/// Writes a tuning job for other programs to read.
public struct TuningExport {
    public enum Format: String, CaseIterable, Sendable {
        /// A line a trial.
        case csv
        /// An SQLite database with one study.
        case optuna
    }

    private let store: RunStore

    public init(store: RunStore) { self.store = store }

    /// - Parameter path: a file that is not there yet, or what else `OutputFile` takes.
    /// - Throws: `LogError` when something is there already or cannot be written, and what reading the workspace throws.
    public func write(_ tuning: ExportedTuning, to path: String, as format: Format, replaces: Bool = false) throws {
        let file = try ExportFile(path, replaces: replaces)
        switch format {
        case .csv: try file.write(try table(tuning))
        case .optuna: try file.write(try OptunaStudyWriter(tuning, store).bytes())
        }
        try file.finish()
    }

    private func table(_ tuning: ExportedTuning) throws(StoreError) -> String {
        let names = tuning.parameters.map(\.name)
        let columns =
            ["trial", "run", "name", "status"] + tuning.objectives.map(\.metric.text) + names + ["seconds", "reason", "why"]
        var text = columns.map(\.csvCell).joined(separator: ",") + "\n"
        for trial in tuning.trials {
            let run = try store.run(trial.run)
            let seconds = run?.startedAt.flatMap { start in run?.finishedAt.map { $0 - start } }
            let cells =
                [
                    "\(trial.number + 1)", trial.run.text, run?.record.name ?? "",
                    trial.outcome?.rawValue ?? JobStatus.inProgress.rawValue,
                ]
                + tuning.objectives.indices.map { place in
                    let value =
                        place == 0 ? trial.value : trial.others.indices.contains(place - 1) ? trial.others[place - 1] : nil
                    return value.map(JSONValue.text) ?? ""
                } + names.map { trial.values[$0] ?? "" } + [seconds.map(JSONValue.text) ?? "", trial.reason, trial.why]
            text += cells.map(\.csvCell).joined(separator: ",") + "\n"
        }
        return text
    }
}
