import Synchronization

/// The numbers of a bus's events, from 1, in the order in which they are drawn by whatever thread.
final class EventSequence: Sendable {
    private let last = Atomic<UInt64>(0)

    /// Draws the next number.
    func next() -> UInt64 { last.wrappingAdd(1, ordering: .acquiringAndReleasing).newValue }

    /// The number drawn last; 0 when none was.
    var newest: UInt64 { last.load(ordering: .acquiring) }
}
