import CNcurses
import Glibc

/// A signal the loop has to act on.
public enum TerminalSignal: Hashable, Sendable, CaseIterable {
    /// SIGWINCH
    case resized
    /// SIGTERM
    case terminate
    /// SIGHUP: the terminal is gone.
    case hangUp
    /// SIGINT, sent from outside: Ctrl-C arrives as a key.
    case interrupt
    /// SIGCONT: the process was stopped and goes on.
    case continued
    /// SIGTSTP, sent from outside: Ctrl-Z arrives as a key.
    case stop

    var number: Int32 {
        switch self {
        case .resized: SIGWINCH
        case .terminate: SIGTERM
        case .hangUp: SIGHUP
        case .interrupt: SIGINT
        case .continued: SIGCONT
        case .stop: SIGTSTP
        }
    }
}

/// Turns signals into bytes in a pipe that the loop polls. One at a time in a process.
///
/// Install it before the screen is opened: the curses library leaves signals alone that have a handler.
public final class TerminalSignals {
    let readEnd: Int32
    private let writeEnd: Int32

    public init() throws(TerminalError) {
        (readEnd, writeEnd) = try openPipe()
        for signal in TerminalSignal.allCases where cx_catch(signal.number, writeEnd) != 0 {
            throw TerminalError(
                code: .systemCall, message: "sigaction: \(String(cString: strerror(errno)))", operation: "sigaction")
        }
        // A closed pipe or socket is an error of the write, not the end of the program.
        signal(SIGPIPE, SIG_IGN)
    }

    /// Gives the signals that end a program back to the system: from now on each of them ends the process at once. For when the
    /// loop does not look any more. After a second, since one wish may come as two signals: `timeout` sends its own to the program
    /// and to its group.
    public func letGo() {
        var handle = pthread_t()
        let code = pthread_create(
            &handle, nil,
            { _ in
                usleep(1_000_000)
                TerminalSignals.giveBack()
                return nil
            }, nil)
        if code == 0 { pthread_detach(handle) } else { Self.giveBack() }
    }

    private static func giveBack() {
        for end in [TerminalSignal.terminate, .hangUp, .interrupt] { signal(end.number, SIG_DFL) }
    }

    deinit {
        for signal in TerminalSignal.allCases { cx_uncatch(signal.number) }
        close(readEnd)
        close(writeEnd)
    }

    /// The signals since the last time, each once, in the order of their first arrival.
    public func drain() -> [TerminalSignal] {
        var signals: [TerminalSignal] = []
        readAll(readEnd) { byte in
            guard let signal = TerminalSignal.allCases.first(where: { $0.number == Int32(byte) }) else { return }
            if !signals.contains(signal) { signals.append(signal) }
        }
        return signals
    }
}

/// Gives the terminal back however the process ends.
enum TerminalGuard {
    private static let crashSignals = [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT, SIGFPE]
    /// Every other signal that ends a process, but for those that the loop acts on and the one that nobody can handle: those that
    /// a user may send by hand, limits of the system, timers, real-time signals.
    private static let deadlySignals =
        [
            SIGSYS, SIGQUIT, SIGALRM, SIGUSR1, SIGUSR2, SIGXCPU, SIGXFSZ,
            SIGVTALRM, SIGPROF, SIGIO, SIGPWR, SIGSTKFLT,
        ] + Array(firstRealTimeSignal...64)
    /// The two before are the C library's own.
    private static let firstRealTimeSignal: Int32 = 34

    /// Installs the crash handlers and the exit handler, once in a process.
    static let install: Void = {
        let size = 64 * 1024
        // SAFETY: never freed; the kernel may switch to this stack at any time until the process ends.
        let stack = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
        _ = cx_use_crash_stack(stack, size)
        for signal in crashSignals { _ = cx_catch_crash(signal, 1) }
        for signal in deadlySignals { _ = cx_catch_crash(signal, 0) }
        _ = cx_restore_at_exit()
    }()

    /// From now on a crash or an exit writes `bytes` to `output` and sets `input`'s modes.
    static func arm(output: Int32, input: Int32, modes: termios?, bytes: String) {
        install
        var text = bytes
        text.withUTF8 { utf8 in
            utf8.withMemoryRebound(to: CChar.self) { characters in
                guard let base = characters.baseAddress else { return }
                if var modes {
                    cx_arm(output, input, &modes, base, characters.count)
                } else {
                    cx_arm(output, input, nil, base, characters.count)
                }
            }
        }
    }

    static func disarm() { cx_disarm() }

    /// Stops the process, as Ctrl-Z does, until it is continued.
    static func stopProcess() { cx_stop_process() }
}
