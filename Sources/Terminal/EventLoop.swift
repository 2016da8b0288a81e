import Cells
import Glibc

/// The main loop's one place to wait: keys, wake-ups from other threads and signals. With nothing to do it sleeps in the
/// kernel and costs nothing.
public final class EventLoop {
    public enum Event: Hashable, Sendable {
        case input(InputEvent)
        case signal(TerminalSignal)
        /// Somebody called `WakePipe.wake`: the mailboxes are to be read.
        case woken
        /// Reading the terminal failed or ended: nobody is there any more.
        case terminalLost
    }

    /// How long an Esc waits for the rest of a sequence.
    /// - Units: milliseconds.
    public var escapeTimeout = 35
    /// How long a paste waits for its next byte.
    /// - Units: milliseconds.
    static let pasteTimeout = 2000

    private let input: Int32
    private let wakePipe: WakePipe
    private let signals: TerminalSignals?
    private var decoder = InputDecoder()
    private var clicks = ClickCounter()
    private var waiting: [Event] = []
    private var isLost = false
    private var lastInput = 0

    /// - Parameter typedAhead: bytes that were read before.
    public init(input: Int32 = STDIN_FILENO, wakePipe: WakePipe, signals: TerminalSignals?, typedAhead: [UInt8] = []) {
        self.input = input
        self.wakePipe = wakePipe
        self.signals = signals
        waiting = decoder.feed(typedAhead).map(Event.input)
    }

    /// Waits until something happens and returns all of it; empty when the time is up.
    /// - Parameter milliseconds: how long to wait at most; nil is for ever.
    public func wait(milliseconds: Int?) -> [Event] {
        let deadline = milliseconds.map { Self.now() + max(0, $0) }
        while true {
            var events = waiting
            waiting = []
            var timeout = deadline.map { max(0, $0 - Self.now()) }
            if let patience { timeout = min(timeout ?? patience, patience) }
            if !events.isEmpty { timeout = 0 }
            let isTimedOut = pollOnce(timeout, &events)
            // Nothing came, and the time that a sequence is given to go on is over.
            if isTimedOut, let patience, patience <= 0 {
                events += (decoder.isPasting ? decoder.endPaste() : decoder.flush()).map(Event.input)
            }
            if !events.isEmpty { return events }
            if let deadline, Self.now() >= deadline { return [] }
        }
    }

    /// How long the decoder's unfinished sequence may still wait; nil if there is none.
    private var patience: Int? {
        guard decoder.isPending || decoder.isPasting else { return nil }
        let limit = decoder.isPasting ? Self.pasteTimeout : escapeTimeout
        return max(0, lastInput + limit - Self.now())
    }

    /// - Returns: whether the time was up.
    private func pollOnce(_ milliseconds: Int?, _ events: inout [Event]) -> Bool {
        var ready = [
            // A lost terminal is always ready and would keep the loop busy.
            pollfd(fd: isLost ? -1 : input, events: Int16(POLLIN), revents: 0),
            pollfd(fd: wakePipe.readEnd, events: Int16(POLLIN), revents: 0),
            pollfd(fd: signals?.readEnd ?? -1, events: Int16(POLLIN), revents: 0),
        ]
        let count = poll(&ready, nfds_t(ready.count), Int32(clamping: milliseconds ?? -1))
        // EINTR: a signal, whose byte the next round finds.
        guard count > 0 else { return count == 0 }
        if ready[2].revents != 0, let signals { events += signals.drain().map(Event.signal) }
        if ready[1].revents != 0 {
            wakePipe.drain()
            events.append(.woken)
        }
        if ready[0].revents != 0 { readInput(&events) }
        return false
    }

    private func readInput(_ events: inout [Event]) {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = read(input, &bytes, bytes.count)
        if count > 0 {
            lastInput = Self.now()
            events += decoder.feed(bytes[0..<count]).map { .input(clicks.count($0, at: lastInput)) }
        } else if count == 0 || (errno != EINTR && errno != EAGAIN) {
            isLost = true
            events.append(.terminalLost)
        }
    }

    /// - Units: milliseconds of the monotonic clock.
    private static func now() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
    }
}
