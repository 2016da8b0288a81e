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
        let process: pid_t, pipe: ProgramPipe
        do throws(ProgramStart.Failure) { (process, pipe) = try start(words, environment) } catch {
            throw SparkFault(.failed, "\(failing): \(error.words)")
        }
        close(pipe.writeEnd)
        var output = ProgramOutput(status: 0, lines: []), unread: [UInt8] = []
        func take(_ bytes: ArraySlice<UInt8>) {
            let text = String(decoding: bytes, as: UTF8.self)
            output.lines.append(text)
            if output.lines.count > mostLines { output.lines.removeFirst() }
            line(text)
        }
        var buffer = [UInt8](repeating: 0, count: 1 << 14)
        while true {
            let count = read(pipe.readEnd, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            unread += buffer[..<count]
            while let end = unread.firstIndex(of: 0x0A) {
                take(unread[..<end])
                unread.removeFirst(end + 1)
            }
        }
        if !unread.isEmpty { take(unread[...]) }
        close(pipe.readEnd)
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        output.status = status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + (status & 0x7F)
        return output
    }

    private static func start(
        _ words: [String], _ environment: [String: String]
    ) throws(ProgramStart.Failure) -> (pid_t, ProgramPipe) {
        var program = ProgramStart(words, environment: environment)
        program.resetsSignals = true
        let pipe = try ProgramPipe()
        do throws(ProgramStart.Failure) {
            return (
                try program.run { actions in
                    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
                    posix_spawn_file_actions_adddup2(&actions, pipe.writeEnd, STDOUT_FILENO)
                    posix_spawn_file_actions_adddup2(&actions, pipe.writeEnd, STDERR_FILENO)
                }, pipe
            )
        } catch {
            pipe.close()
            throw error
        }
    }
}
