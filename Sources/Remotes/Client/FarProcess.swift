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
        var pipes: [ProgramPipe] = []
        do throws(ProgramStart.Failure) {
            for _ in 0..<3 { pipes.append(try ProgramPipe()) }
            var start = ProgramStart(words)
            (start.resetsSignals, start.isApart) = (true, !isAttended)
            process = try start.run { actions in
                posix_spawn_file_actions_adddup2(&actions, pipes[0].readEnd, 0)
                posix_spawn_file_actions_adddup2(&actions, pipes[1].writeEnd, 1)
                posix_spawn_file_actions_adddup2(&actions, pipes[2].writeEnd, 2)
            }
        } catch {
            for pipe in pipes { pipe.close() }
            throw RemoteError(.unreachable, "\(words[0]) cannot be started (\(error.words))")
        }
        close(pipes[0].readEnd)
        close(pipes[1].writeEnd)
        close(pipes[2].writeEnd)
        (input, output, errors) = (pipes[0].writeEnd, pipes[1].readEnd, pipes[2].readEnd)
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
