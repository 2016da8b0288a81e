import Cells
import Debugging
import Events
import Experiments
import JSON
import Studio
import Training

extension DebugCommands {
    static let rules = CommandSpecification(
        words: ["debug", "rules"], summary: "what the debugger looks for, how each rule stands in a run, and what it is set to",
        details: """
            Without RUN the rules there are: those that look at every run, and SageMaker's, which look at runs that ask for them. With \
            RUN how each stands after what the run recorded. With --file the rules of a file are tried on the run, and nothing is \
            written: ends with 1 where one of them found something.

            A line of a file is a rule of your own (NAME: CONDITION for 20 steps), a rule that Descent has, with parameters \
            (DeadRelu(threshold_layer=40)), or `off NAME`. `train --rules FILE` has it look while a run trains, and so does rules.txt \
            in the workspace.

            With --set, --disable, --enable or --add the rules of a run are changed while it trains: a changed rule looks anew at what \
            the run recorded so far, an alert that does not hold any more is cleared, and the run keeps its rules when it goes on or \
            is forked. --reset takes back all that was said of a rule.
            """,
        positionals: [.init(name: "RUN", help: RunArgument.positional.help, isOptional: true)],
        options: [
            .init(name: "--file", value: "FILE", help: "rules to try on the run, instead of its own"),
            .init(
                name: "--set", value: "RULE.NAME=VALUE", help: "set a parameter of a rule while the run trains",
                isRepeatable: true),
            .init(name: "--disable", value: "RULE", help: "have a rule look no more", isRepeatable: true),
            .init(
                name: "--enable", value: "RULE", help: "have a rule look: one of SageMaker's, or one that is off",
                isRepeatable: true),
            .init(name: "--add", value: "LINE", help: "add a rule, or say one of your own anew", isRepeatable: true),
            .init(
                name: "--reset", value: "RULE", help: "take back what was said of a rule; a rule of your own goes",
                isRepeatable: true),
        ],
        examples: [
            "descent debug rules", "descent debug rules @latest --json", "descent debug rules @latest --file rules.txt",
            "descent debug rules @latest --set sagemaker.Overfit.patience=3 --disable StillImproving",
            "descent debug rules @latest --add 'spike: loss > 2 * rolling_min(loss, 100) for 20 steps'",
        ],
        run: rules)

    private static func rules(_ arguments: ParsedArguments) throws -> CommandError.ExitCode {
        let file = arguments.value("--file")
        guard let name = arguments.positionals.first else {
            if file != nil { throw CommandError.usage("--file tries rules on a run: name the run, such as @latest") }
            if try !edit(arguments).isEmpty { throw CommandError.usage("rules are changed of a run: name it, such as @latest") }
            print(RuleReport.catalogue, arguments, withState: false)
            return .done
        }
        // A file is read before anything else: what is wrong with it is told at once.
        let lines = try file.map { (path) throws(CommandError) in try RuleFile.lines(path) }
        let edit = try edit(arguments)
        if !edit.isEmpty {
            if file != nil { throw CommandError.usage("--file only tries rules: leave it away, or what is to be changed") }
            return try change(name, edit, arguments)
        }
        let store = try WorkspaceChoice.reading(arguments)
        let run = try store.run(named: name)
        guard let lines else {
            print(try reports(of: run, store), arguments, withState: true)
            return .done
        }
        return try tried(lines, run, store, arguments)
    }

    /// How the rules of a run stand: as they said while it trained, and else after what it recorded.
    static func reports(of run: RunSummary, _ store: RunStore) throws -> [RuleReport] {
        var reports = try replay(RuleSelection(of: run.record), run, store).reports
        for event in try store.events(of: run.record.id, kinds: [.ruleEvaluated]) {
            guard case .debugger(.ruleEvaluated(let evaluation)) = event.kind else { continue }
            for place in reports.indices { reports[place].take(evaluation) }
        }
        let standing = try store.alerts(of: run.record.id).filter { $0.cleared == nil }.map(\.alert)
        for place in reports.indices where reports[place].state == .issue && reports[place].alert == nil {
            reports[place].alert = standing.last { $0.rule == reports[place].name }
        }
        try hint(&reports, RuleSelection(of: run.record), run, store)
        return reports
    }

    /// Says of rules that wait for metrics which the run does not have what they may have meant.
    private static func hint(
        _ reports: inout [RuleReport], _ selection: RuleSelection, _ run: RunSummary, _ store: RunStore
    ) throws {
        for (rule, words) in try unknownMetrics(selection, run, store) {
            for place in reports.indices where reports[place].name == rule { reports[place].wait?.hint = words }
        }
    }

    /// Metrics that the user's own rules name and the run does not have, with what may have been meant; nothing of those of other rows
    /// than the training rows as long as none of these were measured.
    private static func unknownMetrics(
        _ selection: RuleSelection, _ run: RunSummary, _ store: RunStore
    ) throws -> [(rule: String, words: String)] {
        let metrics = try store.metrics(of: run.record.id)
        let known = metrics.map(\.text) + metrics.filter { $0.split == "train" }.map { String($0.metric) }
        let isEvaluated = run.status.isFinal || metrics.contains { !$0.isSystem && $0.split != "train" }
        guard !metrics.isEmpty, isEvaluated else { return [] }
        return selection.metrics(
            missingFrom: known, of: run.record.name, otherwise: "descent runs show \(run.record.name) lists them")
    }

    static func replay(_ selection: RuleSelection, _ run: RunSummary, _ store: RunStore) throws -> RuleReplay {
        let history = try RunHistory(of: run.record, RunHistory.Wish(selection.entries.map(\.rule), of: run.record), in: store)
        return RuleReplay(
            of: run.record, selection, history, algorithm: Algorithms.all.first { $0.name == run.record.algorithm },
            earlier: { EarlierRun(named: $0, in: store) })
    }

    // MARK: - Trying a file

    private static func tried(
        _ lines: [String], _ run: RunSummary, _ store: RunStore, _ arguments: ParsedArguments
    ) throws -> CommandError.ExitCode {
        let selection: RuleSelection
        do throws(RuleLineFault) { selection = try RuleSelection(lines, withUsual: false) } catch {
            throw CommandError.usage("\(error.line): \(error.fault.message)")
        }
        let replay = try replay(selection, run, store)
        let time = run.record.createdAt
        let found = RaisedAlert.all(
            in: replay.events.map { StudioEvent(sequence: 0, wallTime: time, run: run.record.id, kind: .debugger($0)) })
        if arguments.flag("--json") {
            for event in replay.events {
                Console.print(StudioEvent(sequence: 0, wallTime: time, run: run.record.id, kind: .debugger(event)).json.text)
            }
            for report in replay.reports { Console.print(report.json.text) }
        } else {
            for alert in found { Console.printRaw(RunText.alert(alert)) }
            print(replay.reports, arguments, withState: true)
        }
        try warn(selection, run, store)
        return found.isEmpty ? .done : .failed
    }

    /// Names metrics and tensors that the run does not have.
    private static func warn(_ selection: RuleSelection, _ run: RunSummary, _ store: RunStore) throws {
        for (rule, words) in try unknownMetrics(selection, run, store) { Console.note("\(rule): \(words)") }
    }

    // MARK: - Text

    private static func print(_ reports: [RuleReport], _ arguments: ParsedArguments, withState: Bool) {
        if arguments.flag("--json") {
            for report in reports { Console.print(report.json.text) }
            return
        }
        let origins: [RuleReport.Origin] = [.descent, .profiler, .sagemaker, .own]
        let titles = [
            "look at every run", "look at where the time of every run goes", "SageMaker's, for runs that ask for them",
            "of the run's own",
        ]
        for (origin, title) in zip(origins, titles) {
            let part = reports.filter { $0.origin == origin }
            if part.isEmpty { continue }
            if !withState { Console.print(title) }
            Console.printRaw(RunText.table(part.map { row($0, withState: withState) }))
            if !withState, origin != origins.last { Console.print("") }
        }
    }

    private static func row(_ report: RuleReport, withState: Bool) -> [String] {
        let changed = report.parameters.filter { !withState || $0.value != $0.defaultValue }
        let parameters = changed.isEmpty ? "" : "(\(changed.map { "\($0.name)=\($0.value)" }.joined(separator: ", ")))"
        guard withState else { return ["  \(report.name)", report.summary + (parameters.isEmpty ? "" : "  \(parameters)")] }
        return ["  \(report.state.glyph) \(report.name)\(parameters)", report.state.rawValue, report.standing]
    }
}

extension RuleReport {
    /// What there is to say beside the state.
    var standing: String {
        if let wait, state == .waitingForData { return wait.words { NumberFormat.grouped($0) } }
        let place = step.map { state == .ok ? "" : "step \(NumberFormat.grouped($0)): " } ?? ""
        return reason.isEmpty ? summary : place + reason
    }

    var json: JSONValue {
        .object([
            "kind": .string("rule"), "name": .string(name), "summary": .string(summary), "origin": .string(origin.rawValue),
            "state": .string(state.rawValue), "step": step.map { .integer($0) }, "reason": reason.isEmpty ? nil : .string(reason),
            "waitsFor": wait.map {
                .object([
                    "have": .integer($0.have), "need": .integer($0.need), "what": .string($0.what),
                    "hint": $0.hint.map { .string($0) },
                ])
            },
            "parameters": .object(parameters.map { .init($0.name, .string($0.value)) }),
            "defaults": .object(parameters.map { .init($0.name, .string($0.defaultValue)) }),
        ])
    }
}
