import Cells
import Clocks
import Databases
import Events
import Experiments
import Files
import JSON
import Training

/// `descent models …`: models that are kept under names, in versions.
enum ModelCommands {
    private static let named = PositionalSpecification(
        name: "MODEL", help: "a model's name, for its newest approved version, or NAME:VERSION")
    private static let note = OptionSpecification(name: "--note", value: "TEXT", help: "what to say about it")

    static let list = CommandSpecification(
        words: ["models", "list"], summary: "the models that are kept, with versions and where they come from",
        positionals: [.init(name: "NAME", help: "only this model's versions", isOptional: true)],
        examples: ["descent models list", "descent models list churn --json"],
        run: { arguments in
            guard let store = try WorkspaceChoice.readingIfAny(arguments) else { return .done }
            let name = arguments.positionals.first
            let found = try store.models.versions(of: name)
            if let name, found.isEmpty { _ = try store.models.known(name) }
            if arguments.flag("--json") {
                for version in found { Console.print(version.json.text) }
            } else if !found.isEmpty {
                Console.printRaw(
                    RunText.table([["model", "status", "algorithm", "target", "from", "created", "note"]] + found.map(row)))
            }
            return .done
        })

    static let show = CommandSpecification(
        words: ["models", "show"], summary: "everything about one version of a model, and what led to it",
        positionals: [named], examples: ["descent models show churn", "descent models show churn:2 --json"],
        run: { arguments in
            let store = try WorkspaceChoice.reading(arguments)
            let version = try store.models.known(arguments.positionals[0])
            if arguments.flag("--json") {
                Console.print(version.json.text)
            } else {
                Console.printRaw(try details(version, store))
            }
            return .done
        })

    static let register = CommandSpecification(
        words: ["models", "register"], summary: "keep the model of a run or an AutoML job under a name, as its next version",
        details: """
            What is kept is a copy: a run that is resumed, forked or deleted changes no version. A new version waits for a decision \
            (PendingManualApproval) unless --approve is given.
            """,
        positionals: [.init(name: "NAME", help: "letters and digits, with hyphens between")],
        options: [
            .init(name: "--run", value: "RUN", help: "a run's or an AutoML job's name, id, unique prefix, @latest or @best"),
            .init(name: "--approve", value: nil, help: "approve it at once"), note,
        ],
        examples: ["descent models register churn --run @best", "descent models register churn --run adam --approve --json"],
        run: { arguments in
            guard let run = arguments.value("--run") else {
                throw CommandError.usage("--run is missing: say whose model is to be kept")
            }
            let registration = try ModelRegistration(try WorkspaceChoice.existing(arguments))
            var version = try registration.register(
                arguments.positionals[0], of: run, note: arguments.value("--note") ?? "")
            if arguments.flag("--approve") { version = try approve(version, .approved, nil, registration.store) }
            tell(version, "modelRegistered", "kept", arguments)
            return .done
        })

    static let approve = CommandSpecification(
        words: ["models", "approve"], summary: "approve a version of a model, or reject it",
        details: """
            Whoever names a model without a version gets the newest approved one. Decisions can be changed: --status is one of \
            SageMaker's words Approved, Rejected and PendingManualApproval.
            """,
        positionals: [.init(name: "MODEL", help: "NAME:VERSION; a name alone is its newest version")],
        options: [.init(name: "--status", value: "STATUS", help: "Approved (default), Rejected or PendingManualApproval"), note],
        examples: [
            "descent models approve churn:2", "descent models approve churn:1 --status Rejected --note 'leaks the target'",
        ],
        run: { arguments in
            let word = arguments.value("--status") ?? ModelApproval.approved.rawValue
            guard let approval = ModelApproval(rawValue: word) else {
                throw CommandError.usage(
                    "--status is '\(word)': give \(ModelApproval.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            let store = try RunStore(try WorkspaceChoice.existing(arguments))
            let version = try approve(try newest(arguments.positionals[0], store), approval, arguments.value("--note"), store)
            tell(version, "modelDecided", "decided:", arguments)
            return .done
        })

    static let delete = CommandSpecification(
        words: ["models", "delete"], summary: "remove a version of a model, or all of them, for good",
        positionals: [.init(name: "MODEL", help: "NAME:VERSION, or NAME with --all")],
        options: [.init(name: "--all", value: nil, help: "all versions of the name")],
        examples: ["descent models delete churn:1", "descent models delete churn --all"],
        run: { arguments in
            let registration = try ModelRegistration(try WorkspaceChoice.existing(arguments))
            let name = arguments.positionals[0], models = registration.store.models
            let known = try models.known(name.contains(":") ? name : "\(name):\(try newest(name, registration.store).version)")
            let group = try models.versions(of: known.name)
            if !name.contains(":"), group.count > 1, !arguments.flag("--all") {
                throw CommandError.usage(
                    "\(name) has \(group.count) versions: name one, as in \(known.title), or say --all")
            }
            for version in name.contains(":") ? [known] : group {
                try registration.remove(version)
                tell(version, "modelDeleted", "deleted", arguments)
            }
            return .done
        })

    static let importing = CommandSpecification(
        words: ["models", "import"], summary: "keep a model that XGBoost saved elsewhere, as JSON or UBJSON",
        details: """
            The file is what Booster.save_model writes (.json or .ubj). Its features are called as the file says, else f0, f1, … \
            in their order. --schema names a JSON file that says otherwise: {"columns": […], "target": "…", "classes": […]}, each \
            of which may be left out.
            """,
        positionals: [.init(name: "FILE", help: "XGBoost's model")],
        options: [
            .init(name: "--name", value: "NAME", help: "what to call it"),
            .init(name: "--schema", value: "FILE", help: "JSON with the columns' names in order, the target's and the classes'"),
            note,
        ],
        examples: ["descent models import model.ubj --name churn --schema churn.schema.json"],
        run: { arguments in
            guard let name = arguments.value("--name") else {
                throw CommandError.usage("--name is missing: say what to call the model")
            }
            let registration = try ModelRegistration(try WorkspaceChoice.open(arguments))
            let version = try registration.importing(
                arguments.positionals[0], as: name, schema: try schema(arguments.value("--schema")),
                note: arguments.value("--note") ?? "")
            tell(version, "modelRegistered", "kept", arguments)
            return .done
        })

    // MARK: - What they have in common

    /// A version by its number, or the newest of a group whatever was decided about it.
    private static func newest(_ text: String, _ store: RunStore) throws -> ModelVersion {
        if !text.contains(":"), let newest = try store.models.versions(of: text).first { return newest }
        return try store.models.known(text)
    }

    private static func approve(
        _ version: ModelVersion, _ approval: ModelApproval, _ note: String?, _ store: RunStore
    ) throws -> ModelVersion {
        try store.models.decide(version.id, approval, note: note, at: WallClock.now())
    }

    private static func tell(_ version: ModelVersion, _ kind: String, _ verb: String, _ arguments: ParsedArguments) {
        if arguments.flag("--json") {
            let line = JSONValue.object([
                "kind": .string(kind), "model": .string(version.name), "version": .integer(version.version),
                "status": .string(version.approval.rawValue), "source": .string(version.source.rawValue),
                "run": version.sourceID.isEmpty ? nil : .string(version.sourceID),
            ])
            Console.print(line.text)
        } else if !arguments.flag("--quiet") {
            Console.note(
                "\(version.title) \(verb) \(version.request.algorithm) of \(version.sourceName) (\(version.approval.rawValue))")
        }
    }

    private static func row(_ version: ModelVersion) -> [String] {
        [
            version.title, version.approval.rawValue, version.request.algorithm, version.request.target ?? "–",
            "\(version.source.rawValue) \(version.sourceName)", WallClock.text(version.createdAt), version.note,
        ]
    }

    private static func details(_ version: ModelVersion, _ store: RunStore) throws -> String {
        var rows = [
            ["model", "\(version.title)  (\(version.id))"], ["status", version.approval.rawValue],
            ["algorithm", version.request.algorithm], ["target", version.request.target ?? "–"],
            ["from", "\(version.source.rawValue) \(version.sourceName)\(try standing(version, store))"],
        ]
        if !version.request.datasetPath.isEmpty { rows.append(["data", version.request.datasetPath]) }
        if !version.dataFingerprint.isEmpty { rows.append(["fingerprint", version.dataFingerprint]) }
        rows.append(["created", WallClock.text(version.createdAt)])
        if let approved = version.approvedAt { rows.append(["approved", WallClock.text(approved)]) }
        if !version.note.isEmpty { rows.append(["note", version.note]) }
        let place =
            version.source == .mlflow
            ? try store.models.registered(version).location : store.workspace.modelFolder(of: version) + "/" + Model.fileName
        rows.append(["file", place + "  \(NumberFormat.bytes(version.byteCount))"])
        var text = RunText.table(rows)
        if !version.metrics.isEmpty { text += "\nMetrics\n" + RunText.metricLines(version.metrics) }
        if !version.hyperparameters.isEmpty {
            text +=
                "\nHyperparameters\n"
                + RunText.table(version.hyperparameters.sorted { $0.key < $1.key }.map { ["  \($0.key)", $0.value] })
        }
        return text
    }

    /// What became of the run that it is of.
    private static func standing(_ version: ModelVersion, _ store: RunStore) throws -> String {
        guard version.source == .run || version.source == .mlflow, !version.sourceID.isEmpty else { return "" }
        guard let run = try store.run(RunID(version.sourceID)) else { return "  (removed since)" }
        let renamed = run.record.name == version.sourceName ? "" : "  now called \(run.record.name)"
        return renamed + (run.isDeleted ? "  (in the bin)" : "")
    }

    private static func schema(_ path: String?) throws -> Model.ImportSchema {
        guard let path else { return Model.ImportSchema() }
        let bytes: [UInt8]?
        do throws(FileError) { bytes = try AtomicFile.read(path, atMost: 1 << 24) } catch {
            throw CommandError.data(error.description)
        }
        guard let bytes else { throw CommandError.data("\(path): there is no such file") }
        let document: JSONValue
        do throws(JSONError) { document = try JSONValue(parsing: bytes) } catch {
            throw CommandError.data("\(path): \(error.description)")
        }
        func names(_ key: String) throws(CommandError) -> [String] {
            guard let value = document[key] else { return [] }
            guard let list = value.array, case let names = list.compactMap(\.string), names.count == list.count else {
                throw .data("\(path): '\(key)' is no list of texts: write [\"first\", \"second\"]")
            }
            return names
        }
        guard let members = document.members, members.allSatisfy({ ["columns", "target", "classes"].contains($0.name) }) else {
            throw CommandError.data("\(path): a schema is an object with 'columns', 'target' and 'classes': write no other names")
        }
        if let target = document["target"], target.string == nil {
            throw CommandError.data("\(path): 'target' is no text: write a name")
        }
        return Model.ImportSchema(
            columns: try names("columns"), target: document["target"]?.string, classes: try names("classes"))
    }
}
