import Events
import Synchronization

/// Hands facts on from when somebody listens.
final class LateFacts: Sendable {
    private let listener = Mutex<(@Sendable (StudioEvent) -> Void)?>(nil)

    func open(_ listener: @escaping @Sendable (StudioEvent) -> Void) { self.listener.withLock { $0 = listener } }

    func tell(_ fact: StudioEvent) { listener.withLock { $0 }?(fact) }
}
