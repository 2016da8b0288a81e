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
    /// What rings a terminal or has it show a notification: sequences of ours, and nothing that others wrote as it is.
    static func ringTerminal(_ sequence: String) { writeErrors(sequence) }
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
