import Cells
import Clocks
import Events
import Experiments
import Files
import RunSearching
import Studio
import Scripts
import Training

/// `descent runs …`: the runs of a workspace.
enum RunsCommands {
    static let show = CommandSpecification(
        words: ["runs", "show"], summary: "everything about one run", positionals: [RunArgument.positional],
        examples: ["descent runs show @latest"],
        run: { arguments in
            let store = try WorkspaceChoice.reading(arguments)
            let run = try store.run(named: arguments.positionals[0])
            if arguments.flag("--json") {
                Console.print(try RunText.json(run, store: store).text)
                for event in try store.events(of: run.record.id) {
                    // Where its time went has a command of its own.
                    if case .profile = event.kind { continue }
                    Console.print(event.json.text)
                }
                return .done
            }
            Console.printRaw(try details(run, store: store))
            return .done
        })

    /// What a run is and where it comes from: rows of a name and what it stands for.
    private static func facts(_ run: RunSummary, store: RunStore) throws -> [[String]] {
        let record = run.record
        var rows = [
            ["run", "\(record.name)  (\(record.id))"],
            ["status", "\(RunText.glyph(run.status)) \(run.status.rawValue)\(run.reason.isEmpty ? "" : ": \(run.reason)")"],
            ["origin", record.log.map { "\(record.origin.rawValue): \($0)" } ?? record.origin.rawValue],
            ["experiment", record.experiment], ["algorithm", record.algorithm], ["dataset", record.request.datasetPath],
            ["target", record.request.target ?? "–"], ["fingerprint", record.dataFingerprint],
            ["seed", RunField.seed.cellText(run, now: 0) ?? "–"], ["threads", record.threads > 0 ? "\(record.threads)" : "–"],
            ["git revision", record.gitRevision ?? "–"],
            ["descent", record.version],
            ["created", WallClock.text(record.createdAt)],
            [
                "step",
                NumberFormat.grouped(run.step) + (run.plannedSteps > 0 ? " of \(NumberFormat.grouped(run.plannedSteps))" : ""),
            ],
        ]
        rows.append(["objective", objective(record)])
        // A script has what it was given.
        if record.request.isScript {
            rows.removeAll { ["dataset", "target", "fingerprint"].contains($0[0]) && ["", "–"].contains($0[1]) }
        }
        rows += JobOption.all.filter { $0.value != .flag }.map { [$0.label, $0.text(record.request)] }.filter { !$0[1].isEmpty }
        if let fork = record.fork {
            let parent = try store.run(fork.parent)?.record.name ?? fork.parent.text
            let with = fork.settings.isEmpty ? "" : " with \(HyperparameterChange(fork.settings).text)"
            rows.append(["forked from", "\(parent) at step \(NumberFormat.grouped(fork.step))\(with)"])
        }
        rows += try store.lineage(of: record.id).rows
        let kept = try store.models.versions(madeOf: record.id.text)
        if !kept.isEmpty {
            rows.append(["kept as", kept.map { "\($0.title) (\($0.approval.rawValue))" }.joined(separator: "  ")])
        }
        if !run.tags.isEmpty { rows.append(["tags", run.tags.joined(separator: " ")]) }
        if !run.note.isEmpty { rows.append(["note", run.note]) }
        if run.isArchived { rows.append(["archived", "yes (descent runs unarchive \(record.name))"]) }
        if let end = run.finishedAt, let duration = run.duration(now: end) {
            rows.append(["trained for", NumberFormat.duration(duration)])
        }
        if let best = run.bestStep {
            rows.append([
                "best",
                "\(record.objective.metric) \(run.bestObjective.map { NumberFormat.significant($0) } ?? "–") at step \(NumberFormat.grouped(best))",
            ])
        }
        do throws(TrainingError) {
            let folder = store.workspace.artifactFolder(of: record.id.text)
            let places =
                record.request.isScript ? ScriptCheckpoints(folder: folder).forkPlaces : try ForkPoint.places(inFolder: folder)
            if !places.steps.isEmpty { rows.append(["checkpoints", "steps " + steps(places)]) }
        } catch {
            // That there are none is something else.
            rows.append(["checkpoints", error.description])
        }
        rows.append(["artifacts", store.workspace.artifactFolder(of: record.id.text)])
        return rows
    }

    /// The steps of the checkpoints; of many, as a script has them, the first and the last ones.
    private static func steps(_ places: ForkPlaces) -> String {
        let steps = places.steps.reversed().map { NumberFormat.grouped($0) }
        guard steps.count > 12 else { return steps.joined(separator: "  ") }
        return (steps.prefix(3) + ["…"] + steps.suffix(3)).joined(separator: "  ") + "  (\(steps.count))"
    }

    private static func details(_ run: RunSummary, store: RunStore) throws -> String {
        let record = run.record
        let result = try store.keptResult(of: run), kept = result?.metrics
        let title =
            record.request.isScript
            ? "Newest metrics" : kept == nil ? "Newest metrics: no model was kept" : "Metrics of the model kept"
        var out =
            RunText.table(try facts(run, store: store)) + "\n\(title)\n"
            + RunText.metricLines(
                kept ?? run.lastMetrics, baseline: result?.evaluation?.baseline ?? [:])
        if let evaluation = result?.evaluation { out += RunText.judged(evaluation) + RunText.evaluation(evaluation) }
        out += RunText.weights(run, store: store)
        let uses = try RunText.systemUses(run, store: store)
        if !uses.isEmpty {
            out +=
                "\nSystem"
                + RunText.table(
                    [["", "mean", "peak"]]
                        + uses.map { name, use in
                            ["  \(name.metric)", SystemUnit(of: name).text(use.mean), SystemUnit(of: name).text(use.peak)]
                        }, rightAligned: [1, 2])
        }
        out += "\nHyperparameters (* set by hand)\n"
        out += RunText.table(
            record.hyperparameters.sorted { $0.key < $1.key }.map { name, value in
                ["  \(name)", value, record.isSetByHand(name) ? "*" : ""]
            })
        let changes = try store.events(of: record.id, kinds: [.hyperparametersChanged])
        if !changes.isEmpty { out += "\nChanged while training\n" + changes.map(RunText.change).joined() }
        let notes = try store.events(of: record.id, kinds: [.dataRead, .dataWarned]).compactMap { event in
            switch event.kind {
            case .job(.dataRead(let reading)): reading.line(grouped: NumberFormat.grouped)
            case .job(.dataWarned(let warning)): warning.message
            default: nil
            }
        }
        if !notes.isEmpty { out += "\nSaid about the data\n" + notes.map { "  \($0)\n" }.joined() }
        let findings = try DebugFinding.all(of: run, store)
        if !findings.isEmpty { out += "\nAlerts\n" + findings.map { $0.text(number: false) }.joined() }
        return out
    }

    private static func objective(_ record: RunRecord) -> String {
        let metric = record.objective.metric, words = record.objective.direction.words
        guard record.objective.direction == .unknown else { return "\(metric) (\(words))" }
        return
            "\(metric) (\(words): \(record.origin == .watched ? "descent watch LOG" : "descent train …") --objective max:\(metric) or min:\(metric))"
    }

    static let resume = CommandSpecification(
        words: ["runs", "resume"], summary: "continue a run that was stopped, killed or paused, or give a finished one more",
        details: """
            Goes on from the newest checkpoint. A finished run is given more with --set: more epochs (rounds of xgboost), \
            counted from its beginning, as if it had been started with so many; patience that ran out is counted anew.
            """,
        positionals: [RunArgument.positional],
        options: [.init(name: "--set", value: "NAME=VALUE", help: "a hyperparameter to change there", isRepeatable: true)]
            + QueueArguments.options,
        examples: ["descent runs resume @latest", "descent runs resume adam --set epochs=50"],
        run: { arguments in
            let engine = try Engine(workspace: try WorkspaceChoice.existing(arguments))
            defer { engine.close() }
            let run = try engine.store.run(named: arguments.positionals[0])
            try Engine.checkIsTrainedHere(run.record)
            let settings = try SteerCommands.settings(arguments.values("--set"), of: run.record, goesOn: true)
            if settings.isEmpty, let code = try SteerCommands.resumeElsewhere(run, engine.store, arguments) { return code }
            if !run.record.request.datasetPath.isEmpty { try DataFile.check(run.record.request.datasetPath) }
            return try ForegroundJob(engine: engine, arguments: arguments).run(isNew: false) {
                try engine.resume(run.record.id, settings)
                return run.record.id
            }
        })

    static let delete = CommandSpecification(
        words: ["runs", "delete"], summary: "move runs to the bin, or remove them for good",
        positionals: [.init(name: "RUN", help: RunArgument.positional.help, isRepeatable: true)],
        options: [.init(name: "--permanently", value: nil, help: "remove the runs and their files for good")],
        examples: ["descent runs delete adam-2", "descent runs restore adam-2"],
        run: { arguments in
            let store = try RunStore(try WorkspaceChoice.existing(arguments))
            let isPermanent = arguments.flag("--permanently")
            for name in arguments.positionals {
                let run = try store.run(named: name, includingDeleted: isPermanent)
                if isPermanent {
                    try store.erase(run.record.id, requiringEnd: true)
                    Folder.remove(store.workspace.artifactFolder(of: run.record.id.text))
                } else {
                    try store.apply(.run(.deleted), to: run.record.id, requiringEnd: true)
                }
                if !arguments.flag("--quiet") {
                    let undo = isPermanent ? "" : "  (undo: descent runs restore \(run.record.name))"
                    Console.note("deleted \(run.record.name)\(undo)")
                }
            }
            return .done
        })

    static let restore = CommandSpecification(
        words: ["runs", "restore"], summary: "take runs back out of the bin",
        positionals: [.init(name: "RUN", help: RunArgument.positional.help, isRepeatable: true)],
        run: { arguments in
            let store = try RunStore(try WorkspaceChoice.existing(arguments))
            for name in arguments.positionals {
                let run = try store.run(named: name, includingDeleted: true)
                try store.apply(.run(.restored), to: run.record.id)
                if !arguments.flag("--quiet") { Console.note("restored \(run.record.name)") }
            }
            return .done
        })
}
