import Synchronization

/// Requests of all paths, by what was answered.
final class ServerCounters: Sendable {
    private let counts = Mutex<[Int: Int]>([:])

    func add(_ record: AccessRecord) { counts.withLock { $0[record.status, default: 0] += 1 } }

    /// By status; 0: what was no request, or whose client left.
    var byStatus: [(status: Int, count: Int)] {
        counts.withLock { $0 }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}
