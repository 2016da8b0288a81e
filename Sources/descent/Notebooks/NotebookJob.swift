import Clocks
import JSON
import Kernels
import Notebooks
import OutputFiles
import Synchronization

/// A notebook that is run while the command waits.
struct NotebookJob {
    private let arguments: ParsedArguments
    private let notebook: Notebook
    private let path: String, out: String
    private let kernel: NotebookKernel
    /// To the questions of its cells, in their order; without any, questions are errors of the cells.
    private let answers: [String]
    private let cellLimit: Double?
    private let text = NotebookText(width: 100)

    /// - Throws: `CommandError` where the package that speaks with kernels is not here, or an option is wrong.
    init(_ arguments: ParsedArguments, _ notebook: Notebook, path: String, out: String) throws {
        (self.arguments, self.notebook, self.path, self.out) = (arguments, notebook.withoutOutputs, path, out)
        cellLimit = try arguments.number("--cell-limit", in: 0.001...1e9)
        answers = arguments.values("--answer")
        var kernel = NotebookKernel(notebook: path, workspace: WorkspaceChoice.path(arguments))
        (kernel.python, kernel.kernel) = (arguments.value("--python"), arguments.value("--kernel"))
        self.kernel = kernel
    }

    func run() throws -> CommandError.ExitCode {
        let session = try started()
        defer { session.close() }
        let interruption = Interruption()
        _ = InterruptWatch { _ in interruption.set() }
        return try run(session, isInterrupted: { interruption.isSet })
    }

    private func started() throws -> KernelSession {
        do { return try kernel.session(of: notebook) } catch let fault as NotebookFault {
            throw CommandError.failed("\(path): \(fault)")
        }
    }

    private func run(_ session: KernelSession, isInterrupted: () -> Bool) throws -> CommandError.ExitCode {
        var execution = NotebookExecution(notebook, in: session)
        execution.cellLimit = cellLimit
        let began = SteadyClock.seconds()
        do throws(NotebookFault) { try execution.begin(isInterrupted: isInterrupted) } catch {
            throw CommandError.failed("\(path): no kernel: \(error)")
        }
        // A place that cannot be written is found out before anything is run.
        try write(notebook)
        let code = notebook.cells.indices.filter { notebook.cells[$0].isRun }
        tell("notebookStarted", ["notebook": .string(path), "out": .string(out), "cells": .integer(code.count)])
        var rest = answers[...]
        let answer: ((KernelQuestion) -> KernelQuestion.Reply)? =
            answers.isEmpty ? nil : { _ in rest.popFirst().map { .text($0) } ?? .none }
        var failures = 0, ending: (status: String, reason: String, code: CommandError.ExitCode)?
        for place in code where ending == nil {
            if isInterrupted() {
                ending = ("Stopped", "interrupted before cell \(place + 1)", .interrupted)
                break
            }
            ending = try run(place, &execution, &failures, isInterrupted, answer)
        }
        let end = ending ?? (failures > 0 ? ("Completed", "\(failures) cells raised errors", .done) : ("Completed", "", .done))
        tell(
            "notebookFinished",
            [
                "notebook": .string(path), "out": .string(out), "status": .string(end.status), "reason": .string(end.reason),
                "seconds": .number(SteadyClock.seconds() - began),
            ])
        if end.code == .failed { throw CommandError.failed("\(path): \(end.reason); what was run until then is in \(out)") }
        note(end.reason.isEmpty ? "wrote \(out)" : "\(end.reason); wrote \(out)")
        return end.code
    }

    /// - Returns: how all of it ends with this cell; nil where it goes on.
    private func run(
        _ place: Int, _ execution: inout NotebookExecution, _ failures: inout Int, _ isInterrupted: () -> Bool,
        _ answer: ((KernelQuestion) -> KernelQuestion.Reply)?
    ) throws -> (status: String, reason: String, code: CommandError.ExitCode)? {
        tell("cellStarted", ["cell": .integer(place + 1)])
        let first = notebook.cells[place].source.split(separator: "\n").first.map(String.init) ?? ""
        note("cell \(place + 1): \(first)")
        let began = SteadyClock.seconds()
        var printed = PrintedLines()
        let ending = execution.run(
            cell: place, isInterrupted: isInterrupted,
            show: { output in
                tell("cellOutput", ["cell": .integer(place + 1), "output": output.json])
                show(printed.take(output))
            }, answer: answer)
        show(printed.rest())
        let seconds = SteadyClock.seconds() - began, cell = execution.notebook.cells[place]
        tell(
            "cellFinished",
            [
                "cell": .integer(place + 1), "status": .string(Self.word(ending)), "seconds": .number(seconds),
                "count": cell.executionCount.map { .integer($0) },
            ])
        try write(execution.notebook)
        switch ending {
        case .done: return nil
        case .failed(let error):
            failures += 1
            if arguments.flag("--allow-errors") || cell.tags.contains("raises-exception") { return nil }
            let hint = error.hasPrefix("StdinNotImplementedError") ? " (--answer TEXT answers what it asks)" : ""
            return ("Failed", "cell \(place + 1) raised \(error)\(hint)", .failed)
        case .interrupted: return ("Stopped", "cell \(place + 1) was interrupted", .interrupted)
        case .timedOut: return ("Failed", "cell \(place + 1) took more than \(cellLimit ?? 0) s", .failed)
        case .died(let message): return ("Failed", "cell \(place + 1): \(message)", .failed)
        }
    }

    private func show(_ outputs: [NotebookOutput]) {
        guard !arguments.flag("--json") else { return }
        for line in outputs.flatMap({ text.lines(of: $0) }) { Console.print("  │ " + line.text) }
    }

    private static func word(_ ending: NotebookExecution.Ending) -> String {
        switch ending {
        case .done: "ok"
        case .failed: "error"
        case .interrupted: "interrupted"
        case .timedOut: "timedOut"
        case .died: "died"
        }
    }

    private func write(_ notebook: Notebook) throws { try OutputFile.write(notebook.text, to: out) }

    private func tell(_ kind: String, _ members: KeyValuePairs<String, JSONValue?>) {
        guard arguments.flag("--json") else { return }
        guard case .object(let others) = JSONValue.object(members) else { return }
        Console.print(JSONValue.object([.init("kind", .string(kind))] + others).text)
    }

    private func note(_ text: String) {
        if !arguments.flag("--quiet"), !arguments.flag("--json") { Console.note(text) }
    }
}

/// What is printed comes in pieces, and is shown in whole lines.
private struct PrintedLines {
    private var name = "", text = ""

    /// What can be shown now.
    mutating func take(_ output: NotebookOutput) -> [NotebookOutput] {
        guard case .stream(let name, let piece) = output else { return rest() + [output] }
        let before = name == self.name ? [] : rest()
        self.name = name
        text += piece
        guard let end = text.utf8.lastIndex(of: 0x0A) else { return before }
        let whole = String(text[...end])
        text = String(text[text.utf8.index(after: end)...])
        return before + [.stream(name: name, text: whole)]
    }

    /// What no line feed came after.
    mutating func rest() -> [NotebookOutput] {
        defer { text = "" }
        return text.isEmpty ? [] : [.stream(name: name, text: text)]
    }
}

/// Whether somebody wants it to end.
private final class Interruption: Sendable {
    private let flag = Atomic<Bool>(false)

    func set() { flag.store(true, ordering: .releasing) }

    var isSet: Bool { flag.load(ordering: .acquiring) }
}
