import Cells
import Clocks
import Databases
import Events
import Experiments
import JSON
import PrintableText
import Tables
import Training

/// `descent data list|note`: the data sets that the workspace knows, and what the user says about them.
enum DatasetCommands {
    static let list = CommandSpecification(
        words: ["data", "list"], summary: "the data sets that were opened or trained on, with their notes",
        details: """
            A data set is what is in a file: files with the same content are one, and a file that changed is another one. What \
            was seen last comes first.
            """,
        positionals: [
            .init(
                name: "WORD", help: "only those with these words in name, path, tag or note", isOptional: true, isRepeatable: true
            )
        ],
        examples: ["descent data list", "descent data list churn 2026 --json"],
        run: { arguments in
            guard let store = try WorkspaceChoice.readingIfAny(arguments) else { return .done }
            let words = arguments.positionals.map { $0.lowercased() }
            let found = try store.datasets.datasets().filter { dataset in
                let text = searchedText(dataset)
                return words.allSatisfy { text.contains($0) }
            }
            if arguments.flag("--json") {
                for dataset in found { Console.print(json(dataset).text) }
            } else if !found.isEmpty {
                Console.printRaw(
                    RunText.table(
                        [["dataset", "rows", "columns", "size", "id", "note"]] + found.map(row), rightAligned: [1, 2, 3]))
            }
            return .done
        })

    static let note = CommandSpecification(
        words: ["data", "note"], summary: "write a note on a data set, in place of the one it has",
        details: """
            The note stays with what is in the file: it is found again under another name and in another folder. A file that the \
            workspace does not know yet is read first.
            """,
        positionals: [
            .init(name: "DATASET", help: "a file, or a data set's name, id or unique prefix, or @latest"),
            .init(name: "TEXT", help: "the note; empty takes it away", isRepeatable: true),
        ],
        examples: ["descent data note sample-data/brokerage.csv 'ordered by churned: shuffle'"],
        run: { arguments in
            let text = arguments.positionals.dropFirst().joined(separator: " ")
            let store = try RunStore(try WorkspaceChoice.open(arguments))
            let dataset = try find(arguments, store)
            let edited = try store.datasets.edit(dataset.id, EntityEdit(note: text))
            // The same content may be known by another file's name.
            let isOther = arguments.positionals[0].split(separator: "/").last.map(String.init) != edited.labels.name
            if arguments.flag("--json") {
                Console.print(json(edited).text)
            } else if !arguments.flag("--quiet") {
                Console.note(
                    "\(text.isEmpty ? "no note on" : "noted") \(edited.labels.name.printable)\(isOther ? " (\(arguments.positionals[0].printable))" : "")"
                )
            }
            return .done
        })

    /// The data set that a user means; a file that is not as it was when it was last read, or never was, is read now.
    private static func find(_ arguments: ParsedArguments, _ store: RunStore) throws -> DatasetSummary {
        let text = arguments.positionals[0]
        guard Engine.exists(text) else { return try store.datasets.dataset(named: text) }
        let path = Engine.absolute(text)
        if let known = try known(at: path, store) { return known }
        try DataFile.check(path)
        let options = try ReadOptions(try store.datasets.reading(at: path))
        return try store.datasets.register(try DatasetProfiling.profile(path: path, options: options), at: WallClock.now())
    }

    /// The data set that still lies at a path, as far as the file's stamp tells.
    private static func known(at path: String, _ store: RunStore) throws(StoreError) -> DatasetSummary? {
        do throws(StoreError) {
            let found = try store.datasets.dataset(named: path, path: path)
            return found.lookedAt().places.contains { $0.path == path && $0.state == .unchanged } ? found : nil
        } catch {
            if error.code == .notFound { return nil }
            throw error
        }
    }

    private static func searchedText(_ dataset: DatasetSummary) -> String {
        ([dataset.labels.name, dataset.labels.note] + dataset.labels.tags + dataset.places.map(\.path)).joined(separator: " ")
            .lowercased()
    }

    private static func row(_ dataset: DatasetSummary) -> [String] {
        [
            dataset.labels.name, dataset.rowCount.map { NumberFormat.grouped($0) } ?? "·",
            dataset.profile.map { NumberFormat.grouped($0.columns.count) } ?? "·",
            dataset.byteCount.map { NumberFormat.bytes($0) } ?? "·", dataset.id.text, dataset.labels.note,
        ]
    }

    private static func json(_ dataset: DatasetSummary) -> JSONValue {
        let labels = dataset.labels
        return .object([
            "kind": .string("dataset"), "dataset": .string(dataset.id.text), "name": .string(labels.name),
            "paths": .array(dataset.places.filter { !$0.isSuperseded }.map { .string($0.path) }),
            "rows": dataset.rowCount.map { .integer($0) }, "columns": dataset.profile.map { .integer($0.columns.count) },
            "bytes": dataset.byteCount.map { .integer($0) },
            "tags": .array(labels.tags.map { .string($0) }), "note": .string(labels.note),
            "lastSeen": .string(WallClock.text(dataset.lastSeen)),
        ])
    }
}
