import Clocks
import Glibc
import Synchronization

/// Tells when the user or the system asks the program to end (SIGINT, SIGTERM, SIGHUP).
final class InterruptWatch: Sendable {
    private let count = Atomic<Int>(0)

    /// Takes the signals over, and waits for them on a thread of its own. The second signal ends the process at once.
    ///
    /// By a handler and not by blocking them: the libraries' threads were there before and block nothing, and a signal that the
    /// system hands to one of them would end the process without a checkpoint.
    /// - Parameter onHangUp: called instead when the terminal goes, which ends nothing then.
    init(onHangUp: (@Sendable () -> Void)? = nil, onInterrupt: @escaping @Sendable (_ signal: Int32) -> Void) {
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
                    if Int32(signal) == SIGHUP, let onHangUp {
                        onHangUp()
                        continue
                    }
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
