import Clocks
import Notebooks

/// Runs a notebook's cells in a kernel and keeps what they give in the notebook.
public struct NotebookExecution {
    /// How a cell ended.
    public enum Ending: Hashable, Sendable {
        case done
        /// Its code raised an error.
        case failed(String)
        /// Somebody wanted it to end.
        case interrupted
        case timedOut
        /// The kernel is gone, and why.
        case died(String)
    }

    public private(set) var notebook: Notebook
    private let session: KernelSession
    /// Seconds a cell may take; nil = any.
    public var cellLimit: Double?
    /// Where what was shown under a name stands.
    private var displays: [String: [(cell: Int, output: Int)]] = [:]
    /// Whether it was ended, since it did not listen.
    private var isKilled = false

    /// Bytes of a cell's printed text that are kept; what comes after them is counted.
    static let mostText = 4 << 20
    /// Seconds that code has to end after an interrupt, before its kernel is ended.
    private static let patience = 10.0

    public init(_ notebook: Notebook, in session: KernelSession) { (self.notebook, self.session) = (notebook, session) }

    /// Waits until the kernel listens.
    /// - Throws: why it does not.
    public func begin(isInterrupted: () -> Bool) throws(NotebookFault) {
        while !isInterrupted() {
            switch session.next(withinMilliseconds: 100) {
            case .ready: return
            case .failed(let message), .died(let message): throw NotebookFault(message)
            default: continue
            }
        }
    }

    /// Whether there is a kernel still.
    public var isAlive: Bool { !isKilled }

    /// Goes on with another notebook, whose cells are not those that were run.
    public mutating func replace(_ notebook: Notebook) { (self.notebook, displays) = (notebook, [:]) }

    /// Runs one cell of code; its outputs are those of this execution.
    ///
    /// - Parameters:
    ///   - show: told of each output as it comes, streams in the pieces in which they come.
    ///   - changed: told what the notebook is, ten times a second and more often while something comes.
    ///   - answer: asked, while the code waits for a line, until there is one; nil = questions are errors of the code.
    public mutating func run(
        cell: Int, isInterrupted: () -> Bool, show: (NotebookOutput) -> Void = { _ in },
        changed: (Notebook) -> Void = { _ in }, answer: ((KernelQuestion) -> KernelQuestion.Reply)? = nil
    ) -> Ending {
        clear(cell)
        notebook.cells[cell].executionCount = nil
        let began = SteadyClock.seconds()
        var asked: Double?, isLate = false, clears = false, textBytes = 0
        var question: KernelQuestion?, unanswered: KernelQuestion?
        session.execute(notebook.cells[cell].source, asks: answer != nil)
        while true {
            changed(notebook)
            let now = SteadyClock.seconds()
            if asked == nil {
                isLate = cellLimit.map { now - began > $0 } ?? false
                if isLate || unanswered != nil || isInterrupted() {
                    asked = now
                    session.interrupt()
                }
            } else if let since = asked, now - since > Self.patience {
                session.kill()
                (asked, isKilled) = (.infinity, true)
            }
            if let open = question, asked == nil, let answer {
                switch answer(open) {
                case .wait: break
                case .text(let text):
                    session.answer(text)
                    let echo = open.prompt + (open.isSecret ? "········" : text) + "\n"
                    _ = keep(.stream(name: "stdout", text: echo), in: cell, &textBytes)
                    question = nil
                case .none: (question, unanswered) = (nil, open)
                }
            }
            guard let news = session.next(withinMilliseconds: 100) else { continue }
            switch news {
            case .output(let output, let display):
                if clears { clear(cell) }
                clears = false
                let kept = keep(output, in: cell, &textBytes)
                if let display { displays[display, default: []].append((cell, notebook.cells[cell].outputs.count - 1)) }
                if kept { show(output) }
            case .update(let output, let display):
                update(display, output)
            case .clear(let waits):
                if waits { clears = true } else { clear(cell) }
            case .done(let status, let count):
                notebook.cells[cell].executionCount = count
                if textBytes > Self.mostText { tellCut(textBytes - Self.mostText, in: cell) }
                if isLate { return .timedOut }
                if let unanswered { return .failed("a question that nobody answers: \(unanswered.prompt)") }
                if asked != nil { return .interrupted }
                return status == "ok" ? .done : .failed(error(of: cell) ?? status)
            case .died(let message), .failed(let message):
                if isLate { return .timedOut }
                return asked != nil ? .interrupted : .died(message)
            case .question(let heard): question = heard
            case .ready: continue
            }
        }
    }

    /// What was shown is replaced wherever it stands; whether it was a cell's last line stays.
    private mutating func update(_ display: String, _ output: NotebookOutput) {
        guard case .data(let data, _) = output else { return }
        for place in displays[display] ?? [] where notebook.cells[place.cell].outputs.indices.contains(place.output) {
            guard case .data(_, let result) = notebook.cells[place.cell].outputs[place.output] else { continue }
            notebook.cells[place.cell].outputs[place.output] = .data(data, result: result)
        }
    }

    private mutating func clear(_ cell: Int) {
        notebook.cells[cell].outputs = []
        displays = displays.mapValues { $0.filter { $0.cell != cell } }
    }

    /// - Returns: whether it is kept, and shown.
    private mutating func keep(_ output: NotebookOutput, in cell: Int, _ textBytes: inout Int) -> Bool {
        guard case .stream(let name, let text) = output else {
            notebook.cells[cell].outputs.append(output)
            return true
        }
        textBytes += text.utf8.count
        guard textBytes <= Self.mostText else { return false }
        if case .stream(name, let before)? = notebook.cells[cell].outputs.last {
            notebook.cells[cell].outputs[notebook.cells[cell].outputs.count - 1] = .stream(name: name, text: before + text)
        } else {
            notebook.cells[cell].outputs.append(output)
        }
        return true
    }

    private mutating func tellCut(_ bytes: Int, in cell: Int) {
        notebook.cells[cell].outputs.append(
            .stream(name: "stderr", text: "descent: \(bytes) bytes of output after these are left out\n"))
    }

    private func error(of cell: Int) -> String? {
        notebook.cells[cell].outputs.lazy.compactMap { output in
            if case .error(let name, let value, _) = output { "\(name): \(value)" } else { nil }
        }.first
    }
}
