import JSON
import Notebooks
import Programs

/// A Jupyter kernel, through a process of Python that speaks with it by the user's own `jupyter_client` and with us by lines of JSON.
///
/// The kernel ends with that process, and that process with this one, whoever is killed.
public final class KernelSession: Sendable {
    /// How the process that speaks with a kernel is started.
    public struct Start: Sendable {
        /// The program, on this machine or the way to another, and its arguments.
        public var words: [String]
        public var environment: [String: String]
        /// What to do when it ends before it said why.
        public var advice: String

        public init(_ words: [String], environment: [String: String], advice: String) {
            (self.words, self.environment, self.advice) = (words, environment, advice)
        }

        /// By an interpreter of this machine.
        ///
        /// - Parameters:
        ///   - python: the interpreter that has `jupyter_client`.
        ///   - packageFolder: the folder of Descent's Python package, for what the notebook's code may import; nil where it is not here.
        ///   - kernel: by its name; nil = the usual one of Python.
        ///   - folder: where it works.
        public init(
            python: String, packageFolder: String?, kernel: String?, folder: String, environment: [String: String]
        ) {
            var environment = environment
            let path = [packageFolder, environment["PYTHONPATH"]].compactMap { $0 }.filter { !$0.isEmpty }
            if !path.isEmpty { environment["PYTHONPATH"] = path.joined(separator: ":") }
            let bridge = String(decoding: PackageResources.kernel_py, as: UTF8.self)
            self.init(
                [python, "-c", bridge, folder] + [kernel].compactMap { $0 }, environment: environment,
                advice: "name an interpreter that has jupyter_client with --python")
        }
    }

    private let start: Start
    private let program: LineProgram

    /// How long a kernel may take to end.
    /// - Units: seconds.
    private static let patience = 5

    /// - Throws: where the interpreter cannot be started. That the kernel cannot is news.
    public init(_ start: Start) throws(NotebookFault) {
        self.start = start
        do throws(ProgramStart.Failure) {
            program = try LineProgram(ProgramStart(start.words, environment: start.environment), errorPath: "/dev/null")
        } catch { throw NotebookFault("\(start.words[0]) cannot be started (\(error.words)): \(start.advice)") }
    }

    /// Has the kernel run code; its end is news.
    /// - Parameter asks: whether the code may ask questions, which are news too; else they are errors of the code.
    public func execute(_ code: String, asks: Bool = false) {
        ask(.object(["op": .string("execute"), "code": .string(code), "asks": .boolean(asks)]))
    }

    /// Answers the question that was asked.
    public func answer(_ text: String) { ask(.object(["op": .string("answer"), "text": .string(text)])) }

    /// Has what runs raise an interrupt, as Ctrl-C would. From any thread.
    public func interrupt() { ask(.object(["op": .string("interrupt")])) }

    /// Ends the kernel where it does not listen. From any thread.
    public func kill() { ask(.object(["op": .string("kill")])) }

    private func ask(_ wish: JSONValue) { program.send(wish.text) }

    /// The next piece of news; nil where none came in time.
    public func next(withinMilliseconds limit: Int32) -> KernelNews? {
        while true {
            switch program.hear(withinMilliseconds: limit) {
            case .nothing: return nil
            case .end: return .died("\(start.words[0]) ended: \(start.advice)")
            case .line(let line):
                if let json = try? JSONValue(parsing: line), let news = KernelNews(json: json) { return news }
            }
        }
    }

    /// Ends the kernel, which shuts down when nothing can come any more, and waits for it.
    public func close() { program.close(patience: Self.patience) }
}
