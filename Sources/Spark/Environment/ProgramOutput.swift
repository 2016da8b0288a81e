import Glibc
import Programs

/// What a program printed, on either stream, and how it ended.
struct ProgramOutput {
    var status: Int32
    /// The last lines.
    var lines: [String]

    private static let mostLines = 400

    /// Runs a program to its end.
    /// - Parameters:
    ///   - failing: what is said where it cannot be started.
    ///   - line: told every line as it comes.
    static func run(
        _ words: [String], environment: [String: String], failing: String, line: (String) -> Void = { _ in }
    ) throws(SparkFault) -> ProgramOutput {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw SparkFault(.failed, "\(failing): \(String(cString: strerror(errno)))") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var program = ProgramStart(words, environment: environment)
        program.resetsSignals = true
        let process: pid_t
        do throws(ProgramStart.Failure) {
            process = try program.run { actions in
                posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
                posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
                posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO)
            }
        } catch {
            for end in ends { close(end) }
            throw SparkFault(.failed, "\(failing): \(String(cString: strerror(error.code)))")
        }
        close(ends[1])
        var output = ProgramOutput(status: 0, lines: []), unread: [UInt8] = []
        func take(_ bytes: ArraySlice<UInt8>) {
            let text = String(decoding: bytes, as: UTF8.self)
            output.lines.append(text)
            if output.lines.count > mostLines { output.lines.removeFirst() }
            line(text)
        }
        var buffer = [UInt8](repeating: 0, count: 1 << 14)
        while true {
            let count = read(ends[0], &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            unread += buffer[..<count]
            while let end = unread.firstIndex(of: 0x0A) {
                take(unread[..<end])
                unread.removeFirst(end + 1)
            }
        }
        if !unread.isEmpty { take(unread[...]) }
        close(ends[0])
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        output.status = status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + (status & 0x7F)
        return output
    }
}
