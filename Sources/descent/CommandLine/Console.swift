import Clocks
import Events
import Glibc
import OutputFiles
import PrintableText
import Synchronization

/// Standard output and standard error, written whole and at once.
///
/// Nothing is buffered between calls, so that a program reading the other end of a pipe sees each line when it is printed. What
/// others wrote (values, names, notes) cannot act on the terminal: every text is made safe here, once for all. A result that could
/// not be written is no success: what went wrong is remembered, and `Program` ends with it.
enum Console {
    /// A line of a result.
    static func print(_ line: String) { write(line.printable + "\n") }
    /// A result of several lines, with its last line feed.
    static func printRaw(_ text: String) { write(text.printableLines) }
    /// A line or more for the person at the terminal.
    static func note(_ text: String) { writeErrors(text.printableLines + "\n") }
    /// The same in place of the line that tells how far the work is.
    static func noteOverProgress(_ text: String) { writeErrors("\r\u{1B}[K" + text.printableLines + "\n") }
    /// How far the work is, in place of what was said of it before; an empty text takes the line away.
    static func showProgress(_ line: String) { writeErrors("\r\u{1B}[K" + line.printable) }

    static var outputIsTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
    static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    private struct Output {
        var failure: OutputError?
        var whenClosed: (@Sendable () -> Void)?
    }

    private static let output = Mutex(Output())

    /// What kept results from being written; nil when all were.
    static var outputFailure: OutputError? { output.withLock { $0.failure } }

    /// What is to be done when whoever reads the results goes away. Without it the program ends at once, as others do.
    static func whenOutputIsClosed(_ action: (@Sendable () -> Void)?) { output.withLock { $0.whenClosed = action } }

    /// Gives the three standard files something to be where the caller closed them: a file opened later must not take their
    /// numbers and get what is printed.
    static func holdStandardFiles() {
        for file in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(file, F_GETFD) < 0 {
            // Not writable, so that a result that has no place to go is no success.
            _ = open("/dev/null", file == STDERR_FILENO ? O_WRONLY : O_RDONLY)
        }
    }

    private static func write(_ text: String) {
        guard outputFailure == nil, let failure = failure(writing: text, to: STDOUT_FILENO) else { return }
        let action = output.withLock { output in
            output.failure = failure
            return output.whenClosed
        }
        guard failure.isClosedPipe else { return }
        if let action { action() } else { _exit(CommandError.ExitCode.failed.rawValue) }
    }

    /// Nobody can be told that nobody can be told.
    private static func writeErrors(_ text: String) { _ = failure(writing: text, to: STDERR_FILENO) }

    private static func failure(writing text: String, to file: Int32) -> OutputError? {
        var text = text
        return text.withUTF8 { bytes in
            OutputFile.write(UnsafeRawBufferPointer(bytes), to: file, named: "standard output")
        }
    }
}

/// Tells when the user or the system asks the program to end (SIGINT, SIGTERM, SIGHUP).
final class InterruptWatch: Sendable {
    private let count = Atomic<Int>(0)

    /// Takes the signals over, and waits for them on a thread of its own. The second signal ends the process at once.
    ///
    /// By a handler and not by blocking them: the libraries' threads were there before and block nothing, and a signal that the
    /// system hands to one of them would end the process without a checkpoint.
    init(onInterrupt: @escaping @Sendable (_ signal: Int32) -> Void) {
        var ends: [Int32] = [-1, -1]
        // Without a pipe the signals end the process, as they do by themselves.
        guard pipe(&ends) == 0 else { return }
        let (readEnd, writeEnd) = (ends[0], ends[1])
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let body = Unmanaged.passRetained(
            Box { [self] in
                var signal: UInt8 = 0
                var first: UInt64?
                while true {
                    let got = read(readEnd, &signal, 1)
                    if got < 0, errno == EINTR { continue }
                    guard got == 1 else { return }
                    // One wish may come as two signals: `timeout` sends its own to the program and to its group.
                    let now = SteadyClock.nanoseconds()
                    if let first, now - first < 1_000_000_000 { continue }
                    first = first ?? now
                    if count.wrappingAdd(1, ordering: .relaxed).newValue > 1 { _exit(130) }
                    onInterrupt(Int32(signal))
                }
            })
        var handle = pthread_t()
        let code = pthread_create(
            &handle, nil,
            { context in
                if let context { Unmanaged<Box>.fromOpaque(context).takeRetainedValue().work() }
                return nil
            }, body.toOpaque())
        guard code == 0 else {
            body.release()
            close(readEnd)
            close(writeEnd)
            return
        }
        pthread_detach(handle)
        interruptPipe = writeEnd
        for number in [SIGINT, SIGTERM, SIGHUP] {
            var action = sigaction(), before = sigaction()
            action.__sigaction_handler.sa_handler = { signal in
                // Nothing but what a handler may do (signal-safety(7)).
                let saved = errno
                var byte = UInt8(truncatingIfNeeded: signal)
                _ = write(interruptPipe, &byte, 1)
                errno = saved
            }
            action.sa_flags = Int32(SA_RESTART)
            sigaction(number, &action, &before)
            // `nohup` wants it to go on when the terminal goes.
            let isIgnored =
                unsafeBitCast(before.__sigaction_handler.sa_handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
            if number == SIGHUP, isIgnored { sigaction(number, &before, nil) }
        }
    }

    var wasInterrupted: Bool { count.load(ordering: .relaxed) > 0 }

    private final class Box {
        let work: () -> Void
        init(_ work: @escaping () -> Void) { self.work = work }
    }
}

// SAFETY: written once, before the handler that reads it is installed.
private nonisolated(unsafe) var interruptPipe: Int32 = -1
