import Glibc
import Synchronization

/// A program that is spoken with by lines: one is a request, and what it prints are answers.
///
/// It is told to end by its closed input, so that it ends with this process, whoever is killed.
// SAFETY: `input` is behind a lock; all else is the owner's.
public final class LineProgram: @unchecked Sendable {
    /// What came of waiting for a line.
    public enum Heard {
        /// Without its end.
        case line([UInt8])
        case nothing
        /// Nothing will come any more.
        case end
    }

    /// nil where it is somebody else's.
    private let process: pid_t?
    private let input: Mutex<Int32>
    private let output: Int32
    private var unread: [UInt8] = []
    /// Where to look for the end of a line next.
    private var scanned = 0
    private var hasEnded = false

    /// - Parameters:
    ///   - start: what is started, in a session of its own.
    ///   - errorPath: where what it prints besides goes, at the end of what is there.
    public init(_ start: ProgramStart, errorPath: String) throws(ProgramStart.Failure) {
        var start = start
        (start.resetsSignals, start.isApart) = (true, true)
        let requests = try ProgramPipe(), answers: ProgramPipe
        do throws(ProgramStart.Failure) { answers = try ProgramPipe() } catch {
            requests.close()
            throw error
        }
        do throws(ProgramStart.Failure) {
            process = try start.run { actions in
                posix_spawn_file_actions_adddup2(&actions, requests.readEnd, STDIN_FILENO)
                posix_spawn_file_actions_adddup2(&actions, answers.writeEnd, STDOUT_FILENO)
                posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errorPath, O_WRONLY | O_CREAT | O_APPEND, 0o644)
            }
        } catch {
            requests.close()
            answers.close()
            throw error
        }
        Glibc.close(requests.readEnd)
        Glibc.close(answers.writeEnd)
        input = Mutex(requests.writeEnd)
        output = answers.readEnd
    }

    /// A program that somebody else started, at the other end of a socket.
    public init(connected socket: Int32) {
        process = nil
        input = Mutex(socket)
        output = fcntl(socket, F_DUPFD_CLOEXEC, 0)
    }

    /// Sends a line whole. From any thread. That nobody reads any more shows in what is heard.
    public func send(_ text: String) {
        let line = Array((text + "\n").utf8)
        input.withLock { file in
            var sent = 0
            while file >= 0, sent < line.count {
                let count = line[sent...].withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return }
                sent += count
            }
        }
    }

    /// The next line, as soon as there is one.
    public func hear(withinMilliseconds limit: Int32) -> Heard {
        while true {
            if let end = unread[scanned...].firstIndex(of: 0x0A) {
                let line = Array(unread[..<end])
                unread.removeFirst(end + 1)
                scanned = 0
                return .line(line)
            }
            scanned = unread.count
            if hasEnded { return .end }
            var waiting = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
            guard poll(&waiting, 1, limit) > 0 else { return .nothing }
            readMore()
        }
    }

    private func readMore() {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let count = read(output, &buffer, buffer.count)
        if count < 0, errno == EINTR { return }
        if count <= 0 { hasEnded = true } else { unread += buffer[..<count] }
    }

    private static var seconds: Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec
    }

    /// Closes its input, waits for its end, and ends it where it does not hear.
    ///
    /// - Parameter seconds: how long it may take.
    public func close(patience seconds: Int) {
        let isFirst = input.withLock { file in
            defer { file = -1 }
            guard file >= 0 else { return false }
            if process == nil { shutdown(file, Int32(SHUT_RDWR)) }
            Glibc.close(file)
            return true
        }
        guard isFirst else { return }
        defer { Glibc.close(output) }
        guard let process else { return }
        var status: Int32 = 0
        let deadline = Self.seconds + seconds
        while Self.seconds < deadline {
            if waitpid(process, &status, WNOHANG) != 0 { return }
            // What it still has to say is read, so that it is not held up by nobody's reading.
            var waiting = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
            if hasEnded {
                usleep(20_000)
            } else if poll(&waiting, 1, 50) > 0 {
                readMore()
                (unread, scanned) = ([], 0)
            }
        }
        kill(-process, SIGKILL)
        waitpid(process, &status, 0)
    }
}
