import CheckedNumbers
import Clocks
import Files
import Glibc
import Kernels
import Notebooks
import OutputFiles
import Studio
import Synchronization
import Threads

/// A notebook's kernel in the studio, on a thread of its own: runs the cells that are wished for, and writes the notebook after each.
///
/// Nothing of it outlives the studio: the kernel ends with the child that speaks with it, and that with this process.
// SAFETY: `wishes` is behind its mutex; `thread` is set once, in init; all else is the thread's.
final class HeldKernel: @unchecked Sendable {
    /// What is to be done, as whoever wishes for it leaves it.
    private struct Wishes {
        var cells: [Int] = []
        var isInterrupted = false
        var isClosed = false
        var answer: String?
        var restart: (hardware: KernelHardware, cells: [Int])?
        var session: KernelSession?
    }

    private let wishes = Mutex(Wishes())
    private let signal = ThreadSignal()
    private var thread: NamedThread?

    // Of the thread.
    private let start: NotebookKernel
    private let told: @Sendable (KernelStanding) -> Void
    private let places: @Sendable () -> [AttachedPlace]
    private var standing: KernelStanding
    private var execution: NotebookExecution?
    private var stamp: FileStamp?
    private var toldAt = 0.0

    /// Seconds between two standings while a cell gives something.
    private static let pace = 0.25
    /// Nanoseconds after which it is looked whether somebody else changed the file.
    private static let lookEvery: UInt64 = 1_000_000_000

    /// - Parameter other: the one that the notebook had before, which is to end first.
    /// - Throws: where the system gives no thread.
    init(
        _ path: String, _ hardware: KernelHardware, workspace: String, places: @escaping @Sendable () -> [AttachedPlace],
        after other: HeldKernel?, told: @escaping @Sendable (KernelStanding) -> Void
    ) throws(ThreadError) {
        (self.told, self.places) = (told, places)
        start = NotebookKernel(notebook: path, workspace: workspace)
        standing = KernelStanding(path: path, hardware: hardware)
        standing.processors = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        standing.hasGPU = access("/dev/nvidiactl", F_OK) == 0
        thread = try NamedThread(name: "kernel") { [self] in
            other?.join()
            work()
        }
    }

    func join() { thread?.join() }

    // MARK: - From any thread

    func perform(_ wish: KernelWish.Kind) {
        wishes.withLock { wishes in
            switch wish {
            case .open: break
            case .run(let cells): wishes.cells += cells
            case .interrupt: (wishes.cells, wishes.isInterrupted, wishes.answer) = ([], true, nil)
            case .answer(let text): wishes.answer = text
            case .restart(let hardware, let cells):
                (wishes.cells, wishes.restart) = ([], (hardware, cells))
                // What runs is wanted no more, whether it listens or not.
                wishes.session?.kill()
            case .close:
                wishes.isClosed = true
                wishes.session?.kill()
            }
        }
        signal.set()
    }

    // MARK: - The thread

    private enum Step {
        case run(Int)
        case restart(KernelHardware, [Int])
        case close
        case wait
    }

    private func work() {
        begin()
        while true {
            let step = wishes.withLock { wishes -> Step in
                if wishes.isClosed { return .close }
                if let restart = wishes.restart {
                    wishes.restart = nil
                    return .restart(restart.hardware, restart.cells)
                }
                guard !standing.hasEnded, !wishes.cells.isEmpty else {
                    wishes.cells = []
                    return .wait
                }
                wishes.isInterrupted = false
                return .run(wishes.cells.removeFirst())
            }
            switch step {
            case .close: return end()
            case .restart(let hardware, let cells):
                end()
                (standing.hardware, standing.done) = (hardware, [])
                wishes.withLock { $0.cells = cells + $0.cells }
                begin()
            case .run(let cell): run(cell)
            case .wait:
                if !signal.wait(untilNanoseconds: SteadyClock.nanoseconds() + Self.lookEvery) {
                    lookAtFile()
                    lookAtEngine()
                }
            }
        }
    }

    /// Reads the notebook and starts a kernel for it.
    private func begin() {
        (standing.activity, standing.remark) = (.starting, "")
        standing.sparkProblem = KernelEngine.problem(ProcessEnvironment.variables)
        tell()
        do {
            let notebook = try standing.notebook ?? read()
            standing.notebook = notebook
            let session = try session(of: notebook)
            wishes.withLock { $0.session = session }
            execution = NotebookExecution(notebook, in: session)
            try execution?.begin(isInterrupted: { isWantedNoMore })
            standing.activity = .idle
        } catch {
            end()
            standing.activity = .ended("no kernel: \(error)")
        }
        tell()
    }

    private func session(of notebook: Notebook) throws -> KernelSession {
        guard let name = standing.hardware.place else { return try start.session(of: notebook, standing.hardware) }
        guard let place = places().first(where: { $0.name == name }) else {
            throw CommandError.failed("the studio is not attached to \(name) any more")
        }
        return try start.session(of: notebook, standing.hardware, at: place)
    }

    private func end() {
        let session = wishes.withLock { wishes in
            defer { wishes.session = nil }
            return wishes.session
        }
        session?.close()
        execution = nil
    }

    private var isWantedNoMore: Bool { wishes.withLock { $0.isClosed || $0.restart != nil } }

    private func run(_ cell: Int) {
        lookAtFile()
        guard var execution, let cells = standing.notebook?.cells, cells.indices.contains(cell), cells[cell].isRun else { return }
        let began = SteadyClock.seconds()
        func activity(_ prompt: KernelPrompt?) -> KernelStanding.Activity {
            if let prompt { return .asking(cell: cell, prompt) }
            let isInterrupted = wishes.withLock(\.isInterrupted)
            return isInterrupted
                ? .interrupting(cell: cell) : .running(cell: cell, seconds: Int(roundedDownWithin: SteadyClock.seconds() - began))
        }
        var prompt: KernelPrompt?
        standing.activity = activity(nil)
        // Its own outputs are those of this execution alone.
        standing.notebook?.cells[cell].outputs = []
        tell()
        let ending = execution.run(
            cell: cell, isInterrupted: { [self] in wishes.withLock { $0.isInterrupted } || isWantedNoMore },
            changed: { [self] notebook in
                let now = activity(prompt)
                guard now != standing.activity || SteadyClock.seconds() - toldAt > Self.pace else { return }
                (standing.activity, standing.notebook) = (now, notebook)
                tell()
            },
            answer: { [self] question in
                prompt = KernelPrompt(question.prompt, isSecret: question.isSecret)
                let answer = wishes.withLock { wishes in
                    defer { wishes.answer = nil }
                    return wishes.answer
                }
                guard let answer else { return .wait }
                prompt = nil
                return .text(answer)
            })
        self.execution = execution
        standing.notebook = execution.notebook
        finish(cell, ending)
    }

    private func finish(_ cell: Int, _ ending: NotebookExecution.Ending) {
        if !standing.done.contains(cell) { standing.done.append(cell) }
        write()
        switch ending {
        case .done: standing.activity = .idle
        case .failed, .interrupted, .timedOut:
            // What comes after it may need what it has not done.
            wishes.withLock { $0.cells = [] }
            standing.activity = .idle
        case .died(let message):
            end()
            standing.activity = .ended(message)
        }
        if execution?.isAlive == false, !isWantedNoMore {
            end()
            standing.activity = .ended("the kernel did not listen to the interrupt, and was ended")
        }
        tell()
    }

    private func tell() {
        standing.waiting = wishes.withLock(\.cells)
        if let notebook = standing.notebook { standing.pictures.take(notebook) }
        toldAt = SteadyClock.seconds()
        told(standing)
    }

    /// It may have been installed meanwhile.
    private func lookAtEngine() {
        let problem = KernelEngine.problem(ProcessEnvironment.variables)
        guard problem != standing.sparkProblem else { return }
        standing.sparkProblem = problem
        tell()
    }

    // MARK: - The file

    private func read() throws -> Notebook {
        let notebook = try NotebookFile.read(standing.path)
        stamp = FileStamp(standing.path)
        return notebook
    }

    /// Takes in what somebody else wrote, while nothing runs.
    private func lookAtFile() {
        guard let stamp, let now = FileStamp(standing.path), now != stamp, standing.cell == nil else { return }
        // It may be half written: what is no notebook is looked at again.
        guard let notebook = try? read() else { return }
        standing.notebook = notebook
        execution?.replace(notebook)
        wishes.withLock { $0.cells = [] }
        standing.remark = "\(standing.path) was changed by somebody else, and read again"
        tell()
    }

    /// Where somebody else changed the file meanwhile, theirs stays, and what was run is kept beside it.
    private func write() {
        guard let notebook = standing.notebook else { return }
        let isOwn = stamp == nil || FileStamp(standing.path).map { $0 == stamp } ?? true
        let path = isOwn ? standing.path : NotebookPath.ofRun(standing.path)
        do {
            try OutputFile.write(notebook.text, to: path)
            if isOwn {
                stamp = FileStamp(path)
            } else {
                standing.remark = "\(standing.path) was changed meanwhile: \(path) has what was run"
            }
        } catch { standing.remark = "\(path) cannot be written: \(error)" }
    }
}
