import Clocks
import Glibc
import JSON
import Programs

/// A workspace's host, as other processes reach it.
public struct HostLink: Sendable {
    private let workspace: String

    /// - Parameter workspace: the folder.
    public init(_ workspace: String) { self.workspace = workspace }

    /// Whether a host is there.
    public var isThere: Bool { HostLock.holder(workspace) != nil }

    public var holder: HostLock.Holder? { HostLock.holder(workspace) }

    /// Asks the host, within two seconds.
    /// - Returns: nil where none answers.
    public func ask(_ request: String) -> JSONValue? { ask(.object(["request": .string(request)])) }

    /// The same of a request that says more.
    public func ask(_ request: JSONValue) -> JSONValue? {
        guard let address = try? HostAddress(workspace) else { return nil }
        defer { address.close() }
        let end = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard end >= 0 else { return nil }
        defer { close(end) }
        // A host that is suspended takes nobody's call.
        HostLine.limit(end)
        guard address.call(connect, end) == 0, HostLine.write(request, to: end) else { return nil }
        return HostLine.read(end)
    }

    /// Has the host look at the queue now.
    public func ring() { _ = ask("look") }

    /// How long a host that is being stopped may take: a script has half a minute to end.
    /// - Units: seconds.
    private static let longestEnd = 75.0

    /// Starts a host that outlives this process and its terminal, unless one is there. One that is being stopped is waited for.
    /// - Parameters:
    ///   - program: this program.
    ///   - environment: what it inherits.
    ///   - onWaiting: called once where there is something to wait for.
    /// - Throws: where it does not come up; its last words are in `host.log`.
    public func start(
        program: String, environment: [String: String], onWaiting: () -> Void = {}
    ) throws(HostError) {
        let end = SteadyClock.seconds() + Self.longestEnd
        var hasWaited = false
        while let holder, SteadyClock.seconds() < end {
            if !holder.isEnding { return }
            if !hasWaited { onWaiting() }
            hasWaited = true
            usleep(100_000)
        }
        try spawn(program, environment)
    }

    private func spawn(_ program: String, _ environment: [String: String]) throws(HostError) {
        let log = Self.log(workspace)
        // A folder whose name is no UTF-8 is known by an open file of this process, and by one of its own to the host.
        let prefix = "/proc/self/fd/", isNameless = workspace.hasPrefix(prefix)
        let own: Int32 = workspace == prefix + "99" ? 98 : 99
        var start = ProgramStart(
            [program, "serve", "--workspace", isNameless ? "\(prefix)\(own)" : workspace, "--quiet"], environment: environment)
        (start.resetsSignals, start.isApart) = (true, true)
        let process: pid_t
        do throws(ProgramStart.Failure) {
            process = try start.run { actions in
                posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
                posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_APPEND, 0o600)
                posix_spawn_file_actions_adddup2(&actions, 1, 2)
                if isNameless { posix_spawn_file_actions_addopen(&actions, own, workspace, O_RDONLY | O_DIRECTORY, 0) }
            }
        } catch { throw HostError("the host cannot be started (\(program))", error.code) }
        let deadline = SteadyClock.seconds() + 20
        while SteadyClock.seconds() < deadline {
            if ask("status") != nil || holder?.hasSocket == false { return }
            var status: Int32 = 0
            // Another one may have been quicker.
            if waitpid(process, &status, WNOHANG) == process, !isThere {
                throw HostError("the host ended at once: \(log) says why")
            }
            usleep(10_000)
        }
        throw HostError("the host does not answer: \(log) may say why")
    }

    /// Where a host that nobody looks at says what went wrong: its workspace, where that can be written.
    private static func log(_ workspace: String) -> String {
        let path = workspace + "/host.log"
        var status = stat()
        let isLong = stat(path, &status) == 0 && status.st_size > 1 << 20
        let file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | (isLong ? O_TRUNC : 0), 0o600)
        guard file >= 0 else { return "/dev/null" }
        close(file)
        return path
    }
}
