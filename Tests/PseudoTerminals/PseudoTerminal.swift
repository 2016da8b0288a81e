import Cells
import Glibc

/// A program on a terminal of our own: what it writes is interpreted into a `VirtualScreen`, what it reads is sent here.
/// Nothing sleeps for a fixed time: `wait(until:)` returns as soon as its condition holds.
package final class PseudoTerminal {
    package enum Failure: Error, CustomStringConvertible {
        case system(String)
        case timedOut(waitingFor: String, screen: [String])

        package var description: String {
            switch self {
            case .system(let message): message
            case .timedOut(let wanted, let screen):
                "timed out waiting for \(wanted); the screen shows:\n" + screen.joined(separator: "\n")
            }
        }
    }

    /// How a program ended.
    package enum Ending: Equatable {
        case exited(Int32)
        case killed(Int32)
    }

    /// The program's side, kept open so that modes and last output can be read after its end.
    package let slave: Int32
    package let master: Int32
    package private(set) var process: pid_t = 0
    package private(set) var screen: VirtualScreen
    /// Everything the program has written.
    package private(set) var output: [UInt8] = []
    package private(set) var ending: Ending?

    /// A terminal without a program: for code of this process.
    package init(width: Int, height: Int) throws {
        var ends: (master: Int32, slave: Int32) = (-1, -1)
        guard openpty(&ends.master, &ends.slave, nil, nil, nil) == 0 else { throw Self.failure("openpty") }
        (master, slave) = ends
        for end in [master, slave] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var name = [CChar](repeating: 0, count: 128)
        guard ttyname_r(slave, &name, name.count) == 0 else { throw Self.failure("ttyname_r") }
        path = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        screen = VirtualScreen(width: width, height: height)
        setSize(width, height)
    }

    private let path: String

    /// Starts a program on a new terminal, which is its controlling one.
    /// - Parameter environment: the whole environment of the program; PATH and TERM are given values if they are missing.
    package convenience init(
        _ program: String, _ arguments: [String] = [], width: Int = 80, height: Int = 24, environment: [String: String] = [:],
        directory: String? = nil
    ) throws {
        try self.init(width: width, height: height)
        var environment = environment
        if environment["TERM"] == nil { environment["TERM"] = "xterm-256color" }
        if environment["PATH"] == nil { environment["PATH"] = "/usr/local/bin:/usr/bin:/bin" }
        if let directory {
            let script = ["-c", "cd \"$1\" && shift && exec \"$@\"", "sh", directory, program]
            try spawn("/bin/sh", script + arguments, environment)
        } else {
            try spawn(program, arguments, environment)
        }
    }

    private func spawn(
        _ program: String, _ arguments: [String], _ environment: [String: String]
    ) throws {
        var actions = posix_spawn_file_actions_t(), attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        // Opening a terminal makes it the controlling one of a session leader that has none.
        posix_spawn_file_actions_addopen(&actions, 0, path, O_RDWR, 0)
        posix_spawn_file_actions_adddup2(&actions, 0, 1)
        posix_spawn_file_actions_adddup2(&actions, 0, 2)
        var all = sigset_t(), none = sigset_t()
        sigfillset(&all)
        sigemptyset(&none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setsigmask(&attributes, &none)
        let newSession: Int16 = 0x80  // POSIX_SPAWN_SETSID
        posix_spawnattr_setflags(&attributes, newSession | Int16(POSIX_SPAWN_SETSIGDEF) | Int16(POSIX_SPAWN_SETSIGMASK))
        var words = ([program] + arguments).map { strdup($0) } + [nil]
        var variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for pointer in words + variables { free(pointer) } }
        let code = posix_spawnp(&process, program, &actions, &attributes, &words, &variables)
        guard code == 0 else { throw Failure.system("posix_spawn \(program): \(String(cString: strerror(code)))") }
    }

    deinit {
        if process > 0, ending == nil {
            kill(process, SIGKILL)
            var status: Int32 = 0
            waitpid(process, &status, 0)
        }
        if !isHungUp { close(master) }
        close(slave)
    }

    /// Takes the terminal away from under the program, as a connection does that breaks.
    package func hangUp() {
        isHungUp = true
        close(master)
    }

    private var isHungUp = false

    // MARK: - The user's side

    /// Types text.
    package func send(_ text: String) { send(Array(text.utf8)) }

    package func send(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(master, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            if count <= 0 { return }
            rest = rest.dropFirst(count)
        }
    }

    /// Changes the size; the kernel tells the program by SIGWINCH.
    package func resize(width: Int, height: Int) {
        screen.resize(width: width, height: height)
        setSize(width, height)
    }

    private func setSize(_ width: Int, _ height: Int) {
        var size = winsize(ws_row: UInt16(height), ws_col: UInt16(width), ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(master, UInt(TIOCSWINSZ), &size)
    }

    package func signal(_ number: Int32) { kill(process, number) }

    /// The terminal's modes now, after the program's end too.
    package var modes: termios {
        var modes = termios()
        tcgetattr(slave, &modes)
        return modes
    }

    // MARK: - Waiting

    /// Reads what has been written and waits until the screen is as wanted.
    /// - Throws: `Failure.timedOut` with the screen as it is.
    package func wait(for wanted: String, milliseconds: Int = 60_000, until isReached: (VirtualScreen) -> Bool) throws {
        let deadline = Self.now() + milliseconds
        while !isReached(screen) {
            let left = deadline - Self.now()
            guard left > 0 else { throw Failure.timedOut(waitingFor: wanted, screen: screen.lines) }
            pump(milliseconds: min(left, 100))
        }
    }

    /// Waits until a text is on the screen.
    package func wait(forText text: String, milliseconds: Int = 60_000) throws {
        try wait(for: "'\(text)'", milliseconds: milliseconds) { $0.contains(text) }
    }

    /// Reads until the program has written nothing for `quiet` milliseconds.
    package func waitForIdle(quiet: Int = 80, milliseconds: Int = 60_000) throws {
        let deadline = Self.now() + milliseconds
        while pump(milliseconds: quiet) {
            guard Self.now() < deadline else { throw Failure.timedOut(waitingFor: "idle", screen: screen.lines) }
        }
    }

    /// Waits for the program's end, reading what it writes.
    package func waitForExit(milliseconds: Int = 60_000) throws -> Ending {
        let deadline = Self.now() + milliseconds
        while true {
            if let ending { return ending }
            var status: Int32 = 0
            if waitpid(process, &status, WNOHANG) == process {
                while pump(milliseconds: 0) {}
                ending = status & 0x7F == 0 ? .exited((status >> 8) & 0xFF) : .killed(status & 0x7F)
                continue
            }
            guard Self.now() < deadline else { throw Failure.timedOut(waitingFor: "the end", screen: screen.lines) }
            pump(milliseconds: 20)
        }
    }

    /// Waits until the program is stopped, as by Ctrl-Z.
    package func waitForStop(milliseconds: Int = 60_000) throws {
        let deadline = Self.now() + milliseconds
        var status: Int32 = 0
        while waitpid(process, &status, WNOHANG | WUNTRACED) != process || status & 0xFF != 0x7F {
            guard Self.now() < deadline else { throw Failure.timedOut(waitingFor: "a stop", screen: screen.lines) }
            pump(milliseconds: 20)
        }
        while pump(milliseconds: 0) {}
    }

    /// Reads once.
    /// - Returns: whether there was anything.
    @discardableResult
    package func pump(milliseconds: Int) -> Bool {
        if isHungUp {
            usleep(UInt32(milliseconds) * 1000)
            return false
        }
        var ready = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
        guard poll(&ready, 1, Int32(milliseconds)) > 0 else { return false }
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = read(master, &bytes, bytes.count)
        guard count > 0 else { return false }
        output += bytes[0..<count]
        screen.feed(bytes[0..<count])
        return true
    }

    private static func now() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
    }

    private static func failure(_ operation: String) -> Failure {
        .system("\(operation): \(String(cString: strerror(errno)))")
    }
}
