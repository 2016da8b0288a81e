import Clocks
import Synchronization

/// Until when what is being sent may take; for ever, until somebody says so.
final class SendDeadline: Sendable {
    private let time = Mutex<Double?>(nil)

    /// - Parameter seconds: from now.
    func set(_ seconds: Double) { time.withLock { $0 = SteadyClock.seconds() + seconds } }

    var isOver: Bool { time.withLock { $0.map { SteadyClock.seconds() > $0 } ?? false } }
}
