import Cells
import Debugging
import Events
import Experiments

/// Changing the rules of a run while it trains.
extension DebugCommands {
    /// What is asked for by `--set`, `--disable`, `--enable`, `--add` and `--reset`.
    static func edit(_ arguments: ParsedArguments) throws(CommandError) -> RuleEdit {
        var edit = RuleEdit(
            without: arguments.values("--reset"), lines: arguments.values("--add"), off: arguments.values("--disable"),
            on: arguments.values("--enable"))
        for text in arguments.values("--set") {
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let place = parts.first?.lastIndex(of: ".")
            guard parts.count == 2, let place, let rule = parts.first?[..<place], !rule.isEmpty,
                let name = parts.first?[place...].dropFirst(), !name.isEmpty
            else { throw .usage("--set '\(text)': write RULE.NAME=VALUE, such as Overtraining.patience_train=3") }
            edit.set[String(rule), default: [:]][String(name)] = String(parts[1])
        }
        return edit
    }

    static func change(
        _ name: String, _ edit: RuleEdit, _ arguments: ParsedArguments
    ) throws -> CommandError.ExitCode {
        let store = try RunStore(try WorkspaceChoice.existing(arguments))
        let run = try store.run(named: name)
        // What is wrong with it is told before anybody is asked.
        do throws(RuleEditFault) { _ = try RuleListEditing(run.record.request.rules).applying(edit, step: run.step) } catch {
            let place = error.fault.map { "\n  \(arguments.values("--add").first ?? "")\n  \($0.underline)" } ?? ""
            throw CommandError.usage(error.message + (edit.lines.count == 1 ? place : ""))
        }
        try SteerCommands.checkIsLive(run)
        let command = StudioCommand.changeRules(run.record.id, edit)
        _ = try QueuedControl.carryOut(command, in: store)
        let answer = try SteerCommands.ask(command, of: run, store) { event in
            if case .debugger(.rulesChanged) = event.kind { event } else { nil }
        }
        if arguments.flag("--json") {
            Console.print(answer.json.text)
        } else if case .debugger(.rulesChanged(let change)) = answer.kind {
            for change in change.changes { Console.print("\(run.record.name): \(change.rule): \(change.what)") }
        }
        return .done
    }
}
