import Clocks
import Events
import Glibc
import Programs

/// A command of the user's that is told by its environment what happened. Nothing of that ever becomes part of the command.
public struct ShellCommand: Sendable {
    private let command: String
    private let variables: [String: String]

    public init(_ command: String, _ notice: Notice) {
        self.command = command
        let change = notice.changes[0], isAlarm = change.kind == .alarm
        let texts = [
            "NOTICE": notice.id, "KIND": change.kind.rawValue, "NAME": change.name, "RULE": change.name,
            "STATE": isAlarm ? change.alarmWord : change.state.rawValue, "SEVERITY": change.severity?.rawValue ?? "",
            "RUN": change.run.text, "RUN_NAME": isAlarm ? "" : change.runName, "ENDPOINT": isAlarm ? change.runName : "",
            "STEP": "\(change.step)", "TITLE": notice.title, "TEXT": notice.text,
            "SUMMARY": change.summary, "EVENT": change.eventBridge.text,
        ]
        // A variable ends at a NUL, and a program starts with no more than so much of one.
        variables = Dictionary(
            uniqueKeysWithValues: texts.map { name, text in
                ("DESCENT_" + name, String(text.prefix { $0 != "\0" }.prefix(16_384)))
            })
    }

    /// Waits for its end, and kills it with what it started when it takes too long.
    public func run(_ surroundings: Surroundings, seconds: Double, unless isCancelled: () -> Bool) throws(DeliveryFault) {
        var start = ProgramStart(
            ["/bin/sh", "-c", command], environment: surroundings.environment.merging(variables) { $1 })
        (start.resetsSignals, start.isApart) = (true, true)
        let process: pid_t
        do throws(ProgramStart.Failure) {
            process = try start.run { files in
                posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
                posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
                posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
            }
        } catch {
            throw DeliveryFault("it cannot be started (\(String(cString: strerror(error.code)).lowercased()))", isPassing: true)
        }
        let deadline = SteadyClock.seconds() + seconds
        var status: Int32 = 0
        while true {
            let ended = waitpid(process, &status, WNOHANG)
            if ended == process { break }
            if ended < 0, errno != EINTR { return }
            if SteadyClock.seconds() > deadline || isCancelled() {
                kill(-process, SIGKILL)
                while waitpid(process, &status, 0) < 0, errno == EINTR {}
                throw DeliveryFault("it did not end within \(seconds.formatted) seconds, and was killed")
            }
            usleep(10_000)
        }
        // Once it ran it is not run again: nobody knows what it did.
        let code = status & 0x7F == 0 ? (status >> 8) & 0xFF : -(status & 0x7F)
        guard code == 0 else { throw DeliveryFault(code > 0 ? "it ended with \(code)" : "it was killed by signal \(-code)") }
    }
}

extension Double {
    /// Without a fraction where there is none.
    fileprivate var formatted: String {
        self == rounded() && abs(self) < 1e9 ? "\(self)".split(separator: ".").first.map(String.init) ?? "" : "\(self)"
    }
}
