import Cells
import Clocks
import Databases
import Events
import Experiments
import Files
import JSON
import PipelineSteps
import PrintableText
import Tables
import Training

/// `descent data versions`: what was in a file, what changed, and which runs read it.
enum VersionsCommand {
    static let specification = CommandSpecification(
        words: ["data", "versions"],
        summary: "what was in a file at other times: what changed, and which runs learned from which",
        details: """
            A file that changed is another data set, and the ones before are its versions. The file is looked at first: where it is not as \
            it was when it was last read, what is in it now is the newest version. A file that was moved or given another name keeps its \
            history, and one that is gone is named by the path that it had.
            """,
        positionals: [.init(name: "FILE", help: "a data file that was opened or trained on")],
        examples: ["descent data versions sample-data/insurance.csv", "descent data versions churn.csv --json"],
        run: run)

    private static func run(_ arguments: ParsedArguments) throws -> CommandError.ExitCode {
        let path = absolute(arguments.positionals[0])
        let store: RunStore
        if Engine.exists(arguments.positionals[0]) {
            store = try RunStore(try WorkspaceChoice.open(arguments))
            try look(path, store)
        } else {
            store = try WorkspaceChoice.reading(arguments)
        }
        let versions = try store.datasets.versions(at: path)
        guard !versions.isEmpty else {
            throw CommandError.data(
                "\(arguments.positionals[0].printable): nothing was ever seen there: name a file that was opened or trained on")
        }
        if !arguments.flag("--quiet") {
            let former = try store.datasets.formerPaths(of: path)
            if !former.isEmpty { Console.note("before, it was \(former.joined(separator: ", before that ").printable)") }
            if let later = try store.datasets.laterPath(of: path) { Console.note("the same data is at \(later.printable) now") }
        }
        for (place, version) in versions.enumerated() {
            let before = place > 0 ? versions[place - 1] : nil
            if arguments.flag("--json") { Console.print(json(version).text) } else { Console.printRaw(text(version, before)) }
        }
        return .done
    }

    /// A path from the root, also of a file that is gone: its folder has to be there.
    private static func absolute(_ path: String) -> String {
        guard !Engine.exists(path) else { return Engine.absolute(path) }
        let name = FilePath.name(path), folder = path.hasPrefix("/") ? FilePath.folder(path) : FilePath.folder("./" + path)
        return Engine.absolute(folder) + "/" + name
    }

    /// Reads the file where it is not as it was when it was last read.
    private static func look(_ path: String, _ store: RunStore) throws {
        let known = try store.datasets.versions(at: path).last?.dataset
        let isAsItWas = known?.lookedAt().places.contains { $0.path == path && $0.state == .unchanged } == true
        guard !isAsItWas || known?.profile == nil else { return }
        try DataFile.check(path)
        let options = try ReadOptions(try store.datasets.reading(at: path))
        try store.datasets.register(try DatasetProfiling.profile(path: path, options: options), at: WallClock.now())
    }

    private static func text(_ version: DatasetVersion, _ before: DatasetVersion?) -> String {
        let dataset = version.dataset
        let facts = [
            dataset.rowCount.map { "\(NumberFormat.grouped($0)) rows" }, dataset.profile.map { "\($0.columns.count) columns" },
            dataset.byteCount.map { NumberFormat.bytes($0) }, "seen \(WallClock.text(version.lastSeen))", dataset.id.text,
            version.isLatest ? "latest" : nil,
        ]
        var out = "\(version.number)  \(facts.compactMap { $0 }.joined(separator: "   "))\n"
        for change in version.changes { out += "   ~ \(change.words.printable)\n" }
        if version.number > 1, version.changes.isEmpty {
            out +=
                dataset.profile == nil || before?.dataset.profile == nil
                ? "   ~ other values; what is otherwise is not known, since one of the two was never profiled\n"
                : "   ~ other values, with the same columns and figures\n"
        }
        if let steps = version.steps {
            out += "   pipeline of \(steps.words.printable), kept \(WallClock.text(steps.time))\n"
        }
        for use in version.uses {
            out += "   \(use.isValidation ? "judged" : "taught") \(use.name.printable)  (\(use.run.text))\n"
        }
        if !dataset.labels.note.isEmpty { out += "   \(dataset.labels.note.printable)\n" }
        return out
    }

    private static func json(_ steps: DatasetVersion.KeptSteps) -> JSONValue {
        let kept = JSONValue.string(WallClock.text(steps.time))
        do throws(PipelineError) {
            return .object(["steps": try DataPipeline(parsing: steps.json).json["steps"] ?? .null, "kept": kept])
        } catch { return .object(["fault": .string(error.message), "kept": kept]) }
    }

    private static func json(_ version: DatasetVersion) -> JSONValue {
        .object([
            "kind": .string("datasetVersion"), "version": .integer(version.number), "dataset": .string(version.dataset.id.text),
            "latest": .boolean(version.isLatest), "lastSeen": .string(WallClock.text(version.lastSeen)),
            "rows": version.dataset.rowCount.map { .integer($0) },
            "columns": version.dataset.profile.map { .array($0.columns.map { .string($0.name) }) },
            "pipeline": version.steps.map(json),
            "bytes": version.dataset.byteCount.map { .integer($0) },
            "changes": .array(
                version.changes.map {
                    .object([
                        "change": .string($0.kind.rawValue), "column": $0.column.map { .string($0) },
                        "before": .string($0.before),
                        "after": .string($0.after), "words": .string($0.words),
                    ])
                }),
            "runs": .array(
                version.uses.map {
                    .object([
                        "run": .string($0.run.text), "name": .string($0.name),
                        "use": .string($0.isValidation ? "validated" : "trained"),
                    ])
                }),
        ])
    }
}
