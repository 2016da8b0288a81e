import Cells
import Clocks
import Events
import Experiments
import Glibc
import JSON
import Training

/// `descent doctor --recover`: brings back what can be read of a damaged workspace, and says what came back and what did not.
enum DoctorRecovery {
    static func run(_ arguments: ParsedArguments) throws -> CommandError.ExitCode {
        let path = WorkspaceChoice.path(arguments)
        let recovery = try WorkspaceRecovery(path: path)
        let outcome = try recovery.recover { run in described(run, path) }
        if arguments.flag("--json") {
            Console.print(json(outcome).text)
        } else {
            Console.printRaw(text(outcome))
        }
        return outcome.unknown.isEmpty ? .done : .failed
    }

    /// What the model of a run tells when its record is lost.
    private static func described(_ run: RunID, _ workspace: String) -> RunRecord? {
        let folder = workspace + "/artifacts/" + run.text
        do {
            guard let model = try Model.load(fromFolder: folder) else { return nil }
            var status = stat()
            let time = stat(folder + "/" + Model.fileName, &status) == 0 ? Double(status.st_mtim.tv_sec) : WallClock.now()
            let request = JobRequest(datasetPath: "", target: model.target?.column, algorithm: model.algorithm)
            return RunRecord(
                id: run, name: "recovered-\(run.text)", experiment: request.experiment, algorithm: model.algorithm,
                request: request, hyperparameters: [:], objective: try Algorithms.objective(of: request), seed: 0,
                dataFingerprint: "", gitRevision: nil, version: Engine.version, createdAt: time, processID: 0)
        } catch { return nil }
    }

    private static func text(_ outcome: WorkspaceRecovery.Outcome) -> String {
        var lines: [String] = []
        if let old = outcome.oldDatabase {
            let rows = ["runs", "chunks", "events"].map { "\(NumberFormat.grouped(outcome.rowCounts[$0] ?? 0)) \($0)" }
            lines.append("read from the damaged database: \(rows.joined(separator: ", ")) (it is kept as \(old))")
        }
        for run in outcome.recovered {
            lines.append("brought back from its files, without its curves: \(run.record.name) (\(run.record.id))")
        }
        for run in outcome.unknown { lines.append("not brought back: \(run.text): its files do not say what it is") }
        if lines.isEmpty { lines.append("nothing is missing") }
        return lines.map { $0 + "\n" }.joined()
    }

    private static func json(_ outcome: WorkspaceRecovery.Outcome) -> JSONValue {
        .object([
            "kind": .string("workspaceRecovered"), "oldDatabase": outcome.oldDatabase.map { .string($0) },
            "rows": .object(outcome.rowCounts.sorted { $0.key < $1.key }.map { .init($0.key, .integer($0.value)) }),
            "recovered": .array(outcome.recovered.map { .string($0.record.id.text) }),
            "unknown": .array(outcome.unknown.map { .string($0.text) }),
        ])
    }
}
