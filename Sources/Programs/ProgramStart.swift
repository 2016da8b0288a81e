import Glibc

/// Starts another program beside this one.
public struct ProgramStart {
    /// The program, which is looked for in `PATH` where it is no path, and its arguments.
    public var words: [String]
    /// What it inherits; nil = what this process has.
    public var environment: [String: String]?
    /// Whether it finds signals as programs usually do, whatever this process ignores or holds back.
    public var resetsSignals = false
    /// Whether it has a session of its own: no terminal that could be hung up, or to ask at.
    public var isApart = false

    /// Why it cannot be started, as the system says it.
    public struct Failure: Error {
        public let code: Int32
        /// The system's words.
        public var words: String { String(cString: strerror(code)) }
    }

    public init(_ words: [String], environment: [String: String]? = nil) {
        precondition(!words.isEmpty, "a program has a name")
        (self.words, self.environment) = (words, environment)
    }

    /// - Parameter files: says which files it has; of this process's those that are not closed on exec stay.
    /// - Returns: its number; whoever starts it waits for its end.
    public func run(_ files: (inout posix_spawn_file_actions_t) -> Void) throws(Failure) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        files(&actions)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setflags(&attributes, flags(&attributes))
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] = (environment ?? [:]).map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in arguments + variables { free(text) } }
        var process: pid_t = 0
        let code =
            environment == nil
            ? posix_spawnp(&process, words[0], &actions, &attributes, &arguments, environ)
            : posix_spawnp(&process, words[0], &actions, &attributes, &arguments, &variables)
        guard code == 0 else { throw Failure(code: code) }
        return process
    }

    private func flags(_ attributes: inout posix_spawnattr_t) -> Int16 {
        // POSIX_SPAWN_SETSID, which this module does not show.
        let session: Int16 = isApart ? 0x80 : 0
        guard resetsSignals else { return session }
        var none = sigset_t(), usual = sigset_t()
        sigemptyset(&none)
        sigemptyset(&usual)
        for signal in [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGCHLD, SIGTSTP] { sigaddset(&usual, signal) }
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &usual)
        return session | Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF)
    }
}
