import Clocks
import Files
import Glibc
import JSON
import Programs

/// The process of Python that drives Spark, and lines of JSON to and from it. Confined to the job's thread.
///
/// It ends when its input is closed, and Spark with it, whoever is killed. What Spark prints besides goes into a file.
final class SparkDriver {
    /// nil where it is somebody else's.
    private let process: pid_t?
    private var input: Int32
    private let output: Int32
    private let logPath: String
    private var unread: [UInt8] = []
    /// Where to look for the end of a line next.
    private var scanned = 0
    private var number = 0
    private var hasEnded = false

    /// - Parameters:
    ///   - arguments: behind `-m descent._spark`.
    ///   - logPath: a file for what Spark prints.
    init(python: String, arguments: [String], environment: [String: String], logPath: String) throws(SparkFault) {
        self.logPath = logPath
        let requests = try Self.pipe(), replies = try Self.pipe()
        var program = ProgramStart([python, "-m", "descent._spark"] + arguments, environment: environment)
        (program.resetsSignals, program.isApart) = (true, true)
        let started: Result<pid_t, ProgramStart.Failure> = Result { () throws(ProgramStart.Failure) in
            try program.run { actions in
                posix_spawn_file_actions_adddup2(&actions, requests.readEnd, STDIN_FILENO)
                posix_spawn_file_actions_adddup2(&actions, replies.writeEnd, STDOUT_FILENO)
                posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, logPath, O_WRONLY | O_CREAT | O_APPEND, 0o644)
            }
        }
        Glibc.close(requests.readEnd)
        Glibc.close(replies.writeEnd)
        switch started {
        case .success(let number): process = number
        case .failure(let failure):
            Glibc.close(requests.writeEnd)
            Glibc.close(replies.readEnd)
            throw SparkFault(
                .failed,
                "\(python) cannot be started (\(String(cString: strerror(failure.code)))): install the engine again (descent engine install spark)"
            )
        }
        (input, output) = (requests.writeEnd, replies.readEnd)
    }

    /// A driver that somebody else's program of Python is: `descent.spark`, on whose frame a run is trained.
    ///
    /// - Parameter socket: where it listens.
    init(connectingTo socket: String, logPath: String) throws(SparkFault) {
        self.logPath = logPath
        process = nil
        let file = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(socket.utf8) + [0], room = MemoryLayout.size(ofValue: address.sun_path)
        guard file >= 0, bytes.count <= room else {
            throw SparkFault(.failed, "\(socket) cannot be reached: its name is too long")
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let length = socklen_t(MemoryLayout<sockaddr_un>.size)
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(file, $0, length) }
        }
        guard code == 0 else {
            let reason = String(cString: strerror(errno))
            Glibc.close(file)
            throw SparkFault(
                .failed, "nobody answers at \(socket) (\(reason)): train from descent.spark, or leave DESCENT_SPARK_SESSION out")
        }
        (input, output) = (file, fcntl(file, F_DUPFD_CLOEXEC, 0))
    }

    private static func pipe() throws(SparkFault) -> (readEnd: Int32, writeEnd: Int32) {
        var ends: [Int32] = [-1, -1]
        guard Glibc.pipe(&ends) == 0 else {
            throw SparkFault(.failed, "Spark cannot be started: \(String(cString: strerror(errno)))")
        }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    /// Asks for something and waits for the answer.
    ///
    /// - Parameters:
    ///   - isStopped: looked at 20 times a second; Spark's jobs are cancelled then.
    ///   - news: told what comes meanwhile.
    /// - Throws: what the driver refuses, by its code; `stopped`; `failed` where it has ended.
    func ask(
        _ op: String, _ members: [JSONValue.Member], isStopped: () -> Bool, news: (JSONValue) -> Void
    ) throws(SparkFault) -> JSONValue {
        number += 1
        send(JSONValue.object([.init("op", .string(op)), .init("id", .integer(number))] + members))
        var isCancelled = false
        while true {
            if !isCancelled, isStopped() {
                isCancelled = true
                send(.object(["op": .string("cancel"), "id": .integer(number)]))
            }
            guard let line = try nextLine(milliseconds: 50) else { continue }
            if let told = line["news"] {
                news(told)
                continue
            }
            guard line["id"]?.integer == number else { continue }
            if isCancelled { throw SparkFault(.stopped, "stopped while Spark was at work") }
            if let error = line["error"] {
                let code = SparkFault.Code(rawValue: error["code"]?.string ?? "") ?? .failed
                throw SparkFault(code, error["message"]?.string ?? "Spark failed: see \(logPath)")
            }
            return line["result"] ?? .null
        }
    }

    private func send(_ value: JSONValue) {
        let line = Array((value.text + "\n").utf8)
        var sent = 0
        while input >= 0, sent < line.count {
            let count = line[sent...].withUnsafeBytes { write(input, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            // That it is gone shows in what it answers.
            guard count > 0 else { return }
            sent += count
        }
    }

    private func nextLine(milliseconds: Int32) throws(SparkFault) -> JSONValue? {
        while true {
            if let end = unread[scanned...].firstIndex(of: 0x0A) {
                let line = Array(unread[..<end])
                unread.removeFirst(end + 1)
                scanned = 0
                do throws(JSONError) { return try JSONValue(parsing: line) } catch { continue }
            }
            scanned = unread.count
            if hasEnded { throw SparkFault(.failed, "Spark ended unasked: \(lastError()): see \(logPath)") }
            var waiting = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
            guard poll(&waiting, 1, milliseconds) > 0 else { return nil }
            var buffer = [UInt8](repeating: 0, count: 1 << 18)
            let count = read(output, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            if count <= 0 { hasEnded = true } else { unread += buffer[..<count] }
        }
    }

    /// The last line of the log that tells of an error.
    private func lastError() -> String {
        let lines = (FileContents.text(logPath) ?? "").split(separator: "\n").suffix(200)
        let told = lines.last { $0.contains("Error") || $0.contains("Exception") } ?? lines.last
        return told.map { String($0.prefix(300)) } ?? "it printed nothing"
    }

    /// Ends it, and Spark with it, and waits for that.
    func close() {
        guard input >= 0 else { return }
        if process == nil { shutdown(input, Int32(SHUT_RDWR)) }
        Glibc.close(input)
        input = -1
        guard let process else { return finish() }
        // What it still has to say is read, so that it is not held up by a full pipe.
        let deadline = SteadyClock.seconds() + 20
        while SteadyClock.seconds() < deadline {
            var status: Int32 = 0
            if waitpid(process, &status, WNOHANG) != 0 { return finish() }
            var waiting = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
            if poll(&waiting, 1, 50) > 0 {
                var buffer = [UInt8](repeating: 0, count: 1 << 16)
                if read(output, &buffer, buffer.count) <= 0 { usleep(20_000) }
            }
        }
        Glibc.kill(-process, SIGKILL)
        var status: Int32 = 0
        waitpid(process, &status, 0)
        finish()
    }

    private func finish() { Glibc.close(output) }

    deinit { close() }
}
