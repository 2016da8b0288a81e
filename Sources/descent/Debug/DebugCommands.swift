import Cells
import Clocks
import Debugging
import Events
import Experiments
import JSON
import OutputFiles

/// `descent debug`: what the debugger looks for and found, and what mends it.
enum DebugCommands {
    static let report = CommandSpecification(
        words: ["debug", "report"],
        summary: "what is wrong with a run: causes with evidence, alerts, remedies, and what came of those tried",
        details: """
            Alerts of one cause are one diagnosis: what speaks for it and against it, what to do, and which common answers would not \
            help and why. The alerts themselves follow. With --json diagnoses are lines of kind diagnosis, alerts of kind alert.

            With --html or --text a report is written for a colleague: of an XGBoost run that is asked again about the rows it held \
            out what it takes for what, its ROC curve or residuals, importances by gain, weight and cover, and its hardest rows, as \
            SageMaker's CreateXgboostReport has it (which as a rule writes both when a run ends). Of other runs --html writes the page \
            of `descent report`.
            """,
        positionals: [RunArgument.positional],
        options: [
            .init(name: "--html", value: "FILE", help: "write the report as one self-contained page"),
            .init(name: "--text", value: "FILE", help: "write the report of an XGBoost run as text; - is standard output"),
        ],
        examples: ["descent debug report @latest", "descent debug report @latest --html report.html"],
        run: { arguments in
            let store = try WorkspaceChoice.reading(arguments)
            let run = try store.run(named: arguments.positionals[0])
            if arguments.value("--html") != nil || arguments.value("--text") != nil { return try write(run, store, arguments) }
            let findings = try DebugFinding.all(of: run, store)
            let diagnoses = try DebugDiagnosis.all(of: run.record, store)
            if arguments.flag("--json") {
                for (place, diagnosis) in diagnoses.enumerated() {
                    Console.print(DebugDiagnosis.json(diagnosis, number: place + 1, of: run.record.id).text)
                }
                for finding in findings { Console.print(finding.json.text) }
                return .done
            }
            if findings.isEmpty {
                Console.print("the debugger found nothing wrong with \(run.record.name)")
                return .done
            }
            for diagnosis in diagnoses { Console.printRaw(DebugDiagnosis.text(diagnosis) + "\n") }
            Console.printRaw(findings.map { $0.text(number: findings.count > 1) }.joined(separator: "\n"))
            if !findings.contains(where: \.isMended),
                let next = DebugDiagnosis.causeFirst(findings, diagnoses).first(where: {
                    $0.raised.cleared == nil && $0.nextRemedy != nil
                }
                )?.nextRemedy
            {
                let which = findings.allSatisfy(\.outcomes.isEmpty) ? "tries a remedy" : "tries the next remedy"
                Console.note("descent debug fix \(run.record.name) \(which): \(next.text)")
            }
            return .done
        })

    private static func write(
        _ run: RunSummary, _ store: RunStore, _ arguments: ParsedArguments
    ) throws -> CommandError.ExitCode {
        let page =
            run.record.algorithm == "xgboost" || arguments.value("--text") != nil ? try TreeReportFiles.make(of: run, store) : nil
        if let path = arguments.value("--html") {
            let html =
                try page?.html
                ?? RunReport(title: run.record.name, entries: [try .init(run, store: store)], madeAt: WallClock.now()).html
            try OutputFile.write(html, to: path)
            if !arguments.flag("--quiet"), path != OutputFile.standardOutput { Console.note("wrote \(path)") }
        }
        if let path = arguments.value("--text"), let page {
            try OutputFile.write(page.text, to: path)
            if !arguments.flag("--quiet"), path != OutputFile.standardOutput { Console.note("wrote \(path)") }
        }
        return .done
    }

    static let fix = CommandSpecification(
        words: ["debug", "fix"], summary: "start a run again with an alert's remedy, and say whether it helped",
        details: """
            Takes the first alert that is not mended yet, those that tell of a cause before those that follow from it, and of its remedies the first one that is a setting and was not tried. The \
            new run is compared with the sick one as `descent runs compare` does: against the spread over seeds, or by drawing the \
            held-out rows again. What came of it stands with the alert. Ends with 0 when it helped and with 1 when it did not.
            """,
        positionals: [RunArgument.positional],
        options: [
            .init(name: "--alert", value: "N", help: "the Nth alert of `descent debug report`"),
            .init(name: "--remedy", value: "N", help: "the Nth remedy of the alert"),
            .init(name: "--all", value: nil, help: "try one remedy after the other until one helps"),
        ],
        examples: ["descent debug fix @latest", "descent debug fix sgd --alert 2 --json"],
        run: fix)

    private static func fix(_ arguments: ParsedArguments) throws -> CommandError.ExitCode {
        let engine = try Engine(workspace: try WorkspaceChoice.existing(arguments))
        defer { engine.close() }
        let sick = try engine.store.run(named: arguments.positionals[0])
        try Engine.checkIsTrainedHere(sick.record)
        let number = try whole("--alert", arguments), chosen = try whole("--remedy", arguments)
        while true {
            let findings = DebugDiagnosis.causeFirst(
                try DebugFinding.all(of: sick, engine.store), try DebugDiagnosis.all(of: sick.record, engine.store))
            let finding = try finding(number, findings, sick.record.name)
            let remedy = try remedy(chosen, finding, sick.record.name)
            if number == nil { tellPassedOver(findings, before: finding, arguments) }
            let isOver = arguments.flag("--all") && chosen == nil
            let (code, outcome) = try apply(remedy, finding, sick, engine, arguments)
            guard code == .done else { return code }
            guard let outcome else {
                throw CommandError.failed("the run with the remedy was not trained to its end: there is nothing to compare")
            }
            let left = try DebugFinding.all(of: sick, engine.store).first { $0.number == finding.number }
            let goesOn = isOver && !outcome.outcome.helped && left?.nextRemedy != nil
            tell(outcome, sick, arguments, isLast: !goesOn)
            if goesOn { continue }
            if !outcome.outcome.helped, !arguments.flag("--json") {
                if let next = left?.nextRemedy {
                    Console.note("next: \(next.text): descent debug fix \(sick.record.name) --alert \(finding.number)")
                } else if try DebugFinding.all(of: try engine.store.run(named: outcome.name), engine.store).contains(where: {
                    $0.nextRemedy != nil
                }) {
                    // One remedy may not be enough.
                    Console.note("what is left may be mended from there: descent debug fix \(outcome.name)")
                }
            }
            return outcome.outcome.helped ? .done : .failed
        }
    }

    private static func finding(_ number: Int?, _ findings: [DebugFinding], _ name: String) throws -> DebugFinding {
        if findings.isEmpty { throw CommandError.failed("the debugger found nothing wrong with \(name)") }
        if let number {
            guard let finding = findings.first(where: { $0.number == number }) else {
                throw CommandError.usage(
                    "\(name) has \(findings.count) alert\(findings.count == 1 ? "" : "s"): there is no \(number)")
            }
            return finding
        }
        if let mended = findings.first(where: \.isMended), let by = mended.outcomes.last(where: \.outcome.helped) {
            throw CommandError.failed(
                "\(mended.alert.rule) of \(name) is mended already, by \(by.name): --alert N tries a remedy all the same")
        }
        let left = findings.filter { $0.nextRemedy != nil }
        // What stands comes before what is gone by itself.
        if let open = left.first(where: { $0.raised.cleared == nil }) ?? left.first { return open }
        let by = findings.lazy.compactMap { finding in
            finding.raised.cleared == nil ? finding.byHand.map { "\(finding.alert.rule): \($0.text)" } : nil
        }
        throw CommandError.failed(
            "no alert of \(name) has a remedy left that is a setting: \(by.first ?? "descent debug report \(name)")")
    }

    /// Says what comes first and is for its owner to mend: a new run without a leaking column would be a worse one, as it should be.
    private static func tellPassedOver(_ findings: [DebugFinding], before chosen: DebugFinding, _ arguments: ParsedArguments) {
        if arguments.flag("--json") || arguments.flag("--quiet") { return }
        for finding in findings.prefix(while: { $0.number != chosen.number }) where finding.raised.cleared == nil {
            guard let remedy = finding.byHand else { continue }
            Console.note("\(finding.alert.rule) comes first, and is mended by no setting: \(remedy.text)")
        }
    }

    private static func remedy(_ number: Int?, _ finding: DebugFinding, _ name: String) throws -> Alert.Remedy {
        guard let number else {
            if let remedy = finding.nextRemedy { return remedy }
            throw CommandError.failed(
                "\(finding.alert.rule) of \(name) has no remedy left that is a setting: descent debug report \(name)")
        }
        guard finding.alert.remedies.indices.contains(number - 1) else {
            throw CommandError.usage("\(finding.alert.rule) has \(finding.alert.remedies.count) remedies: there is no \(number)")
        }
        let remedy = finding.alert.remedies[number - 1]
        if remedy.set.isEmpty { throw CommandError.usage("remedy \(number) is no setting: \(remedy.text)") }
        return remedy
    }

    private static func apply(
        _ remedy: Alert.Remedy, _ finding: DebugFinding, _ sick: RunSummary, _ engine: Engine, _ arguments: ParsedArguments
    ) throws -> (CommandError.ExitCode, DebugFinding.Tried?) {
        var request = sick.record.requestAgain
        request.hyperparameters.merge(remedy.set) { $1 }
        request.remedies = AlertReference(run: sick.record.id, rule: finding.alert.rule)
        if !arguments.flag("--json"), !arguments.flag("--quiet") {
            Console.note("\(finding.alert.rule) of \(sick.record.name): \(remedy.text)")
        }
        var started: RunID?
        let code = try ForegroundJob(engine: engine, arguments: arguments).run {
            let record = try engine.start(request)
            started = record.id
            return record.id
        }
        guard let started else { return (code, nil) }
        return (code, try DebugFinding.tried(started, engine.store))
    }

    private static func tell(_ tried: DebugFinding.Tried, _ sick: RunSummary, _ arguments: ParsedArguments, isLast: Bool) {
        let outcome = tried.outcome
        guard arguments.flag("--json") else {
            return Console.print("\(outcome.alert.rule) of \(sick.record.name), \(tried.text)")
        }
        guard isLast else { return }
        Console.print(
            JSONValue.object([
                "kind": .string("remedyVerified"), "run": .string(sick.record.id.text), "rule": .string(outcome.alert.rule),
                "fixed": .string(tried.run.text), "helped": .boolean(outcome.helped), "metric": .string(outcome.metric.text),
                "before": outcome.before.map { .number($0) } ?? .null, "after": outcome.after.map { .number($0) } ?? .null,
                "set": JSONValue(outcome.set), "reason": .string(outcome.reason),
            ]).text)
    }

    private static func whole(_ name: String, _ arguments: ParsedArguments) throws -> Int? {
        guard let text = arguments.value(name) else { return nil }
        guard let number = Int(text), number > 0 else {
            throw CommandError.usage("\(name) '\(text)': give a whole number from 1 on")
        }
        return number
    }
}
