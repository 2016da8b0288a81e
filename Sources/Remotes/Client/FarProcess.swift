import Glibc
import Programs

/// The command that reaches a place, with pipes to and from it.
///
/// Used by one thread, but for `send`, which another one may call, and `end`, which any may.
final class FarProcess: Sendable {
    let process: pid_t
    /// What is written here it reads.
    let input: Int32
    let output: Int32, errors: Int32

    /// - Parameter isAttended: whether it may ask a person at the terminal; else it has no terminal.
    /// - Throws: `unreachable`.
    init(_ words: [String], isAttended: Bool) throws(RemoteError) {
        var pipes: [(Int32, Int32)] = []
        func closeAll() { for (read, write) in pipes { close(read); close(write) } }
        for _ in 0..<3 {
            var ends: [Int32] = [-1, -1]
            // Not `pipe`: between that and closing it on exec another thread may start a program, which would keep it open.
            guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
                let why = String(cString: strerror(errno))
                closeAll()
                throw RemoteError(.unreachable, "no pipe can be made (\(why))")
            }
            pipes.append((ends[0], ends[1]))
        }
        var start = ProgramStart(words)
        (start.resetsSignals, start.isApart) = (true, !isAttended)
        var process: pid_t = 0, code: Int32 = 0
        do throws(ProgramStart.Failure) {
            process = try start.run { actions in
                posix_spawn_file_actions_adddup2(&actions, pipes[0].0, 0)
                posix_spawn_file_actions_adddup2(&actions, pipes[1].1, 1)
                posix_spawn_file_actions_adddup2(&actions, pipes[2].1, 2)
            }
        } catch { code = error.code }
        close(pipes[0].0)
        close(pipes[1].1)
        close(pipes[2].1)
        guard code == 0 else {
            close(pipes[0].1)
            close(pipes[1].0)
            close(pipes[2].0)
            throw RemoteError(.unreachable, "\(words[0]) cannot be started (\(String(cString: strerror(code))))")
        }
        (self.process, input, output, errors) = (process, pipes[0].1, pipes[1].0, pipes[2].0)
        _ = fcntl(errors, F_SETFL, O_NONBLOCK)
    }

    /// Has it end: whoever waits for it goes on.
    func end() {
        kill(process, SIGTERM)
    }

    /// Closes the pipes and waits for the end.
    /// - Returns: its exit code, or the signal that ended it, negative.
    func finish() -> Int32 {
        close(input)
        close(output)
        var status: Int32 = 0
        // It has been told by its closed pipes; one that does not hear ends all the same.
        for turn in 0..<300 {
            let ended = waitpid(process, &status, WNOHANG)
            if ended == process || ended < 0 && errno != EINTR { break }
            if turn == 100 { kill(process, SIGTERM) }
            if turn == 200 { kill(process, SIGKILL) }
            usleep(10_000)
        }
        close(errors)
        return status & 0x7F == 0 ? status >> 8 & 0xFF : -(status & 0x7F)
    }
}
