import Glibc
import JSON
import Notebooks
import Programs
import Synchronization

/// A Jupyter kernel, through a process of Python that speaks with it by the user's own `jupyter_client` and with us by lines of JSON.
///
/// The kernel ends with that process, and that process with this one, whoever is killed.
// SAFETY: `ask` writes whole lines under a lock and may be called from any thread; all else is the owner's.
public final class KernelSession: @unchecked Sendable {
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
        ///   - packageFolder: the folder of Descent's Python package.
        ///   - kernel: by its name; nil = the usual one of Python.
        ///   - folder: where it works.
        public init(
            python: String, packageFolder: String, kernel: String?, folder: String, environment: [String: String]
        ) {
            var environment = environment
            let path = [packageFolder, environment["PYTHONPATH"]].compactMap { $0 }.filter { !$0.isEmpty }
            environment["PYTHONPATH"] = path.joined(separator: ":")
            self.init(
                [python, "-m", "descent._kernel", folder] + [kernel].compactMap { $0 }, environment: environment,
                advice: "name an interpreter that has jupyter_client with --python")
        }
    }

    private let start: Start
    private let process: pid_t
    private let input: Mutex<Int32>, output: Int32
    private var unread: [UInt8] = []
    private var hasEnded = false

    /// - Throws: where the interpreter cannot be started. That the kernel cannot is news.
    public init(_ start: Start) throws(NotebookFault) {
        self.start = start
        let requests = try Self.pipe(), news = try Self.pipe()
        var program = ProgramStart(start.words, environment: start.environment)
        (program.resetsSignals, program.isApart) = (true, true)
        let made: Result<pid_t, ProgramStart.Failure> = Result { () throws(ProgramStart.Failure) in
            try program.run { actions in
                posix_spawn_file_actions_adddup2(&actions, requests.readEnd, STDIN_FILENO)
                posix_spawn_file_actions_adddup2(&actions, news.writeEnd, STDOUT_FILENO)
                posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
            }
        }
        _ = Glibc.close(requests.readEnd)
        _ = Glibc.close(news.writeEnd)
        switch made {
        case .success(let started): process = started
        case .failure(let failure):
            _ = Glibc.close(requests.writeEnd)
            _ = Glibc.close(news.readEnd)
            throw NotebookFault(
                "\(start.words[0]) cannot be started (\(String(cString: strerror(failure.code)))): \(start.advice)")
        }
        input = Mutex(requests.writeEnd)
        output = news.readEnd
    }

    private static func pipe() throws(NotebookFault) -> (readEnd: Int32, writeEnd: Int32) {
        var ends: [Int32] = [-1, -1]
        guard Glibc.pipe(&ends) == 0 else {
            throw NotebookFault("no kernel can be started: \(String(cString: strerror(errno)))")
        }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
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

    private func ask(_ wish: JSONValue) {
        let line = Array((wish.text + "\n").utf8)
        input.withLock { file in
            var sent = 0
            while file >= 0, sent < line.count {
                let count = line[sent...].withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
                if count < 0, errno == EINTR { continue }
                // Whoever is to read it is gone, which is news of its own.
                guard count > 0 else { return }
                sent += count
            }
        }
    }

    /// The next piece of news; nil where none came in time.
    public func next(withinMilliseconds limit: Int32) -> KernelNews? {
        while true {
            if let end = unread.firstIndex(of: 0x0A) {
                let line = Array(unread[..<end])
                unread.removeFirst(end + 1)
                guard let json = try? JSONValue(parsing: line), let news = KernelNews(json: json) else { continue }
                return news
            }
            if hasEnded { return .died("\(start.words[0]) ended: \(start.advice)") }
            var waiting = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
            guard poll(&waiting, 1, limit) > 0 else { return nil }
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            let count = read(output, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            if count <= 0 { hasEnded = true } else { unread += buffer[..<count] }
        }
    }

    /// Ends the kernel and waits for it.
    public func close() {
        input.withLock { file in
            if file >= 0 { _ = Glibc.close(file) }
            file = -1
        }
        // It shuts the kernel down when nothing can come any more.
        for _ in 0..<100 {
            var status: Int32 = 0
            if waitpid(process, &status, WNOHANG) != 0 { return finish() }
            usleep(50_000)
        }
        Glibc.kill(-process, SIGKILL)
        var status: Int32 = 0
        waitpid(process, &status, 0)
        finish()
    }

    private func finish() { _ = Glibc.close(output) }
}
