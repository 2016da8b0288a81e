import Glibc
import Synchronization

/// Standard output and standard error, written whole and at once.
///
/// Nothing is buffered between calls, so that a program reading the other end of a pipe sees each line when it is printed. A
/// reader that went away ends the program quietly, as it does other programs.
enum Console {
    static func print(_ text: String) { write(text + "\n", to: STDOUT_FILENO) }
    static func printRaw(_ text: String) { write(text, to: STDOUT_FILENO) }
    static func note(_ text: String) { write(text + "\n", to: STDERR_FILENO) }
    static func noteRaw(_ text: String) { write(text, to: STDERR_FILENO) }

    static var outputIsTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
    static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    private static func write(_ text: String, to file: Int32) {
        var text = text
        text.withUTF8 { bytes in
            var done = 0
            while done < bytes.count {
                let count = Glibc.write(file, bytes.baseAddress?.advanced(by: done), bytes.count - done)
                if count >= 0 {
                    done += count
                } else if errno == EPIPE {
                    exit(file == STDOUT_FILENO ? 0 : 1)
                } else if errno != EINTR, errno != EAGAIN {
                    return
                }
            }
        }
    }
}

/// Tells when the user or the system asks the program to end (SIGINT, SIGTERM, SIGHUP).
final class InterruptWatch: Sendable {
    private let count = Atomic<Int>(0)

    /// Blocks the signals in the calling thread, which must be the main one before others are started, and waits for them on
    /// a thread of its own. The second signal ends the process at once.
    init(onInterrupt: @escaping @Sendable (_ signal: Int32) -> Void) {
        var signals = sigset_t()
        sigemptyset(&signals)
        for signal in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&signals, signal) }
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        var handle = pthread_t()
        let body = Unmanaged.passRetained(
            Box { [self] in
                while true {
                    var waited = sigset_t()
                    sigemptyset(&waited)
                    for signal in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&waited, signal) }
                    var signal: Int32 = 0
                    guard sigwait(&waited, &signal) == 0 else { return }
                    if count.wrappingAdd(1, ordering: .relaxed).newValue > 1 { _exit(130) }
                    onInterrupt(signal)
                }
            })
        let code = pthread_create(
            &handle, nil,
            { context in
                if let context { Unmanaged<Box>.fromOpaque(context).takeRetainedValue().work() }
                return nil
            }, body.toOpaque())
        guard code == 0 else {
            // Nobody would wait for them: they end the process, as they do by themselves.
            pthread_sigmask(SIG_UNBLOCK, &signals, nil)
            body.release()
            return
        }
        pthread_detach(handle)
    }

    var wasInterrupted: Bool { count.load(ordering: .relaxed) > 0 }

    private final class Box {
        let work: () -> Void
        init(_ work: @escaping () -> Void) { self.work = work }
    }
}
